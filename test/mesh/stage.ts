/** A few servers with identities of one authority, and a mesh that calls them. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  clone,
  create,
  createFileRegistry,
  type DescFile,
  type MessageInitShape,
  setExtension,
} from "@bufbuild/protobuf";
import {
  durationFromMs,
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  MethodOptions_IdempotencyLevel as Idempotency,
} from "@bufbuild/protobuf/wkt";
import { type Client, createClient, type ServiceImpl } from "@connectrpc/connect";
import {
  Audit,
  MethodContractSchema,
  method as methodOption,
} from "@keiko/gen/keiko/option/v1/option_pb.js";
import { createHost, hosted } from "@keiko/runtime/host.ts";
import {
  type CertificateAuthority,
  createCertificateAuthority,
} from "@keiko/runtime/identity/authority.ts";
import { writeIdentity } from "@keiko/runtime/identity/files.ts";
import { openIdentity, type WorkloadIdentity } from "@keiko/runtime/identity/workload-identity.ts";
import { silentLog } from "@keiko/runtime/log.ts";
import { type GrpcServer, serveGrpc } from "@keiko/runtime/mesh/grpc-server.ts";
import { createMesh, type Endpoint, type Mesh } from "@keiko/runtime/mesh/mesh.ts";
import { createDecider } from "@keiko/runtime/policy.ts";
import { vi } from "vitest";
import { ProbeService } from "../gen/keiko/probe/v1/probe_service_pb.js";

export type Probe = ServiceImpl<typeof ProbeService>;

// What is tested here takes moments; on a busy machine they are long.
vi.setConfig({ testTimeout: 60_000 });

const policies = { any: `permit (principal, action == Action::"probe.call", resource);` };
const absent = () => {
  throw new Error("not part of this test");
};

export interface Replica {
  endpoint: Endpoint;
  server: GrpcServer;
  /** Calls that reached a handler. */
  calls(): number;
  /** Who called last: workload and user. */
  callers: string[];
  stop(): Promise<void>;
}

export interface Caller {
  mesh: Mesh;
  identity: WorkloadIdentity;
  client: Client<typeof ProbeService>;
  see(...replicas: Replica[]): void;
}

export interface Stage extends AsyncDisposable {
  authority: CertificateAuthority;
  folder(workload: string): string;
  /** One for each workload. */
  identity(workload: string): Promise<WorkloadIdentity>;
  replica(options?: ReplicaOptions): Promise<Replica>;
  caller(workload?: string): Promise<Caller>;
}

export interface ReplicaOptions {
  workload?: string;
  address?: string;
  identity?: WorkloadIdentity;
  probe?: Partial<Probe>;
}

/** Serves the probe as a workload; what is not given throws. */
export function probeHost(workload: string, probe: Partial<Probe>, callers: string[] = []) {
  const base: Probe = {
    increment: ({ value }) => ({ value: value + 1n }),
    record: absent,
    wait: absent,
    fail: absent,
    // biome-ignore lint/correctness/useYield: it refuses before it would.
    async *count() {
      absent();
    },
  };
  return createHost({
    server: workload,
    services: [hosted(ProbeService, { ...base, ...probe })],
    audit: {
      async append({ workload: caller, user }) {
        callers.push(`${caller}/${user}`);
      },
    },
    tokens: undefined,
    decider: () => decider,
    log: silentLog,
  });
}

const decider = createDecider(policies);

