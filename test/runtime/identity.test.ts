import { Code, type ConnectError } from "@connectrpc/connect";
import { Client, credentials, Metadata, type ServiceError } from "@grpc/grpc-js";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { errorInfo } from "@keiko/runtime/errors.ts";
import { createAuthority, createTokenVerifier } from "@keiko/runtime/identity.ts";
import { limits } from "@keiko/runtime/limits.ts";
import { silentLog } from "@keiko/runtime/log.ts";
import { serveGrpc } from "@keiko/runtime/mesh/grpc-server.ts";
import { fromStatus } from "@keiko/runtime/mesh/grpc-status.ts";
import { expect, test } from "vitest";
import { probeHost } from "../support/host.ts";

const genuine = createAuthority();

test("a token of this authority proves the workload until it expires", () => {
  let now = Date.now();
  const authority = createAuthority(() => now);
  const tokens = createTokenVerifier(authority.publicKey, () => now);
  const token = authority.issue("data");
  expect(tokens.verify(token).workload).toBe("data");
  expect(tokens.verify(token).workload).toBe("data");
  now += limits.token_life_s * 1000 + 1;
  expect(() => tokens.verify(token)).toThrow(/out of date/);
});

test.each([
  ["another authority", createAuthority().issue("data")],
  ["a changed body", genuine.issue("data").replace(/^./, "A")],
  ["no signature", genuine.issue("data").split(".")[0]!],
  ["extra parts", `${genuine.issue("data")}.x`],
  ["nothing", ""],
  ["garbage", "\u0000.\u0000"],
])("a token with %s is refused", (_, token) => {
  expect(() => createTokenVerifier(genuine.publicKey).verify(token)).toThrow(/not genuine/);
});

async function callRaw(metadata: Metadata, body: Buffer): Promise<ConnectError> {
  const probe = probeHost({});
  for (const [key, value] of Object.entries(metadata.getMap())) {
    if (value === "GENUINE") metadata.set(key, `Bearer ${probe.authority.issue("tester")}`);
  }
  const server = await serveGrpc(probe.host, {
    address: "127.0.0.1:0",
    tokens: createTokenVerifier(probe.authority.publicKey),
    log: silentLog,
  });
  const client = new Client(server.address, credentials.createInsecure());
  try {
    return await new Promise((resolve, reject) => {
      const path = "/keiko.probe.v1.ProbeService/Increment";
      const same = (bytes: Buffer) => bytes;
      client.makeUnaryRequest(path, same, same, body, metadata, (error) => {
        if (error) resolve(fromStatus(error as ServiceError));
        else reject(new Error("the call should have been refused"));
      });
    });
  } finally {
    client.close();
    await server.close();
  }
}

test("without a token nobody gets in over the network", async () => {
  const error = await callRaw(new Metadata(), Buffer.alloc(0));
  expect(error.code).toBe(Code.Unauthenticated);
  expect(errorInfo(error)?.reason).toBe(Reason.UNAUTHENTICATED);
});

test("a user name that is none is refused", async () => {
  const metadata = new Metadata();
  metadata.set("authorization", "GENUINE");
  metadata.set("keiko-user", "users/../root");
  const error = await callRaw(metadata, Buffer.alloc(0));
  expect(error.code).toBe(Code.Unauthenticated);
});

test("a malformed message is the caller's error and names the type", async () => {
  const metadata = new Metadata();
  metadata.set("authorization", "GENUINE");
  const error = await callRaw(metadata, Buffer.from([0x08, 0xff]));
  expect(error.code).toBe(Code.InvalidArgument);
  expect(errorInfo(error)).toMatchObject({ reason: Reason.INVALID_FIELD });
  expect(error.message).toContain("keiko.probe.v1.IncrementRequest");
});
