/** The only three ways in which text from outside becomes part of a query. */

/** A column or table name, quoted so that any text is only a name. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text, quoted so that any text is only a text. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A number that is one. */
export function numeral(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`${value} is not a number that SQL can hold`);
  return String(value);
}

/** A column as it stands in the file, or what it is computed by. */
export const columnSql = ({ name, sql }: { readonly name: string; readonly sql?: string }) =>
  sql === undefined ? identifier(name) : `(${sql})`;
