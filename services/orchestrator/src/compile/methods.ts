/** Checks the method that a step calls, and fills in what its contract says. */
import { create } from "@bufbuild/protobuf";
import { durationFromMs, durationMs } from "@bufbuild/protobuf/wkt";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { Effect, type Skill } from "@keiko/gen/keiko/option/v1/option_pb.js";
import { ApprovalSchema, type Step, UndoSchema } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import type { CatalogMethod } from "@keiko/runtime/catalog.ts";
import { rulesOf } from "@keiko/runtime/contracts.ts";
import { undoSource } from "../bind.ts";
import { leak, rankName, rankOf } from "../classes.ts";
import { limits as bounds } from "../limits.ts";
import { nameOf, typeOf } from "../types.ts";
import type { Context } from "./context.ts";

export type SkillMethod = CatalogMethod & { skill: Skill };

/** The method; undefined: it cannot be called, which is reported. */
export function checkMethod(context: Context, step: Step, at: string): SkillMethod | undefined {
  const { report, plan } = context;
  const found = skillAt(context, step.method, at);
  if (!found) return undefined;
  const { skill } = found;
  if (step.digest !== "" && step.digest !== found.digest) {
    const text = `${step.method} has changed since the plan was made`;
    report(`${at}.digest`, Reason.PLAN_INVALID, text, "compile the plan anew without the digest", {
      planned: step.digest,
      registered: found.digest,
    });
  }
  mayCall(context, found, at);
  step.digest = found.digest;
  step.effect = skill.effect;
  step.title ||= (plan.language === "de" ? skill.title?.de : skill.title?.en) ?? "";
  if (skill.needsApproval || skill.effect === Effect.IRREVERSIBLE) {
    step.approval ??= create(ApprovalSchema);
  }
  bound(context, step, at, skill);
  if (skill.effect === Effect.COMPENSATED) fillUndo(context, step, at, found);
  else delete step.undo;
  return found;
}

function skillAt({ environment, report }: Context, path: string, at: string) {
  const found = environment.method(path);
  if (!found) {
    const remedy = "find one with `keiko skill search`, or start the workload that serves it";
    report(`${at}.method`, Reason.UNKNOWN_METHOD, `nobody serves ${path}`, remedy, {
      method: path,
    });
    return undefined;
  }
  if (found.skill && found.method.methodKind === "unary") return found as SkillMethod;
  const text = `${path} is no skill, so no plan may use it`;
  report(`${at}.method`, Reason.PLAN_INVALID, text, "use a method that is listed as a skill");
  return undefined;
}

function mayCall({ environment, report }: Context, found: CatalogMethod, at: string): void {
  const refusal = environment.refusal(found);
  if (!refusal) return;
  const remedy = "ask whoever keeps the policies to permit it";
  report(`${at}.method`, Reason.PERMISSION_DENIED, refusal, remedy);
}

/** A plan may ask for less than the contract allows, never for more. */
function bound({ report }: Context, step: Step, at: string, skill: Skill): void {
  const most = (field: string, asked: number | bigint, allowed: number | bigint, unit: string) => {
    if (asked <= allowed) return;
    const text = `${asked}${unit} is more than the ${allowed}${unit} that the contract allows`;
    report(`${at}.${field}`, Reason.LIMIT_EXCEEDED, text, "ask for less, or leave it out", {
      value: String(asked),
      limit: String(allowed),
    });
  };
  const time = skill.timeMax ? durationMs(skill.timeMax) : bounds.step_time_ms_default;
  const askedTime = step.timeMax ? durationMs(step.timeMax) : time;
  most("time_max", askedTime, time, " ms");
  step.timeMax = durationFromMs(askedTime);
  const attempts = attemptsOf(skill);
  step.attemptsMax ||= attempts;
  most("attempts_max", step.attemptsMax, attempts, " attempts");
  step.costMicrosMax ||= skill.costMicrosMax;
  most("cost_micros_max", step.costMicrosMax, skill.costMicrosMax, " millionths of a euro");
  step.retryWait ??= skill.retryWait ?? durationFromMs(bounds.retry_ms_base);
}

/** What may have happened, and is not the same when it happens twice, is tried once. */
function attemptsOf({ effect, attemptsMax }: Skill): number {
  const repeatable = effect === Effect.READ_ONLY || effect === Effect.IDEMPOTENT;
  return repeatable ? attemptsMax || bounds.attempts_max : 1;
}

function fillUndo(context: Context, step: Step, at: string, found: SkillMethod): void {
  const { environment, report } = context;
  const path = found.skill.undoMethod;
  const undo = environment.method(path);
  const refuse = (text: string, remedy: string) =>
    report(`${at}.method`, Reason.PLAN_INVALID, `${step.method} ${text}`, remedy, { undo: path });
  if (!undo) {
    const remedy = "start the workload that serves it";
    refuse(`is taken back by "${path}", which nobody serves`, remedy);
    return;
  }
  const { skill, method } = undo;
  const harmless = skill?.effect === Effect.IDEMPOTENT || skill?.effect === Effect.READ_ONLY;
  if (!skill || method.methodKind !== "unary" || !harmless) {
    const text = `is taken back by ${path}, which is no skill that may be repeated`;
    refuse(text, "its contract must name an IDEMPOTENT skill as `undo_method`");
    return;
  }
  mayCall(context, undo, at);
  const needsResponse = checkUndoRequest(found, undo, refuse);
  if (step.undo?.method && step.undo.method !== path) {
    const text = `the contract has ${path} take this back, not ${step.undo.method}`;
    report(`${at}.undo.method`, Reason.PLAN_INVALID, text, "leave `undo` out");
  }
  if (step.undo?.digest && step.undo.digest !== undo.digest) {
    const text = `${path} has changed since the plan was made`;
    report(`${at}.undo.digest`, Reason.PLAN_INVALID, text, "compile the plan anew without it");
  }
  step.undo = create(UndoSchema, {
    method: path,
    digest: undo.digest,
    timeMax: skill.timeMax ?? durationFromMs(bounds.step_time_ms_default),
    costMicrosMax: skill.costMicrosMax,
    attemptsMax: bounds.undo_attempts_max,
    needsResponse,
  });
}

/** Whether something that it needs is only in the response. */
function checkUndoRequest(
  { method }: SkillMethod,
  undo: CatalogMethod,
  refuse: (text: string, remedy: string) => void,
): boolean {
  const { sources, missing } = undoSource(method, undo.method);
  for (const field of missing) {
    const text = `cannot be taken back: ${undo.path} needs "${field.name}"`;
    const type = nameOf(typeOf(field));
    refuse(text, `its response or request must have a field of that name that is ${type}`);
  }
  for (const { field, ...source } of sources) {
    for (const from of [source.response, source.request]) {
      if (!from) continue;
      const to = { type: typeOf(field), rank: rankOf(field) };
      const leaked = leak({ type: typeOf(from), rank: rankOf(from) }, to);
      if (leaked === undefined) continue;
      const text = `would give "${from.name}", which is ${rankName(leaked)}, to ${undo.path}`;
      refuse(text, `"${field.name}" there must be ${rankName(leaked)} too`);
    }
  }
  return sources.some(({ field, request }) => rulesOf(field).required && !request);
}
