/**
 * Checks a plan against the registered contracts before anything runs: every step's method and
 * version, every binding's type, permissions of user and orchestrator, effects, worst-case time and
 * cost. Gives every problem with its field path and remedy, never only the first. Pure.
 */
import { clone, create, type DescMethod } from "@bufbuild/protobuf";
import { durationFromMs, durationMs } from "@bufbuild/protobuf/wkt";
import type { File } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { Effect } from "@keiko/gen/keiko/option/v1/option_pb.js";
import {
  type Limits,
  type Plan,
  PlanSchema,
  type Problem,
  ProblemSchema,
  Stage,
  type Step,
} from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import type { StoredPlan } from "@keiko/gen/keiko/plan/v1/plan_service_pb.js";
import type { CatalogMethod } from "@keiko/runtime/catalog.ts";
import { checkInputs } from "./compile-inputs.ts";
import { needs } from "./graph.ts";
import { limits as bounds } from "./limits.ts";

export interface CompileEnvironment {
  method(path: string): CatalogMethod | undefined;
  /** Why the orchestrator, for this user, may not call the method; undefined: it may. */
  refusal(method: CatalogMethod): string | undefined;
  storedPlan(name: string, version: number): StoredPlan | undefined;
  attachments: readonly File[];
  limits: Limits | undefined;
}

export type Report = (
  field: string,
  reason: Reason,
  message: string,
  remedy: string,
  metadata?: Record<string, string>,
) => void;

export function compile(
  source: Plan,
  environment: CompileEnvironment,
): { plan: Plan | undefined; problems: Problem[] } {
  const plan = clone(PlanSchema, source);
  const problems: Problem[] = [];
  const report: Report = (field, reason, message, remedy, metadata = {}) => {
    const stage = Stage.COMPILE;
    problems.push(create(ProblemSchema, { stage, field, reason, message, remedy, metadata }));
  };
  // Steps that stand before the one looked at: what a binding may refer to.
  const earlier = new Map<string, DescMethod | undefined>();
  for (const [index, step] of plan.steps.entries()) {
    const at = `steps[${index}]`;
    if (earlier.has(step.id)) {
      const text = `two steps have the id "${step.id}"`;
      report(`${at}.id`, Reason.PLAN_INVALID, text, "give each step an id of its own");
    }
    const found = checkMethod(step, at, environment, report, plan.language);
    checkOrder(step, at, earlier, report);
    if (found) {
      const { attachments } = environment;
      checkInputs({ step, at, method: found.method, earlier, attachments, report });
    }
    earlier.set(step.id, found?.method);
  }
  checkBudget(plan, environment, report);
  return problems.length > 0 ? { plan: undefined, problems } : { plan, problems };
}

function checkMethod(
  step: Step,
  at: string,
  environment: CompileEnvironment,
  report: Report,
  language: string,
): CatalogMethod | undefined {
  const found = environment.method(step.method);
  if (!found) {
    const remedy = "find one with `keiko skill search`, or start the workload that serves it";
    const text = `nobody serves ${step.method}`;
    report(`${at}.method`, Reason.UNKNOWN_METHOD, text, remedy, { method: step.method });
    return undefined;
  }
  const { skill } = found;
  if (!skill || found.method.methodKind !== "unary") {
    const text = `${step.method} is no skill, so no plan may use it`;
    report(`${at}.method`, Reason.PLAN_INVALID, text, "use a method that is listed as a skill");
    return undefined;
  }
  if (step.digest !== "" && step.digest !== found.digest) {
    const text = `${step.method} has changed since the plan was made`;
    report(`${at}.digest`, Reason.PLAN_INVALID, text, "compile the plan anew without the digest", {
      planned: step.digest,
      registered: found.digest,
    });
  }
  const refusal = environment.refusal(found);
  if (refusal) {
    const remedy = "ask whoever keeps the policies to permit it";
    report(`${at}.method`, Reason.PERMISSION_DENIED, refusal, remedy);
  }
  if (skill.needsApproval || skill.effect === Effect.IRREVERSIBLE) {
    const text = `${step.method} needs a person's approval before each call`;
    report(`${at}.method`, Reason.WRONG_STATE, text, "call it yourself; plans cannot ask yet");
  }
  checkTime(
    step,
    at,
    skill.timeMax ? durationMs(skill.timeMax) : bounds.step_time_ms_default,
    report,
  );
  step.digest = found.digest;
  step.effect = skill.effect;
  step.title ||= (language === "de" ? skill.title?.de : skill.title?.en) ?? "";
  return found;
}

function checkTime(step: Step, at: string, most: number, report: Report): void {
  const asked = step.timeMax ? durationMs(step.timeMax) : most;
  if (asked > most) {
    const text = `${asked} ms is more than the ${most} ms that the contract allows`;
    report(`${at}.time_max`, Reason.LIMIT_EXCEEDED, text, "ask for less, or leave it out", {
      value: String(asked),
      limit: String(most),
    });
  }
  step.timeMax = durationFromMs(asked);
}

function checkOrder(
  step: Step,
  at: string,
  earlier: ReadonlyMap<string, unknown>,
  report: Report,
): void {
  for (const [index, id] of step.after.entries()) {
    if (earlier.has(id)) continue;
    const text = `there is no step "${id}" before this one`;
    const remedy = "name an earlier step; steps stand in an order in which they can run";
    report(`${at}.after[${index}]`, Reason.PLAN_INVALID, text, remedy, { step: id });
  }
}

// At worst every step takes all its time and costs all it may, three times where it is repeated.
function checkBudget(plan: Plan, environment: CompileEnvironment, report: Report): void {
  const { limits } = environment;
  const ends = new Map<string, number>();
  let cost = 0n;
  for (const step of plan.steps) {
    const start = Math.max(0, ...needs(step).map((id) => ends.get(id) ?? 0));
    ends.set(step.id, start + (step.timeMax ? durationMs(step.timeMax) : 0));
    cost += environment.method(step.method)?.skill?.costMicrosMax ?? 0n;
  }
  const time = Math.max(0, ...ends.values());
  const allowed = limits?.timeMax ? durationMs(limits.timeMax) : bounds.task_time_ms_default;
  if (time > allowed) {
    const text = `the plan may take ${time} ms, the limit is ${allowed} ms`;
    report("limits.time_max", Reason.LIMIT_EXCEEDED, text, "allow more time or plan less", {
      value: String(time),
      limit: String(allowed),
    });
  }
  const affordable = limits?.costMicrosMax ?? 0n;
  if (cost > affordable) {
    const text = `the plan may cost ${cost} millionths of a euro, the limit is ${affordable}`;
    report("limits.cost_micros_max", Reason.LIMIT_EXCEEDED, text, "raise the limit or plan less", {
      value: String(cost),
      limit: String(affordable),
    });
  }
}
