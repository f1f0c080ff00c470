/**
 * All of Keiko in one process: the same definitions that run as processes or containers elsewhere,
 * joined by the in-process transport. Every service sits behind the same chain as over a network;
 * only the bytes are missing.
 */
import type { AgentDefinition } from "@keiko/agent";
import { RegistryService } from "@keiko/gen/keiko/registry/v1/registry_service_pb.js";
import { auditSink } from "@keiko/runtime/audit-sink.ts";
import { createCatalog, mirrorRegistry } from "@keiko/runtime/catalog.ts";
import { limits } from "@keiko/runtime/limits.ts";
import type { Log } from "@keiko/runtime/log.ts";
import { denyAll } from "@keiko/runtime/policy.ts";
import type { OpenedService, ServiceContext, ServiceDefinition } from "@keiko/runtime/service.ts";
import type { EndedSpan } from "@keiko/runtime/spans.ts";
import type { Substrate } from "@keiko/runtime/substrate/substrate.ts";
import { contextOf } from "@keiko/runtime/unit-context.ts";
import { definitions } from "./definitions.ts";
import { createProcess } from "./process.ts";

export interface Keiko {
  port: number;
  signInLink(): string;
  stop(): Promise<void>;
}

export interface ComposeOptions {
  substrate: Substrate;
  /** Of whoever sits at this machine; from the token file. */
  token: string;
  port: number;
  log: Log;
  /** What offers skills. */
  agents: readonly AgentDefinition[];
  /** Largest file that can be attached; unset: the default of the limits. */
  file_bytes_max?: number;
}

export async function compose(options: ComposeOptions): Promise<Keiko> {
  const { substrate, log, file_bytes_max = limits.file_bytes_max } = options;
  const all = definitions({ ...options, host: "127.0.0.1", file_bytes_max });
  const now = () => Date.now();
  const stopping = new AbortController();
  const { signal } = stopping;
  const audit = auditSink(substrate.log);
  const catalog = createCatalog();
  const shared: Pick<OpenedService, "decider" | "spans"> = {};
  const decider = () => shared.decider?.() ?? denyAll;
  const spans = { record: (span: EndedSpan) => shared.spans?.record(span) };
  const process = createProcess({ sink: audit, decider, log, substrate, spans, signal });
  const contextFor = (definition: ServiceDefinition): ServiceContext => {
    const { identity } = definition;
    const transport = process.transport(identity);
    const common = { substrate, catalog, decider, audit, now, signal };
    return contextOf(definition, { ...common, transport, log: log.with({ workload: identity }) });
  };
  const opened: { definition: ServiceDefinition; service: OpenedService }[] = [];
  const open = async (definition: ServiceDefinition) => {
    const service = await definition.open(contextFor(definition));
    opened.push({ definition, service });
    if (service.decider) shared.decider = service.decider;
    if (service.spans) shared.spans = service.spans;
    if (service.services.length > 0) process.host(definition.identity, service.services);
  };

  for (const definition of [all.policy, ...all.backbone, ...all.agents, all.gateway]) {
    await open(definition);
  }
  const registry = contextFor(all.policy).dialer.client(RegistryService);
  await mirrorRegistry(catalog, registry, { signal, log });
  // The registry first: the others tell it that they are there.
  const byRegistry = ({ definition: { identity } }: (typeof opened)[number]) =>
    identity === "registry" ? 0 : 1;
  for (const { definition, service } of opened.toSorted((a, b) => byRegistry(a) - byRegistry(b))) {
    const { identity, kind, version, steps } = definition;
    if (service.services.length > 0) await process.register(identity, kind, version);
    if (steps) process.work(identity);
  }
  await process.known(catalog);
  for (const { service } of opened) await service.start?.();

  // It holds the event loop: whoever waits for the start is told first.
  const warming = setTimeout(() => {
    for (const { service, definition } of opened) {
      service.warm?.().catch((cause) => {
        log.warn("not warm", { workload: definition.identity, cause: String(cause) });
      });
    }
  }, limits.warm_after_ms);
  const gateway = all.gateway.opened();
  return {
    port: gateway.port,
    signInLink: () => gateway.signInLink(),
    async stop() {
      clearTimeout(warming);
      for (const { service } of opened) await service.stop?.();
      await process.stop(() => stopping.abort());
      await audit.flush();
    },
  };
}
