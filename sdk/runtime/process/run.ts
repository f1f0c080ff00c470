/**
 * One unit in a process of its own: what every main.ts is. It opens the substrate and its identity,
 * learns what is allowed and who is where, serves, registers, and says when it is ready. Told to
 * stop, it leaves in an order in which no call is lost: out of discovery, no new steps, NOT_SERVING,
 * running calls to their end.
 */

import { ObservabilityService } from "@keiko/gen/keiko/observability/v1/observability_service_pb.js";
import { PolicyService } from "@keiko/gen/keiko/policy/v1/policy_service_pb.js";
import { RegistryService } from "@keiko/gen/keiko/registry/v1/registry_service_pb.js";
import { auditSink } from "../audit-sink.ts";
import { createCatalog } from "../catalog.ts";
import { createHost, type Host } from "../host.ts";
import { openIdentity } from "../identity/workload-identity.ts";
import { limits } from "../limits.ts";
import { createLog, type Log } from "../log.ts";
import { serveGrpc } from "../mesh/grpc-server.ts";
import { createMesh } from "../mesh/mesh.ts";
import { denyAll } from "../policy.ts";
import { followPolicy } from "../policy-follow.ts";
import { keepRegistered } from "../register.ts";
import type { OpenedService, ServiceContext, ServiceDefinition } from "../service.ts";
import { createSpanReporter } from "../span-reporter.ts";
import type { Substrate } from "../substrate/substrate.ts";
import { contextOf } from "../unit-context.ts";
import { runWorker } from "../worker.ts";
import { ConfigError, type ProcessConfig, readProcessConfig } from "./config.ts";
import { followRegistry } from "./follow-registry.ts";
import { serveHealth } from "./health-port.ts";
import { openSubstrate } from "./open-substrate.ts";
import { patiently } from "./patiently.ts";

export interface RunningService {
  /** `host:port` of its services; empty: it serves none. */
  address: string;
  /** `host:port` of its health. */
  health: string;
  /** Where people come in; empty: nowhere. */
  link: string;
  stop(): Promise<void>;
}

/** The unit of a process, made from what it is told; may read files of `config.folder`. */
export type Define = (config: ProcessConfig) => ServiceDefinition | Promise<ServiceDefinition>;

/** What a main.ts calls. Ends the process: with 1 and one line when the start fails. */
export async function main(define: Define, own: readonly string[] = []): Promise<void> {
  try {
    const config = readProcessConfig(process.env, own);
    const definition = await define(config);
    const fields = { workload: definition.identity, instance: config.instance };
    const log = createLog((line) => console.error(line), { level: config.log, fields });
    const running = await runService(definition, config, log);
    const { address, health, link } = running;
    log.info("ready", { address, health });
    process.send?.({ ready: true, link });
    let stopping = false;
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.on(signal, () => {
        if (stopping) return;
        stopping = true;
        log.info("stopping", { signal });
        running.stop().then(
          () => process.exit(0),
          (cause) => {
            log.error("not stopped in order", { cause: String(cause) });
            process.exit(1);
          },
        );
      });
    }
  } catch (error) {
    const told = error instanceof ConfigError ? error.message : oneLine(error);
    console.error(`Keiko did not start: ${told}`);
    process.exit(1);
  }
}

function oneLine(error: unknown): string {
  const { message, remedy, stack } = error as Error & { remedy?: string };
  return remedy ? `${message} ${remedy}` : (stack ?? message ?? String(error));
}

