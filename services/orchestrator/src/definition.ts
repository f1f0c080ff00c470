/** The orchestrator as a unit: planner, compiler and runner behind their two services. */
import { PlanService } from "@keiko/gen/keiko/plan/v1/plan_service_pb.js";
import { WorkloadKind } from "@keiko/gen/keiko/registry/v1/registry_pb.js";
import { RegistryService } from "@keiko/gen/keiko/registry/v1/registry_service_pb.js";
import { TaskService } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import { hosted } from "@keiko/runtime/host.ts";
import type { ServiceDefinition } from "@keiko/runtime/service.ts";
import { createContracts } from "./contracts.ts";
import { planService } from "./plan-service.ts";
import { createPlanning } from "./planning.ts";
import { createRequests } from "./requests.ts";
import { createRunner } from "./runner.ts";
import { taskService } from "./task-service.ts";

const identity = "orchestrator";

export const orchestrator: ServiceDefinition = {
  identity,
  version: "0.1.0",
  kind: WorkloadKind.BACKBONE,
  serves: [TaskService, PlanService],
  calls: [RegistryService],
  catalog: true,
  single: "tasks are not yet handed from one orchestrator to another",
  async open({ substrate, dialer, catalog, decider, emit, log, now, signal }) {
    const registry = dialer.client(RegistryService);
    const contracts = createContracts(catalog, registry);
    const runner = createRunner({ substrate, contracts, emit, log, now });
    const planning = createPlanning({ catalog, registry, decider, workload: identity });
    const requests = createRequests(substrate.kv);
    const stored = async ({ name }: { name: string }) =>
      (await substrate.blobs.stat(name.replace("artifacts/", ""))) !== undefined;
    return {
      services: [
        hosted(TaskService, taskService({ runner, planning, requests, stored, now })),
        hosted(PlanService, planService({ planning })),
      ],
      start: () => runner.start(signal),
    };
  },
};
