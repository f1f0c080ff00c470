/**
 * The shape of a unit of Keiko: who it is, what it calls, and how it opens. The same definition runs
 * beside others in one process (services/local) and alone in a process or container of its own
 * (process/run.ts); it cannot tell which, and must not try.
 */
import type { DescService } from "@bufbuild/protobuf";
import type { Transport } from "@connectrpc/connect";
import { ObservabilityService } from "@keiko/gen/keiko/observability/v1/observability_service_pb.js";
import { PolicyService } from "@keiko/gen/keiko/policy/v1/policy_service_pb.js";
import type { WorkloadKind } from "@keiko/gen/keiko/registry/v1/registry_pb.js";
import { RegistryService } from "@keiko/gen/keiko/registry/v1/registry_service_pb.js";
import type { Catalog } from "./catalog.ts";
import type { Dialer } from "./dial.ts";
import type { Emitter } from "./events.ts";
import type { HostedService } from "./host.ts";
import type { AuditSink } from "./interceptors/audit.ts";
import type { Log } from "./log.ts";
import type { Decider } from "./policy.ts";
import type { SpanSink } from "./spans.ts";
import type { Substrate } from "./substrate/substrate.ts";

export interface ServiceDefinition {
  /** Identity of the workload; its replicas share it. */
  identity: string;
  /** Semantic version of the program. */
  version: string;
  kind: WorkloadKind;
  /** The services it offers: it must host just these, and nobody else may claim them. */
  serves: readonly DescService[];
  /** The services it may call besides `calledByAll`; nothing else can be dialed. */
  calls: readonly DescService[];
  /** It needs the contracts of everything that is registered, in `context.catalog`. */
  catalog?: boolean;
  /** It runs steps of plans from the queue. */
  steps?: boolean;
  /** Why there can be only one of it at a time; undefined: there can be many. */
  single?: string;
  open(context: ServiceContext): Promise<OpenedService>;
}

export interface ServiceContext {
  substrate: Substrate;
  /** Clients of what was declared in `calls`. */
  dialer: Dialer;
  /** Leads to whoever serves a method; for the gateway, which passes on what it did not declare. */
  transport: Transport;
  /** Current when `start` is called; empty before, and where the definition does not ask for it. */
  catalog: Catalog;
  /** The policy set in force at the moment of asking. */
  decider: () => Decider;
  audit: AuditSink;
  emit: Emitter;
  log: Log;
  now: () => number;
  /** Aborts when no new work is to be taken. */
  signal: AbortSignal;
}

export interface OpenedService {
  /** Empty: it serves nobody, and does not register. */
  services: HostedService[];
  /** Called when it is registered and the catalog is current. */
  start?(): Promise<void>;
  /** Called first when the process stops; resolves when nothing new comes in from outside. */
  stop?(): Promise<void>;
  /** What makes the first call slow; run in the background once all is up. */
  warm?(): Promise<void>;
  /** Only policy: the set in force, for the process that owns it. */
  decider?: () => Decider;
  /** Only observability: takes spans at first hand. */
  spans?: SpanSink;
  /** Where people come in; empty: nowhere. */
  link?(): string;
}

/** What every workload calls: to be known, to know what is allowed, and to tell what happened. */
export const calledByAll: readonly DescService[] = [
  RegistryService,
  PolicyService,
  ObservabilityService,
];
