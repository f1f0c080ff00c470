/** What the candidates of a choice have in common. */
import type { ColumnChoice } from "../language/parts.ts";
import { type Column, isNumeric, type Profile } from "../read/profile.ts";

/** A figure: some candidate holds numbers that are neither years nor only count the rows. */
export const isNumber = (choice: ColumnChoice) =>
  choice.matches.some(
    ({ column }) => isNumeric(column.type) && !column.is_year && !isRunningNumber(column),
  );

const runningMin = 20;
/** Columns that number the rows, known once their table is. */
const running = new WeakSet<Column>();

/** 1, 2, 3 …, one for each row: numbers that name the rows and measure nothing. */
export const isRunningNumber = (column: Column): boolean => running.has(column);

export function noteRunningNumbers({ columns, row_count }: Profile) {
  for (const column of columns) {
    const { type, min, max, distinct, missing } = column;
    const each = type === "integer" && missing === 0 && distinct === row_count;
    const dense = (min === 0 || min === 1) && Number(max) - Number(min) + 1 === distinct;
    if (each && dense && distinct >= runningMin) running.add(column);
  }
}
