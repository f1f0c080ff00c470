/**
 * Values on their way from one message to another, in one form whatever the field: scalars and enums
 * as they are, messages with their descriptor, lists as arrays, maps as Maps. Wrappers and Structs,
 * which generated code keeps unpacked in some fields and packed in others, are packed here. Pure.
 */
import {
  type DescField,
  type DescMessage,
  equals,
  fromBinary,
  fromJson,
  type JsonValue,
  type Message,
  ScalarType,
  toBinary,
  toJson,
} from "@bufbuild/protobuf";
import { type ReflectMessage, reflect, reflectList, reflectMap } from "@bufbuild/protobuf/reflect";
import {
  BoolValueSchema,
  BytesValueSchema,
  DoubleValueSchema,
  FloatValueSchema,
  Int32ValueSchema,
  Int64ValueSchema,
  FeatureSet_FieldPresence as Presence,
  type Value as ProtobufValue,
  StringValueSchema,
  UInt32ValueSchema,
  UInt64ValueSchema,
  ValueSchema,
} from "@bufbuild/protobuf/wkt";
import { isLong, type Single, type Type, typeOf, wrapped } from "./types.ts";

type MapEntryKey = string | number | bigint | boolean;
export type SingleValue = number | bigint | string | boolean | Uint8Array | ReflectMessage;
export type Value = SingleValue | SingleValue[] | Map<MapEntryKey, SingleValue>;

/** The field's value; undefined: it can be unset, and is. */
export function readField(message: ReflectMessage, field: DescField): Value | undefined {
  switch (field.fieldKind) {
    case "list":
      return [...message.get(field)] as SingleValue[];
    case "map":
      return new Map(message.get(field)) as Map<MapEntryKey, SingleValue>;
    case "message":
      return message.isSet(field) ? message.get(field) : undefined;
    default:
      if (field.presence !== Presence.IMPLICIT && !message.isSet(field)) return undefined;
      return message.get(field) as SingleValue;
  }
}

/** The field at the end of the path, and the message that has it: an empty one where none is set. */
export function follow(message: ReflectMessage, path: string): [ReflectMessage, DescField] {
  let current = message;
  const names = path.split(".");
  for (const name of names.slice(0, -1)) {
    const field = named(current, name);
    if (field.fieldKind !== "message") throw new Error(`${field.toString()} has no fields`);
    current = current.get(field);
  }
  return [current, named(current, names.at(-1)!)];
}

/** Sets the value at the path, creating the messages on the way; undefined: only these. */
export function writeAt(
  message: ReflectMessage,
  path: string,
  from: Type,
  value: Value | undefined,
): void {
  const dot = path.indexOf(".");
  const field = named(message, dot < 0 ? path : path.slice(0, dot));
  if (dot < 0) {
    if (value !== undefined) writeField(message, field, from, value);
    return;
  }
  if (field.fieldKind !== "message") throw new Error(`${field.toString()} has no fields`);
  const nested = message.isSet(field) ? message.get(field) : reflect(field.message);
  writeAt(nested, path.slice(dot + 1), from, value);
  // Again, because of a wrapper or a Struct the message holds only what is inside.
  message.set(field, nested);
}

function writeField(message: ReflectMessage, field: DescField, from: Type, value: Value): void {
  const to = typeOf(field);
  if (field.fieldKind === "list") {
    if (to.kind !== "list" || from.kind !== "list") throw mismatch(field);
    const list = reflectList(field);
    for (const one of value as SingleValue[]) list.add(widen(one, from.element, to.element));
    message.set(field, list);
  } else if (field.fieldKind === "map") {
    if (to.kind !== "map" || from.kind !== "map") throw mismatch(field);
    const map = reflectMap(field);
    for (const [key, one] of value as Map<MapEntryKey, SingleValue>) {
      map.set(key, widen(one, from.value, to.value));
    }
    message.set(field, map);
  } else {
    message.set(field, widen(value as SingleValue, from as Single, to as Single));
  }
}

/** The same value as the wider type has it. The types are known to fit. */
function widen(value: SingleValue, from: Single, to: Single): SingleValue {
  if (to.kind === "message") {
    const inner = wrapped(to.message);
    if (inner !== undefined && from.kind === "scalar") {
      const box = reflect(to.message);
      box.set(box.fields[0]!, widen(value, from, { kind: "scalar", scalar: inner }));
      return box;
    }
    const given = value as ReflectMessage;
    if (given.desc === to.message) return given;
    // Another version of the same message: what only one of the two knows survives on the wire.
    const bytes = toBinary(given.desc, given.message);
    return reflect(to.message, fromBinary(to.message, bytes));
  }
  return to.kind === "scalar" && isLong(to.scalar) && typeof value === "number"
    ? BigInt(value)
    : value;
}

