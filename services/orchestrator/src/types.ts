/**
 * What fits what. A value may go where the type is the same, or where every value of its type has a
 * place: int32 into int64, uint32 into int64, 32-bit integers and float into double, a scalar into
 * its wrapper. Never where something could be lost: int64 into double, a wrapper (which may be
 * unset) into its scalar. Lists and maps fit when their elements do, enums and messages when they
 * are the same by name: the registry sees to it that versions of one name can read each other. Pure.
 */
import { type DescEnum, type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import { isWrapperDesc } from "@bufbuild/protobuf/wkt";
import { FileSchema } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import { ParameterType } from "@keiko/gen/keiko/plan/v1/plan_pb.js";

export type Single =
  | { kind: "scalar"; scalar: ScalarType }
  | { kind: "enum"; enum: DescEnum }
  | { kind: "message"; message: DescMessage };

export type Type =
  | Single
  | { kind: "list"; element: Single }
  | { kind: "map"; key: ScalarType; value: Single };

export function typeOf(field: DescField): Type {
  if (field.fieldKind === "list") return { kind: "list", element: singleOf(field) };
  if (field.fieldKind === "map") {
    return { kind: "map", key: field.mapKey, value: singleOf(field) };
  }
  return singleOf(field);
}

export const text: Single = { kind: "scalar", scalar: ScalarType.STRING };
export const texts: Type = { kind: "list", element: text };

function singleOf(field: DescField): Single {
  if (field.message) return { kind: "message", message: field.message };
  if (field.enum) return { kind: "enum", enum: field.enum };
  return { kind: "scalar", scalar: field.scalar! };
}

/** "int64", "repeated string", "map<string, keiko.artifact.v1.Table>". */
export function nameOf(type: Type): string {
  switch (type.kind) {
    case "scalar":
      return ScalarType[type.scalar].toLowerCase();
    case "enum":
      return type.enum.typeName;
    case "message":
      return type.message.typeName;
    case "list":
      return `repeated ${nameOf(type.element)}`;
    case "map":
      return `map<${ScalarType[type.key].toLowerCase()}, ${nameOf(type.value)}>`;
  }
}

export function fits(from: Type, to: Type): boolean {
  if (from.kind === "list" || to.kind === "list") {
    return from.kind === "list" && to.kind === "list" && fits(from.element, to.element);
  }
  if (from.kind === "map" || to.kind === "map") {
    if (from.kind !== "map" || to.kind !== "map") return false;
    return from.key === to.key && fits(from.value, to.value);
  }
  if (from.kind === "scalar") {
    const target = to.kind === "message" ? wrapped(to.message) : to.kind === "scalar" && to.scalar;
    return target !== undefined && target !== false && holds(target, from.scalar);
  }
  if (from.kind === "enum") return to.kind === "enum" && from.enum.typeName === to.enum.typeName;
  return to.kind === "message" && from.message.typeName === to.message.typeName;
}

/** The scalar inside a wrapper; undefined: the message is none. */
export function wrapped(message: DescMessage): ScalarType | undefined {
  return isWrapperDesc(message) ? message.fields[0]!.scalar : undefined;
}

export function isNumber(type: Type): boolean {
  if (type.kind !== "scalar") return false;
  return type.scalar in integers || isFraction(type.scalar);
}

export const isFraction = (scalar: ScalarType) =>
  scalar === ScalarType.DOUBLE || scalar === ScalarType.FLOAT;

export const isLong = (scalar: ScalarType) => integers[scalar]?.bits === 64;

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
  const inner = to.kind === "message" ? wrapped(to.message) : to.kind === "scalar" && to.scalar;
  if (inner === undefined || inner === false) return false;
  switch (parameter) {
    case ParameterType.TEXT:
      return inner === ScalarType.STRING;
    case ParameterType.INTEGER:
      return inner in integers || isFraction(inner);
    case ParameterType.NUMBER:
      return isFraction(inner);
    case ParameterType.TRUTH:
      return inner === ScalarType.BOOL;
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
      return from.kind === "scalar" && from.scalar in integers;
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

/** "TEXT", "FILE". */
export const parameterName = (type: ParameterType) => ParameterType[type] ?? String(type);

function isFile(type: Type): boolean {
  return type.kind === "message" && type.message.typeName === FileSchema.typeName;
}
