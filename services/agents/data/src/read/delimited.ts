/** Reads delimited text as texts, and reports the lines that do not fit. */
import { createReadStream } from "node:fs";
import { unreadable } from "../failure.ts";
import { identifier, literal, numeral } from "../intent/quote.ts";
import type { Database } from "./database.ts";
import { type Dialect, findDialect } from "./dialect.ts";
import type { Sample, Sniffed } from "./sniff.ts";
import { firstFew, type Warning } from "./warning.ts";

export interface ReadDelimited {
  readonly dialect: Dialect;
  /** The line of the file on which a row of "raw" begins, from 1. */
  readonly lineOf: (row: number) => Promise<number>;
}

/** @param path of the text in UTF-8 */
export async function readDelimited(
  database: Database,
  path: string,
  { text }: Sniffed,
  sample: Sample,
  warnings: Warning[],
): Promise<ReadDelimited> {
  const dialect = findDialect(text, sample.head.length === sample.size_bytes);
  warnings.push(...dialect.warnings);
  const columns = dialect.names.map((name) => `${literal(name)}: 'VARCHAR'`).join(", ");
  await database.query(`CREATE OR REPLACE TABLE raw AS SELECT * FROM read_csv(
    ${literal(path)}, auto_detect = false, columns = {${columns}},
    delim = ${literal(dialect.delimiter)}, quote = '"', escape = '"',
    header = ${dialect.has_header}, skip = ${numeral(dialect.lines_before)}, encoding = 'utf-8',
    store_rejects = true, rejects_limit = 0)`);
  const rejects = await takeRejects(database);
  await reportRejects(database, path, sample.filename, rejects, warnings);
  await dropEmptyColumns(database, dialect);
  return { dialect, lineOf: lineFinder(database, dialect, rejects) };
}

/** A record that was left out. */
interface Reject {
  /** Counted from 1 over all records, title lines and header included. */
  readonly record: number;
  /** Where its line begins in the file. */
  readonly byte: number;
}

/** @throws when the text turns out not to be UTF-8. */
async function takeRejects(database: Database): Promise<readonly Reject[]> {
  const { rows } = await database.query(
    `SELECT line, min(line_byte_position), bool_or(error_type::VARCHAR = 'INVALID ENCODING')
     FROM reject_errors GROUP BY line ORDER BY line`,
  );
  await database.query("DROP TABLE reject_errors");
  await database.query("DROP TABLE reject_scans");
  if (rows.some((row) => row[2] === true)) throw new Error("the text is not valid UTF-8");
  return rows.map(([record, byte]) => ({ record: Number(record), byte: Number(byte) }));
}

/** Rows that do not fit the columns are left out, with their line numbers; too many, and it is no table. */
async function reportRejects(
  database: Database,
  path: string,
  filename: string,
  rejects: readonly Reject[],
  warnings: Warning[],
): Promise<void> {
  if (rejects.length === 0) return;
  const kept = Number((await database.query("SELECT count(*) FROM raw")).rows[0]?.[0]);
  const shown = rejects.slice(0, 11).map(({ byte }) => byte);
  const lines = firstFew(await linesAt(path, shown));
  if (rejects.length > kept / 4) {
    throw unreadable(
      filename,
      {
        en: `${rejects.length} lines do not have as many cells as the first (lines ${lines})`,
        de: `${rejects.length} Zeilen haben nicht so viele Zellen wie die erste (Zeilen ${lines})`,
      },
      {
        en: "Check the separator and the quotes in these lines.",
        de: "Trennzeichen und Anführungszeichen in diesen Zeilen prüfen.",
      },
    );
  }
  const [one, eine] = rejects.length === 1 ? ["Line", "Zeile"] : ["Lines", "Zeilen"];
  warnings.push({
    en: `${one} ${lines} left out: not as many cells as there are columns.`,
    de: `${eine} ${lines} ausgelassen: nicht so viele Zellen wie Spalten.`,
  });
}

/** The lines, from 1, on which these bytes lie; both in ascending order. */
async function linesAt(path: string, bytes: readonly number[]): Promise<number[]> {
  const lines: number[] = [];
  let line = 1;
  let from = 0;
  for await (const piece of createReadStream(path, { end: bytes.at(-1) ?? 0 })) {
    for (let at = 0; at < piece.length; at++) {
      while (lines.length < bytes.length && from + at === bytes[lines.length]) lines.push(line);
      if (piece[at] === 10) line++;
    }
    from += piece.length;
  }
  return lines;
}

/** A separator at the end of every line makes a column that nobody named and that holds nothing. */
async function dropEmptyColumns(database: Database, { names, unnamed }: Dialect) {
  if (unnamed.length === 0 || unnamed.length === names.length) return;
  const counts = unnamed.map((name) => `count(${identifier(name)})`).join(", ");
  const { rows } = await database.query(`SELECT ${counts} FROM raw`);
  for (const [index, name] of unnamed.entries()) {
    if (Number(rows[0]?.[index]) > 0) continue;
    await database.query(`ALTER TABLE raw DROP COLUMN ${identifier(name)}`);
  }
}

/** Rows lie in the order of the file; lines that were left out and line ends inside cells go before. */
function lineFinder(database: Database, dialect: Dialect, rejects: readonly Reject[]) {
  const { lines_before, header_lines, has_header } = dialect;
  return async (row: number): Promise<number> => {
    const { rows: described } = await database.query("DESCRIBE raw");
    const ends = described.map(([name]) => {
      const column = identifier(String(name));
      return `coalesce(length(${column}) - length(replace(${column}, chr(10), '')), 0)`;
    });
    const { rows } = await database.query(
      `SELECT coalesce(sum(${ends.join(" + ")}), 0) FROM raw WHERE rowid < ${numeral(row)}`,
    );
    let record = lines_before + (has_header ? 1 : 0) + row + 1;
    for (const reject of rejects) if (reject.record <= record) record++;
    return record + Math.max(0, header_lines - 1) + Number(rows[0]?.[0] ?? 0);
  };
}
