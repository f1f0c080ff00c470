/** Values drawn by chance for any message. Text in SECRET fields says so, to be found where it goes. */
import {
  create,
  type DescField,
  type DescMessage,
  type JsonValue,
  ScalarType,
} from "@bufbuild/protobuf";
import { type ReflectMessage, reflect, reflectList, reflectMap } from "@bufbuild/protobuf/reflect";
import { DurationSchema, TimestampSchema } from "@bufbuild/protobuf/wkt";
import { FileSchema } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import { ParameterType } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { rankOf, secret } from "@keiko/orchestrator/classes.ts";
import type { Chance } from "./chance.ts";

export const secretMark = "hunter2";

/** `sparse`: fields may also be unset; `marks`: text in SECRET fields says so. */
export function drawMessageOf(
  chance: Chance,
  desc: DescMessage,
  options: { sparse: boolean; marks: boolean; secret?: boolean },
): ReflectMessage {
  const message = reflect(desc);
  if (fillKnown(chance, message)) return message;
  const chosen = new Set<string>();
  for (const field of desc.fields) {
    if (options.sparse && chance.percent(30)) continue;
    if (field.oneof) {
      if (chosen.has(field.oneof.name)) continue;
      chosen.add(field.oneof.name);
    }
    const within = {
      ...options,
      secret: options.secret || (options.marks && rankOf(field) === secret),
    };
    setField(chance, message, field, within);
  }
  return message;
}

type Options = Parameters<typeof drawMessageOf>[2];

function setField(chance: Chance, message: ReflectMessage, field: DescField, options: Options) {
  const one = () =>
    field.message
      ? drawMessageOf(chance, field.message, options)
      : field.enum
        ? chance.index(3)
        : drawScalar(chance, field.scalar!, options.secret ?? false);
  if (field.fieldKind === "list") {
    const list = reflectList(field);
    const count = chance.index(4);
    for (let index = 0; index < count; index++) list.add(one());
    message.set(field, list);
  } else if (field.fieldKind === "map") {
    const map = reflectMap(field);
    for (let index = 0; index < chance.index(3); index++) {
      map.set(drawScalar(chance, field.mapKey, options.secret ?? false) as never, one());
    }
    message.set(field, map);
  } else {
    message.set(field, one());
  }
}

/** Messages whose fields do not take just any value. */
function fillKnown(chance: Chance, message: ReflectMessage): boolean {
  const set = (name: string, value: never) =>
    message.set(message.fields.find((field) => field.name === name)!, value);
  switch (message.desc.typeName) {
    case FileSchema.typeName:
      set("name", `artifacts/${"ab".repeat(32)}` as never);
      set("filename", "table.csv" as never);
      set("media_type", "text/csv" as never);
      return true;
    case DurationSchema.typeName:
    case TimestampSchema.typeName:
      set("seconds", BigInt(chance.index(1000)) as never);
      return true;
    case "google.protobuf.Value":
      set("string_value", drawText(chance, false) as never);
      return true;
    case "google.protobuf.Struct":
      return true;
    default:
      return false;
  }
}

export function drawScalar(chance: Chance, scalar: ScalarType, marked: boolean) {
  const number = chance.index(40) - 4;
  switch (scalar) {
    case ScalarType.STRING:
      return drawText(chance, marked);
    case ScalarType.BOOL:
      return chance.percent(50);
    case ScalarType.BYTES:
      return new Uint8Array([chance.index(256)]);
    case ScalarType.DOUBLE:
      return number / 8;
    case ScalarType.FLOAT:
      return Math.fround(number / 8);
    case ScalarType.INT64:
    case ScalarType.SINT64:
    case ScalarType.SFIXED64:
      return chance.percent(20) ? -(2n ** 60n) : BigInt(number);
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return chance.percent(20) ? 2n ** 63n : BigInt(Math.abs(number));
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return Math.abs(number);
    default:
      return number;
  }
}

const drawText = (chance: Chance, marked: boolean) =>
  marked ? secretMark : chance.of(["", "a", "text", "more text", "ü"]);

export function drawParameterValue(chance: Chance, type: ParameterType): JsonValue {
  switch (type) {
    case ParameterType.TEXT:
      return drawText(chance, false);
    case ParameterType.INTEGER:
      return chance.index(30);
    case ParameterType.NUMBER:
      return chance.index(30) / 4;
    case ParameterType.TRUTH:
      return chance.percent(50);
    case ParameterType.TEXTS:
      return Array.from({ length: chance.index(4) }, () => drawText(chance, false));
    default:
      return { name: `artifacts/${"ab".repeat(32)}`, filename: "a.csv", mediaType: "text/csv" };
  }
}

export const aFile = () =>
  create(FileSchema, {
    name: `artifacts/${"cd".repeat(32)}`,
    filename: "attached.csv",
    mediaType: "text/csv",
  });
