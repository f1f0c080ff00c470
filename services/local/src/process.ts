/** Workloads that share a process: their hosts, how they reach each other, their registrations. */
import type { Transport } from "@connectrpc/connect";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import type { WorkloadKind } from "@keiko/gen/keiko/registry/v1/registry_pb.js";
import { RegistryService } from "@keiko/gen/keiko/registry/v1/registry_service_pb.js";
import type { Catalog } from "@keiko/runtime/catalog.ts";
import { createDialer } from "@keiko/runtime/dial.ts";
import { refuse } from "@keiko/runtime/errors.ts";
import { createHost, type Host, type HostedService } from "@keiko/runtime/host.ts";
import type { AuditSink } from "@keiko/runtime/interceptors/audit.ts";
import type { Log } from "@keiko/runtime/log.ts";
import { createMemoryTransport } from "@keiko/runtime/mesh/memory-transport.ts";
import type { Decider } from "@keiko/runtime/policy.ts";
import { keepRegistered, type Registration } from "@keiko/runtime/register.ts";
import type { SpanSink } from "@keiko/runtime/spans.ts";
import type { Substrate } from "@keiko/runtime/substrate/substrate.ts";
import { runWorker } from "@keiko/runtime/worker.ts";

export interface ProcessDeps {
  sink: AuditSink;
  decider: () => Decider;
  log: Log;
  substrate: Substrate;
  /** Told how each call ended. */
  spans: SpanSink;
  /** Aborts when no new work is to be taken. */
  signal: AbortSignal;
}

export function createProcess({ sink, decider, log, substrate, spans, signal }: ProcessDeps) {
  const hosts = new Map<string, Host>();
  const byService = new Map<string, Host>();
  const registrations: Registration[] = [];
  const workers: Promise<void>[] = [];

  const resolve = (path: string): Host => {
    const host = byService.get(path.split("/")[0] ?? "");
    if (host) return host;
    throw refuse(Reason.UNKNOWN_METHOD, {
      message: `nobody serves ${path}`,
      remedy: "list what is served with keiko.registry.v1.RegistryService/ListWorkloads",
      metadata: { method: path },
    });
  };
  const transport = (workload: string): Transport => createMemoryTransport({ workload, resolve });
  return {
    transport,
    host(identity: string, services: HostedService[]): void {
      const host = createHost({
        server: identity,
        services,
        audit: sink,
        tokens: undefined,
        decider,
        log: log.with({ workload: identity }),
        spans,
      });
      hosts.set(identity, host);
      for (const { service } of services) byService.set(service.typeName, host);
    },
    async register(identity: string, kind: WorkloadKind, version: string): Promise<void> {
      const calls = [RegistryService];
      const dialer = createDialer({ workload: identity, calls, transport: transport(identity) });
      const { services } = hosts.get(identity)!;
      const endpoints = [`in-process:${identity}`];
      const own = { identity, kind, version, endpoints, services };
      registrations.push(await keepRegistered(dialer.client(RegistryService), own, { log }));
    },
    /** Takes steps for the workload's skills until the signal aborts. */
    work(identity: string): void {
      const host = hosts.get(identity)!;
      const { queue, bus } = substrate;
      const deps = { host, queue, bus, log, orchestrator: "orchestrator" };
      const worker = runWorker(deps, signal).catch((cause) => {
        if (!signal.aborted)
          log.error("worker ended", { workload: identity, cause: String(cause) });
      });
      workers.push(worker);
    },
    /** Resolves when the catalog has every service that is hosted here. */
    async known(catalog: Catalog): Promise<void> {
      while ([...byService.keys()].some((service) => !catalog.service(service))) {
        await new Promise((next) => setTimeout(next, 2));
      }
    },
    /** `quiesce` aborts the signal: after registrations are gone, before running calls are awaited. */
    async stop(quiesce: () => void): Promise<void> {
      // The registry goes last: the others still have to tell it that they leave.
      for (const registration of registrations.reverse()) {
        await registration.remove().catch((cause) => {
          log.warn("not removed from the registry", { cause: String(cause) });
        });
      }
      quiesce();
      await Promise.all([...hosts.values()].map((host) => host.drain()));
      await Promise.all(workers);
    },
  };
}
