/**
 * Makes, checks and keeps plans without running anything. It implements keiko.plan.v1.PlanService; a
 * goal that cannot be planned, and a plan that cannot run, are answers with problems, not errors.
 */
import type { HandlerContext, ServiceImpl } from "@connectrpc/connect";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import type { PlanService } from "@keiko/gen/keiko/plan/v1/plan_service_pb.js";
import { callKey } from "@keiko/runtime/call.ts";
import { refuse } from "@keiko/runtime/errors.ts";
import { pageToken, readPageToken } from "@keiko/runtime/page.ts";
import type { Planned } from "./planner.ts";
import type { Planning } from "./planning.ts";
import type { Runner } from "./runner.ts";
import type { StoredPlans } from "./stored-plans.ts";
import type { Triggers } from "./triggers.ts";

export interface Deps {
  planning: Planning;
  plans: StoredPlans;
  triggers: Triggers;
  runner: Runner;
}

export function planService({ planning, plans, triggers, runner }: Deps) {
  return {
    async createPlan({ goal, attachments, limits }, context) {
      const user = userOf(context);
      return answer(await planning.forGoal(goal, { attachments, limits, user }));
    },
    async compilePlan({ plan, attachments, limits }, context) {
      return answer(await planning.compile(plan!, { attachments, limits, user: userOf(context) }));
    },
    async storePlan({ name, plan, expectVersion }, context) {
      const user = userOf(context);
      const { problems } = await planning.check(name, plan!, user);
      if (problems.length > 0) return { problems };
      return { plan: await plans.store(user, name, plan!, expectVersion) };
    },
    async getPlan({ name, version }, context) {
      return { plan: await triggers.told(await plans.get(userOf(context), name, version)) };
    },
    async listPlans({ pageSize, pageToken: token }, context) {
      const limit = pageSize || 50;
      const listed = await plans.list(userOf(context), readPageToken(token, "string"), limit);
      const told = await Promise.all(listed.map((one) => triggers.told(one)));
      const last = listed.at(-1);
      return last && listed.length === limit
        ? { plans: told, nextPageToken: pageToken(last.name) }
        : { plans: told };
    },
    async deletePlan({ name }, context) {
      const user = userOf(context);
      const needed = [...(await plans.usersOf(user, name)), ...(await runsOf(runner, user, name))];
      if (needed.length > 0) throw inUse(name, needed);
      await plans.remove(user, name);
      return {};
    },
    async setTriggers({ name, triggers: given }, context) {
      const user = userOf(context);
      const stored = await plans.get(user, name, 0);
      triggers.guard(stored, given);
      return { plan: await triggers.told(await plans.setTriggers(user, name, given)) };
    },
  } satisfies ServiceImpl<typeof PlanService>;
}

export function userOf(context: HandlerContext): string {
  return context.values.get(callKey)?.caller?.user ?? "";
}

function answer({ plan, problems }: Planned) {
  return plan ? { plan, problems } : { problems };
}

/** Tasks that run it, or will as a step of theirs. */
async function runsOf(runner: Runner, user: string, name: string): Promise<string[]> {
  const using: string[] = [];
  for await (const task of runner.unfinished()) {
    const uses = await runner.look(task, ({ created, plan }) => {
      if (created.owner !== user) return false;
      if (created.storedPlan?.name === name) return true;
      const steps = plan?.steps ?? [];
      return steps.some(({ subPlan }) => subPlan?.name === name);
    });
    if (uses) using.push(task);
  }
  return using;
}

function inUse(name: string, by: string[]) {
  const shown = by.slice(0, 5).join(", ");
  const more = by.length > 5 ? ` and ${by.length - 5} more` : "";
  return refuse(Reason.CONFLICT, {
    message: `${name} is needed by ${shown}${more}`,
    field: "name",
    remedy: "let the tasks end or cancel them, and take it out of the plans first",
    metadata: { name, needed_by: by.join(" ") },
  });
}