export async function runService(
  definition: ServiceDefinition,
  config: ProcessConfig,
  log: Log,
): Promise<RunningService> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const identity = await openIdentity(config.identity, { signal, log });
  if (identity.workload !== definition.identity) {
    throw new ConfigError(
      `KEIKO_IDENTITY: the certificate is for "${identity.workload}", not "${definition.identity}"`,
    );
  }
  const substrate = await openSubstrate(config, identity);
  const seeds = {
    [RegistryService.typeName]: seeded(config.registry, "registry"),
    [PolicyService.typeName]: seeded(config.policy, "policy"),
  };
  const mesh = createMesh({ identity, log, seeds });
  const unit = createUnit(definition, { substrate, mesh: mesh.transport, log, signal });
  const opened = await definition.open(unit.context);
  await unit.learnPolicy(opened);
  const host = opened.services.length > 0 ? unit.host(opened) : undefined;
  const server = host && (await serveGrpc(host, { address: config.listen, identity, log }));
  const health = await serveHealth({ address: config.health, draining: () => signal.aborted });
  const catalog = definition.catalog ? unit.catalog : undefined;
  const registry = unit.client(RegistryService);
  /** Whoever waits for a process to leave is told what it still waits for. */
  const timed = async (what: string, ending: unknown) => {
    const slow = setTimeout(() => log.warn("still stopping", { what }), limits.leave_slow_ms);
    try {
      await ending;
    } finally {
      clearTimeout(slow);
    }
  };
  await followRegistry(registry, { catalog, mesh, signal, log });
  const registration =
    server &&
    (await patiently("register", { log, signal }, () =>
      keepRegistered(registry, described(definition, config, server.address, host!), { log }),
    ));
  const working = host && definition.steps ? unit.work(host) : Promise.resolve();
  await opened.start?.();
  setTimeout(() => {
    opened.warm?.().catch((cause) => log.warn("not warm", { cause: String(cause) }));
  }, limits.warm_after_ms);
  health.ready();
  return {
    address: server?.address ?? "",
    health: health.address,
    link: opened.link?.() ?? "",
    async stop() {
      await registration?.remove().catch((cause) => {
        log.warn("not removed from the registry", { cause: String(cause) });
      });
      // No new steps, and NOT_SERVING; whoever calls hears of it before calls are turned away.
      stopping.abort();
      await new Promise((next) => setTimeout(next, registration ? limits.leave_notice_ms : 0));
      await timed("its service", opened.stop?.());
      await timed("its calls", server?.close());
      await timed("its steps", working);
      await timed("its records", unit.flush());
      mesh.close();
      await timed("its store", substrate.close());
      await timed("its health", health.close());
    },
  };
}

function seeded(addresses: readonly string[], identity: string) {
  return addresses.map((address) => ({ address, identity }));
}

function described(
  { identity, kind, version }: ServiceDefinition,
  { instance, advertise }: ProcessConfig,
  address: string,
  host: Host,
) {
  const endpoint = advertise ? `${advertise}:${address.split(":").at(-1)}` : address;
  return { identity, instance, kind, version, endpoints: [endpoint], services: host.services };
}

interface UnitDeps {
  substrate: Substrate;
  mesh: ServiceContext["transport"];
  log: Log;
  signal: AbortSignal;
}

/** What the unit gets, and what is made of what it opens. */
function createUnit(definition: ServiceDefinition, deps: UnitDeps) {
  const { substrate, mesh: transport, log, signal } = deps;
  const catalog = createCatalog();
  let decider = () => denyAll;
  const audit = auditSink(substrate.log);
  const context = contextOf(definition, {
    substrate,
    transport,
    catalog,
    decider: () => decider(),
    audit,
    log,
    now: () => Date.now(),
    signal,
  });
  const { client } = context.dialer;
  const spans = createSpanReporter(client(ObservabilityService), { log });
  return {
    context,
    catalog,
    client,
    /** Until it resolves everything is refused. */
    async learnPolicy(opened: OpenedService): Promise<void> {
      if (opened.decider) {
        decider = opened.decider;
        return;
      }
      const followed = followPolicy(client(PolicyService), { signal, log });
      decider = followed.decider;
      await followed.ready;
    },
    host: (opened: OpenedService): Host =>
      createHost({
        server: definition.identity,
        services: opened.services,
        audit,
        tokens: undefined,
        decider: context.decider,
        log,
        spans: opened.spans ?? spans,
      }),
    /** Resolves when running steps have ended after the signal. */
    work: (host: Host): Promise<void> =>
      runWorker(
        { host, queue: substrate.queue, bus: substrate.bus, log, orchestrator: "orchestrator" },
        signal,
      ).catch((cause) => {
        if (!signal.aborted) log.error("worker ended", { cause: String(cause) });
      }),
    // Who leaves no longer hears where observability is, and nobody waits for a trace.
    flush: () => Promise.all([spans.flush(limits.leave_spans_ms), audit.flush()]),
  };
}
