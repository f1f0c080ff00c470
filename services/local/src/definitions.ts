/** What Keiko consists of: the one list that both `npm start` and `npx keiko up` run. */
import type { AgentDefinition } from "@keiko/agent";
import { agentWorkload } from "@keiko/agent";
import { artifact } from "@keiko/artifact/definition.ts";
import { audit } from "@keiko/audit/definition.ts";
import { event } from "@keiko/event/definition.ts";
import { type GatewaySettings, gateway } from "@keiko/gateway/definition.ts";
import { observability } from "@keiko/observability/definition.ts";
import { orchestrator } from "@keiko/orchestrator/definition.ts";
import { policy } from "@keiko/policy/definition.ts";
import type { DeclaredCalls } from "@keiko/policy/policy-set.ts";
import { registry } from "@keiko/registry/definition.ts";
import type { ServiceDefinition } from "@keiko/runtime/service.ts";

export interface Settings extends GatewaySettings {
  agents: readonly AgentDefinition[];
}

export function definitions(settings: Settings) {
  const door = gateway(settings);
  const agents = settings.agents.map((agent) => agentWorkload(agent));
  const backbone = [registry, observability, audit, artifact(settings), event, orchestrator];
  // Policy is declared as the others are; what it is told is no part of that.
  const declared = declaredCalls([policy({ declared: [] }), ...backbone, door, ...agents]);
  return { backbone, agents, gateway: door, policy: policy({ declared }) };
}

/** What each workload may call and offer, as its definition says: policy permits just that. */
export function declaredCalls(all: readonly ServiceDefinition[]): DeclaredCalls[] {
  return all.map(({ identity, calls, serves }) => ({
    workload: identity,
    services: calls.map(({ typeName }) => typeName),
    serves: serves.map(({ typeName }) => typeName),
  }));
}
