/**
 * Finds which field of a JSON request does not fit its message. Decoders stop at the first fault and
 * name the type at best; whoever sent the request needs the place. Pure.
 */

import type { Registry } from "@bufbuild/protobuf";
import { type DescField, type DescMessage, fromJson, type JsonValue } from "@bufbuild/protobuf";

export interface JsonFault {
  /** "attachments[0].sizeBytes"; empty: the whole message. */
  field: string;
  /** Why, in the decoder's words. */
  message: string;
}

/** Undefined: it fits. */
export function jsonFault(
  message: DescMessage,
  json: JsonValue,
  registry: Registry,
): JsonFault | undefined {
  const why = refusal(message, json, registry);
  if (why === undefined) return undefined;
  if (!isObject(json) || message.typeName.startsWith("google.protobuf.")) {
    return { field: "", message: why };
  }
  for (const [key, value] of Object.entries(json)) {
    const alone = refusal(message, { [key]: value }, registry);
    if (alone === undefined) continue;
    const field = message.fields.find(({ name, jsonName }) => key === name || key === jsonName);
    const inside = field && within(field, value, registry);
    return inside
      ? { field: `${key}${inside.field}`, message: inside.message }
      : { field: key, message: alone };
  }
  return { field: "", message: why };
}

function within(field: DescField, value: JsonValue, registry: Registry): JsonFault | undefined {
  const { message } = field;
  if (!message) return undefined;
  if (field.fieldKind === "message") {
    const fault = jsonFault(message, value, registry);
    return fault && { ...fault, field: fault.field && `.${fault.field}` };
  }
  if (field.fieldKind !== "list" || !Array.isArray(value)) return undefined;
  for (const [index, item] of value.entries()) {
    const fault = jsonFault(message, item, registry);
    if (fault) return { ...fault, field: `[${index}]${fault.field && `.${fault.field}`}` };
  }
  return undefined;
}

function refusal(message: DescMessage, json: JsonValue, registry: Registry): string | undefined {
  try {
    fromJson(message, json, { registry, ignoreUnknownFields: false });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function isObject(json: JsonValue): json is { [key: string]: JsonValue } {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}
