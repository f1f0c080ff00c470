/**
 * What every contract of Keiko must state beyond what buf lint checks: permission, audit class and
 * idempotency of each method; title, summary, examples, effect and time of each skill; a bound on each
 * field that a caller fills.
 */
import {
  type DescField,
  type DescFile,
  type DescMessage,
  type DescMethod,
  getOption,
  hasOption,
  ScalarType,
} from "@bufbuild/protobuf";
import { durationMs, MethodOptions_IdempotencyLevel as Idempotency } from "@bufbuild/protobuf/wkt";
import {
  type FieldRules,
  field as fieldRules,
} from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import { Effect, type Skill } from "@keiko/gen/keiko/option/v1/option_pb.js";
import { contractOf, mayRepeat, methodPath, ungoverned } from "@keiko/runtime/contracts.ts";

/** One sentence for each thing that is missing; empty: the contract is complete. */
export function missingFrom(files: Iterable<DescFile>): string[] {
  const found: string[] = [];
  const seen = new Set<string>();
  for (const file of files) {
    for (const service of file.services) {
      for (const method of service.methods) {
        checkMethod(method, found);
        checkRequest(method.input, method.input.name, found, seen);
      }
    }
  }
  return found;
}

function checkMethod(method: DescMethod, found: string[]): void {
  const path = methodPath(method);
  const reason = ungoverned(method);
  if (reason) found.push(reason);
  if (method.idempotency === Idempotency.IDEMPOTENCY_UNKNOWN) {
    found.push(`${path} does not say whether it may be repeated`);
  }
  const { skill, permission } = contractOf(method);
  if (permission !== "" && !/^[a-z]+\.[a-z]+$/.test(permission)) {
    found.push(`${path}: permission "${permission}" is not noun.verb`);
  }
  if (skill) checkSkill(path, skill, method, found);
  checkHedging(path, method, found);
}

function checkHedging(path: string, method: DescMethod, found: string[]): void {
  const { hedgeAfter } = contractOf(method);
  if (!hedgeAfter) return;
  if (!mayRepeat(method)) found.push(`${path} is hedged, but may not be repeated`);
  if (method.methodKind !== "unary") found.push(`${path} is hedged, but is a stream`);
  if (durationMs(hedgeAfter) < 1) found.push(`${path} is hedged before it could be answered`);
}

function checkSkill(path: string, skill: Skill, method: DescMethod, found: string[]): void {
  const need = (there: boolean, what: string) => {
    if (!there) found.push(`${path}: the skill has no ${what}`);
  };
  need(Boolean(skill.title?.en && skill.title.de), "title in both languages");
  need(Boolean(skill.summary?.en && skill.summary.de), "summary in both languages");
  need(skill.examplesEn.length > 0, "English example");
  need(skill.examplesDe.length > 0, "German example");
  need(skill.effect !== Effect.UNSPECIFIED, "effect");
  need(skill.timeMax !== undefined && skill.timeMax.seconds > 0n, "longest run time");
  need(skill.effect !== Effect.COMPENSATED || skill.undoMethod !== "", "method that undoes it");
  const repeatable = skill.effect === Effect.READ_ONLY || skill.effect === Effect.IDEMPOTENT;
  if (repeatable && method.idempotency === Idempotency.IDEMPOTENCY_UNKNOWN) {
    found.push(`${path}: the effect allows repeating, the idempotency level does not say so`);
  }
}

function checkRequest(message: DescMessage, path: string, found: string[], seen: Set<string>) {
  if (!message.typeName.startsWith("keiko.") || seen.has(message.typeName)) return;
  seen.add(message.typeName);
  for (const field of message.fields) {
    const at = `${path}.${field.name}`;
    const rules = hasOption(field, fieldRules) ? getOption(field, fieldRules) : undefined;
    if (!bounded(field, rules)) found.push(`${at} has no bound`);
    if (field.message) checkRequest(field.message, at, found, seen);
  }
}

function bounded(field: DescField, rules: FieldRules | undefined): boolean {
  const type = rules?.type;
  if (field.fieldKind === "list") {
    return type?.case === "repeated" && type.value.maxItems > 0n;
  }
  if (field.fieldKind === "map") return type?.case === "map" && type.value.maxPairs > 0n;
  if (field.fieldKind === "enum") return type?.case === "enum" && type.value.definedOnly === true;
  if (field.fieldKind === "message") return boundedMessage(field.message.typeName, rules);
  switch (field.scalar) {
    case ScalarType.BOOL:
      return true;
    case ScalarType.STRING:
      return (
        type?.case === "string" &&
        (type.value.maxLen > 0n || type.value.in.length > 0 || pinned(type.value.pattern))
      );
    case ScalarType.BYTES:
      return type?.case === "bytes" && type.value.maxLen > 0n;
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      return (type?.case === "double" || type?.case === "float") && type.value.finite === true;
    default:
      return boundedInteger(type);
  }
}

function boundedInteger(type: FieldRules["type"] | undefined): boolean {
  const value = type?.value as { lessThan?: { case?: string }; in?: unknown[] } | undefined;
  return value?.lessThan?.case !== undefined || (value?.in?.length ?? 0) > 0;
}

// A pattern bounds the length only when it is anchored and repeats nothing without end.
function pinned(pattern: string): boolean {
  return pattern.startsWith("^") && pattern.endsWith("$") && !/[*+](?![^[]*\])/.test(pattern);
}

// A message is bounded by its own fields; the well-known ones that hold numbers need rules here.
function boundedMessage(typeName: string, rules: FieldRules | undefined): boolean {
  if (typeName === "google.protobuf.Duration") return rules?.type.case === "duration";
  return true;
}
