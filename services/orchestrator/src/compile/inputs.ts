/** Checks the bindings of one step, field by field, against the types on both ends. */
import type { DescMessage } from "@bufbuild/protobuf";
import { reflect } from "@bufbuild/protobuf/reflect";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import type { Parameter, Step } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { rulesOf } from "@keiko/runtime/contracts.ts";
import { writeAt } from "../field-values.ts";
import { fieldAt } from "../paths.ts";
import { nameOf, typeOf } from "../types.ts";
import { checkBinding } from "./bindings.ts";
import type { Context } from "./context.ts";
import { foldElements, foldFallbacks, foldRequest, type Known } from "./fold.ts";
import type { Elements } from "./loops.ts";
import type { SkillMethod } from "./methods.ts";
import type { Report } from "./report.ts";
import { isWithin } from "./rules.ts";
import { fieldSlot, parameterSlot } from "./slots.ts";

export function checkInputs(
  context: Context,
  step: Step,
  at: string,
  found: SkillMethod,
  elements: Elements,
): void {
  const { report } = context;
  const { input } = found.method;
  const known: Known = {
    method: found.method,
    request: reflect(input),
    open: new Set(),
    items: [],
  };
  checkPaths(step, at, input, report);
  for (const [index, binding] of step.inputs.entries()) {
    const path = `${at}.inputs[${index}]`;
    const slot = fieldSlot(found, binding.field);
    if (!slot) {
      const names = input.fields.map(({ name }) => name).join(", ");
      const remedy = names ? `use one of: ${names}` : "it takes no inputs: leave it out";
      const text = `${input.typeName} has no field "${binding.field}"`;
      report(`${path}.field`, Reason.PLAN_INVALID, text, remedy);
      continue;
    }
    const bound = checkBinding(context, binding, path, slot, elements);
    if (bound && "value" in bound) {
      writeAt(known.request, binding.field, bound.type, bound.value);
      continue;
    }
    known.open.add(binding.field);
    if (bound) known.items.push({ path: binding.field, values: bound.items });
    // The messages on the way will be there, whatever the value is.
    writeAt(known.request, binding.field, typeOf(fieldAt(input, binding.field)!), undefined);
  }
  checkRequired(step, at, known, report);
  foldRequest(step, at, known, report);
  foldElements(at, known, report);
  foldFallbacks(step, at, known, report);
}

/** The same for a step that is another plan, whose parameters are its fields. */
export function checkParameters(
  context: Context,
  step: Step,
  at: string,
  parameters: readonly Parameter[],
  elements: Elements,
): void {
  const { report } = context;
  const names = parameters.map(({ name }) => name).join(", ");
  const bound = new Set<string>();
  for (const [index, binding] of step.inputs.entries()) {
    const path = `${at}.inputs[${index}]`;
    const parameter = parameters.find(({ name }) => name === binding.field);
    if (!parameter) {
      const remedy = names ? `use one of: ${names}` : "it has no parameters: leave it out";
      const text = `${step.subPlan?.name} has no parameter "${binding.field}"`;
      report(`${path}.field`, Reason.PLAN_INVALID, text, remedy);
      continue;
    }
    if (bound.has(binding.field)) twice(report, path, binding.field);
    bound.add(binding.field);
    checkBinding(context, binding, path, parameterSlot(parameter), elements);
  }
  for (const { name, default: fallback } of parameters) {
    if (bound.has(name) || fallback) continue;
    const text = `${step.subPlan?.name} needs "${name}"`;
    report(`${at}.inputs`, Reason.INPUT_MISSING, text, "bind something to it", { field: name });
  }
}

/** No field is filled twice, neither itself nor as a part of another, and of a choice only one is. */
function checkPaths(step: Step, at: string, input: DescMessage, report: Report): void {
  const seen = new Set<string>();
  const chosen = new Map<string, string>();
  for (const [index, { field: path }] of step.inputs.entries()) {
    const where = `${at}.inputs[${index}]`;
    if (seen.has(path)) twice(report, where, path);
    const whole = [...seen].find((one) => isWithin(one, path) || isWithin(path, one));
    if (whole) {
      const text = `"${path}" and "${whole}" fill the same message, in part and as a whole`;
      report(`${where}.field`, Reason.PLAN_INVALID, text, "bind it whole, or each of its fields");
    }
    seen.add(path);
    checkChoice(path, input, chosen, (member, other) => {
      const text = `"${member}" and "${other}" exclude each other: only one of them can be set`;
      report(`${where}.field`, Reason.PLAN_INVALID, text, "leave one binding");
    });
  }
}

function checkChoice(
  path: string,
  input: DescMessage,
  chosen: Map<string, string>,
  clash: (member: string, other: string) => void,
): void {
  let message: DescMessage | undefined = input;
  let prefix = "";
  for (const name of path.split(".")) {
    const field: DescMessage["fields"][number] | undefined = message?.fields.find(
      (one) => one.name === name,
    );
    if (!field) return;
    const member = `${prefix}${name}`;
    if (field.oneof) {
      const choice = `${prefix}${field.oneof.name}`;
      const other = chosen.get(choice);
      if (other !== undefined && other !== member) clash(member, other);
      chosen.set(choice, member);
    }
    prefix = `${member}.`;
    message = field.message;
  }
}

function twice(report: Report, where: string, field: string): void {
  const text = `"${field}" is filled twice`;
  report(`${where}.field`, Reason.PLAN_INVALID, text, "leave one binding");
}

function checkRequired(step: Step, at: string, known: Known, report: Report): void {
  const { input } = known.method;
  const bound = step.inputs.map(({ field }) => field);
  for (const field of input.fields) {
    const { name } = field;
    if (!rulesOf(field).required) continue;
    if (bound.some((path) => path === name || isWithin(path, name))) continue;
    const text = `${input.typeName} needs "${name}"`;
    const remedy = `bind a ${nameOf(typeOf(field))} to it`;
    report(`${at}.inputs`, Reason.INPUT_MISSING, text, remedy, { field: name });
    known.open.add(name);
  }
}
