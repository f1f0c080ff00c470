/**
 * Makes and checks plans without running anything. It implements keiko.plan.v1.PlanService; a goal
 * that cannot be planned is an answer with problems, not an error.
 */
import type { HandlerContext, ServiceImpl } from "@connectrpc/connect";
import type { PlanService } from "@keiko/gen/keiko/plan/v1/plan_service_pb.js";
import { callKey } from "@keiko/runtime/call.ts";
import type { Planned } from "./planner.ts";
import type { Planning } from "./planning.ts";

export interface Deps {
  planning: Planning;
}

export function planService({ planning }: Deps) {
  return {
    async createPlan({ goal, attachments, limits }, context) {
      const user = userOf(context);
      return answer(await planning.forGoal(goal, { attachments, limits, user }));
    },
    compilePlan({ plan, attachments, limits }, context) {
      return answer(planning.compile(plan!, { attachments, limits, user: userOf(context) }));
    },
  } satisfies ServiceImpl<typeof PlanService>;
}

export function userOf(context: HandlerContext): string {
  return context.values.get(callKey)?.caller?.user ?? "";
}

function answer({ plan, problems }: Planned) {
  return plan ? { plan, problems } : { problems };
}
