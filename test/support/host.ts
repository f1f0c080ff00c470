/** A host with the probe's service behind the real chain, reachable in process and over grpc-js. */
import { type Client, createClient, type ServiceImpl, type Transport } from "@connectrpc/connect";
import { credentials } from "@grpc/grpc-js";
import type { Record } from "@keiko/gen/keiko/audit/v1/audit_service_pb.js";
import type { Admission } from "@keiko/runtime/admission.ts";
import { createHost, type Host, hosted } from "@keiko/runtime/host.ts";
import { type Authority, createAuthority, createTokenVerifier } from "@keiko/runtime/identity.ts";
import { createLog, silentLog } from "@keiko/runtime/log.ts";
import { serveGrpc } from "@keiko/runtime/mesh/grpc-server.ts";
import { createGrpcTransport } from "@keiko/runtime/mesh/grpc-transport.ts";
import { createMemoryTransport } from "@keiko/runtime/mesh/memory-transport.ts";
import { createDecider, type Decider } from "@keiko/runtime/policy.ts";
import { ProbeService } from "../gen/keiko/probe/v1/probe_service_pb.js";

export type ProbeImplementation = ServiceImpl<typeof ProbeService>;

export const policies = {
  tester: `permit (principal == Workload::"tester", action == Action::"probe.call", resource);`,
  ann: `permit (principal == User::"ann", action == Action::"probe.call", resource);`,
};

export interface ProbeHost {
  host: Host;
  authority: Authority;
  records: Record[];
  lines: string[];
  /** Fails the next writes of the audit log. */
  breakAudit(): void;
}

const refuse = () => {
  throw new Error("not part of this test");
};

export function probeHost(
  implementation: Partial<ProbeImplementation>,
  options: { decider?: Decider; now?: () => number; admission?: Admission } = {},
): ProbeHost {
  const { decider = createDecider(policies), now = Date.now, admission } = options;
  const authority = createAuthority(now);
  const records: Record[] = [];
  const lines: string[] = [];
  let broken = false;
  const base: ProbeImplementation = {
    increment: ({ value }) => ({ value: value + 1n }),
    record: refuse,
    wait: refuse,
    fail: refuse,
    // biome-ignore lint/correctness/useYield: it refuses before it would.
    async *count() {
      refuse();
    },
  };
  const host = createHost({
    server: "probe",
    services: [hosted(ProbeService, { ...base, ...implementation })],
    audit: {
      async append(record) {
        if (broken) throw new Error("the audit log is full");
        records.push(record);
      },
    },
    tokens: createTokenVerifier(authority.publicKey, now),
    decider: () => decider,
    admission,
    log: createLog((line) => lines.push(line), { level: "debug" }),
  });
  const breakAudit = () => {
    broken = true;
  };
  return { host, authority, records, lines, breakAudit };
}

export interface Reached {
  /** Where it listens; empty in process. */
  address: string;
  client: Client<typeof ProbeService>;
  transport: Transport;
  close(): Promise<void>;
}

/** Two ways to the same host; what holds for one must hold for the other. */
export const ways = {
  async memory({ host }: ProbeHost, workload = "tester"): Promise<Reached> {
    const transport = createMemoryTransport({ workload, resolve: () => host });
    const client = createClient(ProbeService, transport);
    return { address: "", transport, client, close: async () => {} };
  },
  async grpc({ host, authority }: ProbeHost, workload = "tester"): Promise<Reached> {
    const tokens = createTokenVerifier(authority.publicKey);
    const options = { address: "127.0.0.1:0", tokens, log: silentLog };
    const server = await serveGrpc(host, options);
    const transport = createGrpcTransport({
      target: server.address,
      credentials: credentials.createInsecure(),
      token: () => authority.issue(workload),
    });
    return {
      address: server.address,
      transport,
      client: createClient(ProbeService, transport),
      async close() {
        transport.close();
        await server.close();
      },
    };
  },
};
