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
import { type Sample, type Sniffed, sniff, type TextEncoding } from "./sniff.ts";
import { transcode } from "./transcode.ts";
import { giveTypes, type LoadedColumn, type TextFacts } from "./types.ts";
import type { Warning } from "./warning.ts";

export interface Loaded {
  readonly database: Database;
  readonly columns: readonly LoadedColumn[];
  readonly row_count: number;
  /** SQL before every query, that gives "source" its types; empty when DuckDB would find the same. */
  readonly preamble: string;
  readonly warnings: readonly Warning[];
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
    const facts = await readRaw(database, path, sniffed, sample, warnings);
    const typed = await giveTypes(database, limits, facts, warnings);
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
    message: {
      en: `"${filename}" has ${mebibytes(size_bytes)} MiB; at most ${mebibytes(file_bytes_max)} MiB are read.`,
      de: `„${filename}“ hat ${mebibytes(size_bytes)} MiB; höchstens ${mebibytes(file_bytes_max)} MiB werden gelesen.`,
    },
    remedy: {
      en: "Attach a smaller file, for example fewer columns or rows, or Parquet.",
      de: "Eine kleinere Datei anhängen: weniger Spalten oder Zeilen, oder Parquet.",
    },
    field: "source",
    metadata: { filename, value: String(size_bytes), limit: String(file_bytes_max) },
  });
}

async function readRaw(
  database: Database,
  path: string,
  sniffed: Sniffed,
  sample: Sample,
  warnings: Warning[],
): Promise<TextFacts> {
  const { filename } = sample;
  const record = { en: "record", de: "Datensatz", of: async (row: number) => row + 1 };
  const facts = { filename, delimiter: "", places: record };
  if (sniffed.format === "parquet") {
    await database.query(`CREATE TABLE raw AS SELECT * FROM read_parquet(${literal(path)})`);
    return facts;
  }
  if (sniffed.format === "delimited") {
    const { dialect, lineOf } = await asUtf8(path, sniffed.encoding, warnings, (text) =>
      readDelimited(database, text, sniffed, sample, warnings),
    );
    const places = { en: "line", de: "Zeile", of: lineOf };
    return { filename, delimiter: dialect.delimiter, places };
  }
  const format = sniffed.format === "json" ? "auto" : "newline_delimited";
  await asUtf8(path, sniffed.encoding, warnings, (text) =>
    database.query(
      `CREATE TABLE raw AS SELECT * FROM read_json(${literal(text)}, format = '${format}',
       maximum_object_size = 67108864, sample_size = -1)`,
    ),
  );
  await spreadNested(database, filename);
  return facts;
}

const encodings: Readonly<Record<TextEncoding, string>> = {
  "utf-8": "UTF-8",
  "utf-16le": "UTF-16",
  "utf-16be": "UTF-16",
  "windows-1252": "Windows-1252",
};

/** Reads the text as UTF-8, rewritten where it is not; bad bytes may only turn up further down. */
async function asUtf8<T>(
  path: string,
  encoding: TextEncoding,
  warnings: Warning[],
  read: (path: string) => Promise<T>,
): Promise<T> {
  if (encoding === "utf-8") {
    const before = warnings.length;
    try {
      return await read(path);
    } catch (cause) {
      if (!/unicode|utf-?8/i.test(String(cause))) throw cause;
      warnings.length = before;
      return asUtf8(path, "windows-1252", warnings, read);
    }
  }
  const name = encodings[encoding];
  warnings.push({
    en: `The text is encoded as ${name}, not UTF-8.`,
    de: `Der Text ist in ${name} kodiert, nicht in UTF-8.`,
  });
  await using text = await transcode(path, encoding);
  return await read(text.path);
}

/** DuckDB's words about a broken file, told as what is wrong with which file. */
function explain(filename: string, { format }: Sniffed, cause: unknown): DataFailure {
  const text = String(cause instanceof Error ? cause.message : cause);
  const where = /(?:at byte|near line|line:?|byte position:?) ?(\d+)/i.exec(text)?.[0];
  const at = where === undefined ? "" : ` (${where.toLowerCase()})`;
  if (format === "delimited") {
    return unreadable(
      filename,
      {
        en: `its lines do not form a table${at}`,
        de: `die Zeilen ergeben keine Tabelle${at}`,
      },
      {
        en: "Check separator, quotes and encoding, or save it again as CSV in UTF-8.",
        de: "Trennzeichen, Anführungszeichen und Kodierung prüfen, oder als CSV in UTF-8 neu speichern.",
      },
      cause,
    );
  }
  if (format === "parquet") {
    return unreadable(
      filename,
      { en: "its Parquet structure is damaged", de: "die Parquet-Struktur ist beschädigt" },
      { en: "Write it again.", de: "Die Datei neu schreiben." },
      cause,
    );
  }
  return unreadable(
    filename,
    { en: `its JSON is broken${at}`, de: `das JSON ist fehlerhaft${at}` },
    {
      en: "Check it with a JSON validator; a list of objects is read best.",
      de: "Mit einem JSON-Prüfer ansehen; eine Liste von Objekten wird am besten gelesen.",
    },
    cause,
  );
}
