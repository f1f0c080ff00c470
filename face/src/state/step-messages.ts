// The messages of a step as text, for whoever checks them.

import { toJson } from "@bufbuild/protobuf";
import { ListValueSchema, ValueSchema } from "@bufbuild/protobuf/wkt";
import type { Binding, Loop, Step } from "@keiko/gen/keiko/plan/v1/plan_pb.js";

/** JSON with line breaks; what is not JSON stays as it is. */
export function prettyJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** Where a field of the request comes from, in one line. */
export function writeBinding({ value }: Binding, attachment: (index: number) => string): string {
  switch (value.case) {
    case "literal":
      return JSON.stringify(toJson(ValueSchema, value.value));
    case "attachment":
      return attachment(value.value);
    case "output":
      return `${value.value.step}.${value.value.field}`;
    case "parameter":
      return value.value;
    case "item":
      return value.value.field ? `[…].${value.value.field}` : "[…]";
    default:
      return "";
  }
}

/** What a step runs for each element of, in one line. */
export function overOf({ over }: Loop): string {
  if (over.case === "output") return `${over.value.step}.${over.value.field}`;
  if (over.case === "literal") return JSON.stringify(toJson(ListValueSchema, over.value));
  return over.value ?? "";
}

/** The request as the plan binds it, field by field. */
export const requestOf = (step: Step, attachment: (index: number) => string): string =>
  step.inputs
    .map((binding) => `${binding.field} = ${writeBinding(binding, attachment)}`)
    .join("\n");
