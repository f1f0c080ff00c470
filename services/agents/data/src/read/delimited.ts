/** Reads delimited text as texts, and reports the lines that do not fit. */
import { unreadable } from "../failure.ts";
import { literal } from "../intent/quote.ts";
import type { Database } from "./database.ts";
import { findDialect } from "./dialect.ts";
import type { Sample, Sniffed } from "./sniff.ts";

export async function readDelimited(
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
    store_rejects = true, rejects_limit = 0)`;
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
