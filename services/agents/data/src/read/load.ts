/**
 * Reads a file into the table "source" of its own database. Texts are read as texts first and then
 * given types column by column, so that German numbers, odd dates and stray words are either read
 * rightly or reported, never dropped in silence.
 */
import { open as openFile } from "node:fs/promises";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { DataFailure, unreadable } from "../failure.ts";
import { identifier, literal } from "../intent/quote.ts";
import type { DataLimits } from "../limits.ts";
import { type Database, openDatabase } from "./database.ts";
import { findDialect } from "./dialect.ts";
import { type Sample, type Sniffed, sniff } from "./sniff.ts";
import { type CellType, findReading, type Reading, writesDecimalCommas } from "./values.ts";

export interface LoadedColumn {
  readonly name: string;
  readonly type: CellType;
  readonly unit?: string;
}

export interface Loaded {
  readonly database: Database;
  readonly columns: readonly LoadedColumn[];
  readonly row_count: number;
  /** SQL before every query, that gives "source" its types; empty when DuckDB would find the same. */
  readonly preamble: string;
  readonly warnings: readonly string[];
}

const headBytes = 256 * 1024;
const sampleRows = 2000;

/** @throws DataFailure UNREADABLE_FILE or LIMIT_EXCEEDED, naming the file. */
export async function load(path: string, filename: string, limits: DataLimits): Promise<Loaded> {
  const sample = await readSample(path, filename);
  requireSize(sample, limits);
  const sniffed = sniff(sample);
  const database = await openDatabase(limits);
  try {
    const warnings = [...sniffed.warnings];
    await readRaw(database, path, sniffed, sample, warnings);
    const typed = await giveTypes(database, limits, sample.filename, warnings);
    await database.query("DROP TABLE raw");
    await database.lock();
    return { database, ...typed, warnings };
  } catch (cause) {
    database.close();
    if (cause instanceof DataFailure) throw cause;
    throw explain(filename, sniffed, cause);
  }
}

async function readSample(path: string, filename: string): Promise<Sample> {
  await using file = await openFile(path, "r");
  const { size } = await file.stat();
  const read = async (length: number, position: number) => {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
    return buffer.subarray(0, bytesRead);
  };
  const head = await read(Math.min(size, headBytes), 0);
  const tail = await read(Math.min(size, 64), Math.max(0, size - 64));
  return { filename, size_bytes: size, head, tail };
}

function requireSize({ filename, size_bytes }: Sample, { file_bytes_max }: DataLimits) {
  if (size_bytes <= file_bytes_max) return;
  const mebibytes = (bytes: number) => (bytes / 1024 / 1024).toFixed(0);
  throw new DataFailure(Reason.LIMIT_EXCEEDED, {
    message: `"${filename}" has ${mebibytes(size_bytes)} MiB; at most ${mebibytes(file_bytes_max)} MiB are read.`,
    remedy: "Attach a smaller file, for example fewer columns or rows, or Parquet.",
    field: "source",
    metadata: { filename, value: String(size_bytes), limit: String(file_bytes_max) },
  });
}

async function readRaw(
  database: Database,
  path: string,
  sniffed: Sniffed,
  sample: Sample,
  warnings: string[],
) {
  const file = literal(path);
  if (sniffed.format === "parquet") {
    await database.query(`CREATE TABLE raw AS SELECT * FROM read_parquet(${file})`);
  } else if (sniffed.format === "delimited") {
    await readDelimited(database, file, sniffed, sample, warnings);
  } else {
    const format = sniffed.format === "json" ? "auto" : "newline_delimited";
    await database.query(
      `CREATE TABLE raw AS SELECT * FROM read_json(${file}, format = '${format}',
       maximum_object_size = 67108864, sample_size = -1)`,
    );
    await flattenStructs(database);
  }
}

