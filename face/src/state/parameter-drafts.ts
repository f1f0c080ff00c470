// The parameters of a plan as a form. Pure.

import { type JsonValue, toJson } from "@bufbuild/protobuf";
import { ValueSchema } from "@bufbuild/protobuf/wkt";
import type { Parameter, Plan } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { draftOf, emptyDraft, inputOf, isEmpty, type ValueDraft } from "./value-draft.ts";

export type Drafts = Record<string, ValueDraft>;

/** Each with its default, where it has one. */
export const draftsOf = ({ parameters }: Plan): Drafts =>
  Object.fromEntries(
    parameters.map(({ name, type, default: value }) => [
      name,
      draftOf(value && toJson(ValueSchema, value), type),
    ]),
  );

/** Filled in, or left empty where a value is there anyway. */
export function fits({ name, type, default: given }: Parameter, drafts: Drafts): boolean {
  const draft = drafts[name] ?? emptyDraft();
  return inputOf(draft, type) !== undefined || (isEmpty(draft) && given !== undefined);
}

/** What is filled in, as protobuf JSON by name. */
export function inputsOf(parameters: readonly Parameter[], drafts: Drafts) {
  const values: Record<string, JsonValue> = {};
  for (const { name, type } of parameters) {
    const value = inputOf(drafts[name] ?? emptyDraft(), type);
    if (value !== undefined) values[name] = value;
  }
  return values;
}
