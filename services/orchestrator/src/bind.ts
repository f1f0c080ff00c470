/** Makes the request of a step from its bindings, the task's attachments and earlier results. */
import {
  create,
  type DescField,
  type DescMessage,
  type DescMethod,
  fromBinary,
  fromJson,
  type JsonValue,
  type Message,
  toJson,
} from "@bufbuild/protobuf";
import { ValueSchema } from "@bufbuild/protobuf/wkt";
import type { File } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import type { Binding, Step } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { refuse } from "@keiko/runtime/errors.ts";
import { fieldAt, readPath, writePath } from "./paths.ts";

export interface Sources {
  attachments: readonly File[];
  /** The response of an earlier step with the method that made it. */
  response(step: string): Result | "skipped" | undefined;
  runs(step: string): Result[] | undefined;
}
export interface Result {
  message: DescMessage;
  bytes: Uint8Array;
}
export function bindParameters(_: Step, __: Sources, ___?: number): Record<string, JsonValue> {
  throw new Error("todo");
}
export function holds(step: Step, _: Sources): boolean {
  return step.when.length === 0;
}
export function countItems(_: Step, __: Sources): number {
  throw new Error("todo");
}
export function fillTemplate(text: string, _: Sources): string {
  return text;
}
export function describe(_: DescMethod, step: Step, __: Sources, ___?: number): string {
  return step.title;
}
export function bindUndo(
  _: DescMethod,
  __: DescMethod,
  ___: Message,
  ____: Message | undefined,
): Message {
  throw new Error("todo");
}

export function bindRequest(
  method: DescMethod,
  step: Step,
  sources: Sources,
  _index?: number,
): Message {
  const request = create(method.input);
  for (const { field, value } of step.inputs) {
    const bound = boundValue(method, field, value, sources);
    if (bound !== undefined) writePath(method.input, request, field, bound);
  }
  return request;
}

function boundValue(
  method: DescMethod,
  path: string,
  value: Binding["value"],
  sources: Sources,
): unknown {
  const field = fieldAt(method.input, path);
  if (!field) throw new Error(`${method.input.typeName} has no field "${path}"`);
  switch (value.case) {
    case "literal":
      return literalFor(field, toJson(ValueSchema, value.value));
    case "attachment":
      return sources.attachments[value.value];
    case "output": {
      const made = sources.response(value.value.step);
      if (!made || made === "skipped") throw new Error(`step "${value.value.step}" has no result`);
      const response = fromBinary(made.message, made.bytes);
      const output = readPath(made.message, response, value.value.field);
      if (output === undefined && field.message) throw nothing(value.value.step, value.value.field);
      return output;
    }
    default:
      throw new Error(`"${path}" is bound to nothing`);
  }
}

/** A literal as the value of a field. Throws with the reason when it does not fit. */
export function literalFor(field: DescField, json: JsonValue): unknown {
  const parsed = fromJson(field.parent, { [field.jsonName]: json });
  const set = parsed as unknown as Record<string, unknown>;
  if (!field.oneof) return set[field.localName];
  return (set[field.oneof.localName] as { value: unknown }).value;
}

function nothing(step: string, field: string) {
  return refuse(Reason.INPUT_MISSING, {
    message: `step "${step}" gave no "${field}"`,
    field,
    remedy: "ask for something that gives one",
    metadata: { step, field },
  });
}
