/** Row filters of a request as SQL; what does not fit the table is refused by field. Pure. */
import { Comparison, type RowFilter } from "@keiko/gen/keiko/data/v1/data_service_pb.js";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { DataFailure } from "../failure.ts";
import { identifier, literal, numeral } from "../intent/quote.ts";
import { type Column, isNumeric } from "../read/profile.ts";

export type FilterInit = Pick<RowFilter, "column" | "comparison" | "value">;

const signs: Readonly<Partial<Record<Comparison, string>>> = {
  [Comparison.EQUAL]: "=",
  [Comparison.NOT_EQUAL]: "IS DISTINCT FROM",
  [Comparison.LESS]: "<",
  [Comparison.AT_MOST]: "<=",
  [Comparison.GREATER]: ">",
  [Comparison.AT_LEAST]: ">=",
};

/** SQL conditions, joined by AND; empty: all rows. */
export function conditionsSql(filters: readonly FilterInit[], columns: readonly Column[]): string {
  return filters
    .map((filter, index) => {
      const column = columnNamed(filter.column, columns, `filters[${index}].column`);
      return conditionSql(filter, column, `filters[${index}].value`);
    })
    .join(" AND ");
}

/** @throws DataFailure INVALID_FIELD, with the columns that there are. */
export function columnNamed(name: string, columns: readonly Column[], field: string): Column {
  const found = columns.find((column) => column.name === name);
  if (found) return found;
  const names = columns.map((column) => column.name).join(", ");
  throw new DataFailure(Reason.INVALID_FIELD, {
    message: `${field}: the table has no column "${name}".`,
    remedy: `Use one of: ${names.slice(0, 1000)}.`,
    field,
    metadata: { column: name, columns: names.slice(0, 1000) },
  });
}

function conditionSql({ comparison, value }: FilterInit, column: Column, field: string): string {
  const name = identifier(column.name);
  if (comparison === Comparison.MISSING) return `${name} IS NULL`;
  if (comparison === Comparison.PRESENT) return `${name} IS NOT NULL`;
  if (comparison === Comparison.CONTAINS) {
    return `contains(lower(${name}::VARCHAR), lower(${literal(value)}))`;
  }
  const sign = signs[comparison];
  if (!sign) throw misfit(field, value, "a comparison", "one that the contract names");
  if (column.type === "text") return `lower(${name}) ${sign} lower(${literal(value)})`;
  return `${name} ${sign} ${typedValue(value, column, field)}`;
}

function typedValue(value: string, { type }: Column, field: string): string {
  const said = value.trim();
  if (isNumeric(type)) {
    const number = Number(said);
    if (said !== "" && Number.isFinite(number)) return numeral(number);
    throw misfit(field, value, "a number", "digits with a decimal point, such as 12.5");
  }
  if (type === "truth") {
    if (/^(true|false)$/i.test(said)) return said.toUpperCase();
    throw misfit(field, value, "true or false", "true or false");
  }
  const date = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2})?)?$/;
  if (date.test(said) && !Number.isNaN(Date.parse(said.replace(" ", "T")))) {
    return `${literal(said.replace("T", " "))}::TIMESTAMP`;
  }
  throw misfit(field, value, "a date", "YYYY-MM-DD");
}

function misfit(field: string, value: string, wanted: string, example: string) {
  return new DataFailure(Reason.INVALID_FIELD, {
    message: `${field}: "${value}" is not ${wanted}.`,
    remedy: `Write ${example}.`,
    field,
    metadata: { value },
  });
}
