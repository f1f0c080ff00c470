/** Dotted field paths in messages: what they name, reading one, writing one. */
import { create, type DescField, type DescMessage, type Message } from "@bufbuild/protobuf";
import { type ReflectMessage, reflect } from "@bufbuild/protobuf/reflect";

/** Undefined: the message has no such field. Paths do not go into lists and maps. */
export function fieldAt(message: DescMessage, path: string): DescField | undefined {
  const [name = "", ...rest] = path.split(".");
  const field = message.fields.find((candidate) => candidate.name === name);
  if (!field || rest.length === 0) return field;
  if (field.fieldKind !== "message") return undefined;
  return fieldAt(field.message, rest.join("."));
}

/** What may be bound to what: two fields fit when this is the same. */
export function shapeOf(field: DescField): string {
  const base = field.message?.typeName ?? field.enum?.typeName ?? scalarShape(field);
  switch (field.fieldKind) {
    case "list":
      return `repeated ${base}`;
    case "map":
      return `map<${field.mapKey}, ${base}>`;
    default:
      return base;
  }
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

/** Sets the value at the path, creating the messages on the way. */
export function writePath(schema: DescMessage, message: Message, path: string, value: unknown) {
  const [name = "", ...rest] = path.split(".");
  const field = schema.fields.find((candidate) => candidate.name === name);
  if (!field) throw new Error(`${schema.typeName} has no field "${name}"`);
  const target = message as unknown as Record<string, unknown>;
  if (rest.length === 0) {
    if (field.oneof) target[field.oneof.localName] = { case: field.localName, value };
    else target[field.localName] = value;
    return;
  }
  if (field.fieldKind !== "message") throw new Error(`${schema.typeName}.${name} has no fields`);
  const nested = (target[field.localName] as Message | undefined) ?? create(field.message);
  target[field.localName] = nested;
  writePath(field.message, nested, rest.join("."), value);
}

function scalarShape(field: DescField): string {
  return field.scalar === undefined ? "?" : `scalar ${field.scalar}`;
}
