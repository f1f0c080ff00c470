/** Policy as a unit: it owns the set, and is the only one that decides without being told. */
import { PolicyService } from "@keiko/gen/keiko/policy/v1/policy_service_pb.js";
import { WorkloadKind } from "@keiko/gen/keiko/registry/v1/registry_pb.js";
import { hosted } from "@keiko/runtime/host.ts";
import type { ServiceDefinition } from "@keiko/runtime/service.ts";
import { policyService } from "./policy-service.ts";
import { openPolicySource, type PolicySettings } from "./policy-source.ts";

export function policy(settings: PolicySettings): ServiceDefinition {
  return {
    identity: "policy",
    version: "0.1.0",
    kind: WorkloadKind.BACKBONE,
    serves: [PolicyService],
    calls: [],
    catalog: true,
    async open({ catalog, substrate, emit, log, signal }) {
      const source = await openPolicySource(settings, { kv: substrate.kv, emit, log, signal });
      const services = [hosted(PolicyService, policyService({ source, catalog }))];
      return { services, decider: () => source.current().decider };
    },
  };
}
