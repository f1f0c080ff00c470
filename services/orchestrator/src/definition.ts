/** The orchestrator as a unit: planner, compiler and runner behind their two services. */
import { randomBytes } from "node:crypto";
import type { Plan } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { PlanService } from "@keiko/gen/keiko/plan/v1/plan_service_pb.js";
import { WorkloadKind } from "@keiko/gen/keiko/registry/v1/registry_pb.js";
import { RegistryService } from "@keiko/gen/keiko/registry/v1/registry_service_pb.js";
import { TaskService } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import { hosted } from "@keiko/runtime/host.ts";
import type { ServiceDefinition } from "@keiko/runtime/service.ts";
import { createContracts } from "./contracts.ts";
import { createCreation } from "./creation.ts";
import { limits } from "./limits.ts";
import { createMissed } from "./missed.ts";
import { planService } from "./plan-service.ts";
import { createPlanning } from "./planning.ts";
import { merged, without } from "./replan.ts";
import { alone, together } from "./replicas.ts";
import { createRequests } from "./requests.ts";
import { createRunner, type Runner, type RunnerDeps } from "./runner.ts";
import { createStoredPlans } from "./stored-plans.ts";
import { taskService } from "./task-service.ts";
import { realTimers } from "./timers.ts";
import { createTriggers } from "./triggers.ts";

const identity = "orchestrator";

export const orchestrator: ServiceDefinition = {
  identity,
  version: "0.1.0",
  kind: WorkloadKind.BACKBONE,
  serves: [TaskService, PlanService],
  calls: [RegistryService],
  catalog: true,
  async open({ substrate, dialer, catalog, decider, emit, log, now, signal }) {
    const { kv, bus, blobs, shared } = substrate;
    const registry = dialer.client(RegistryService);
    const contracts = createContracts(catalog, registry);
    const plans = createStoredPlans(kv, now);
    const planning = createPlanning({ plans, catalog, registry, decider, workload: identity });
    const requests = createRequests(kv);
    const id = randomBytes(8).toString("hex");
    const replicas = shared ? together({ bus, id, now, timers: realTimers }) : alone();
    const runner: Runner = createRunner({
      substrate,
      contracts,
      replicas,
      emit,
      log,
      now,
      startChild: (task, run, step) => creation.child(task, run, step),
      served: (path) => path === "" || catalog.method(path) !== undefined,
      planAnew: planAnew(planning),
    });
    const deps = { runner: () => runner, planning, plans, requests, contracts, now };
    const creation = createCreation(deps);
    const leads = runner.leads;
    const planOf = (task: string) => runner.look(task, ({ created }) => created.storedPlan?.name);
    const triggers = createTriggers({ kv, bus, log, now, leads, run: creation.byTrigger, planOf });
    const current = { catalog, contracts, planning, call: runner.call };
    const stored = async ({ name }: { name: string }) =>
      (await blobs.stat(name.replace("artifacts/", ""))) !== undefined;
    return {
      services: [
        hosted(TaskService, taskService({ runner, creation, current, stored, now })),
        hosted(PlanService, planService({ planning, plans, triggers, runner })),
      ],
      async start() {
        await runner.start(signal);
        triggers.start(signal);
        const missed = createMissed({ catalog, tasks: runner.led, emit, log });
        const stop = realTimers.every(limits.missed_look_ms, missed);
        signal.addEventListener("abort", stop);
      },
      stop: () => runner.stop(),
    };
  },
};

function planAnew(planning: ReturnType<typeof createPlanning>): RunnerDeps["planAnew"] {
  return async (task, problem): Promise<Plan | undefined> => {
    const avoided = without(task, problem);
    if (!avoided) return undefined;
    const { goal, attachments, limits, owner: user } = task.created;
    const { plan } = await planning.forGoal(goal, { attachments, limits, user, without: avoided });
    return plan && merged(task, plan);
  };
}
