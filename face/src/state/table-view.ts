// How the cells of a table are shown, copied and saved.

import {
  type Cell,
  type Column,
  ColumnType,
  type Row,
} from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import type { Language } from "../words/format.ts";

export const isNumeric = (column: Column): boolean =>
  column.type === ColumnType.NUMBER || column.type === ColumnType.INTEGER;

/** What stands above a column: its label, else its name, and its unit. */
export const headingOf = (column: Column): string =>
  column.unit ? `${column.label || column.name} (${column.unit})` : column.label || column.name;

/** Makes the function that writes the cells of a column, all with as many decimals, so that they
 * align: two decimals where that tells enough, more for small values. The exact value is on hover. */
export function cellWriter(
  column: Column,
  index: number,
  rows: readonly Row[],
  language: Language,
  truths: { yes: string; no: string },
): (cell: Cell | undefined) => string {
  const number = isNumeric(column) ? numberFormat(column, index, rows, language) : undefined;
  return (cell) => {
    switch (cell?.value.case) {
      case "number":
        return number ? number.format(cell.value.value) : String(cell.value.value);
      case "text":
        return column.type === ColumnType.TIME
          ? cell.value.value.replace("T", " ")
          : cell.value.value;
      case "truth":
        return cell.value.value ? truths.yes : truths.no;
      default:
        return "";
    }
  };
}

function numberFormat(column: Column, index: number, rows: readonly Row[], language: Language) {
  const values = rows.flatMap(({ cells }) => {
    const value = cells[index]?.value;
    return value?.case === "number" ? [value.value] : [];
  });
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const whole = column.type === ColumnType.INTEGER || values.every(Number.isInteger);
  const magnitude = largest > 0 ? Math.floor(Math.log10(largest)) : 0;
  const enough = magnitude < 0 ? 2 - magnitude : magnitude < 3 ? 2 : 1;
  const digits = whole ? 0 : neededDigits(values, Math.min(8, enough));
  return new Intl.NumberFormat(language === "de" ? "de-DE" : "en-US", {
    // "min2" leaves four digits alone: most of them are years.
    useGrouping: "min2",
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

/** As many decimals as tell the values apart from their roundings: 1.50 and 2.25 need two, 1.50 and
 * 2.00 one. */
function neededDigits(values: readonly number[], most: number): number {
  for (let digits = 1; digits < most; digits++) {
    if (values.every((value) => Number(value.toFixed(digits)) === Number(value.toFixed(most)))) {
      return digits;
    }
  }
  return most;
}

/** The value as it is, for hovering and for programs: full precision, decimal point. */
export function exactValue(cell: Cell | undefined): string {
  return cell?.value.case === undefined ? "" : String(cell.value.value);
}

/** Tab-separated text that a spreadsheet of that language takes apart into cells. */
export function toTabbed(
  columns: readonly Column[],
  rows: readonly Row[],
  language: Language,
): string {
  return [columns.map(headingOf), ...rows.map(({ cells }) => tabbedCells(cells, language))]
    .map((line) => line.join("\t"))
    .join("\n");
}

export const tabbedCells = (cells: readonly (Cell | undefined)[], language: Language): string[] =>
  cells.map((cell) => {
    const value = exactValue(cell).replaceAll(/[\t\r\n]+/g, " ");
    return cell?.value.case === "number" && language === "de" ? value.replace(".", ",") : value;
  });

/** The same as an HTML table, which spreadsheets prefer. */
export function toHtml(tabbed: string): string {
  const cell = (tag: string) => (text: string) =>
    `<${tag}>${text.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</${tag}>`;
  const lines = tabbed.split("\n").map((line, index) =>
    line
      .split("\t")
      .map(cell(index === 0 ? "th" : "td"))
      .join(""),
  );
  return `<table>${lines.map((line) => `<tr>${line}</tr>`).join("")}</table>`;
}

const widthMin = 64;
const widthMax = 320;
const charPx = 7.4;
const paddingPx = 34;

/** Widths of columns in pixels, from what they hold, so that scrolling changes none. */
export function widthsOf(
  columns: readonly Column[],
  rows: readonly Row[],
  write: readonly ((cell: Cell | undefined) => string)[],
): number[] {
  return columns.map((column, at) => {
    const cells = rows.slice(0, 60).map(({ cells }) => write[at]?.(cells[at]).length ?? 0);
    // The heading shares its place with two buttons.
    const chars = Math.max(headingOf(column).length + 3, ...cells);
    return Math.round(Math.min(widthMax, Math.max(widthMin, chars * charPx + paddingPx)));
  });
}

/** CSV by RFC 4180. */
export function toCsv(columns: readonly Column[], rows: readonly Row[]): string {
  const quote = (value: string) =>
    /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
  const lines = rows.map(({ cells }) => cells.map((cell) => quote(exactValue(cell))).join(","));
  const heading = columns.map(({ name }) => quote(name)).join(",");
  return `${[heading, ...lines].join("\r\n")}\r\n`;
}

/** A name that any file system takes, from the title of what is saved. */
export const fileNameOf = (title: string, ending: string): string =>
  `${
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}]+/gu, "-")
      .replaceAll(/^-+|-+$/g, "")
      .slice(0, 80) || "keiko"
  }.${ending}`;
