// Conditions on the rows of a table: which fit a column, whether a row meets them, and how they
// stand in the address.

import { type Column, ColumnType, type Row } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import { Comparison } from "@keiko/gen/keiko/data/v1/data_service_pb.js";
import type { Words } from "../words/english.ts";

export interface RowCondition {
  column: string;
  comparison: Comparison;
  value: string;
}

export interface RowOrder {
  column: string;
  descending: boolean;
}

export const needsValue = (comparison: Comparison): boolean =>
  comparison !== Comparison.MISSING && comparison !== Comparison.PRESENT;

const isMoment = ({ type }: Column) => type === ColumnType.DATE || type === ColumnType.TIME;
const isNumber = ({ type }: Column) => type === ColumnType.NUMBER || type === ColumnType.INTEGER;

const { CONTAINS, EQUAL, NOT_EQUAL, LESS, AT_MOST, GREATER, AT_LEAST, MISSING, PRESENT } =
  Comparison;

/** Those that make sense for the type, the likeliest first. */
export function comparisonsFor(column: Column): Comparison[] {
  if (isNumber(column)) {
    return [AT_LEAST, GREATER, AT_MOST, LESS, EQUAL, NOT_EQUAL, MISSING, PRESENT];
  }
  if (isMoment(column)) {
    return [AT_LEAST, GREATER, AT_MOST, LESS, EQUAL, CONTAINS, MISSING, PRESENT];
  }
  if (column.type === ColumnType.TRUTH) return [EQUAL, MISSING, PRESENT];
  return [CONTAINS, EQUAL, NOT_EQUAL, MISSING, PRESENT];
}

/** "is at least", and "is not before" for dates. */
export function comparisonWords(comparison: Comparison, column: Column, words: Words): string {
  const { comparisons } = words.table;
  const early = isMoment(column);
  const names: Record<Comparison, string> = {
    [Comparison.UNSPECIFIED]: "",
    [CONTAINS]: comparisons.contains,
    [EQUAL]: comparisons.equal,
    [NOT_EQUAL]: comparisons.not_equal,
    [LESS]: early ? comparisons.before : comparisons.less,
    [AT_MOST]: early ? comparisons.until : comparisons.at_most,
    [GREATER]: early ? comparisons.after : comparisons.greater,
    [AT_LEAST]: early ? comparisons.since : comparisons.at_least,
    [MISSING]: comparisons.missing,
    [PRESENT]: comparisons.present,
  };
  return names[comparison];
}

/** The condition in words: "temp_max is at least 20". */
export function conditionWords(
  condition: RowCondition,
  columns: readonly Column[],
  words: Words,
): string {
  const column = columns.find(({ name }) => name === condition.column);
  if (!column) return condition.column;
  const value = needsValue(condition.comparison) ? ` ${condition.value}` : "";
  return `${column.label || column.name} ${comparisonWords(condition.comparison, column, words)}${value}`;
}

/** The rows that meet all conditions, in the order asked for. Missing values come last either way. */
export function arrange(
  rows: readonly Row[],
  columns: readonly Column[],
  conditions: readonly RowCondition[],
  order: RowOrder | undefined,
): Row[] {
  const at = (name: string) => columns.findIndex((column) => column.name === name);
  const kept = rows.filter((row) =>
    conditions.every((condition) => meets(valueAt(row, at(condition.column)), condition)),
  );
  if (!order) return kept;
  const column = at(order.column);
  const ordered = columns[column]?.ordered ?? false;
  // Months and sizes have an order that is not that of their text: that in which they came.
  const ranks = new Map<string, number>();
  if (ordered) {
    for (const row of rows) {
      const text = String(valueAt(row, column));
      if (!ranks.has(text)) ranks.set(text, ranks.size);
    }
  }
  const key = (row: Row) => {
    const value = valueAt(row, column);
    return ordered && value !== undefined ? (ranks.get(String(value)) ?? 0) : value;
  };
  const sign = order.descending ? -1 : 1;
  return kept.sort((a, b) => {
    const [x, y] = [key(a), key(b)];
    if (x === undefined || y === undefined)
      return Number(x === undefined) - Number(y === undefined);
    return sign * compare(x, y);
  });
}

const valueAt = (row: Row, at: number): string | number | boolean | undefined =>
  row.cells[at]?.value.value;

const compare = (x: string | number | boolean, y: string | number | boolean): number =>
  typeof x === "string" && typeof y === "string" ? x.localeCompare(y) : Number(x) - Number(y);

function meets(
  cell: string | number | boolean | undefined,
  { comparison, value }: RowCondition,
): boolean {
  if (comparison === MISSING) return cell === undefined;
  if (comparison === PRESENT) return cell !== undefined;
  if (cell === undefined) return comparison === NOT_EQUAL;
  if (comparison === CONTAINS) return lower(cell).includes(lower(value));
  const distance =
    typeof cell === "number"
      ? cell - Number(value)
      : lower(cell) < lower(value)
        ? -1
        : Number(lower(cell) > lower(value));
  switch (comparison) {
    case EQUAL:
      return distance === 0;
    case NOT_EQUAL:
      return distance !== 0;
    case LESS:
      return distance < 0;
    case AT_MOST:
      return distance <= 0;
    case GREATER:
      return distance > 0;
    default:
      return distance >= 0;
  }
}

const lower = (value: string | number | boolean): string => String(value).toLocaleLowerCase();

/** What a person types as a number, with a decimal comma or point, as the contract wants it. */
export const writtenValue = (typed: string, column: Column): string =>
  isNumber(column) ? typed.trim().replace(/^(-?\d+),(\d+)$/, "$1.$2") : typed.trim();

/** Whether the value can be compared with the column at all. */
export function isSound({ comparison, value }: RowCondition, column: Column): boolean {
  if (!needsValue(comparison)) return true;
  if (value === "") return false;
  return comparison === CONTAINS || !isNumber(column) || Number.isFinite(Number(value));
}
