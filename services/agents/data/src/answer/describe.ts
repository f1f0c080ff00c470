/** Describes a table column by column, with the SQL that found it out. */
import { ColumnType } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import { identifier, literal } from "../intent/quote.ts";
import type { Language } from "../language/lexicon.ts";
import type { Value } from "../read/database.ts";
import { type Column, isNumeric, type Profile } from "../read/profile.ts";
import { formatNumber, formatValue } from "./format.ts";
import type { Cells } from "./table.ts";
import { wordsOf } from "./words.ts";

/** One row per column: name, type, missing, different, least, greatest, typical. */
export function describeSql({ columns }: Profile): string {
  return (
    columns.map((column, index) => describeColumnSql(column, index)).join("\nUNION ALL\n") +
    "\nORDER BY 1"
  );
}

function describeColumnSql({ name, type }: Column, index: number): string {
  const column = identifier(name);
  const typical = isNumeric(type) ? `median(${column})` : `mode(${column})`;
  const range =
    type === "truth" ? "NULL, NULL" : `min(${column})::VARCHAR, max(${column})::VARCHAR`;
  return `SELECT ${index + 1} AS "position", ${literal(name)} AS "column", ${literal(type)} AS "type",
  count(*) - count(${column}) AS "missing", count(DISTINCT ${column}) AS "different",
  ${range}, ${typical}::VARCHAR AS "typical"
FROM source`;
}

export function describeCells(language: Language): Cells[] {
  const [column, type, missing, distinct, min, max, typical] = wordsOf(language).describeColumns;
  const text = (name: string, label: string): Cells => ({
    column: { name, label, type: ColumnType.TEXT },
    cell: (value) => value,
  });
  const count = (name: string, label: string): Cells => ({
    column: { name, label, type: ColumnType.INTEGER },
    cell: (value) => value,
  });
  return [
    text("column", column),
    text("type", type),
    count("missing", missing),
    count("different", distinct),
    text("least", min),
    text("greatest", max),
    text("typical", typical),
  ];
}

/** Rows for people: types named, numbers and dates as the language writes them. */
export function describeRows(
  rows: readonly (readonly Value[])[],
  { columns }: Profile,
  language: Language,
): Value[][] {
  return rows.map((row, index) => {
    const [, name, type, missing, distinct, min, max, typical] = row;
    const shown = (value: Value | undefined) => limitText(value ?? null, columns[index]!, language);
    return [
      ...[name ?? null, wordsOf(language).type(String(type)), missing ?? null, distinct ?? null],
      ...[shown(min), shown(max), shown(typical)],
    ];
  });
}

function limitText(value: Value, column: Column, language: Language): Value {
  if (value === null) return null;
  const plain = isNumeric(column.type) ? Number(value) : String(value).replace(" ", "T");
  return formatValue(column.type === "text" ? value : plain, column, language);
}

export function describeSentence({ columns, row_count }: Profile, language: Language): string {
  const names = columns.slice(0, 12).map(({ name }) => name);
  if (columns.length > names.length) names.push("…");
  return wordsOf(language).sentence.describe(
    formatNumber(row_count, language),
    formatNumber(columns.length, language),
    names,
  );
}