/** A literal as the value of a field. Throws with the reason when it does not fit. */
export function literalOf(field: DescField, json: JsonValue): Value {
  if (json === null && !takesNull(field)) throw new Error("null is no value");
  const box = boxOf(field);
  if (box && field.fieldKind === "scalar") return unboxed(box, json);
  if (box && field.fieldKind === "list") {
    if (!Array.isArray(json)) throw new Error("it is no list");
    return json.map((one) => unboxed(box, one));
  }
  const parsed = fromJson(field.parent, { [field.jsonName]: json });
  const value = readField(reflect(field.parent, parsed), field);
  if (value === undefined) throw new Error("it is not set by that");
  return value;
}

function takesNull(field: DescField): boolean {
  const name = field.message?.typeName ?? field.enum?.typeName;
  return name === ValueSchema.typeName || name === "google.protobuf.NullValue";
}

/** JSON in a plan. Throws with the reason where it is none: a Value of no kind, a number that is none. */
export function jsonOf(value: ProtobufValue): JsonValue {
  return toJson(ValueSchema, value);
}

/** A value as protobuf JSON, of the field that it was read from. */
export function jsonOfField(field: DescField, value: Value): JsonValue {
  const box = boxOf(field);
  if (box && field.fieldKind === "scalar") return boxed(box, value as SingleValue);
  if (box && field.fieldKind === "list") {
    return (value as SingleValue[]).map((one) => boxed(box, one));
  }
  const message = reflect(field.parent);
  writeField(message, field, typeOf(field), value);
  const json = toJson(field.parent, message.message, { alwaysEmitImplicit: true });
  return (json as Record<string, JsonValue>)[field.jsonName] ?? null;
}

/**
 * Where the JSON of a message is not an object of its fields (a Duration is "3s", a StringValue is the
 * text itself) its fields are read and written by the wrapper of their scalar.
 */
function boxOf(field: DescField): DescMessage | undefined {
  if (!field.parent.typeName.startsWith("google.protobuf.")) return undefined;
  return boxes.find((box) => box.fields[0]!.scalar === field.scalar);
}

const boxes: DescMessage[] = [
  BoolValueSchema,
  BytesValueSchema,
  DoubleValueSchema,
  FloatValueSchema,
  Int32ValueSchema,
  Int64ValueSchema,
  StringValueSchema,
  UInt32ValueSchema,
  UInt64ValueSchema,
];

function boxed(box: DescMessage, value: SingleValue): JsonValue {
  const message = reflect(box);
  message.set(box.fields[0]!, value);
  return toJson(box, message.message);
}

function unboxed(box: DescMessage, json: JsonValue): SingleValue {
  return reflect(box, fromJson(box, json)).get(box.fields[0]!) as SingleValue;
}

export function sameValue(a: Value, b: Value, type: Type): boolean {
  if (type.kind === "list") {
    const [left, right] = [a as SingleValue[], b as SingleValue[]];
    if (left.length !== right.length) return false;
    return left.every((one, index) => sameValue(one, right[index]!, type.element));
  }
  if (type.kind === "map") {
    const [left, right] = [a as Map<unknown, SingleValue>, b as Map<unknown, SingleValue>];
    if (left.size !== right.size) return false;
    return [...left].every(([key, one]) => {
      const other = right.get(key);
      return other !== undefined && sameValue(one, other, type.value);
    });
  }
  if (type.kind === "message") {
    const [left, right] = [a as ReflectMessage, b as ReflectMessage];
    return equals(type.message, left.message, right.message);
  }
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b) === 0;
  // A float is not what was written: 0.1 is 0.10000000149011612.
  if (type.kind === "scalar" && type.scalar === ScalarType.FLOAT) {
    return Math.fround(a as number) === Math.fround(b as number);
  }
  return a === b;
}

const decoded = new WeakMap<Uint8Array, { of: DescMessage; message: WeakRef<Message> }>();

/** A recorded message; the runs of a loop read the same one again and again. */
export function decode(of: DescMessage, bytes: Uint8Array): ReflectMessage {
  const known = decoded.get(bytes);
  let message = known?.of === of ? known.message.deref() : undefined;
  if (!message) {
    message = fromBinary(of, bytes) as Message;
    decoded.set(bytes, { of, message: new WeakRef(message) });
  }
  return reflect(of, message);
}

function named(message: ReflectMessage, name: string): DescField {
  const field = message.fields.find((candidate) => candidate.name === name);
  if (!field) throw new Error(`${message.desc.typeName} has no field "${name}"`);
  return field;
}

function mismatch(field: DescField): Error {
  return new Error(`${field.toString()} is given a value of another type`);
}
