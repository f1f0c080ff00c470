/** Reads the test tables plainly, apart from all of Keiko's code, so that figures can be computed another way. */

import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

export type Cell = string | number | boolean | null;
export type SourceRow = Readonly<Record<string, Cell>>;

const folder = join(dirname(createRequire(import.meta.url).resolve("vega-datasets")), "../data");

/** Small awkward tables of our own; what is awkward about each stands in its README. */
const ownFolder = join(import.meta.dirname, "files");

/** Where a test table is on this machine. */
export function pathOf(file: string): string {
  const own = join(ownFolder, file);
  return existsSync(own) ? own : join(folder, file);
}
export const sizeOf = (file: string) => statSync(pathOf(file)).size;
export const hashOf = (file: string) =>
  createHash("sha256")
    .update(readFileSync(pathOf(file)))
    .digest("hex");

/** Media type as a browser would send it. */
export function mediaTypeOf(file: string): string {
  if (file.endsWith(".json")) return "application/json";
  return file.endsWith(".tsv") ? "text/tab-separated-values" : "text/csv";
}

export function rowsOf(file: string): SourceRow[] {
  const text = readFileSync(pathOf(file), "utf8");
  if (file.endsWith(".json")) return rowsOfJson(JSON.parse(text));
  const german = germanFiles.has(file);
  const separator = german ? ";" : file.endsWith(".tsv") ? "\t" : ",";
  const read = german ? germanValue : value;
  const [head = "", ...lines] = text.split(/\r?\n/).filter((line) => line !== "");
  const names = split(head, separator);
  return lines.map((line) => {
    const cells = split(line, separator);
    return Object.fromEntries(names.map((name, index) => [name, read(cells[index] ?? "")]));
  });
}

/** A list of rows, or the properties of a GeoJSON file's features. */
function rowsOfJson(json: unknown): SourceRow[] {
  if (Array.isArray(json)) return json as SourceRow[];
  const { features } = json as { features: readonly { properties: SourceRow }[] };
  return features.map(({ properties }) => properties);
}

function split(line: string, separator: string): string[] {
  const cells: string[] = [];
  let cell = "";
  let quoted = false;
  for (const sign of line) {
    if (sign === '"') quoted = !quoted;
    else if (sign === separator && !quoted) {
      cells.push(cell);
      cell = "";
    } else cell += sign;
  }
  return [...cells, cell];
}

function value(text: string): Cell {
  if (text === "") return null;
  return Number.isNaN(Number(text)) ? text : Number(text);
}

/** Written as a German spreadsheet writes: semicolons, decimal commas, days before months. */
const germanFiles: ReadonlySet<string> = new Set(["umsatz.csv", "breit.csv", "messwerte.csv"]);

/** "1.234,56 €" is 1234.56, and "31.12.2025" is "2025-12-31". */
function germanValue(text: string): Cell {
  const day = text.match(/^(\d\d)\.(\d\d)\.(\d{4})$/);
  if (day) return `${day[3]}-${day[2]}-${day[1]}`;
  if (!/^-?\d[\d.]*(,\d+)?( €)?$/.test(text)) return text === "" ? null : text;
  return Number(text.replace(" €", "").replaceAll(".", "").replace(",", "."));
}

/** Figures, the plain way. */
export const numbers = (rows: readonly SourceRow[], column: string): number[] =>
  rows.flatMap((row) => (typeof row[column] === "number" ? [row[column]] : []));
export const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
export const mean = (values: readonly number[]) => sum(values) / values.length;
export const max = (values: readonly number[]) => values.reduce((a, b) => Math.max(a, b));
export const min = (values: readonly number[]) => values.reduce((a, b) => Math.min(a, b));
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export function groupBy(
  rows: readonly SourceRow[],
  key: (row: SourceRow) => string,
): Map<string, SourceRow[]> {
  const groups = new Map<string, SourceRow[]>();
  for (const row of rows) groups.set(key(row), [...(groups.get(key(row)) ?? []), row]);
  return groups;
}

/** One figure per group. */
export function perGroup(
  rows: readonly SourceRow[],
  key: (row: SourceRow) => string,
  figure: (rows: SourceRow[]) => number,
): Record<string, number> {
  const entries = [...groupBy(rows, key)].map(([name, group]) => [name, figure(group)] as const);
  return Object.fromEntries(entries);
}

/** The first `count` of a record, by figure. */
export function top(
  figures: Readonly<Record<string, number>>,
  count: number,
  direction: "max" | "min" = "max",
): Record<string, number> {
  const sorted = Object.entries(figures).sort((a, b) =>
    direction === "max" ? b[1] - a[1] : a[1] - b[1],
  );
  return Object.fromEntries(sorted.slice(0, count));
}

export const monthsDe = [
  "Januar",
  "Februar",
  "März",
  "April",
  "Mai",
  "Juni",
  "Juli",
  "August",
  "September",
  "Oktober",
  "November",
  "Dezember",
];
export const monthsEn = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
