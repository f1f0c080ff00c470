/**
 * All of Keiko in one process: the same definitions that run as containers elsewhere, joined by the
 * in-process transport. Every service sits behind the same chain as over a network; only the bytes
 * are missing.
 */
import { join } from "node:path";
import type { DescService } from "@bufbuild/protobuf";
import { type AgentDefinition, agentService } from "@keiko/agent";
import { artifactService } from "@keiko/artifact/artifact-service.ts";
import { auditService } from "@keiko/audit/audit-service.ts";
import { auditSink } from "@keiko/audit/audit-store.ts";
import { openGateway } from "@keiko/gateway/gateway.ts";
import { createSessions } from "@keiko/gateway/sessions.ts";
import { ArtifactService } from "@keiko/gen/keiko/artifact/v1/artifact_service_pb.js";
import { AuditService } from "@keiko/gen/keiko/audit/v1/audit_service_pb.js";
import { ObservabilityService } from "@keiko/gen/keiko/observability/v1/observability_service_pb.js";
import { PlanService } from "@keiko/gen/keiko/plan/v1/plan_service_pb.js";
import { PolicyService } from "@keiko/gen/keiko/policy/v1/policy_service_pb.js";
import { WorkloadKind } from "@keiko/gen/keiko/registry/v1/registry_pb.js";
import { RegistryService } from "@keiko/gen/keiko/registry/v1/registry_service_pb.js";
import { TaskService } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import { observabilityService } from "@keiko/observability/observability-service.ts";
import { createTraceStore } from "@keiko/observability/trace-store.ts";
import { createContracts } from "@keiko/orchestrator/contracts.ts";
import { planService } from "@keiko/orchestrator/plan-service.ts";
import { createPlanning } from "@keiko/orchestrator/planning.ts";
import { createRequests } from "@keiko/orchestrator/requests.ts";
import { createRunner } from "@keiko/orchestrator/runner.ts";
import { taskService } from "@keiko/orchestrator/task-service.ts";
import { policyService } from "@keiko/policy/policy-service.ts";
import { loadPolicies } from "@keiko/policy/policy-set.ts";
import { createDirectory, followStore } from "@keiko/registry/directory.ts";
import { registryService } from "@keiko/registry/registry-service.ts";
import { registryStore } from "@keiko/registry/registry-store.ts";
import { createCatalog, mirrorRegistry } from "@keiko/runtime/catalog.ts";
import { createDialer } from "@keiko/runtime/dial.ts";
import { type HostedService, hosted } from "@keiko/runtime/host.ts";
import { limits } from "@keiko/runtime/limits.ts";
import type { Log } from "@keiko/runtime/log.ts";
import { createDecider } from "@keiko/runtime/policy.ts";
import type { Substrate } from "@keiko/runtime/substrate/substrate.ts";
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

const backbone: { identity: string; calls: readonly DescService[] }[] = [
  { identity: "registry", calls: [] },
  { identity: "policy", calls: [RegistryService] },
  { identity: "audit", calls: [RegistryService] },
  { identity: "artifact", calls: [RegistryService] },
  { identity: "observability", calls: [RegistryService] },
  { identity: "orchestrator", calls: [RegistryService] },
  { identity: "gateway", calls: [RegistryService, ArtifactService] },
];

/** One signed-in person on one machine. */
const localUser = "users/local";

export async function compose(options: ComposeOptions): Promise<Keiko> {
  const { substrate, log, agents, file_bytes_max = limits.file_bytes_max } = options;
  const now = () => Date.now();
  const declared = [
    ...backbone,
    ...agents.map(({ name, calls }) => ({ identity: name, calls: [RegistryService, ...calls] })),
  ].map(({ identity, calls }) => ({ workload: identity, services: calls.map((s) => s.typeName) }));
  const policies = await loadPolicies(declared);
  const decider = createDecider(policies);
  const sink = auditSink(substrate.log);
  const stopping = new AbortController();
  const traces = createTraceStore();
  const { signal } = stopping;
  const process = createProcess({ sink, decider, log, substrate, spans: traces, signal });

  const store = registryStore(substrate.kv, now);
  const directory = createDirectory();
  await followStore(directory, store, { signal: stopping.signal, now });
  const sweep = setInterval(() => directory.lapse(now()), limits.lease_ms / 10);
  const backboneServices: Record<string, HostedService[]> = {
    registry: [
      hosted(
        RegistryService,
        registryService({ store, directory, now, lease_ms: limits.lease_ms }),
      ),
    ],
    observability: [hosted(ObservabilityService, observabilityService({ traces }))],
    audit: [hosted(AuditService, auditService({ log: substrate.log }))],
    artifact: [
      hosted(ArtifactService, artifactService({ blobs: substrate.blobs, file_bytes_max })),
    ],
  };
  process.host("registry", backboneServices.registry!);
  const transportFor = (identity: string) => process.transport(identity);
  const dialerFor = (workload: string, calls: readonly DescService[]) =>
    createDialer({ workload, calls, transport: transportFor(workload) });
  const catalog = createCatalog();
  const registry = dialerFor("orchestrator", [RegistryService]).client(RegistryService);
  await mirrorRegistry(catalog, registry, { signal: stopping.signal, log });

  const contracts = createContracts(catalog, registry);
  const runner = createRunner({ substrate, contracts, log, now });
  const workload = "orchestrator";
  const planning = createPlanning({ catalog, registry, decider: () => decider, workload });
  const requests = createRequests(substrate.kv);
  const stored = async ({ name }: { name: string }) =>
    (await substrate.blobs.stat(name.replace("artifacts/", ""))) !== undefined;
  backboneServices.policy = [hosted(PolicyService, policyService({ policies, decider, catalog }))];
  backboneServices.orchestrator = [
    hosted(TaskService, taskService({ runner, planning, requests, stored, now })),
    hosted(PlanService, planService({ planning })),
  ];
  for (const { identity } of backbone) {
    const services = backboneServices[identity];
    if (!services) continue;
    if (identity !== "registry") process.host(identity, services);
    await process.register(identity, WorkloadKind.BACKBONE, "0.1.0");
  }
  for (const agent of agents) {
    const dialer = dialerFor(agent.name, agent.calls);
    const agentLog = log.with({ workload: agent.name });
    process.host(agent.name, [agentService(agent, { substrate, dialer, log: agentLog })]);
    await process.register(agent.name, agent.kind, agent.version);
    process.work(agent.name);
  }
  await process.known(catalog);
  await runner.start(stopping.signal);

  const gateway = await openGateway(
    {
      catalog,
      transport: transportFor("gateway"),
      sessions: createSessions(substrate.kv, { user: localUser, token: options.token, now }),
      audit: sink,
      log,
      console: join(import.meta.dirname, "../../../face/dist"),
      file_bytes_max,
    },
    { host: "127.0.0.1", port: options.port },
  );
  // It holds the event loop: whoever waits for the start is told first.
  const warming = setTimeout(() => {
    for (const { warm, name } of agents) {
      warm?.().catch((cause) => log.warn("agent not warm", { name, cause: String(cause) }));
    }
  }, limits.warm_after_ms);
  return {
    port: gateway.port,
    signInLink: () => gateway.signInLink(),
    async stop() {
      clearInterval(sweep);
      clearTimeout(warming);
      await gateway.close(2_000);
      await process.stop(() => stopping.abort());
    },
  };
}
