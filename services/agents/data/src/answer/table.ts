/** Rows of a query as the Table of the contract: typed columns, labels in the language. */
import type { MessageInitShape } from "@bufbuild/protobuf";
import {
  type ColumnSchema,
  ColumnType,
  type RowSchema,
  TimeUnit,
} from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import type { Dimension, Intent, Measure } from "../intent/intent.ts";
import { dimensionName, measureName } from "../intent/sql-figures.ts";
import type { Language } from "../language/lexicon.ts";
import type { Value } from "../read/database.ts";
import type { Column } from "../read/profile.ts";
import type { CellType } from "../read/values.ts";
import { boundCells, qualityCells, relationCells } from "./cells.ts";
import { columnLabel } from "./column-label.ts";
import { dimensionWords, groupName, measureLabel, measureUnit } from "./wording.ts";

export type ColumnInit = MessageInitShape<typeof ColumnSchema>;
export type RowInit = MessageInitShape<typeof RowSchema>;

/** A column of the answer: how it is described, and how its raw values become cells. */
export interface Cells {
  readonly column: ColumnInit;
  readonly cell: (value: Value) => Value;
}

const types: Readonly<Record<CellType, ColumnType>> = {
  integer: ColumnType.INTEGER,
  number: ColumnType.NUMBER,
  text: ColumnType.TEXT,
  truth: ColumnType.TRUTH,
  date: ColumnType.DATE,
  time: ColumnType.TIME,
};

const timeUnits: Readonly<Partial<Record<string, TimeUnit>>> = {
  year: TimeUnit.YEAR,
  quarter: TimeUnit.QUARTER,
  month: TimeUnit.MONTH,
  week: TimeUnit.WEEK,
  day: TimeUnit.DAY,
  weekday: TimeUnit.DAY,
  hour: TimeUnit.HOUR,
  decade: TimeUnit.DECADE,
};

/** The columns that a query gives, in its order. */
export function cellsOf(
  intent: Exclude<Intent, { kind: "describe" }>,
  language: Language,
): Cells[] {
  if (intent.kind === "relation") return relationCells(intent, language);
  if (intent.kind === "quality") return qualityCells(intent, language);
  if (intent.kind === "rows") {
    const columns = intent.columns.map((column) => sourceCells(column, language));
    return intent.purpose === "outliers" ? [...columns, ...boundCells(intent, language)] : columns;
  }
  return [
    ...intent.dimensions.map((dimension) => dimensionCells(dimension, language)),
    ...intent.measures.map((measure) => measureCells(measure, language)),
  ];
}

export function sourceCells(column: Column, language: Language): Cells {
  const { name, type, unit, is_year } = column;
  const label = columnLabel(column, language);
  const time_unit = is_year ? { timeUnit: TimeUnit.YEAR } : {};
  return {
    column: { name, label, type: types[type], unit, ...time_unit },
    cell: type === "date" ? day : (value) => value,
  };
}

const day = (value: Value) => (typeof value === "string" ? value.slice(0, 10) : value);

export function dimensionCells(dimension: Dimension, language: Language): Cells {
  if (dimension.kind === "column") {
    const cells = sourceCells(dimension.column, language);
    // Whole numbers that rows are grouped by are kinds, and keep their order.
    return dimension.column.type === "integer"
      ? { ...cells, column: { ...cells.column, ordered: true } }
      : cells;
  }
  if (dimension.kind === "bin") {
    const named = (value: Value) => (value === null ? null : groupName(value, dimension, language));
    const label = dimensionWords(dimension, language);
    const name = dimensionName(dimension);
    return { column: { name, label, type: ColumnType.TEXT, ordered: true }, cell: named };
  }
  const { unit, cyclic } = dimension;
  const base = {
    name: dimensionName(dimension),
    label: dimensionWords(dimension, language),
    timeUnit: timeUnits[unit]!,
  };
  if (unit === "year" || unit === "decade" || unit === "hour") {
    return { column: { ...base, type: ColumnType.INTEGER, ordered: true }, cell: (value) => value };
  }
  if (cyclic) {
    const named = (value: Value) => (value === null ? null : groupName(value, dimension, language));
    return { column: { ...base, type: ColumnType.TEXT, ordered: true }, cell: named };
  }
  return { column: { ...base, type: ColumnType.DATE, ordered: true }, cell: day };
}

function measureCells(measure: Measure, language: Language): Cells {
  const { aggregate, column, over } = measure;
  const counts = aggregate === "count" || aggregate === "distinct" || over === "rank";
  const exact = over === undefined || over === "rank";
  const whole =
    exact && (counts || (column?.type === "integer" && /^(sum|min|max)$/.test(aggregate)));
  return {
    column: {
      name: measureName(measure),
      label: upper(measureLabel(measure, language)),
      type: whole ? ColumnType.INTEGER : ColumnType.NUMBER,
      unit: measureUnit(measure),
    },
    cell: (value) => value,
  };
}

const upper = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

export function rowInit(row: readonly Value[], cells: readonly Cells[]): RowInit {
  return { cells: row.map((value, index) => cellInit(cells[index]!.cell(value))) };
}

const textMax = 32_768;

function cellInit(value: Value) {
  if (value === null) return {};
  if (typeof value === "number") return { value: { case: "number", value } } as const;
  if (typeof value === "boolean") return { value: { case: "truth", value } } as const;
  return { value: { case: "text", value: value.slice(0, textMax) } } as const;
}

/** All rows as CSV (RFC 4180). */
export function csvOf(rows: readonly (readonly Value[])[], cells: readonly Cells[]): Uint8Array {
  const quote = (text: string) =>
    /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  const head = cells.map(({ column }) => quote(column.name ?? "")).join(",");
  const lines = rows.map((row) =>
    row
      .map((value, index) => {
        const cell = cells[index]!.cell(value);
        return cell === null ? "" : quote(String(cell));
      })
      .join(","),
  );
  return new TextEncoder().encode(`${[head, ...lines].join("\r\n")}\r\n`);
}
