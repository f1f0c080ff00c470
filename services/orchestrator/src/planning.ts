/** Plans and compiles with what is registered now, for one user. */
import { create, type JsonValue } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import type { Client } from "@connectrpc/connect";
import type { File } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import { type Limits, LimitsSchema, type Plan } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import type { StoredPlan } from "@keiko/gen/keiko/plan/v1/plan_service_pb.js";
import type { RegistryService } from "@keiko/gen/keiko/registry/v1/registry_service_pb.js";
import type { Catalog, CatalogMethod } from "@keiko/runtime/catalog.ts";
import type { Decider } from "@keiko/runtime/policy.ts";
import { compile } from "./compiler.ts";
import type { Earlier } from "./earlier.ts";
import { instantiate } from "./instantiate.ts";
import { limits as bounds } from "./limits.ts";
import { type Planned, planGoal } from "./planner.ts";
import type { StoredPlans } from "./stored-plans.ts";

export interface PlanningDeps {
  plans: Pick<StoredPlans, "find">;
  catalog: Catalog;
  registry: Pick<Client<typeof RegistryService>, "searchSkills">;
  decider: () => Decider;
  /** Identity under which steps are run. */
  workload: string;
}

export interface PlanningRequest {
  attachments: readonly File[];
  limits: Limits | undefined;
  /** `users/{id}`. */
  user: string;
  /** What was drawn before, where the goal continues a task. */
  chart?: Earlier["chart"];
  /** It was drawn by the very task that the goal continues. */
  drew?: boolean;
  /** What was asked before about the same attachments, oldest first. */
  goals?: Earlier["goals"];
  /** The language of that task. */
  spoken?: Earlier["spoken"];
  /** `plans/{id}` that it will be stored under, so that it cannot run itself. */
  name?: string;
  /** Methods that must not be used: they failed. */
  without?: ReadonlySet<string>;
}

export interface Planning {
  forGoal(goal: string, request: PlanningRequest): Promise<Planned>;
  compile(plan: Plan, request: PlanningRequest): Promise<Planned>;
  /** As it will run with these values for its parameters. */
  run(plan: Plan, inputs: Record<string, JsonValue>, request: PlanningRequest): Promise<Planned>;
  /** As it will be stored, whatever its parameters will be. */
  check(name: string, plan: Plan, user: string): Promise<Planned>;
}

export function createPlanning(deps: PlanningDeps): Planning {
  const { catalog, registry, decider, plans, workload } = deps;
  const refusal = (user: string) => (found: CatalogMethod) => {
    const { refusal: text, allowed } = decider().decide({
      caller: { workload, user },
      permission: found.permission,
      service: found.method.parent.typeName,
      skill: found.skill !== undefined,
    });
    return allowed ? undefined : text;
  };

  /** All plans that are steps of it, and steps of these, by name and version. */
  const subPlansOf = async (plan: Plan, user: string) => {
    const found = new Map<string, StoredPlan>();
    const load = async ({ steps }: Plan, depth: number): Promise<void> => {
      if (depth > bounds.task_depth_max) return;
      for (const { subPlan } of steps) {
        if (!subPlan || found.has(`${subPlan.name}@${subPlan.version}`)) continue;
        const stored = await plans.find(user, subPlan.name, subPlan.version);
        if (!stored?.plan) continue;
        found.set(`${subPlan.name}@${subPlan.version}`, stored);
        await load(stored.plan, depth + 1);
      }
    };
    await load(plan, 1);
    return (name: string, version: number) => found.get(`${name}@${version}`);
  };

  const compiled = async (plan: Plan, { attachments, limits, user, name }: PlanningRequest) =>
    compile(plan, {
      method: (path) => catalog.method(path),
      refusal: refusal(user),
      storedPlan: await subPlansOf(plan, user),
      ...(name ? { name } : {}),
      attachments,
      limits,
    });

  return {
    compile: compiled,
    async run(plan, inputs, request) {
      const made = instantiate(plan, inputs);
      return made.plan ? compiled(made.plan, request) : made;
    },
    async check(name, plan, user) {
      const { problems } = await compiled(plan, { attachments: [], limits: most, user, name });
      const left = problems.filter(({ field }) => !field.endsWith(".attachment"));
      return left.length > 0 ? { plan: undefined, problems: left } : { plan, problems: [] };
    },
    async forGoal(goal, request) {
      const { skills } = await registry.searchSkills({ query: goal, pageSize: 50 });
      const planned = planGoal({
        goal,
        attachments: request.attachments,
        ...(request.chart ? { chart: request.chart } : {}),
        ...(request.drew ? { drew: true } : {}),
        ...(request.goals ? { earlier: request.goals } : {}),
        ...(request.spoken ? { spoken: request.spoken } : {}),
        skills: catalog.skills().filter(({ path }) => !request.without?.has(path)),
        ranked: skills.flatMap(({ skill }) => (skill ? [skill.method] : [])),
      });
      return planned.plan ? compiled(planned.plan, request) : planned;
    },
  };
}

// What a stored plan may spend, and which files it is given, is known when it runs.
const most = create(LimitsSchema, {
  timeMax: durationFromMs(bounds.task_time_ms_max),
  costMicrosMax: 1_000_000_000_000n,
});
