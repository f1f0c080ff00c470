/**
 * Makes the request of a run from the bindings of its step, the task's attachments and earlier
 * results; and that of the call which takes a run back. What the compiler accepted can only fail here
 * for the values that results have. Pure.
 */
import type { DescField, DescMessage, DescMethod, JsonValue, Message } from "@bufbuild/protobuf";
import { reflect } from "@bufbuild/protobuf/reflect";
import { type File, FileSchema } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import type { Binding, Step } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { rulesOf } from "@keiko/runtime/contracts.ts";
import { refuse } from "@keiko/runtime/errors.ts";
import { jsonOf, jsonOfField, literalOf, readField, writeAt } from "./field-values.ts";
import { fieldAt } from "./paths.ts";
import { nothing, type Read, readItem, readOutput, type Sources, skipped } from "./sources.ts";
import { fits, type Type, typeOf } from "./types.ts";

export { holds } from "./conditions.ts";
export { describe, fillTemplate } from "./sentences.ts";
export { countItems, type Result, type Sources } from "./sources.ts";

/** `index`: which element, where the step loops. */
export function bindRequest(
  method: DescMethod,
  step: Step,
  sources: Sources,
  index?: number,
): Message {
  const request = reflect(method.input);
  for (const binding of step.inputs) {
    const field = fieldAt(method.input, binding.field);
    if (!field) throw new Error(`${method.input.typeName} has no field "${binding.field}"`);
    const bound = boundTo(binding, step, sources, index);
    const { type, value } =
      "json" in bound ? { type: typeOf(field), value: literalOf(field, bound.json) } : bound;
    if (value === undefined && field.fieldKind === "message") throw unset(binding, step);
    writeAt(request, binding.field, type, value);
  }
  return request.message;
}

/** Values for the parameters of the plan that the step is, as protobuf JSON. */
export function bindParameters(
  step: Step,
  sources: Sources,
  index?: number,
): Record<string, JsonValue> {
  const inputs: Record<string, JsonValue> = {};
  for (const binding of step.inputs) {
    const bound = boundTo(binding, step, sources, index);
    if ("json" in bound) inputs[binding.field] = bound.json;
    else if (bound.value === undefined) throw unset(binding, step);
    else if (!bound.field) inputs[binding.field] = [];
    else inputs[binding.field] = jsonOfRead(bound as Read & { field: DescField });
  }
  return inputs;
}

function boundTo(
  { field, value, fallback }: Binding,
  step: Step,
  sources: Sources,
  index: number | undefined,
): Read | { json: JsonValue } {
  switch (value.case) {
    case "literal":
      return { json: jsonOf(value.value) };
    case "attachment": {
      const file = sources.attachments[value.value];
      if (!file) throw new Error(`there is no attachment ${value.value}`);
      return readFile(file);
    }
    case "output": {
      const read = readOutput(sources, value.value);
      if (read !== "skipped") return read;
      if (!fallback) throw skipped(value.value.step);
      return { json: jsonOf(fallback) };
    }
    case "item":
      if (index === undefined) throw new Error(`step "${step.id}" does not loop`);
      return readItem(step, sources, index, value.value.field);
    case "parameter":
      throw new Error(`the parameter "${value.value}" was given no value`);
    default:
      throw new Error(`"${field}" is bound to nothing`);
  }
}

function readFile(file: File): Read {
  const type: Type = { kind: "message", message: FileSchema };
  return { value: reflect(FileSchema, file), type, field: undefined };
}

function unset({ field, value }: Binding, step: Step) {
  if (value.case === "output") return nothing(value.value);
  const over = step.forEach?.over;
  if (over?.case === "output") return nothing(over.value);
  return new Error(`"${field}" is given nothing`);
}

function jsonOfRead({ field, type, value }: Read & { field: DescField }): JsonValue {
  // Of a loop: the field has one value, the list has one of each run.
  if (type.kind === "list" && field.fieldKind !== "list") {
    return (value as never[]).map((one) => jsonOfField(field, one));
  }
  if (field.fieldKind === "list" && type.kind !== "list") {
    return (jsonOfField(field, [value as never]) as JsonValue[])[0]!;
  }
  return jsonOfField(field, value!);
}

/** Where one field of the request that takes a call back comes from; both: the response goes first. */
export interface UndoSource {
  field: DescField;
  response: DescField | undefined;
  request: DescField | undefined;
}

/**
 * A field is filled from the field of its name in the response of the call that is taken back, else
 * in its request, where the type fits. Fields for which there is neither stay unset.
 */
export function undoSource(
  method: DescMethod,
  undo: DescMethod,
): { sources: UndoSource[]; missing: DescField[] } {
  const named = (message: DescMessage, field: DescField) =>
    message.fields.find(({ name }) => name === field.name);
  const fitting = (source: DescField | undefined, field: DescField) =>
    source && fits(typeOf(source), typeOf(field)) ? source : undefined;
  const sources: UndoSource[] = [];
  const missing: DescField[] = [];
  for (const field of undo.input.fields) {
    const response = fitting(named(method.output, field), field);
    const request = fitting(named(method.input, field), field);
    if (response || request) sources.push({ field, response, request });
    else if (rulesOf(field).required) missing.push(field);
  }
  return { sources, missing };
}

/** `response`: undefined where nobody knows whether the call that is taken back had its effect. */
export function bindUndo(
  undo: DescMethod,
  method: DescMethod,
  request: Message,
  response: Message | undefined,
): Message {
  const made = reflect(undo.input);
  const asked = reflect(method.input, request);
  const given = response && reflect(method.output, response);
  for (const { field, ...source } of undoSource(method, undo).sources) {
    // Of a choice the first that is there is taken.
    if (field.oneof && made.oneofCase(field.oneof)) continue;
    const places = [
      { message: given, field: source.response },
      { message: asked, field: source.request },
    ];
    for (const place of places) {
      const read = place.message && place.field && readField(place.message, place.field);
      if (read === undefined) continue;
      writeAt(made, field.name, typeOf(place.field!), read);
      break;
    }
    if (rulesOf(field).required && !made.isSet(field)) throw notToTakeBack(undo, field);
  }
  return made.message;
}

function notToTakeBack(undo: DescMethod, field: DescField) {
  return refuse(Reason.INPUT_MISSING, {
    message: `${undo.name} needs "${field.name}", which the call that it takes back did not give`,
    field: field.name,
    remedy: "take it back by hand",
    metadata: { method: undo.name, field: field.name },
  });
}
