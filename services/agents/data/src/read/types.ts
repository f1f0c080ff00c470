/** From the table "raw" of texts to the table "source" of typed columns. */
import { unreadable } from "../failure.ts";
import { identifier } from "../intent/quote.ts";
import type { DataLimits } from "../limits.ts";
import type { Database } from "./database.ts";
import { type CellType, findReading, type Reading, writesDecimalCommas } from "./values.ts";

export interface LoadedColumn {
  readonly name: string;
  readonly type: CellType;
  readonly unit?: string;
}

const sampleRows = 2000;

/** Gives each column its type, and reports the cells that are something else. */
export async function giveTypes(
  database: Database,
  limits: DataLimits,
  filename: string,
  warnings: string[],
) {
  const described = (await database.query("DESCRIBE raw")).rows;
  if (described.length > limits.columns_max) {
    throw unreadable(
      filename,
      `it has ${described.length} columns, and at most ${limits.columns_max} are read`,
      "Keep the columns that you want to ask about.",
    );
  }
  const sample = (
    await database.query(`SELECT * FROM raw USING SAMPLE ${sampleRows} ROWS (reservoir, 7)`)
  ).rows;
  const texts = described.map(([, type], index) =>
    isText(String(type))
      ? sample.flatMap((row) => (row[index] === null ? [] : [String(row[index])]))
      : [],
  );
  const comma = writesDecimalCommas(texts);
  const readings = described.map(([name, type], index) =>
    isText(String(type))
      ? findReading(texts[index]!, comma)
      : nativeReading(String(name), String(type)),
  );
  const names = described.map((row) => String(row[0]));
  const parts = names.map((name, index) => {
    const reading = readings[index];
    const expression = reading
      ? reading.expression(name)
      : textOf(name, String(described[index]![1]));
    return { name, expression, plain: reading?.plain ?? true };
  });
  const select = parts.map(({ name, expression }) => `${expression} AS ${identifier(name)}`);
  await database.query(`CREATE TABLE source AS SELECT ${select.join(", ")} FROM raw`);
  await reportStrays(database, names, readings, warnings);
  const row_count = Number((await database.query("SELECT count(*) FROM source")).rows[0]?.[0]);
  if (row_count === 0) {
    throw unreadable(filename, "it has column names but no rows", "Attach a file with rows.");
  }
  const columns = names.map((name, index): LoadedColumn => {
    const { type = "text", unit } = readings[index] ?? {};
    return unit === undefined ? { name, type } : { name, type, unit };
  });
  return { columns, row_count, preamble: preambleOf(parts) };
}

const isText = (type: string) => type === "VARCHAR" || type === "JSON";

const textOf = (name: string, type: string) =>
  type === "JSON" ? `(${identifier(name)} ->> '$')` : `${identifier(name)}::VARCHAR`;

/** Types that the format itself gives: Parquet and JSON. */
function nativeReading(_name: string, type: string): Reading | undefined {
  const as = (given: CellType, cast?: string): Reading => ({
    type: given,
    plain: true,
    expression: (column) => identifier(column) + (cast ? `::${cast}` : ""),
  });
  if (/^(U?(TINY|SMALL|BIG)INT|U?INTEGER)$/.test(type)) return as("integer", "BIGINT");
  if (/^U?HUGEINT$/.test(type)) return as("integer", "DOUBLE");
  if (/^(FLOAT|DOUBLE|DECIMAL.*)$/.test(type)) return as("number", "DOUBLE");
  if (type === "BOOLEAN") return as("truth");
  if (type === "DATE") return as("date");
  if (type.startsWith("TIMESTAMP")) return as("time", "TIMESTAMP");
  return undefined;
}

/** Cells that are neither missing nor what the rest of their column is. */
async function reportStrays(
  database: Database,
  names: readonly string[],
  readings: readonly (Reading | undefined)[],
  warnings: string[],
) {
  for (const [index, reading] of readings.entries()) {
    const name = identifier(names[index]!);
    if (!reading || reading.expression(names[index]!).startsWith(name)) continue;
    const { rows } = await database.query(
      `SELECT count(*), any_value(raw.${name}) FROM raw POSITIONAL JOIN source
       WHERE source.${name} IS NULL AND trim(raw.${name}::VARCHAR) <> ''`,
    );
    const [count, example] = rows[0] ?? [];
    if (!count) continue;
    warnings.push(
      `${count} of the values of "${names[index]}" are not a ${reading.type}, such as "${example}", and count as missing.`,
    );
  }
}

function preambleOf(parts: readonly { name: string; expression: string; plain: boolean }[]) {
  const changed = parts.filter(({ plain }) => !plain);
  if (changed.length === 0) return "";
  const list = changed.map(({ name, expression }) => `    ${expression} AS ${identifier(name)}`);
  return `WITH source AS (\n  SELECT * REPLACE (\n${list.join(",\n")}\n  ) FROM source\n)\n`;
}
