/**
 * A last row that sums up the others, as spreadsheets have: counted as a row it would double every sum,
 * so it is left out and named.
 */
import { identifier, literal } from "../intent/quote.ts";
import type { Database } from "./database.ts";
import type { LoadedColumn } from "./types.ts";
import type { Warning } from "./warning.ts";

const words = /^(gesamt|gesamtsumme|summe|insgesamt|total|totals|grand total|sum|overall)[:.]?$/i;
const near = 0.005;

export interface WithoutTotal {
  readonly row_count: number;
  /** SQL that is true for all other rows; empty: no row was left out. */
  readonly keeps: string;
}

/** Looks at the last row of "source". */
export async function dropTotalRow(
  database: Database,
  columns: readonly LoadedColumn[],
  row_count: number,
  warnings: Warning[],
): Promise<WithoutTotal> {
  const all = { row_count, keeps: "" };
  const texts = columns.filter(({ type }) => type === "text");
  const numbers = columns.filter(({ type }) => type === "integer" || type === "number");
  if (row_count < 3 || texts.length === 0 || numbers.length === 0) return all;
  const last = `rowid = ${row_count - 1}`;
  const list = [...texts, ...numbers].map(({ name }) => identifier(name)).join(", ");
  const { rows } = await database.query(`SELECT ${list} FROM source WHERE ${last}`);
  const at = texts.findIndex((_, index) => words.test(String(rows[0]?.[index] ?? "").trim()));
  if (at < 0) return all;
  const label = identifier(texts[at]!.name);
  const keeps = `${label} IS DISTINCT FROM ${literal(String(rows[0]![at]))}`;
  const sums = numbers.map(({ name }) => `sum(${identifier(name)})`).join(", ");
  const others = await database.query(`SELECT count(*), ${sums} FROM source WHERE ${keeps}`);
  const [count, ...figures] = others.rows[0]!.map(Number);
  const own = rows[0]!.slice(texts.length).map(Number);
  const sums_up = own.some(
    (figure, index) =>
      figure !== 0 && Math.abs(figures[index]! - figure) <= Math.abs(figure) * near,
  );
  // A name that other rows have too is a name.
  if (!sums_up || count !== row_count - 1) return all;
  await database.query(`DELETE FROM source WHERE ${last}`);
  warnings.push({
    en: "The last row sums up the others and was left out.",
    de: "Die letzte Zeile summiert die anderen und wurde ausgelassen.",
  });
  return { row_count: row_count - 1, keeps };
}
