/** Checks where one value comes from against the place where it goes. */
import type { JsonValue } from "@bufbuild/protobuf";
import { reflect } from "@bufbuild/protobuf/reflect";
import { FileSchema } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import type { Binding, LoopItem } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { jsonOf, type Value } from "../field-values.ts";
import { jsonAt } from "../sources.ts";
import { nameOf, parameterName, type Type } from "../types.ts";
import { type Context, type Given, given, parameterOf } from "./context.ts";
import { type Elements, itemOf } from "./loops.ts";
import type { Report } from "./report.ts";
import { fileOf, type Slot } from "./slots.ts";

/** What is known before it runs: a value, or one for each element; undefined: nothing is. */
export type Bound =
  | { value: Value | undefined; type: Type }
  | { items: (Value | undefined)[]; type: Type }
  | undefined;

export function checkBinding(
  context: Context,
  binding: Binding,
  at: string,
  slot: Slot,
  elements: Elements,
): Bound {
  const { report } = context;
  const { value, fallback } = binding;
  if (fallback && value.case !== "output") {
    const text = "only the output of a step can be missing because the step was skipped";
    report(`${at}.fallback`, Reason.PLAN_INVALID, text, "leave the fallback out");
  }
  switch (value.case) {
    case "literal": {
      const path = `${at}.literal`;
      return checkLiteral(report, path, slot, "the literal", () => jsonOf(value.value));
    }
    case "attachment":
      return checkAttachment(context, at, slot, binding.field, value.value);
    case "output": {
      const found = given(context, value.value, `${at}.output`);
      if (found) checkFlow(report, `${at}.output.field`, slot, found);
      if (fallback) {
        checkLiteral(report, `${at}.fallback`, slot, "the fallback", () => jsonOf(fallback));
      }
      return undefined;
    }
    case "item":
      return checkItem(context, at, slot, elements, value.value);
    case "parameter":
      return checkParameter(context, `${at}.parameter`, slot, value.value);
    default: {
      const remedy = "give a literal, attachment, output, parameter or item";
      report(at, Reason.PLAN_INVALID, "nothing is bound", remedy);
      return undefined;
    }
  }
}

function checkLiteral(
  report: Report,
  at: string,
  slot: Slot,
  what: string,
  read: () => JsonValue,
): Bound {
  try {
    const json = read();
    const value = slot.literal(json);
    const wrong = slot.isFile ? slot.unreadable(fileOf(json)) : undefined;
    if (wrong) report(at, Reason.UNREADABLE_FILE, wrong.text, wrong.remedy);
    return { value, type: slot.of };
  } catch (error) {
    const text = `${what} is no ${slot.type}: ${(error as Error).message}`;
    report(at, Reason.PLAN_INVALID, text, "write it as protobuf JSON");
    return undefined;
  }
}

function checkAttachment(
  { environment, report }: Context,
  at: string,
  slot: Slot,
  name: string,
  index: number,
): Bound {
  const { attachments } = environment;
  const file = attachments[index];
  if (!file) {
    const text = `there is no attachment ${index}, there are ${attachments.length}`;
    report(`${at}.attachment`, Reason.INPUT_MISSING, text, "attach the file");
    return undefined;
  }
  if (!slot.isFile) {
    const text = `"${name}" is a ${slot.type}, not a file`;
    const remedy = "bind attachments to fields of type File";
    report(`${at}.attachment`, Reason.PLAN_INVALID, text, remedy);
    return undefined;
  }
  const wrong = slot.unreadable(file);
  if (wrong) {
    const field = `attachments[${index}].media_type`;
    report(field, Reason.UNREADABLE_FILE, wrong.text, wrong.remedy, {
      filename: file.filename,
      media_type: file.mediaType,
    });
    return undefined;
  }
  return { value: reflect(FileSchema, file), type: { kind: "message", message: FileSchema } };
}

function checkFlow(report: Report, at: string, slot: Slot, from: Given): void {
  if (!slot.takes(from.type)) {
    const names = { given: nameOf(from.type), wanted: slot.type };
    const text = `${from.name} is ${names.given}, the input wants ${names.wanted}`;
    const remedy =
      from.type.kind === "list" && slot.takes(from.type.element)
        ? "loop over the list with `for_each` and bind its `item`"
        : "bind an output of the same type";
    report(at, Reason.PLAN_INVALID, text, remedy, names);
  }
  const forbidden = slot.forbids(from);
  if (forbidden) report(at, Reason.PLAN_INVALID, forbidden.text, forbidden.remedy);
}

function checkItem(
  context: Context,
  at: string,
  slot: Slot,
  elements: Elements,
  item: LoopItem,
): Bound {
  const { report } = context;
  if (elements?.kind === "none") {
    const text = "there is no element, because the step does not loop";
    report(`${at}.item`, Reason.PLAN_INVALID, text, "say over what with `for_each`");
    return undefined;
  }
  if (elements?.kind === "typed") {
    const from = itemOf(context, elements, item, at);
    if (from) checkFlow(report, `${at}.item`, slot, from);
    return undefined;
  }
  if (!elements) return undefined;
  const wrong: string[] = [];
  const items = elements.values.map((element, index) => {
    try {
      const json = jsonAt(element, item.field);
      if (json === undefined) throw new Error(`it has no "${item.field}"`);
      return slot.literal(json);
    } catch (error) {
      wrong.push(`element ${index} is no ${slot.type}: ${(error as Error).message}`);
      return undefined;
    }
  });
  for (const text of firstOf(wrong)) {
    report(`${at}.item`, Reason.PLAN_INVALID, text, "write each element as protobuf JSON");
  }
  return wrong.length > 0 ? undefined : { items, type: slot.of };
}

const listed_max = 10;

/** A list may be wrong in each of ten thousand elements: the first ones and how many there are. */
export function firstOf(problems: readonly string[]): string[] {
  const more = problems.length - listed_max;
  const first = problems.slice(0, listed_max);
  return more > 0 ? [...first, `${more} more elements are wrong too`] : first;
}

function checkParameter(context: Context, at: string, slot: Slot, name: string): Bound {
  const { report } = context;
  const parameter = parameterOf(context, name, at);
  if (!parameter) return undefined;
  if (!slot.takesParameter(parameter.type)) {
    const type = parameterName(parameter.type);
    const text = `"${name}" is ${type}, the input wants ${slot.type}`;
    report(at, Reason.PLAN_INVALID, text, "bind a parameter of a type that fits");
    return undefined;
  }
  const { default: fallback } = parameter;
  if (!fallback) return undefined;
  return checkLiteral(report, at, slot, "the default", () => jsonOf(fallback));
}