export async function openStage(): Promise<Stage> {
  const root = await mkdtemp(join(tmpdir(), "keiko-mesh-"));
  const authority = await createCertificateAuthority();
  const over = new AbortController();
  const servers = new Set<GrpcServer>();
  const meshes: Mesh[] = [];
  const folder = (workload: string) => join(root, workload);
  const opened = new Map<string, Promise<WorkloadIdentity>>();
  const open = async (workload: string) => {
    const issued = await authority.issue(workload);
    await writeIdentity(folder(workload), { bundle: authority.bundle, ...issued });
    return openIdentity(folder(workload), { signal: over.signal, log: silentLog });
  };
  const identity = (workload: string) => {
    const known = opened.get(workload) ?? open(workload);
    opened.set(workload, known);
    return known;
  };
  return {
    authority,
    folder,
    identity,
    async replica(options = {}) {
      const { workload = "probe", address = "127.0.0.1:0", probe = {} } = options;
      const own = options.identity ?? (await identity(workload));
      const callers: string[] = [];
      const host = probeHost(workload, probe, callers);
      const server = await serveGrpc(host, { address, identity: own, log: silentLog });
      servers.add(server);
      return {
        endpoint: { address: server.address, identity: workload },
        server,
        callers,
        calls: () => callers.length,
        async stop() {
          servers.delete(server);
          await server.close();
        },
      };
    },
    async caller(workload = "tester") {
      const own = await identity(workload);
      const mesh = createMesh({ identity: own, log: silentLog });
      meshes.push(mesh);
      return {
        mesh,
        identity: own,
        client: createClient(ProbeService, mesh.transport),
        see(...replicas) {
          mesh.update(
            ProbeService.typeName,
            replicas.map(({ endpoint }) => endpoint),
          );
        },
      };
    },
    async [Symbol.asyncDispose]() {
      for (const mesh of meshes) mesh.close();
      await Promise.all([...servers].map((server) => server.close()));
      over.abort();
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** The probe, saying of none of its methods that it may be called twice. */
export const unrepeatable = probeThatSays(Idempotency.IDEMPOTENCY_UNKNOWN);

/** The probe, saying of its methods that a slow one is asked for twice. */
export function hedgedAfter(ms: number): typeof ProbeService {
  return probeThatSays(Idempotency.NO_SIDE_EFFECTS, { hedgeAfter: durationFromMs(ms) });
}

function probeThatSays(
  idempotencyLevel: Idempotency,
  contract: MessageInitShape<typeof MethodContractSchema> = {},
): typeof ProbeService {
  const own = clone(FileDescriptorProtoSchema, ProbeService.file.proto);
  for (const { options } of own.service.flatMap((service) => service.method)) {
    options!.idempotencyLevel = idempotencyLevel;
    const said = { permission: "probe.call", audit: Audit.WRITE, ...contract };
    setExtension(options!, methodOption, create(MethodContractSchema, said));
  }
  const file = new Map<string, FileDescriptorProto>();
  const visit = (each: DescFile) => {
    for (const dependency of each.dependencies) visit(dependency);
    file.set(each.proto.name, each === ProbeService.file ? own : each.proto);
  };
  visit(ProbeService.file);
  const set = create(FileDescriptorSetSchema, { file: [...file.values()] });
  return createFileRegistry(set).getService(ProbeService.typeName) as typeof ProbeService;
}

/** Calls at a steady rate until told to stop; tells how each call ended. */
export function load(
  call: () => Promise<unknown>,
  per_second: number,
): { stop(): Promise<{ calls: number; failures: string[] }> } {
  const failures: string[] = [];
  const running = new Set<Promise<unknown>>();
  let calls = 0;
  const began = performance.now();
  const timer = setInterval(() => {
    const due = ((performance.now() - began) / 1000) * per_second;
    while (calls < due) {
      calls++;
      const one = call().catch((error: unknown) => failures.push(String(error)));
      running.add(one);
      void one.finally(() => running.delete(one));
    }
  }, 5);
  return {
    async stop() {
      clearInterval(timer);
      await Promise.all(running);
      return { calls, failures };
    },
  };
}

/** So many callers, each calling again when it is answered: as much as the machine can do, and no more. */
export function callers(
  call: () => Promise<unknown>,
  count: number,
): { stop(): Promise<{ calls: number; failures: string[] }> } {
  const failures: string[] = [];
  let calls = 0;
  let over = false;
  const one = async () => {
    while (!over) {
      calls++;
      await call().catch((error: unknown) => failures.push(String(error)));
    }
  };
  const all = Promise.all(Array.from({ length: count }, one));
  return {
    async stop() {
      over = true;
      await all;
      return { calls, failures };
    },
  };
}

export const pause = (ms: number) => new Promise((next) => setTimeout(next, ms));

/** Waits until something holds; fails with what was waited for. */
export async function until(
  what: string,
  holds: () => boolean,
  within_ms = 10_000,
): Promise<number> {
  const began = performance.now();
  while (!holds()) {
    if (performance.now() - began > within_ms)
      throw new Error(`not within ${within_ms} ms: ${what}`);
    await pause(5);
  }
  return performance.now() - began;
}
