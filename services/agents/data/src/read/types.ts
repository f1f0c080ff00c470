/** From the table "raw" of texts to the table "source" of typed columns. */
import { unreadable } from "../failure.ts";
import { identifier } from "../intent/quote.ts";
import type { DataLimits } from "../limits.ts";
import type { Database } from "./database.ts";
import { type DecimalSign, decimalSignOf } from "./numbers.ts";
import { type RowPlaces, reportStrays } from "./strays.ts";
import { dropTotalRow } from "./totals.ts";
import { type CellType, findReading, type Reading } from "./values.ts";
import type { Warning } from "./warning.ts";

export interface LoadedColumn {
  readonly name: string;
  readonly type: CellType;
  readonly unit?: string;
}

/** What is known of the file besides its cells. */
export interface TextFacts {
  readonly filename: string;
  /** Between cells; empty: it is no delimited text. */
  readonly delimiter: string;
  readonly places: RowPlaces;
}

const sampleRows = 2000;

/** Gives each column its type, and reports the cells that are something else. */
export async function giveTypes(
  database: Database,
  limits: DataLimits,
  { filename, delimiter, places }: TextFacts,
  warnings: Warning[],
) {
  const described = (await database.query("DESCRIBE raw")).rows;
  if (described.length > limits.columns_max) {
    throw unreadable(
      filename,
      {
        en: `it has ${described.length} columns, and at most ${limits.columns_max} are read`,
        de: `die Datei hat ${described.length} Spalten, und höchstens ${limits.columns_max} werden gelesen`,
      },
      {
        en: "Keep the columns that you want to ask about.",
        de: "Die Spalten behalten, um die es geht.",
      },
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
  const { sign: decimals, unsure } = decimalSignOf(texts, delimiter);
  if (unsure) warnings.push(unsureDecimals(unsure, decimals));
  const german = decimals === "comma" || delimiter === ";";
  const readings = described.map(([name, type], index) =>
    isText(String(type))
      ? findReading(texts[index]!, { name: String(name), decimals, german }, warnings)
      : nativeReading(String(type)),
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
  const converted = names.map((name, index) => ({ name, reading: readings[index] }));
  await reportStrays(database, converted, places, warnings);
  const all = Number((await database.query("SELECT count(*) FROM source")).rows[0]?.[0]);
  if (all === 0) {
    throw unreadable(
      filename,
      {
        en: "it has column names but no rows",
        de: "die Datei hat Spaltennamen, aber keine Zeilen",
      },
      { en: "Attach a file with rows.", de: "Eine Datei mit Zeilen anhängen." },
    );
  }
  const columns = names.map((name, index): LoadedColumn => {
    const { type = "text", unit } = readings[index] ?? {};
    return unit === undefined ? { name, type } : { name, type, unit };
  });
  const { row_count, keeps } = await dropTotalRow(database, columns, all, warnings);
  return { columns, row_count, preamble: preambleOf(parts, keeps) };
}

const isText = (type: string) => type === "VARCHAR" || type === "JSON";

const textOf = (name: string, type: string) =>
  type === "JSON" ? `(${identifier(name)} ->> '$')` : `${identifier(name)}::VARCHAR`;

/** Types that the format itself gives: Parquet and JSON. */
function nativeReading(type: string): Reading | undefined {
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

function unsureDecimals(example: string, decimals: DecimalSign): Warning {
  const [en, de] =
    decimals === "comma" ? ["thousands", "Tausender"] : ["decimals", "Dezimalstellen"];
  return {
    en: `Numbers such as ${example} can be read both ways; what follows the point is read as ${en}.`,
    de: `Zahlen wie ${example} lassen sich zweierlei lesen; was nach dem Punkt steht, gilt als ${de}.`,
  };
}

function preambleOf(
  parts: readonly { name: string; expression: string; plain: boolean }[],
  keeps: string,
) {
  const changed = parts.filter(({ plain }) => !plain);
  if (changed.length === 0 && keeps === "") return "";
  const list = changed.map(({ name, expression }) => `    ${expression} AS ${identifier(name)}`);
  const select = list.length > 0 ? `* REPLACE (\n${list.join(",\n")}\n  )` : "*";
  const where = keeps === "" ? "" : `\n  WHERE ${keeps}`;
  return `WITH source AS (\n  SELECT ${select} FROM source${where}\n)\n`;
}
