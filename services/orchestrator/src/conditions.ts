/** Whether the conditions of a step hold, by results that are known. Pure. */
import type { DescField, JsonValue } from "@bufbuild/protobuf";
import { isReflectMessage } from "@bufbuild/protobuf/reflect";
import { type Condition, type Step, Test } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { jsonOf, literalOf, type SingleValue, sameValue, type Value } from "./field-values.ts";
import { type Read, readOutput, type Sources } from "./sources.ts";
import type { Type } from "./types.ts";

export function holds(step: Step, sources: Sources): boolean {
  return step.when.every((condition) => conditionHolds(condition, sources));
}

/** Of a step that was skipped nothing is known, so that nothing holds. */
function conditionHolds({ output, test, value }: Condition, sources: Sources): boolean {
  if (!output) throw new Error("a condition looks at nothing");
  const read = readOutput(sources, output);
  if (read === "skipped") return false;
  if (test === Test.PRESENT) return isPresent(read.value);
  if (test === Test.ABSENT) return !isPresent(read.value);
  if (!value) throw new Error(`the condition on "${output.field}" compares with nothing`);
  const json = jsonOf(value);
  switch (test) {
    case Test.EQUALS:
      return equals(read, json);
    case Test.DIFFERS:
      return !equals(read, json);
    case Test.CONTAINS:
      return contains(read, json);
    default:
      return compares(read, test, json);
  }
}

function isPresent(value: Value | undefined): boolean {
  if (value === undefined) return false;
  if (isReflectMessage(value)) return true;
  if (value instanceof Map) return value.size > 0;
  if (typeof value === "string" || Array.isArray(value) || value instanceof Uint8Array) {
    return value.length > 0;
  }
  return Boolean(value);
}

function equals({ value, type, field }: Read, json: JsonValue): boolean {
  if (!field) return Array.isArray(json) && json.length === 0;
  return value !== undefined && sameValue(value, comparand(field, type, json), type);
}

function contains({ value, type, field }: Read, json: JsonValue): boolean {
  if (!field || value === undefined) return false;
  if (type.kind !== "list") return String(value).includes(String(json));
  const wanted = elementOf(field, json);
  return (value as SingleValue[]).some((one) => sameValue(one, wanted, type.element));
}

function compares({ value, type, field }: Read, test: Test, json: JsonValue): boolean {
  if (!field || value === undefined) return false;
  const left = value as number | bigint;
  const right = comparand(field, type, json) as number | bigint;
  switch (test) {
    case Test.LESS:
      return left < right;
    case Test.AT_MOST:
      return left <= right;
    case Test.GREATER:
      return left > right;
    case Test.AT_LEAST:
      return left >= right;
    default:
      throw new Error(`no such test: ${test}`);
  }
}

/** What an output is compared with. Throws when the JSON is no value of its type. */
export function comparand(field: DescField, type: Type, json: JsonValue): Value {
  if (type.kind !== "list" || field.fieldKind === "list") return literalOf(field, json);
  // Of a step that loops: a list of what the field is.
  if (!Array.isArray(json)) throw new Error("it is no list");
  return json.map((one) => literalOf(field, one) as SingleValue);
}

/** One element of a list. Throws when the JSON is none. */
export function elementOf(field: DescField, json: JsonValue): SingleValue {
  if (field.fieldKind !== "list") return literalOf(field, json) as SingleValue;
  return (literalOf(field, [json]) as SingleValue[])[0]!;
}
