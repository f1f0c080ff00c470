/** Dotted field paths in messages: what they name, and reading one. */
import type { DescField, DescMessage, Message } from "@bufbuild/protobuf";
import { type ReflectMessage, reflect } from "@bufbuild/protobuf/reflect";

/** Undefined: the message has no such field. Paths do not go into lists and maps. */
export function fieldAt(message: DescMessage, path: string): DescField | undefined {
  const [name = "", ...rest] = path.split(".");
  const field = message.fields.find((candidate) => candidate.name === name);
  if (!field || rest.length === 0) return field;
  if (field.fieldKind !== "message") return undefined;
  return fieldAt(field.message, rest.join("."));
}

/** The value at the path; undefined when a field on the way, or the last one, is not set. */
export function readPath(schema: DescMessage, message: Message, path: string): unknown {
  let current: ReflectMessage = reflect(schema, message);
  const names = path.split(".");
  for (const [index, name] of names.entries()) {
    const field = current.fields.find((candidate) => candidate.name === name);
    if (!field) return undefined;
    const last = index === names.length - 1;
    if (field.fieldKind === "message") {
      if (!current.isSet(field)) return undefined;
      if (last) return current.get(field).message;
      current = current.get(field);
    } else if (last)
      return (current.message as unknown as Record<string, unknown>)[field.localName];
    else return undefined;
  }
  return undefined;
}
