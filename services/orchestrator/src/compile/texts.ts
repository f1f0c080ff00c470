/** Checks what people are shown and asked: references in texts, questions, approvals. */
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { ParameterType, type Step } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { isSecret } from "../classes.ts";
import { reference } from "../graph.ts";
import { canBeWritten } from "../sentences.ts";
import { nameOf, parameterName } from "../types.ts";
import { type Context, given } from "./context.ts";

/** Each "{step.field}" must be there, be something that can be written, and be nobody's secret. */
export function checkText(context: Context, text: string, at: string): void {
  const quiet: Context["report"] = (_, reason, message, remedy, metadata) =>
    context.report(at, reason, message, remedy, metadata);
  const within = { ...context, report: quiet };
  for (const [, step = "", field = ""] of text.matchAll(reference)) {
    const found = given(within, { $typeName: "keiko.plan.v1.StepOutput", step, field }, at);
    context.dangling ||= within.dangling;
    if (!found) continue;
    const message = context.made.get(step)!.message!;
    if (isSecret(message, field)) {
      const wrong = `"{${step}.${field}}" is SECRET, and would be shown`;
      context.report(at, Reason.PLAN_INVALID, wrong, "leave it out");
    } else if (!canBeWritten(found.type)) {
      const wrong = `"{${step}.${field}}" is ${nameOf(found.type)}, which no sentence can hold`;
      const remedy = "name a field of it that is text, a number, a time, or a list of these";
      context.report(at, Reason.PLAN_INVALID, wrong, remedy);
    }
  }
}

export function checkApproval(context: Context, step: Step, at: string): void {
  if (step.approval) checkText(context, step.approval.text, `${at}.approval.text`);
}

export function checkQuestion(context: Context, step: Step, at: string): void {
  const { question } = step;
  if (!question) return;
  const { report } = context;
  checkText(context, question.text, `${at}.question.text`);
  const { type, options } = question;
  if (!(type in ParameterType) || type === ParameterType.UNSPECIFIED) {
    const names = "TEXT, INTEGER, NUMBER, TRUTH, FILE or TEXTS";
    const text = "the question does not say what the reply is";
    report(`${at}.question.type`, Reason.PLAN_INVALID, text, `ask for ${names}`);
  }
  const choice = type === ParameterType.TEXT || type === ParameterType.TEXTS;
  if (options.length > 0 && !choice) {
    const text = `a reply that is ${parameterName(type)} has no options`;
    report(`${at}.question.options`, Reason.PLAN_INVALID, text, "ask for TEXT, or leave them out");
  }
  const only = (field: string, what: string, remedy: string) =>
    report(`${at}.${field}`, Reason.PLAN_INVALID, `a question ${what}`, remedy);
  if (step.inputs.length > 0) {
    only("inputs", "takes no inputs", 'write "{step.field}" into its text');
  }
  if (step.forEach) only("for_each", "is asked once", "ask for TEXTS to get several replies");
  if (step.approval) only("approval", "needs nobody's approval", "leave it out");
}
