/** Finds text that was drawn for a SECRET field anywhere else. */
import {
  isReflectList,
  isReflectMap,
  isReflectMessage,
  type ReflectMessage,
} from "@bufbuild/protobuf/reflect";
import { DataClass } from "@keiko/gen/keiko/option/v1/option_pb.js";
import { dataClassOf } from "@keiko/runtime/contracts.ts";
import { secretMark } from "./values.ts";

/** The path of the field; undefined: there is none. */
export function secretOutside(message: ReflectMessage, prefix = ""): string | undefined {
  for (const field of message.fields) {
    if (dataClassOf(field) === DataClass.SECRET || !message.isSet(field)) continue;
    const path = `${prefix}${field.name}`;
    const value: unknown = message.get(field);
    const all: unknown[] = isReflectMap(value)
      ? [...value.keys(), ...value.values()]
      : isReflectList(value)
        ? [...value]
        : [value];
    for (const one of all) {
      if (one === secretMark) return path;
      const inner = isReflectMessage(one) ? secretOutside(one, `${path}.`) : undefined;
      if (inner) return inner;
    }
  }
  return undefined;
}
