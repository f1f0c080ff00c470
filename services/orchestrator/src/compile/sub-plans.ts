/** Checks steps that are plans of their own. */

import { create, type JsonValue } from "@bufbuild/protobuf";
import { durationFromMs, durationMs } from "@bufbuild/protobuf/wkt";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { type Plan, type Step, UndoSchema } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import type { StoredPlan } from "@keiko/gen/keiko/plan/v1/plan_service_pb.js";
import { jsonOf } from "../field-values.ts";
import { substitute, wrongFor } from "../instantiate.ts";
import { limits as bounds } from "../limits.ts";
import type { Context } from "./context.ts";
import type { Compiled, Nesting } from "./plan.ts";

/** A day: no step takes longer. */
const time_ms_max = 24 * 3600_000;

export type CompileWithin = (plan: Plan, within: Nesting) => Compiled;

/** What the plan gives and takes; undefined: it cannot run as a step, which is reported. */
export function checkSubPlan(
  context: Context,
  step: Step,
  at: string,
  nesting: Nesting,
  compileWithin: CompileWithin,
): { stored: StoredPlan & { plan: Plan }; compiled: Compiled } | undefined {
  const { report, environment } = context;
  const { name, version } = step.subPlan!;
  const refuse = (reason: Reason, text: string, remedy: string) =>
    report(`${at}.sub_plan.name`, reason, text, remedy, { plan: name });
  if (nesting.names.includes(name)) {
    const path = [...nesting.names.slice(nesting.names.indexOf(name)), name].join(" -> ");
    refuse(Reason.PLAN_INVALID, `the plan would run itself: ${path}`, "call another plan there");
    return undefined;
  }
  if (nesting.depth >= bounds.task_depth_max) {
    const text = `plans within plans go ${bounds.task_depth_max} deep, this one goes deeper`;
    refuse(Reason.LIMIT_EXCEEDED, text, "put the steps of one of them into the other");
    return undefined;
  }
  const stored = environment.storedPlan(name, version);
  if (!stored?.plan) {
    const which = version ? `${name} of version ${version}` : name;
    refuse(Reason.NOT_FOUND, `there is no plan ${which}`, "list your plans with ListPlans");
    return undefined;
  }
  const compiled = compiledOnce(step, stored, stored.plan, nesting, compileWithin);
  for (const { field, reason, message, remedy, metadata } of compiled.problems) {
    const path = `${at}.sub_plan.${field}`;
    report(path, reason, `${name}: ${message}`, remedy, metadata);
  }
  if (compiled.problems.length > 0) return undefined;
  if (!compiled.result) {
    const text = `${name} gives no result: the step that would give it loops`;
    refuse(Reason.PLAN_INVALID, text, "give it a `result` that does not loop");
    return undefined;
  }
  fill(context, step, at, stored, compiled);
  return { stored: stored as StoredPlan & { plan: Plan }, compiled };
}

/**
 * A plan is compiled once however often it is a step, or else plans of plans would take forever; only
 * for the steps of the outermost one with the values that they give to it.
 */
function compiledOnce(
  step: Step,
  { name, version }: StoredPlan,
  plan: Plan,
  nesting: Nesting,
  compileWithin: CompileWithin,
): Compiled {
  const values = nesting.depth === 0 ? literalsOf(step, plan) : new Map<string, JsonValue>();
  const key = JSON.stringify([name, version, nesting.depth, [...values]]);
  const known = nesting.known.get(key);
  if (known) return known;
  const names = [...nesting.names, name];
  const within = { ...nesting, names, depth: nesting.depth + 1 };
  const compiled = compileWithin(substitute(plan, values), within);
  nesting.known.set(key, compiled);
  return compiled;
}

function literalsOf(step: Step, { parameters }: Plan): Map<string, JsonValue> {
  const values = new Map<string, JsonValue>();
  for (const { field, value } of step.inputs) {
    const parameter = parameters.find(({ name }) => name === field);
    if (value.case !== "literal" || !parameter) continue;
    try {
      const json = jsonOf(value.value);
      if (wrongFor(parameter.type, json) === undefined) values.set(field, json);
    } catch {
      // It is no JSON, which is reported where the inputs are checked.
    }
  }
  return values;
}

/** The method is that of the step whose response is the plan's, so that whoever reads it knows how. */
function fill(
  { report }: Context,
  step: Step,
  at: string,
  { name, version }: StoredPlan,
  { plan, result, worst, effect }: Compiled,
): void {
  const { method = "", digest = "" } = result ?? {};
  if (step.method !== "" && step.method !== method) {
    const text = `a step either calls a method or is a plan; the result of ${name} is of another one`;
    report(`${at}.method`, Reason.PLAN_INVALID, text, "leave the method out");
  }
  step.method = method;
  step.digest = digest;
  step.effect = effect;
  step.subPlan!.version = version;
  delete step.undo;
  if (plan.steps.some(({ undo }) => undo)) {
    const { undo_ms, undo_micros } = worst;
    // The task of the plan tries each of its own steps as often as these say.
    step.undo = create(UndoSchema, {
      timeMax: durationFromMs(Math.min(Math.max(1, undo_ms), time_ms_max)),
      costMicrosMax: undo_micros,
      attemptsMax: 1,
    });
  }
  const asked_ms = step.timeMax ? durationMs(step.timeMax) : undefined;
  if (asked_ms !== undefined && asked_ms < worst.once_ms) {
    const text = `${name} may take ${worst.once_ms} ms, the step allows ${asked_ms} ms`;
    report(`${at}.time_max`, Reason.LIMIT_EXCEEDED, text, "allow more, or leave it out");
  }
  const allowed_ms = asked_ms ?? Math.min(Math.max(1, worst.tried_ms), time_ms_max);
  step.timeMax = durationFromMs(allowed_ms);
  if (step.costMicrosMax !== 0n && step.costMicrosMax < worst.micros) {
    const text = `${name} may cost ${worst.micros} millionths, the step allows ${step.costMicrosMax}`;
    report(`${at}.cost_micros_max`, Reason.LIMIT_EXCEEDED, text, "allow more, or leave it out");
  }
  step.costMicrosMax ||= worst.micros;
  if (step.attemptsMax > 1) {
    const text = "a plan is not tried again as a whole: its own steps are";
    report(`${at}.attempts_max`, Reason.LIMIT_EXCEEDED, text, "leave it out");
  }
  step.attemptsMax = 1;
  step.retryWait ??= durationFromMs(bounds.retry_ms_base);
}
