/**
 * Reads a file into the table "source" of its own database. Texts are read as texts first and then
 * given types column by column, so that German numbers, odd dates and stray words are either read
 * rightly or reported, never dropped in silence.
 */
import { open as openFile } from "node:fs/promises";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { DataFailure, unreadable } from "../failure.ts";
import { literal } from "../intent/quote.ts";
import type { DataLimits } from "../limits.ts";
import { type Database, openDatabase } from "./database.ts";
import { readDelimited } from "./delimited.ts";
import { spreadNested } from "./nested.ts";
import { type Sample, type Sniffed, sniff } from "./sniff.ts";
import { giveTypes, type LoadedColumn } from "./types.ts";

export interface Loaded {
  readonly database: Database;
  readonly columns: readonly LoadedColumn[];
  readonly row_count: number;
  /** SQL before every query, that gives "source" its types; empty when DuckDB would find the same. */
  readonly preamble: string;
  readonly warnings: readonly string[];
}

const headBytes = 256 * 1024;

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
    await spreadNested(database, sample.filename);
  }
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
