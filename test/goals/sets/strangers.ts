/** What strangers ask in either language; no phrase was written with the grammar in view. */
import { yearOf } from "../figures.ts";
import type { Rows } from "../goal.ts";
import { numbers, perGroup, type SourceRow, sum } from "../source.ts";

export const is = (column: string, value: string | number) => (row: SourceRow) =>
  row[column] === value;
export const year = (column: string, value: string) => (row: SourceRow) =>
  yearOf(column)(row) === value;
/** A cell as a number, where it is one. */
export function numberIn(row: SourceRow, column: string): number {
  const cell = row[column];
  return typeof cell === "number" ? cell : Number.NaN;
}
export const textIn = (row: SourceRow, column: string) => String(row[column]);
/** Rows that have each of the values. */
export const rowsIn = (rows: Rows, values: Readonly<Record<string, string | number>>) =>
  rows.filter((row) => Object.entries(values).every(([column, value]) => row[column] === value));
/** The figure of each row by its name, for tables with one row per name. */
export const figureOf = (rows: Rows, name: string, column: string) =>
  perGroup(
    rows,
    (row) => String(row[name]),
    (group) => sum(numbers(group, column)),
  );
/** Rows with the greatest figures: name and figure. */
export const topRows = (rows: Rows, name: string, column: string, count: number) =>
  rows
    .filter((row) => typeof row[column] === "number")
    .sort((a, b) => numberIn(b, column) - numberIn(a, column))
    .slice(0, count)
    .map((row) => [textIn(row, name), numberIn(row, column)] as const);
