/**
 * Gets to know a loaded table: for each column its type, unit, range and, where a text column has
 * few different texts, those texts, so that "from Japan" is found without naming the column.
 */
import { identifier } from "../intent/quote.ts";
import { nameWords } from "../language/stem.ts";
import type { DataLimits } from "../limits.ts";
import type { Database } from "./database.ts";
import type { Loaded } from "./load.ts";
import type { LoadedColumn } from "./types.ts";
import { unitOfName } from "./unit.ts";
import type { CellType } from "./values.ts";
import type { Warning } from "./warning.ts";

export interface Column {
  /** As in the file. */
  readonly name: string;
  /** The name without its unit, as people say it. */
  readonly bare: string;
  readonly type: CellType;
  /** What one unit is; empty: not known. */
  readonly unit: string;
  /** Cells without a value. */
  readonly missing: number;
  /** Different values. */
  readonly distinct: number;
  /** Least and greatest value, numbers or ISO dates; undefined for a column without values. */
  readonly min: number | string | undefined;
  readonly max: number | string | undefined;
  /** Whole numbers that are years. */
  readonly is_year: boolean;
  /** The coarsest unit that dates keep to: first days of months or years only. */
  readonly grain: "year" | "month" | "day" | "time" | undefined;
  /** What it is computed by, where it is no column of the file. */
  readonly sql?: string;
  /** The different texts, most frequent first; empty when there are too many, or no texts. */
  readonly values: readonly string[];
}

export interface Profile {
  readonly filename: string;
  readonly row_count: number;
  readonly columns: readonly Column[];
  /** See `Loaded.preamble`. */
  readonly preamble: string;
  readonly warnings: readonly Warning[];
}

export async function profileTable(
  loaded: Loaded,
  filename: string,
  limits: DataLimits,
): Promise<Profile> {
  const { database, row_count, preamble, warnings } = loaded;
  const facts = await columnFacts(database, loaded.columns);
  const columns: Column[] = [];
  for (const [index, column] of loaded.columns.entries()) {
    const [present, distinct, min, max] = facts[index]!;
    const named = unitOfName(column.name);
    columns.push({
      name: column.name,
      bare: named.bare,
      type: column.type,
      unit: column.unit ?? (isNumeric(column.type) ? named.unit : ""),
      missing: row_count - Number(present),
      distinct: Number(distinct),
      min: plainLimit(min, column.type),
      max: plainLimit(max, column.type),
      is_year: isYear(column, min, max),
      grain: await grainOf(database, column),
      values: await textValues(database, column, Number(distinct), limits),
    });
  }
  return { filename, row_count, columns, preamble, warnings };
}

export function isNumeric(type: CellType): boolean {
  return type === "integer" || type === "number";
}

async function columnFacts(database: Database, columns: readonly LoadedColumn[]) {
  const parts = columns.map(({ name, type }) => {
    const column = identifier(name);
    const range = type === "truth" ? "NULL, NULL" : `min(${column}), max(${column})`;
    return `count(${column}), count(DISTINCT ${column}), ${range}`;
  });
  const { rows } = await database.query(`SELECT ${parts.join(", ")} FROM source`);
  const flat = rows[0]!;
  return columns.map((_, index) => flat.slice(index * 4, index * 4 + 4));
}

function plainLimit(value: unknown, type: CellType): number | string | undefined {
  if (typeof value === "string") return type === "date" ? value.slice(0, 10) : value;
  return typeof value === "number" ? value : undefined;
}

/** A word of a column's name that says that its numbers are years. */
const yearWord = /^(year|yr|\w*jahr|\w*year)(s|e|en)?$/i;
/** Names that as a whole say when something was, where the numbers look like years. */
const yearName =
  /^(start(ed)?|end(ed)?|from|to|since|until|born|died|birth|death|founded|built|opened|closed|season|epoch|beginn|anfang|ende|von|bis|seit|geboren|gestorben|gegründet|erbaut|eröffnet|saison|jahrgang|vintage)$/i;

/** Whole numbers that are years, by the column's name and range. */
export function isYear({ name, type }: LoadedColumn, min: unknown, max: unknown): boolean {
  if (type !== "integer" || typeof min !== "number" || typeof max !== "number") return false;
  if (min < 1000) return false;
  if (nameWords(name).some((word) => yearWord.test(word))) return max <= 2999;
  return yearName.test(name.trim()) && max <= 2100;
}

async function grainOf(database: Database, { name, type }: LoadedColumn): Promise<Column["grain"]> {
  if (type !== "date" && type !== "time") return undefined;
  const column = identifier(name);
  const off = (unit: string) => `count_if(${column} <> date_trunc('${unit}', ${column}))`;
  const { rows } = await database.query(
    `SELECT ${off("year")}, ${off("month")}, ${off("day")} FROM source`,
  );
  const [year, month, day] = rows[0]!.map(Number);
  if (year === 0) return "year";
  if (month === 0) return "month";
  return day === 0 ? "day" : "time";
}

async function textValues(
  database: Database,
  { name, type }: LoadedColumn,
  distinct: number,
  limits: DataLimits,
): Promise<string[]> {
  if (type !== "text" || distinct > limits.values_known_max) return [];
  const column = identifier(name);
  const { rows } = await database.query(
    `SELECT ${column} FROM source WHERE ${column} IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1`,
  );
  return rows.map((row) => String(row[0]));
}
