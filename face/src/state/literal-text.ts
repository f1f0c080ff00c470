// A fixed value of a plan as what is in a form, and back. What does not fit the type is kept as it
// was typed, as a text: the compiler says what is wrong with it, and nothing typed is lost. Pure.

import { type JsonValue, ScalarType } from "@bufbuild/protobuf";
import { inner, isFile, isFraction, isWhole, type Type } from "./plan-types.ts";

/** Which control a type has. */
export type Control = "text" | "number" | "truth" | "choice" | "file" | "lines" | "json";

export function controlOf(type: Type): Control {
  if (isFile(type)) return "file";
  if (type.kind === "enum") return "choice";
  if (type.kind === "list") return isLine(type.element) ? "lines" : "json";
  if (type.kind === "map") return "json";
  const scalar = inner(type);
  if (scalar === ScalarType.BOOL) return "truth";
  if (scalar === undefined) return type.kind === "message" && isTime(type) ? "text" : "json";
  return isWhole(scalar) || isFraction(scalar) ? "number" : "text";
}

const isLine = (type: Type): boolean => ["text", "number", "choice"].includes(controlOf(type));

const isTime = (type: Type): boolean =>
  type.kind === "message" &&
  /^google\.protobuf\.(Timestamp|Duration|FieldMask)$/.test(type.message.typeName);

/** What stands in the control. */
export function textOf(type: Type, json: JsonValue | undefined): string {
  if (json === undefined || json === null) return "";
  if (typeof json === "string") return json;
  const control = controlOf(type);
  if (control === "lines" && Array.isArray(json)) return json.map(String).join("\n");
  return typeof json === "object" ? JSON.stringify(json, undefined, 2) : String(json);
}

/** Protobuf JSON of what is typed. */
export function jsonOf(type: Type, typed: string): JsonValue {
  switch (controlOf(type)) {
    case "number":
      return numberOf(typed);
    case "truth":
      return typed === "true" ? true : typed === "false" ? false : typed;
    case "lines": {
      const element = type.kind === "list" ? type.element : type;
      // The last line may be empty while it is being written.
      const lines = typed.split("\n");
      return lines.map((line) => (controlOf(element) === "number" ? numberOf(line) : line));
    }
    case "json":
      try {
        return JSON.parse(typed) as JsonValue;
      } catch {
        return typed;
      }
    default:
      return typed;
  }
}

/** With a point or a comma; what a double cannot hold, or is no number, stays a text. */
function numberOf(typed: string): JsonValue {
  const trimmed = typed.trim();
  if (!/^[+-]?\d+([.,]\d+)?$/.test(trimmed)) return typed;
  const number = Number(trimmed.replace(",", "."));
  if (String(number) !== trimmed.replace(",", ".").replace(/^\+/, "")) return trimmed;
  return number;
}

/** What is chosen first when a value is to be fixed. */
export function firstValue(type: Type): JsonValue {
  switch (controlOf(type)) {
    case "truth":
      return true;
    case "number":
      return 0;
    case "choice":
      return (type.kind === "enum" && (type.enum.values[1] ?? type.enum.values[0])?.name) || "";
    case "lines":
      return [""];
    case "json":
      return type.kind === "list" ? [] : {};
    default:
      return "";
  }
}
