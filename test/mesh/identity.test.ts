import { execFile } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { connect as connectHttp2 } from "node:http2";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ConnectionOptions, connect as connectTls } from "node:tls";
import { promisify } from "node:util";
import { Code, createClient } from "@connectrpc/connect";
import {
  type CertificateAuthority,
  createCertificateAuthority,
} from "@keiko/runtime/identity/authority.ts";
import { writeIdentity } from "@keiko/runtime/identity/files.ts";
import { spiffeName, spiffeOf } from "@keiko/runtime/identity/spiffe.ts";
import { openIdentity } from "@keiko/runtime/identity/workload-identity.ts";
import { limits } from "@keiko/runtime/limits.ts";
import { silentLog } from "@keiko/runtime/log.ts";
import { serveGrpc } from "@keiko/runtime/mesh/grpc-server.ts";
import { createMesh } from "@keiko/runtime/mesh/mesh.ts";
import { describe, expect, onTestFinished, test } from "vitest";
import { ProbeService } from "../gen/keiko/probe/v1/probe_service_pb.js";
import { load, openStage, pause, probeHost, unrepeatable, until } from "./stage.ts";

const ours = await createCertificateAuthority();
const foreign = await createCertificateAuthority();

async function scratch(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "keiko-identity-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** An identity of an authority, with other authorities trusted besides if asked for. */
async function identityOf(
  authority: CertificateAuthority,
  workload: string,
  { bundle = authority.bundle, life_s = 600 } = {},
) {
  const folder = await scratch();
  const over = new AbortController();
  onTestFinished(() => over.abort());
  await writeIdentity(folder, { bundle, ...(await authority.issue(workload, { life_s })) });
  return openIdentity(folder, { signal: over.signal, log: silentLog });
}

describe("the authority", () => {
  test("names a workload for an hour at most, in a form that others read", async () => {
    const folder = await scratch();
    const authority = await createCertificateAuthority({ folder });
    const issued = await authority.issue("data", { hosts: ["localhost", "127.0.0.1"] });
    const read = new X509Certificate(issued.certificate);
    expect(spiffeOf(read)).toEqual({ trust_domain: "keiko.local", workload: "data" });
    expect(read.checkHost("localhost")).toBe("localhost");
    expect(read.checkIP("127.0.0.1")).toBe("127.0.0.1");
    expect(read.publicKey.asymmetricKeyDetails?.namedCurve).toBe("prime256v1");
    expect(read.validToDate.getTime()).toBeLessThanOrEqual(Date.now() + 3_600_000);
    expect(read.ca).toBe(false);
    expect((await stat(join(folder, "authority-key.pem"))).mode & 0o777).toBe(0o600);
    await expect(authority.issue("data", { life_s: 3_601 })).rejects.toThrow(/3600 is the most/);
    await expect(authority.issue("../root")).rejects.toThrow(/no name of a workload/);
  });

  test("is the same when it is opened again, and another in another folder", async () => {
    const folder = await scratch();
    const authority = await createCertificateAuthority({ folder });
    expect((await createCertificateAuthority({ folder })).bundle).toBe(authority.bundle);
    expect((await createCertificateAuthority({ folder: await scratch() })).bundle).not.toBe(
      authority.bundle,
    );
  });

  test("openssl verifies what it signs, and nothing that somebody else signed", async () => {
    const folder = await scratch();
    const verify = async (bundle: string, certificate: string) => {
      await writeIdentity(folder, { bundle, certificate, key: "" });
      const [ca, cert] = ["ca.pem", "cert.pem"].map((name) => join(folder, name));
      const purposes = ["sslserver", "sslclient"].map((purpose) =>
        promisify(execFile)("openssl", [
          "verify",
          "-x509_strict",
          "-purpose",
          purpose,
          "-CAfile",
          ca!,
          cert!,
        ]),
      );
      return Promise.all(purposes);
    };
    const [one, two] = await Promise.all([
      createCertificateAuthority(),
      createCertificateAuthority(),
    ]);
    const { certificate } = await one.issue("data");
    await verify(one.bundle, certificate);
    await expect(verify(two.bundle, certificate)).rejects.toThrow();
  });
});

test("a name is read only where it is the one URI and unquoted", () => {
  const named = (subjectAltName: string) =>
    spiffeOf({ subjectAltName } as unknown as X509Certificate)?.workload;
  expect(named("URI:spiffe://keiko.local/data, DNS:localhost")).toBe("data");
  expect(named("DNS:localhost")).toBeUndefined();
  expect(named("URI:spiffe://keiko.local/data, URI:spiffe://keiko.local/policy")).toBeUndefined();
  expect(named('DNS:"x, URI:spiffe://keiko.local/policy, y"')).toBeUndefined();
  expect(named("URI:https://keiko.local/data")).toBeUndefined();
  expect(named("URI:spiffe://keiko.local/")).toBeUndefined();
  expect(named("URI:spiffe://keiko.local/a/../b,c")).toBeUndefined();
  expect(() => spiffeName({ trust_domain: "keiko local", workload: "data" })).toThrow();
});

describe("a server refuses a caller", () => {
  const greeting = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0", "latin1");

  /** What comes back on a connection that says hello: something, or the end. */
  function greeted(address: string, options: ConnectionOptions): Promise<"served" | "refused"> {
    const [host, port] = address.split(":");
    return new Promise((resolve) => {
      const socket = connectTls({
        host: host!,
        port: Number(port),
        ALPNProtocols: ["h2"],
        rejectUnauthorized: false,
        ...options,
      });
      let heard = 0;
      socket.on("secureConnect", () => socket.write(greeting));
      socket.on("data", (data) => {
        heard += data.byteLength;
        // Settings and their acknowledgement; a refusal is a GOAWAY at once.
        if (heard > 0 && data.indexOf(Buffer.from([4, 1])) >= 0) {
          resolve("served");
          socket.destroy();
        }
      });
      socket.on("error", () => resolve("refused"));
      socket.on("close", () => resolve("refused"));
    });
  }

  async function served() {
    const stage = await openStage();
    onTestFinished(() => stage[Symbol.asyncDispose]());
    const { endpoint } = await stage.replica();
    return { stage, address: endpoint.address };
  }

  test("who shows a certificate of ours is served", async () => {
    const { stage, address } = await served();
    const { contextOptions } = await stage.identity("tester");
    expect(await greeted(address, contextOptions)).toBe("served");
  });

  test("who shows none is refused", async () => {
    const { address } = await served();
    expect(await greeted(address, {})).toBe("refused");
  });

  test("who shows one of another authority is refused", async () => {
    const { address } = await served();
    const { certificate, key } = await foreign.issue("tester");
    expect(await greeted(address, { cert: certificate, key })).toBe("refused");
  });

  test("who shows one that is out of date is refused", async () => {
    const { stage, address } = await served();
    const { certificate, key } = await stage.authority.issue("tester", { life_s: 1 });
    expect(await greeted(address, { cert: certificate, key })).toBe("served");
    await pause(2_000);
    expect(await greeted(address, { cert: certificate, key })).toBe("refused");
  });

  test("who is of another trust domain is refused, even where its authority is trusted", async () => {
    const own = await createCertificateAuthority();
    const partner = await createCertificateAuthority({ trust_domain: "partner.example" });
    const bundle = own.bundle + partner.bundle;
    const identity = await identityOf(own, "probe", { bundle });
    const host = probeHost("probe", {});
    const server = await serveGrpc(host, { address: "127.0.0.1:0", identity, log: silentLog });
    onTestFinished(() => server.close());
    const [ours, theirs] = await Promise.all([own.issue("tester"), partner.issue("tester")]);
    expect(await greeted(server.address, { cert: ours.certificate, key: ours.key })).toBe("served");
    expect(await greeted(server.address, { cert: theirs.certificate, key: theirs.key })).toBe(
      "refused",
    );
  });

  test("who speaks an older TLS than 1.3 is refused", async () => {
    const { stage, address } = await served();
    const { contextOptions } = await stage.identity("tester");
    const { ca, cert, key } = contextOptions;
    const old = { ca, cert, key, maxVersion: "TLSv1.2" } as ConnectionOptions;
    expect(await greeted(address, old)).toBe("refused");
  });

  test("a token says nothing where certificates do", async () => {
    const { stage, address } = await served();
    const { contextOptions } = await stage.identity("tester");
    const session = connectHttp2(`https://${address}`, {
      ...contextOptions,
      checkServerIdentity: () => undefined,
    });
    onTestFinished(() => session.destroy());
    const stream = session.request({
      ":method": "POST",
      ":path": "/keiko.probe.v1.ProbeService/Increment",
      "content-type": "application/grpc",
      authorization: "Bearer forged",
    });
    stream.end(Buffer.from([0, 0, 0, 0, 0]));
    const trailers = await new Promise<NodeJS.Dict<unknown>>((resolve) => {
      stream.on("trailers", resolve);
      stream.on("response", (head) => "grpc-status" in head && resolve(head));
      stream.resume();
    });
    expect(trailers["grpc-status"]).toBe("0");
  });
});

describe("a caller refuses a server", () => {
  async function callAs(options: {
    server: Awaited<ReturnType<typeof identityOf>>;
    caller: Awaited<ReturnType<typeof identityOf>>;
    expected?: string;
  }): Promise<unknown> {
    const { server: identity, caller, expected = "probe" } = options;
    const host = probeHost("probe", {});
    const server = await serveGrpc(host, { address: "127.0.0.1:0", identity, log: silentLog });
    const mesh = createMesh({ identity: caller, log: silentLog });
    onTestFinished(async () => {
      mesh.close();
      await server.close();
    });
    mesh.update(ProbeService.typeName, [{ address: server.address, identity: expected }]);
    const client = createClient(unrepeatable, mesh.transport);
    return client.increment({ value: 1n }, { timeoutMs: 2_500 }).catch((error) => error);
  }

  test("who is the one that the registry named is called", async () => {
    const [server, caller] = [await identityOf(ours, "probe"), await identityOf(ours, "tester")];
    expect(await callAs({ server, caller })).toMatchObject({ value: 2n });
  });

  test("another workload at that address is not", async () => {
    const [server, caller] = [await identityOf(ours, "data"), await identityOf(ours, "tester")];
    expect(await callAs({ server, caller })).toMatchObject({
      code: Code.Unavailable,
      message: expect.stringMatching(/local\/data answers where .*local\/probe is expected/),
    });
  });

  test("a server of another authority is not", async () => {
    const bundle = ours.bundle + foreign.bundle;
    const server = await identityOf(foreign, "probe", { bundle });
    const caller = await identityOf(ours, "tester");
    expect(await callAs({ server, caller })).toMatchObject({ code: Code.Unavailable });
    const trusting = await identityOf(ours, "tester", { bundle });
    expect(await callAs({ server, caller: trusting })).toMatchObject({ value: 2n });
  });

  test("a server of another trust domain is not", async () => {
    const partner = await createCertificateAuthority({ trust_domain: "partner.example" });
    const bundle = ours.bundle + partner.bundle;
    const server = await identityOf(partner, "probe", { bundle });
    const caller = await identityOf(ours, "tester", { bundle });
    expect(await callAs({ server, caller })).toMatchObject({ code: Code.Unavailable });
  });

  test("a server whose certificate ran out is not", async () => {
    const server = await identityOf(ours, "probe", { life_s: 1 });
    const caller = await identityOf(ours, "tester");
    await pause(2_000);
    expect(await callAs({ server, caller })).toMatchObject({ code: Code.Unavailable });
  });
});

describe("certificates are swapped", () => {
  test("15 times at both ends under calls: none fails, no connection is dropped", async () => {
    await using stage = await openStage();
    const replica = await stage.replica();
    const { client, see, identity } = await stage.caller();
    see(replica);
    await client.increment({ value: 1n });
    let swaps = 0;
    identity.onChange(() => swaps++);
    const running = load(() => client.increment({ value: 1n }), 200);
    for (let round = 1; round <= 15; round++) {
      for (const workload of ["probe", "tester"]) {
        const issued = await stage.authority.issue(workload);
        await writeIdentity(stage.folder(workload), { bundle: stage.authority.bundle, ...issued });
      }
      await until("the caller has seen it", () => swaps === round);
    }
    const { calls, failures } = await running.stop();
    console.log(`${2 * swaps} swaps: ${failures.length} of ${calls} calls failed`);
    expect(failures).toEqual([]);
    expect(replica.server.connections).toBe(1);
  });

  test("new connections show the new one, though the process goes on", async () => {
    await using stage = await openStage();
    const { endpoint } = await stage.replica();
    const { contextOptions } = await stage.identity("tester");
    const shown = () =>
      new Promise<string>((resolve, reject) => {
        const [host, port] = endpoint.address.split(":");
        const checkServerIdentity = () => undefined;
        const options = { host: host!, port: Number(port), ...contextOptions, checkServerIdentity };
        const socket = connectTls({ ...options, ALPNProtocols: ["h2"] }, () => {
          resolve(socket.getPeerX509Certificate()!.fingerprint256);
          socket.destroy();
        });
        socket.on("error", reject);
      });
    const before = await shown();
    let swapped = false;
    (await stage.identity("probe")).onChange(() => {
      swapped = true;
    });
    const issued = await stage.authority.issue("probe");
    await writeIdentity(stage.folder("probe"), { bundle: stage.authority.bundle, ...issued });
    await until("it is read", () => swapped);
    const fresh = new X509Certificate(issued.certificate);
    const after = await shown();
    expect(after).not.toBe(before);
    expect(after).toBe(fresh.fingerprint256);
  });

  test("files that cannot be used leave the identity as it was", async () => {
    await using stage = await openStage();
    const identity = await stage.identity("probe");
    const before = identity.secureContext;
    const other = await stage.authority.issue("policy");
    await writeIdentity(stage.folder("probe"), { bundle: stage.authority.bundle, ...other });
    await pause(300);
    expect(identity.workload).toBe("probe");
    expect(identity.secureContext).toBe(before);
    const good = await stage.authority.issue("probe");
    await writeIdentity(stage.folder("probe"), { bundle: stage.authority.bundle, ...good });
    await until("good files are taken again", () => identity.secureContext !== before);
    expect((await readFile(identity.tlsFiles.key, "utf8")).trim()).toBe(good.key.trim());
  });

  test("a connection does not outlive its certificate: its end is asked to come again", async () => {
    await using stage = await openStage();
    const replica = await stage.replica();
    const caller = await identityOf(stage.authority, "tester", { life_s: 2 });
    const mesh = createMesh({ identity: caller, log: silentLog });
    onTestFinished(() => mesh.close());
    mesh.update(ProbeService.typeName, [replica.endpoint]);
    const client = createClient(ProbeService, mesh.transport);
    await client.increment({ value: 1n });
    expect(replica.server.connections).toBe(1);
    await until("it is let go", () => replica.server.connections === 0, 4_500);
  });
});

test("limits leave time to renew: a connection ends before a renewed certificate does", () => {
  expect(limits.connection_age_ms_max * 1.1).toBeLessThan(limits.certificate_life_s_max * 1_000);
});
