/** Finds steps that a plan could do without. */
import type { DescMessage } from "@bufbuild/protobuf";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { Effect, Role } from "@keiko/gen/keiko/option/v1/option_pb.js";
import { fieldsWithRole } from "@keiko/runtime/contracts.ts";
import { nounsOf } from "@keiko/runtime/descriptors.ts";
import { needs, reference } from "../graph.ts";
import type { Context } from "./context.ts";

/**
 * A step is of use when another needs it, the answer names it, it is the result or the last one, it
 * says something to the person or makes an artifact, or it does something to the world.
 */
export function checkUnused({ plan, report, made }: Context): void {
  const used = new Set(plan.steps.flatMap(needs));
  for (const [, id = ""] of plan.answer.matchAll(reference)) used.add(id);
  used.add(plan.result || (plan.steps.at(-1)?.id ?? ""));
  for (const [index, step] of plan.steps.entries()) {
    const message = made.get(step.id)?.message;
    if (!step.method || step.subPlan || used.has(step.id) || !message) continue;
    if (step.effect !== Effect.READ_ONLY || speaks(message)) continue;
    const text = `nothing uses what "${step.id}" gives`;
    const remedy = "leave it out, bind its result, or name it in the answer";
    report(`steps[${index}]`, Reason.PLAN_INVALID, text, remedy, { step: step.id });
  }
}

function speaks(message: DescMessage): boolean {
  if (nounsOf(message).length > 0 || hasAnswer(message)) return true;
  return message.fields.some((field) => field.fieldKind === "message" && hasAnswer(field.message));
}

const hasAnswer = (message: DescMessage) => fieldsWithRole(message, Role.ANSWER).length > 0;