async function readDelimited(
  database: Database,
  file: string,
  { text, encoding }: Sniffed,
  sample: Sample,
  warnings: string[],
) {
  const dialect = findDialect(text, sample.head.length === sample.size_bytes);
  warnings.push(...dialect.warnings);
  if (encoding !== "utf-8") warnings.push(`The text is encoded as ${encoding}, not UTF-8.`);
  const columns = dialect.names.map((name) => `${literal(name)}: 'VARCHAR'`).join(", ");
  const statement = (encoded: string) => `CREATE OR REPLACE TABLE raw AS SELECT * FROM read_csv(
    ${file}, auto_detect = false, columns = {${columns}}, delim = ${literal(dialect.delimiter)},
    quote = '"', escape = '"', header = ${dialect.has_header}, encoding = '${encoded}',
    strict_mode = false, store_rejects = true, rejects_limit = 0)`;
  try {
    await database.query(statement(encoding));
  } catch (cause) {
    if (encoding !== "utf-8" || !/unicode|utf-?8/i.test(String(cause))) throw cause;
    await database.query(statement("latin-1"));
    warnings.push("The text is not valid UTF-8 and was read as latin-1.");
  }
  await reportRejects(database, sample.filename, warnings);
}

/** Rows that do not fit the columns are left out, with their line numbers; too many, and it is no table. */
async function reportRejects(database: Database, filename: string, warnings: string[]) {
  const { rows } = await database.query(
    `SELECT DISTINCT line, error_type::VARCHAR FROM reject_errors ORDER BY line`,
  );
  if (rows.length === 0) return;
  const kept = Number((await database.query("SELECT count(*) FROM raw")).rows[0]?.[0]);
  const lines = [...new Set(rows.map((row) => Number(row[0])))];
  const shown = lines.slice(0, 10).join(", ") + (lines.length > 10 ? ", …" : "");
  if (lines.length > kept / 4) {
    throw unreadable(
      filename,
      `${lines.length} lines do not have as many cells as the first (lines ${shown})`,
      "Check the separator and the quotes in these lines.",
    );
  }
  const what = lines.length === 1 ? "Line" : "Lines";
  warnings.push(`${what} ${shown} left out: not as many cells as there are columns.`);
}

/** Objects inside rows become columns of their own: record.high, record.low. */
async function flattenStructs(database: Database) {
  for (let depth = 0; depth < 3; depth++) {
    const { rows } = await database.query("DESCRIBE raw");
    if (!rows.some((row) => String(row[1]).startsWith("STRUCT("))) return;
    await database.query(structSelect(rows.map((row) => [String(row[0]), String(row[1])])));
  }
}

function structSelect(columns: readonly (readonly [name: string, type: string])[]): string {
  const parts = columns.flatMap(([name, type]) => {
    if (!type.startsWith("STRUCT(")) return [identifier(name)];
    return structFields(type).map(
      (field) => `${identifier(name)}.${identifier(field)} AS ${identifier(`${name}.${field}`)}`,
    );
  });
  return `CREATE OR REPLACE TABLE raw AS SELECT ${parts.join(", ")} FROM raw`;
}

/** The names at the first level of "STRUCT(high BIGINT, "a b" STRUCT(…))". */
function structFields(type: string): string[] {
  const names: string[] = [];
  let depth = 0;
  let start = "STRUCT(".length;
  for (let at = start; at < type.length; at++) {
    const sign = type[at];
    if (sign === "(") depth++;
    const ends = (sign === "," || sign === ")") && depth === 0;
    if (sign === ")") depth--;
    if (!ends) continue;
    const field = /^\s*(?:"((?:[^"]|"")*)"|(\S+))\s/.exec(type.slice(start, at));
    if (field) names.push((field[1] ?? field[2] ?? "").replaceAll('""', '"'));
    start = at + 1;
  }
  return names;
}

async function giveTypes(
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

/** DuckDB's words about a broken file, told as what is wrong with which file. */
function explain(filename: string, { format }: Sniffed, cause: unknown): DataFailure {
  const text = String(cause instanceof Error ? cause.message : cause);
  const where = /(?:at byte|near line|line:?|byte position:?) ?(\d+)/i.exec(text)?.[0];
  const at = where === undefined ? "" : ` (${where.toLowerCase()})`;
  if (format === "delimited") {
    return unreadable(
      filename,
      `its lines do not form a table${at}`,
      "Check separator, quotes and encoding, or save it again as CSV in UTF-8.",
      cause,
    );
  }
  if (format === "parquet") {
    return unreadable(filename, "its Parquet structure is damaged", "Write it again.", cause);
  }
  return unreadable(
    filename,
    `its JSON is broken${at}`,
    "Check it with a JSON validator; a list of objects is read best.",
    cause,
  );
}
