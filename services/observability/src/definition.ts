/** What shows what happened inside, as a unit. */
import { ObservabilityService } from "@keiko/gen/keiko/observability/v1/observability_service_pb.js";
import { WorkloadKind } from "@keiko/gen/keiko/registry/v1/registry_pb.js";
import { hosted } from "@keiko/runtime/host.ts";
import type { ServiceDefinition } from "@keiko/runtime/service.ts";
import { observabilityService } from "./observability-service.ts";
import { createTraceStore } from "./trace-store.ts";

export const observability: ServiceDefinition = {
  identity: "observability",
  version: "0.1.0",
  kind: WorkloadKind.BACKBONE,
  serves: [ObservabilityService],
  calls: [],
  single: "it keeps traces in memory, so a second one would know half of each",
  async open() {
    const traces = createTraceStore();
    const services = [hosted(ObservabilityService, observabilityService({ traces }))];
    return { services, spans: traces };
  },
};
