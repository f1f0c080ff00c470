/**
 * Whether callers of one contract can go on under another of the same version: what was there must
 * still be there, under the same name, number and type. Additions are fine. Bounds are not compared.
 */
import type { DescField, DescMessage, DescService } from "@bufbuild/protobuf";

/** What would break, one sentence each; empty: nothing. */
export function breaks(published: DescService, offered: DescService): string[] {
  const found: string[] = [];
  const seen = new Set<string>();
  for (const method of published.methods) {
    const path = `${published.typeName}/${method.name}`;
    const other = offered.methods.find(({ name }) => name === method.name);
    if (!other) {
      found.push(`${path} is gone`);
      continue;
    }
    if (other.methodKind !== method.methodKind) {
      found.push(`${path} was ${method.methodKind}, would be ${other.methodKind}`);
    }
    compare(method.input, other.input, found, seen);
    compare(method.output, other.output, found, seen);
  }
  return found;
}

function compare(
  published: DescMessage,
  offered: DescMessage,
  found: string[],
  seen: Set<string>,
): void {
  if (published.typeName !== offered.typeName) {
    found.push(`${published.typeName} would become ${offered.typeName}`);
    return;
  }
  if (seen.has(published.typeName)) return;
  seen.add(published.typeName);
  for (const field of published.fields) {
    const path = `${published.typeName}.${field.name}`;
    const other = offered.fields.find(({ number }) => number === field.number);
    if (!other) found.push(`${path} is gone`);
    else if (other.name !== field.name) found.push(`${path} would be named ${other.name}`);
    else if (typeName(other) !== typeName(field)) {
      found.push(`${path} was ${typeName(field)}, would be ${typeName(other)}`);
    } else if (field.message && other.message) compare(field.message, other.message, found, seen);
    else if (field.enum && other.enum) {
      for (const value of field.enum.values) {
        const same = other.enum.values.some(
          ({ name, number }) => name === value.name && number === value.number,
        );
        if (!same) found.push(`${field.enum.typeName}.${value.name} is gone or has another number`);
      }
    }
  }
}

function typeName(field: DescField): string {
  const base = field.message?.typeName ?? field.enum?.typeName ?? `scalar ${field.scalar}`;
  return field.fieldKind === "list" ? `list of ${base}` : `${field.fieldKind} ${base}`;
}
