/**
 * Checks a plan against the registered contracts before anything runs: every step's method and
 * version, every value's way from where it is made to where it is used, permissions of user and
 * orchestrator, effects and what takes them back, data classes, conditions, loops, plans within plans,
 * worst-case time and cost. Gives every problem with its field path and remedy, never only the first,
 * and else the plan with all that the contracts say filled in. What it accepts can only fail for the
 * values that results have. Pure; the parts are in compile/.
 */
import type { Plan, Problem } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import type { CompileEnvironment } from "./compile/context.ts";
import { compilePlan } from "./compile/plan.ts";
import { reporter } from "./compile/report.ts";
import { checkBudget } from "./compile/worst.ts";

export type { CompileEnvironment } from "./compile/context.ts";

export function compile(
  source: Plan,
  environment: CompileEnvironment,
): { plan: Plan | undefined; problems: Problem[] } {
  const names = environment.name ? [environment.name] : [];
  const nesting = { names, depth: 0, known: new Map() };
  const { plan, problems, worst } = compilePlan(source, environment, nesting);
  checkBudget(worst, environment.limits, reporter(problems));
  return problems.length > 0 ? { plan: undefined, problems } : { plan, problems };
}
