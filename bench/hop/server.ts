/** Serves Increment in one of three ways, on any free port; says where, and by which identity to call. */
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create } from "@bufbuild/protobuf";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from "@grpc/grpc-js";
import { loadPolicies } from "@keiko/policy/policy-set.ts";
import { auditSink } from "@keiko/runtime/audit-sink.ts";
import { createHost, hosted } from "@keiko/runtime/host.ts";
import { createCertificateAuthority } from "@keiko/runtime/identity/authority.ts";
import { writeIdentity } from "@keiko/runtime/identity/files.ts";
import { openIdentity } from "@keiko/runtime/identity/workload-identity.ts";
import { createLog } from "@keiko/runtime/log.ts";
import { serveGrpc } from "@keiko/runtime/mesh/grpc-server.ts";
import { createDecider } from "@keiko/runtime/policy.ts";
import { openEmbedded } from "@keiko/runtime/substrate/embedded/embedded.ts";
import {
  type IncrementRequest,
  type IncrementResponse,
  ProbeService,
} from "../../test/gen/keiko/probe/v1/probe_service_pb.js";
import { cpu_us, serveParent } from "../lib/processes.ts";
import { bareDefinition, increment, type Kind } from "./message.ts";

interface Served {
  port: number;
  /** Where the identity lies by which to call; empty: anybody may. */
  caller: string;
  stop(): Promise<void>;
}

/** The whole chain, with the parts that a deployment uses: no shortcut is taken for the bench. */
async function serveKeiko(): Promise<Served> {
  const home = await mkdtemp(join(tmpdir(), "keiko-bench-hop-"));
  const substrate = await openEmbedded({ home });
  const authority = await createCertificateAuthority();
  const over = new AbortController();
  const folderOf = async (workload: string) => {
    const folder = join(home, "identities", workload);
    const issued = await authority.issue(workload);
    await writeIdentity(folder, { bundle: authority.bundle, ...issued });
    return folder;
  };
  const decider = createDecider(await loadPolicies([]));
  const refused = () => Promise.reject(new Error("only Increment is measured"));
  const log = createLog((line) => console.error(line), { level: "warn" });
  const audit = auditSink(substrate.log);
  const host = createHost({
    server: "probe",
    services: [
      hosted(ProbeService, {
        increment: async ({ value }) => ({ value: value + 1n }),
        record: refused,
        wait: refused,
        fail: refused,
        count: refused as never,
      }),
    ],
    audit,
    tokens: undefined,
    decider: () => decider,
    log,
  });
  const identity = await openIdentity(await folderOf("probe"), { signal: over.signal, log });
  const server = await serveGrpc(host, { address: "127.0.0.1:0", identity, log });
  return {
    port: Number(server.address.split(":")[1]),
    caller: await folderOf("orchestrator"),
    async stop() {
      over.abort();
      await server.close();
      await audit.flush();
      await substrate.close();
      await rm(home, { recursive: true });
    },
  };
}

async function serveBare(): Promise<Served> {
  const server = new Server();
  type Call = ServerUnaryCall<IncrementRequest, IncrementResponse>;
  server.addService({ increment: bareDefinition } as never, {
    increment: ({ request }: Call, reply: sendUnaryData<IncrementResponse>) =>
      reply(null, create(increment.output, { value: request.value + 1n })),
  });
  const credentials = ServerCredentials.createInsecure();
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", credentials, (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { port, caller: "", stop: async () => server.forceShutdown() };
}

async function serveConnect(): Promise<Served> {
  const adapter = connectNodeAdapter({
    routes: (router) =>
      router.service(ProbeService, { increment: async ({ value }) => ({ value: value + 1n }) }),
  });
  const server = createServer(adapter);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { port, caller: "", stop: async () => void server.close() };
}

const serve = { keiko: serveKeiko, "grpc-js": serveBare, "connect-node": serveConnect };
const { port, caller, stop } = await serve[process.argv[2] as Kind]();
serveParent({ port, caller }, async () => ({ cpu_us: cpu_us() }), stop);
