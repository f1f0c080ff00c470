// A table as text: as many columns as fit, numbers to the right, the first rows.

import {
  type Cell,
  type Column,
  ColumnType,
  type Row,
  type Table,
} from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";

import type { Words } from "../words.ts";
import { columnsOf, cut, oneLine, pad } from "./text.ts";

const ROWS_WHOLE_MAX = 15;
const ROWS_SHOWN = 10;
const CELL_COLUMNS_MAX = 32;
const DECIMALS_MAX = 3;
const GAP = 2;

/** Lines without a line end; the last says what is not shown. */
export function tableLines(table: Table, width: number, words: Words): string[] {
  const total = Math.max(Number(table.rowCount), table.rows.length);
  const rows = table.rows.slice(0, total > ROWS_WHOLE_MAX ? ROWS_SHOWN : ROWS_WHOLE_MAX);
  const all = columnsAsText(table, rows, words).map(({ head, texts: whole, right }) => {
    const texts = whole.map((text) => cut(text, CELL_COLUMNS_MAX));
    const columns = Math.min(CELL_COLUMNS_MAX, Math.max(...[head, ...texts].map(columnsOf)));
    return { head: cut(head, CELL_COLUMNS_MAX), texts, right, columns };
  });
  const shown = fitting(all, width);
  const line = (pick: (column: (typeof all)[number]) => string) =>
    shown.map((column) => pad(pick(column), column.columns, column.right)).join(" ".repeat(GAP));
  const rule = shown.map(({ columns }) => "─".repeat(columns)).join(" ".repeat(GAP));
  const notes = [
    ...(total > rows.length ? [words.rows(rows.length, total)] : []),
    ...(all.length > shown.length ? [words.columns(all.length - shown.length)] : []),
  ];
  return [
    line((column) => column.head),
    rule,
    ...rows.map((_, n) => line((column) => column.texts[n] ?? "")),
    ...(notes.length > 0 ? [`… ${notes.join(", ")}`] : []),
  ].map((text) => text.trimEnd());
}

/** Heads and cells as people read them: units at the head, numbers as the language writes them. */
export function columnsAsText({ columns }: Table, rows: readonly Row[], words: Words) {
  return columns.map((column, i) => {
    const cells = rows.map((row) => row.cells[i]);
    const write = writerOf(column, cells, words);
    return { head: headOf(column), texts: cells.map(write), right: isNumber(column) };
  });
}

/** The columns from the left that fit, at least one. */
function fitting<T extends { columns: number }>(columns: readonly T[], width: number): T[] {
  let used = -GAP;
  const shown = columns.filter((column, i) => {
    used += column.columns + GAP;
    return i === 0 || used <= width;
  });
  return shown.map((column) => ({ ...column, columns: Math.min(column.columns, width) }));
}

function headOf({ label, name, unit }: Column): string {
  const text = oneLine(label || name);
  return unit !== "" && !text.endsWith(`(${unit})`) ? `${text} (${oneLine(unit)})` : text;
}

function isNumber({ type }: Column): boolean {
  return type === ColumnType.INTEGER || type === ColumnType.NUMBER;
}

/** All numbers of a column in the same number of decimals; thousands apart from five digits on. */
function writerOf(column: Column, cells: readonly (Cell | undefined)[], words: Words) {
  const decimals = cells.reduce((most, cell) => Math.max(most, decimalsOf(cell)), 0);
  const numbers = new Intl.NumberFormat(words.tag, {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
    useGrouping: "min2",
  });
  return (cell: Cell | undefined): string => {
    const value = cell?.value;
    if (value?.case === "number")
      return isNumber(column) ? numbers.format(value.value) : String(value.value);
    if (value?.case === "truth") return words.truth[value.value ? 1 : 0];
    return value?.case === "text" ? oneLine(value.value) : words.missing;
  };
}

function decimalsOf(cell: Cell | undefined): number {
  if (cell?.value.case !== "number") return 0;
  const fraction = cell.value.value.toFixed(DECIMALS_MAX).replace(/^.*\./, "").replace(/0+$/, "");
  return fraction.length;
}
