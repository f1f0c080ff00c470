/** Reads what bindings, conditions and texts refer to: fields of results, elements of loops. Pure. */
import { type DescField, type DescMessage, type JsonValue, toJson } from "@bufbuild/protobuf";
import type { ReflectMessage } from "@bufbuild/protobuf/reflect";
import { ListValueSchema } from "@bufbuild/protobuf/wkt";
import type { File } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import type { Step, StepOutput } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { refuse } from "@keiko/runtime/errors.ts";
import { decode, follow, readField, type SingleValue, type Value } from "./field-values.ts";
import { type Single, type Type, texts, typeOf } from "./types.ts";

/** The encoded response of a run, and what it is. */
export interface Result {
  message: DescMessage;
  bytes: Uint8Array;
}

export interface Sources {
  attachments: readonly File[];
  /** Of a step that does not loop; undefined: it has none. */
  response(step: string): Result | "skipped" | undefined;
  /** Of a step that loops, in the order of the elements; undefined: it does not loop. */
  runs(step: string): readonly Result[] | undefined;
}

/** A value with its type. */
export interface Read {
  value: Value | undefined;
  type: Type;
  /** That it was read from; undefined: from a loop over an empty list, which made nothing. */
  field: DescField | undefined;
}

/** Of a step that loops: the list over its runs. */
export function readOutput(sources: Sources, output: StepOutput): Read | "skipped" {
  const made = sources.response(output.step);
  if (made === "skipped") return "skipped";
  const runs = sources.runs(output.step);
  if (!runs) return readResult(made, output);
  const values: SingleValue[] = [];
  let field: DescField | undefined;
  for (const run of runs) {
    const [message, found] = follow(decode(run.message, run.bytes), output.field);
    field = found;
    values.push(elementOf(message, found, output));
  }
  if (!field) return { value: [], type: texts, field };
  return { value: values, type: { kind: "list", element: typeOf(field) as Single }, field };
}

function readResult(made: Result | undefined, output: StepOutput): Read {
  if (!made) throw new Error(`step "${output.step}" has no result`);
  const [message, field] = follow(decode(made.message, made.bytes), output.field);
  return { value: readField(message, field), type: typeOf(field), field };
}

/** A list has no gaps: what is not set is its default, and a message must be there. */
function elementOf(message: ReflectMessage, field: DescField, output: StepOutput): SingleValue {
  const value = readField(message, field);
  if (value !== undefined) return value as SingleValue;
  if (field.message) throw nothing(output);
  return message.get(field) as SingleValue;
}

/** How many elements the loop of the step has. */
export function countItems(step: Step, sources: Sources): number {
  const over = step.forEach?.over;
  if (over?.case === "literal") return over.value.values.length;
  if (over?.case !== "output")
    throw new Error(`step "${step.id}" loops over nothing that is known`);
  const runs = sources.runs(over.value.step);
  if (runs) return runs.length;
  const read = readOutput(sources, over.value);
  if (read === "skipped") throw skipped(over.value.step);
  return (read.value as Value[]).length;
}

/** The element that the run is at, or a field of it; JSON where the list stands in the plan. */
export function readItem(
  step: Step,
  sources: Sources,
  index: number,
  path: string,
): Read | { json: JsonValue } {
  const over = step.forEach?.over;
  if (over?.case === "literal") {
    const json = jsonAt(toJson(ListValueSchema, over.value)[index], path);
    if (json === undefined) throw new Error(`element ${index} has no "${path}"`);
    return { json };
  }
  if (over?.case !== "output")
    throw new Error(`step "${step.id}" loops over nothing that is known`);
  const { value: output } = over;
  const runs = sources.runs(output.step);
  if (runs) {
    const run = runs[index];
    if (!run) throw new Error(`step "${output.step}" has no run ${index}`);
    return readResult(run, { ...output, field: path ? `${output.field}.${path}` : output.field });
  }
  const made = sources.response(output.step);
  if (made === "skipped") throw skipped(output.step);
  if (!made) throw new Error(`step "${output.step}" has no result`);
  const [message, field] = follow(decode(made.message, made.bytes), output.field);
  if (field.fieldKind !== "list") throw new Error(`"${output.field}" is no list`);
  const element = message.get(field).get(index) as SingleValue | undefined;
  if (element === undefined) throw new Error(`"${output.field}" has no element ${index}`);
  const type = (typeOf(field) as { element: Single }).element;
  if (path === "") return { value: element, type, field };
  const [owner, inner] = follow(element as ReflectMessage, path);
  return { value: readField(owner, inner), type: typeOf(inner), field: inner };
}

/** The value at a path of names as JSON writes them, or as contracts do. */
export function jsonAt(json: JsonValue | undefined, path: string): JsonValue | undefined {
  if (path === "" || json === undefined) return json;
  const [name = "", ...rest] = path.split(".");
  if (json === null || typeof json !== "object" || Array.isArray(json)) return undefined;
  const camel = name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  const key = Object.hasOwn(json, name) ? name : camel;
  return Object.hasOwn(json, key) ? jsonAt(json[key], rest.join(".")) : undefined;
}

export function nothing({ step, field }: Pick<StepOutput, "step" | "field">) {
  return refuse(Reason.INPUT_MISSING, {
    message: `step "${step}" gave no "${field}"`,
    field,
    remedy: "ask for something that gives one",
    metadata: { step, field },
  });
}

export function skipped(step: string): Error {
  return new Error(`step "${step}" was skipped, so there is no result of it`);
}
