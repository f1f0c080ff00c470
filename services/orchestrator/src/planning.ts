/** Plans and compiles with what is registered now, for one user. */
import { create } from "@bufbuild/protobuf";
import type { Client } from "@connectrpc/connect";
import type { File } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import { type Limits, type Plan, PlanSchema } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import type { RegistryService } from "@keiko/gen/keiko/registry/v1/registry_service_pb.js";
import type { Catalog, CatalogMethod } from "@keiko/runtime/catalog.ts";
import type { Decider } from "@keiko/runtime/policy.ts";
import { compile } from "./compiler.ts";
import type { Earlier } from "./earlier.ts";
import { type Planned, planGoal } from "./planner.ts";

export interface PlanningDeps {
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
  /** The language of that task. */
  spoken?: Earlier["spoken"];
}

export interface Planning {
  forGoal(goal: string, request: PlanningRequest): Promise<Planned>;
  compile(plan: Plan, request: PlanningRequest): Planned;
}

export function createPlanning({ catalog, registry, decider, workload }: PlanningDeps): Planning {
  const refusal = (user: string) => (found: CatalogMethod) => {
    const { refusal: text, allowed } = decider().decide({
      caller: { workload, user },
      permission: found.permission,
      service: found.method.parent.typeName,
      skill: found.skill !== undefined,
    });
    return allowed ? undefined : text;
  };
  const compiled = (plan: Plan, { attachments, limits, user }: PlanningRequest) =>
    compile(create(PlanSchema, plan), {
      method: (path) => catalog.method(path),
      refusal: refusal(user),
      attachments,
      limits,
    });
  return {
    compile: compiled,
    async forGoal(goal, request) {
      const { skills } = await registry.searchSkills({ query: goal, pageSize: 50 });
      const planned = planGoal({
        goal,
        attachments: request.attachments,
        ...(request.chart ? { chart: request.chart } : {}),
        ...(request.spoken ? { spoken: request.spoken } : {}),
        skills: catalog.skills(),
        ranked: skills.flatMap(({ skill }) => (skill ? [skill.method] : [])),
      });
      return planned.plan ? compiled(planned.plan, request) : planned;
    },
  };
}
