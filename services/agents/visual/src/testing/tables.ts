// Tables for tests, from the files of vega-datasets and by hand.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { create } from "@bufbuild/protobuf";
import { ColumnType, type Table, TableSchema } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";

export interface ColumnLike {
  readonly name: string;
  readonly type: ColumnType;
  readonly label?: string;
  readonly unit?: string;
  readonly ordered?: boolean;
}

type CellLike = string | number | boolean | null;

export const text = (name: string, more: Partial<ColumnLike> = {}): ColumnLike => ({
  name,
  type: ColumnType.TEXT,
  ...more,
});

export const number = (name: string, more: Partial<ColumnLike> = {}): ColumnLike => ({
  name,
  type: ColumnType.NUMBER,
  ...more,
});

export function makeTable(
  columns: readonly ColumnLike[],
  rows: readonly (readonly CellLike[])[],
  title = "",
): Table {
  const cell = (value: CellLike) => {
    if (typeof value === "number") return { value: { case: "number" as const, value } };
    if (typeof value === "boolean") return { value: { case: "truth" as const, value } };
    return value === null ? {} : { value: { case: "text" as const, value } };
  };
  return create(TableSchema, {
    title,
    rowCount: BigInt(rows.length),
    columns: columns.map((column) => ({ ...column })),
    rows: rows.map((row) => ({ cells: row.map(cell) })),
  });
}

const folder = join(dirname(createRequire(import.meta.url).resolve("vega-datasets")), "../data/");

export function readJson(file: string): Record<string, CellLike>[] {
  return JSON.parse(readFileSync(folder + file, "utf8"));
}

export function readCsv(file: string): Record<string, string>[] {
  const [head = "", ...lines] = readFileSync(folder + file, "utf8")
    .trim()
    .split(/\r?\n/);
  const names = head.split(",");
  return lines.map((line) => {
    const texts = line.split(",");
    return Object.fromEntries(names.map((name, i) => [name, texts[i] ?? ""]));
  });
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

const MONTHS_DE =
  "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split(" ");

/** Mean precipitation per month of Seattle, under German names. */
export function seattleMonths(): Table {
  const days = readCsv("seattle-weather.csv");
  const rows = MONTHS_DE.map((month, i) => {
    const own = days.filter((day) => Number(day.date?.slice(5, 7)) === i + 1);
    return [month, meanOf(own.map((day) => Number(day.precipitation)))];
  });
  const columns = [
    text("month(date)", { label: "Monat", ordered: true }),
    number("mean(precipitation)", { label: "Mittlerer Niederschlag", unit: "mm" }),
  ];
  return makeTable(columns, rows);
}
