/** Checks a plan step by step, and those that are its steps the same way. */
import { clone, type DescMessage } from "@bufbuild/protobuf";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { Effect } from "@keiko/gen/keiko/option/v1/option_pb.js";
import {
  type Plan,
  PlanSchema,
  type Problem,
  ReplySchema,
  type Step,
} from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { checkConditions } from "./conditions.ts";
import { type CompileEnvironment, type Context, isEarlier } from "./context.ts";
import { checkInputs, checkParameters } from "./inputs.ts";
import { checkLoop } from "./loops.ts";
import { checkMethod } from "./methods.ts";
import { parametersOf } from "./parameters.ts";
import { type Report, reporter } from "./report.ts";
import { checkSubPlan } from "./sub-plans.ts";
import { checkApproval, checkQuestion, checkText } from "./texts.ts";
import { checkUnused } from "./unused.ts";
import { type Worst, worstOf, worstOfPlan } from "./worst.ts";

export interface Compiled {
  plan: Plan;
  problems: Problem[];
  worst: Worst;
  /** The strongest of its steps. */
  effect: Effect;
  /** Of the step whose response is that of the plan; undefined: it loops. No method: a reply. */
  result: { message: DescMessage; method: string; digest: string } | undefined;
}

/** Where a plan stands among those that it is a step of. */
export interface Nesting {
  /** Of the plans around it and its own. */
  names: readonly string[];
  /** 0: it is no step of another. */
  depth: number;
  /** Plans that were compiled already, as steps. */
  known: Map<string, Compiled>;
}

export function compilePlan(
  source: Plan,
  environment: CompileEnvironment,
  nesting: Nesting,
): Compiled {
  const plan = clone(PlanSchema, source);
  const problems: Problem[] = [];
  const report = reporter(problems);
  const parameters = parametersOf(plan, report);
  const made = new Map();
  const context: Context = { plan, environment, report, made, parameters, dangling: false };
  const ofStep = new Map<Step, Worst>();
  for (const [index, step] of plan.steps.entries()) {
    const worst = checkStep(context, step, `steps[${index}]`, nesting);
    if (worst) ofStep.set(step, worst);
  }
  checkText(context, plan.answer, "answer");
  const result = resultOf(context);
  // Where a reference leads nowhere, what it should have led to may only seem to be unused.
  if (!context.dangling) checkUnused(context);
  const effect = plan.steps.reduce((most, step) => Math.max(most, step.effect), Effect.READ_ONLY);
  return { plan, problems, worst: worstOfPlan(plan, ofStep), effect, result };
}

/** What one run of it takes at worst; undefined: nothing, or it cannot be known. */
function checkStep(context: Context, step: Step, at: string, nesting: Nesting): Worst | undefined {
  const { report, made } = context;
  if (made.has(step.id)) {
    context.dangling = true;
    const text = `two steps have the id "${step.id}"`;
    report(`${at}.id`, Reason.PLAN_INVALID, text, "give each step an id of its own");
  }
  for (const [index, id] of step.after.entries()) isEarlier(context, id, `${at}.after[${index}]`);
  checkConditions(context, step, at);
  const elements = checkLoop(context, step, at);
  checkApproval(context, step, at);
  const loops = step.forEach !== undefined;
  if (step.question) {
    checkQuestion(context, step, at);
    if (step.method || step.subPlan) either(report, at);
    made.set(step.id, { message: ReplySchema, loops, reply: step.question.type });
    return undefined;
  }
  if (step.subPlan) {
    const within = (plan: Plan, inner: Nesting) => compilePlan(plan, context.environment, inner);
    const found = checkSubPlan(context, step, at, nesting, within);
    if (found) checkParameters(context, step, at, found.stored.plan.parameters, elements);
    made.set(step.id, { message: found?.compiled.result?.message, loops });
    if (!found) return undefined;
    const { once_ms, tried_ms } = found.compiled.worst;
    // What it is granted, and beside that what is held here to take it back.
    return { ...worstOf(step), once_ms, tried_ms };
  }
  if (!step.method) {
    either(report, at);
    made.set(step.id, { message: undefined, loops });
    return undefined;
  }
  const found = checkMethod(context, step, at);
  // What such a step will need once it is another is not known.
  if (!found) context.dangling = true;
  if (found) checkInputs(context, step, at, found, elements);
  made.set(step.id, { message: found?.method.output, loops });
  return worstOf(step);
}

function either(report: Report, at: string): void {
  const text = "a step is exactly one of a method, a question and a plan";
  report(at, Reason.PLAN_INVALID, text, "give `method`, `question` or `sub_plan`");
}

/** What the plan gives where it is a step of another. */
function resultOf({ plan, made, report }: Context): Compiled["result"] {
  const id = plan.result || (plan.steps.at(-1)?.id ?? "");
  const found = made.get(id);
  if (!found) {
    if (!plan.result) return undefined;
    const text = `there is no step "${id}"`;
    report("result", Reason.PLAN_INVALID, text, "name a step, or leave it out for the last one");
    return undefined;
  }
  if (found.loops && plan.result) {
    const text = `"${id}" loops, so it has no single response`;
    report("result", Reason.PLAN_INVALID, text, "name a step that does not loop");
  }
  const { method = "", digest = "" } = plan.steps.find((step) => step.id === id) ?? {};
  return found.message && !found.loops ? { message: found.message, method, digest } : undefined;
}
