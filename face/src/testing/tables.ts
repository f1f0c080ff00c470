// Pages of a table that is as long as a test wants it: days from 2012 on, with weather made up.

import { create } from "@bufbuild/protobuf";
import { type Column, ColumnType, type Row } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import {
  Comparison,
  type PreviewTableRequest,
  type PreviewTableResponse,
  PreviewTableResponseSchema,
  type RowFilter,
} from "@keiko/gen/keiko/data/v1/data_service_pb.js";
import { number, text } from "./weather.ts";

type Value = string | number;

export const columns = [
  { name: "date", type: ColumnType.DATE },
  { name: "precipitation", type: ColumnType.NUMBER, unit: "mm" },
  { name: "temp_max", type: ColumnType.NUMBER },
  { name: "temp_min", type: ColumnType.NUMBER },
  { name: "wind", type: ColumnType.NUMBER },
  { name: "weather", type: ColumnType.TEXT },
];

const known: Value[][] = [
  ["2012-01-01", 0, 12.8, 5, 4.7, "drizzle"],
  ["2012-01-02", 10.9, 10.6, 2.8, 4.5, "rain"],
  ["2012-01-03", 0.8, 11.7, 7.2, 2.3, "rain"],
];

const dayMs = 86_400_000;
const first = Date.UTC(2012, 0, 1);
const sorts = ["rain", "sun", "fog", "drizzle", "snow"];
// Dates beyond the year 9999 have no place in the format.
const daysMax = 2_000_000;

function rowAt(index: number): Value[] {
  const date = new Date(first + (index % daysMax) * dayMs).toISOString().slice(0, 10);
  const wet = (index * 7919) % 97;
  return (
    known[index] ?? [date, wet / 10, 5 + (wet % 30), wet % 12, wet / 20, sorts[index % 5] ?? ""]
  );
}

/** The page asked for; sorting and filtering look at every row, as the real one does. */
export function previewOf(request: PreviewTableRequest, count: number): PreviewTableResponse {
  const { filters, orderBy, descending, rowOffset, rowCount } = request;
  const from = Number(rowOffset);
  const size = rowCount || 10;
  const plain = filters.length === 0 && !orderBy;
  const indexes = plain ? undefined : matching(filters, orderBy, descending, count);
  const total = indexes?.length ?? count;
  const rows = Array.from({ length: Math.max(0, Math.min(size, total - from)) }, (_, at) =>
    rowAt(indexes?.[from + at] ?? from + at),
  );
  return create(PreviewTableResponseSchema, {
    table: {
      title: "seattle-weather.csv",
      columns: columns as Column[],
      rows: rows.map(cellsOf) as Row[],
      rowCount: BigInt(total),
    },
    totalRowCount: BigInt(count),
    questions: [
      "What is the mean precipitation per month?",
      "How many rows are there per weather?",
      "Wie hoch ist der mittlere Niederschlag pro Monat?",
      "Wie viele Zeilen gibt es je weather?",
    ],
  });
}

const cellsOf = (row: Value[]) => ({
  cells: row.map((value) => (typeof value === "number" ? number(value) : text(value))),
});

function matching(filters: RowFilter[], orderBy: string, descending: boolean, count: number) {
  const at = (name: string) => columns.findIndex((column) => column.name === name);
  const kept = [];
  for (let index = 0; index < count; index++) {
    const row = rowAt(index);
    if (filters.every((filter) => meets(row[at(filter.column)] ?? "", filter))) kept.push(index);
  }
  if (!orderBy) return kept;
  const column = at(orderBy);
  const value = (index: number) => rowAt(index)[column] ?? "";
  const compare = (a: number, b: number) => {
    const [x, y] = [value(a), value(b)];
    return x < y ? -1 : x > y ? 1 : 0;
  };
  return kept.sort((a, b) => (descending ? compare(b, a) : compare(a, b)) || a - b);
}

function meets(cell: Value, { comparison, value }: RowFilter): boolean {
  const other = typeof cell === "number" ? Number(value) : value.toLowerCase();
  const own = typeof cell === "number" ? cell : cell.toLowerCase();
  switch (comparison) {
    case Comparison.CONTAINS:
      return String(own).includes(value.toLowerCase());
    case Comparison.EQUAL:
      return own === other;
    case Comparison.NOT_EQUAL:
      return own !== other;
    case Comparison.LESS:
      return own < other;
    case Comparison.AT_MOST:
      return own <= other;
    case Comparison.GREATER:
      return own > other;
    case Comparison.AT_LEAST:
      return own >= other;
    case Comparison.MISSING:
      return own === "";
    default:
      return own !== "";
  }
}
