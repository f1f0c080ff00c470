// What fits what in a plan: the console offers only what the compiler of the orchestrator accepts.
// The rule is written twice, because the console may use the contracts only; a test holds the two
// together over one table of cases (`test/orchestrator/fits-alike.test.ts`). Pure.

import { type DescEnum, type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import { isWrapperDesc } from "@bufbuild/protobuf/wkt";
import { ParameterType } from "@keiko/gen/keiko/plan/v1/plan_pb.js";

export type Single =
  | { kind: "scalar"; scalar: ScalarType }
  | { kind: "enum"; enum: DescEnum }
  | { kind: "message"; message: DescMessage };

export type Type =
  | Single
  | { kind: "list"; element: Single }
  | { kind: "map"; key: ScalarType; value: Single };

export const text: Single = { kind: "scalar", scalar: ScalarType.STRING };
export const texts: Type = { kind: "list", element: text };

export function typeOf(field: DescField): Type {
  if (field.fieldKind === "list") return { kind: "list", element: singleOf(field) };
  if (field.fieldKind === "map") {
    return { kind: "map", key: field.mapKey, value: singleOf(field) };
  }
  return singleOf(field);
}

function singleOf(field: DescField): Single {
  if (field.message) return { kind: "message", message: field.message };
  if (field.enum) return { kind: "enum", enum: field.enum };
  return { kind: "scalar", scalar: field.scalar ?? ScalarType.STRING };
}

/** As people read it, without packages: "int64", "repeated string", "Table". */
export function shortName(type: Type): string {
  switch (type.kind) {
    case "scalar":
      return ScalarType[type.scalar].toLowerCase();
    case "enum":
      return type.enum.name;
    case "message":
      return type.message.name;
    case "list":
      return `repeated ${shortName(type.element)}`;
    case "map":
      return `map<${ScalarType[type.key].toLowerCase()}, ${shortName(type.value)}>`;
  }
}

/** A value may go where every value of its type has a place, and nothing can be lost. */
export function fits(from: Type, to: Type): boolean {
  if (from.kind === "list" || to.kind === "list") {
    return from.kind === "list" && to.kind === "list" && fits(from.element, to.element);
  }
  if (from.kind === "map" || to.kind === "map") {
    if (from.kind !== "map" || to.kind !== "map") return false;
    return from.key === to.key && fits(from.value, to.value);
  }
  if (from.kind === "scalar") {
    const target = inner(to);
    return target !== undefined && holds(target, from.scalar);
  }
  if (from.kind === "enum") return to.kind === "enum" && from.enum.typeName === to.enum.typeName;
  return to.kind === "message" && from.message.typeName === to.message.typeName;
}

/** The scalar inside a wrapper; undefined: the message is none. */
export function wrapped(message: DescMessage): ScalarType | undefined {
  return isWrapperDesc(message) ? message.fields[0]?.scalar : undefined;
}

/** The scalar that the type is or wraps; undefined: it is none. */
export function inner(type: Type): ScalarType | undefined {
  if (type.kind === "message") return wrapped(type.message);
  return type.kind === "scalar" ? type.scalar : undefined;
}

export const isFraction = (scalar: ScalarType): boolean =>
  scalar === ScalarType.DOUBLE || scalar === ScalarType.FLOAT;

export const isWhole = (scalar: ScalarType): boolean => scalar in integers;

export const isNumber = (type: Type): boolean =>
  type.kind === "scalar" && (isWhole(type.scalar) || isFraction(type.scalar));

const integers: Partial<Record<ScalarType, { bits: number; signed: boolean }>> = {
  [ScalarType.INT32]: { bits: 32, signed: true },
  [ScalarType.SINT32]: { bits: 32, signed: true },
  [ScalarType.SFIXED32]: { bits: 32, signed: true },
  [ScalarType.UINT32]: { bits: 32, signed: false },
  [ScalarType.FIXED32]: { bits: 32, signed: false },
  [ScalarType.INT64]: { bits: 64, signed: true },
  [ScalarType.SINT64]: { bits: 64, signed: true },
  [ScalarType.SFIXED64]: { bits: 64, signed: true },
  [ScalarType.UINT64]: { bits: 64, signed: false },
  [ScalarType.FIXED64]: { bits: 64, signed: false },
};

function holds(to: ScalarType, from: ScalarType): boolean {
  if (to === from) return true;
  const source = integers[from];
  if (to === ScalarType.DOUBLE) return from === ScalarType.FLOAT || source?.bits === 32;
  const target = integers[to];
  if (!source || !target) return false;
  if (source.signed === target.signed) return source.bits <= target.bits;
  return !source.signed && source.bits < target.bits;
}

/** Which fields a parameter fits: what it may be is known, its value is not. */
export function parameterFits(parameter: ParameterType, to: Type): boolean {
  if (parameter === ParameterType.TEXTS) return fits(texts, to);
  if (parameter === ParameterType.FILE) return isFile(to);
  const scalar = inner(to);
  if (scalar === undefined) return false;
  switch (parameter) {
    case ParameterType.TEXT:
      return scalar === ScalarType.STRING;
    case ParameterType.INTEGER:
      return isWhole(scalar) || isFraction(scalar);
    case ParameterType.NUMBER:
      return isFraction(scalar);
    case ParameterType.TRUTH:
      return scalar === ScalarType.BOOL;
    default:
      return false;
  }
}

/** Which outputs may be given to a parameter of another plan. */
export function fitsParameter(from: Type, parameter: ParameterType): boolean {
  switch (parameter) {
    case ParameterType.TEXT:
      return fits(from, text);
    case ParameterType.INTEGER:
      return from.kind === "scalar" && isWhole(from.scalar);
    case ParameterType.NUMBER:
      return fits(from, { kind: "scalar", scalar: ScalarType.DOUBLE });
    case ParameterType.TRUTH:
      return fits(from, { kind: "scalar", scalar: ScalarType.BOOL });
    case ParameterType.FILE:
      return isFile(from);
    case ParameterType.TEXTS:
      return fits(from, texts);
    default:
      return false;
  }
}

/** Which parameters may be handed on to a parameter of another plan. */
export const parameterFitsParameter = (from: ParameterType, to: ParameterType): boolean =>
  from === to || (from === ParameterType.INTEGER && to === ParameterType.NUMBER);

export const isFile = (type: Type): boolean =>
  type.kind === "message" && type.message.typeName === "keiko.artifact.v1.File";

/** Whether a value of the type can stand in a sentence. */
export function canBeWritten(type: Type): boolean {
  if (type.kind === "list") return canBeWritten(type.element);
  if (type.kind === "enum") return true;
  if (type.kind === "map") return false;
  const scalar = inner(type);
  if (scalar !== undefined) return scalar !== ScalarType.BYTES;
  return type.kind === "message" && isMoment(type.message.typeName);
}

const isMoment = (typeName: string) =>
  typeName === "google.protobuf.Duration" || typeName === "google.protobuf.Timestamp";
