/** Texts with results in them: answers, questions, and what a person is asked to agree with. Pure. */
import {
  type DescField,
  type DescMethod,
  type Message,
  ScalarType,
  toJson,
} from "@bufbuild/protobuf";
import { isReflectMessage, type ReflectMessage, reflect } from "@bufbuild/protobuf/reflect";
import { DurationSchema, TimestampSchema } from "@bufbuild/protobuf/wkt";
import { type File, FileSchema } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import type { Step } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { bindParameters, bindRequest } from "./bind.ts";
import { isSecret } from "./classes.ts";
import { follow, readField, type SingleValue, type Value } from "./field-values.ts";
import { reference } from "./graph.ts";
import { readOutput, type Sources } from "./sources.ts";
import { type Single, type Type, typeOf, wrapped } from "./types.ts";

/** The text with results in place of "{step.field}"; nothing in place of what was skipped. */
export function fillTemplate(text: string, sources: Sources): string {
  return text.replaceAll(reference, (_, step: string, field: string) => {
    const read = readOutput(sources, { $typeName: "keiko.plan.v1.StepOutput", step, field });
    return read === "skipped" ? "" : written(read.value, read.type);
  });
}

/** Whether a value of the type can stand in a sentence. */
export function canBeWritten(type: Type): boolean {
  if (type.kind === "list") return canBeWritten(type.element);
  if (type.kind === "scalar") return type.scalar !== ScalarType.BYTES;
  if (type.kind === "enum") return true;
  if (type.kind === "map") return false;
  const inner = wrapped(type.message);
  return inner === undefined ? hasWords(type.message.typeName) : inner !== ScalarType.BYTES;
}

const hasWords = (typeName: string) =>
  typeName === DurationSchema.typeName || typeName === TimestampSchema.typeName;

/** Plainly: 1234.5, true, Mon, "a, b"; times as JSON has them; empty: it is not set. */
function written(value: Value | undefined, type: Type): string {
  if (value === undefined) return "";
  if (type.kind === "list") {
    return (value as SingleValue[]).map((one) => writtenOne(one, type.element)).join(", ");
  }
  return type.kind === "map" ? "" : writtenOne(value as SingleValue, type);
}

function writtenOne(value: SingleValue, type: Single): string {
  if (type.kind === "enum") return type.enum.value[value as number]?.name ?? String(value);
  if (!isReflectMessage(value)) return String(value);
  if (hasWords(value.desc.typeName)) return String(toJson(value.desc, value.message));
  return wrapped(value.desc) === undefined ? "" : String(value.get(value.fields[0]!));
}

const shown_characters_max = 300;

/** What a run will do, for whoever must agree: what it is called, and a line for each of its inputs. */
export function describe(method: DescMethod, step: Step, sources: Sources, index?: number): string {
  const title = step.title || step.id;
  if (step.subPlan) {
    const given = Object.entries(bindParameters(step, sources, index));
    return [title, ...given.map(([name, json]) => `${name}: ${short(json)}`)].join("\n");
  }
  const request = bindRequest(method, step, sources, index);
  return [title, ...inputLines(method, step, request)].join("\n");
}

function inputLines(method: DescMethod, step: Step, request: Message): string[] {
  return step.inputs.map(({ field: path }) => {
    if (isSecret(method.input, path)) return `${path}: (secret)`;
    return `${path}: ${shown(...follow(reflect(method.input, request), path))}`;
  });
}

function shown(message: ReflectMessage, field: DescField): string {
  const value = readField(message, field);
  const type = typeOf(field);
  if (canBeWritten(type)) return short(written(value, type));
  if (isReflectMessage(value) && value.desc.typeName === FileSchema.typeName) {
    const { filename, name } = value.message as File;
    return short(filename || name);
  }
  return isReflectMessage(value) ? short(toJson(value.desc, value.message)) : "…";
}

function short(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > shown_characters_max ? `${text.slice(0, shown_characters_max)}…` : text;
}
