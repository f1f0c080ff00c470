/** Writes an intent as SQL for DuckDB. The file is the table "source". Pure. */
import type { Column } from "../read/profile.ts";
import { relationQuery, spreadQuery, wholenessQuery } from "./compile-others.ts";
import type { Condition, Dimension, Having, Intent, Measure, Order } from "./intent.ts";
import { columnSql, identifier, numeral } from "./quote.ts";
import { conditionSql, whereClause } from "./sql-conditions.ts";
import { derivedSql, dimensionName, dimensionSql, measureName, measureSql } from "./sql-figures.ts";

export interface Compiled {
  /** The query for people and for DuckDB, without what gives "source" its types. */
  readonly sql: string;
  /** Counts the rows that the answer rests on. */
  readonly count_sql: string;
}

export function compile(intent: Exclude<Intent, { kind: "describe" }>): Compiled {
  const where = whereClause(intent.where);
  return {
    sql: queryOf(intent, where),
    count_sql: `SELECT count(*) AS "rows" FROM source${where}`,
  };
}

function queryOf(intent: Exclude<Intent, { kind: "describe" }>, where: string): string {
  if (intent.kind === "relation") return relationQuery(intent, where);
  if (intent.kind === "quality") return wholenessQuery(intent, where);
  if (intent.kind === "aggregate") return figuresQuery(intent, where);
  return intent.purpose === "outliers" ? spreadQuery(intent, where) : rowsQuery(intent, where);
}

type Aggregation = Extract<Intent, { kind: "aggregate" }>;

function figuresQuery(intent: Aggregation, where: string): string {
  const { dimensions, having = [], keep = [], order, limit } = intent;
  const [stepped] = intent.measures.filter(({ by, unit }) => by && unit);
  const whole = intent.measures.filter(({ over, part }) => over === undefined || part);
  const derived = intent.measures.filter((measure) => !whole.includes(measure));
  const columns = [
    ...dimensions.map((dimension) => [
      stepped ? identifier(dimensionName(dimension)) : dimensionSql(dimension),
      dimensionName(dimension),
    ]),
    ...whole.map((measure) => [measureSql(measure), measureName(measure)]),
  ].map(([expression = "", name = ""]) => `  ${expression} AS ${identifier(name)}`);
  const from = stepped
    ? `FROM (\n${indented(sumsOf(stepped, dimensions, where))}\n)`
    : `FROM source${where}`;
  const grouped = [`SELECT\n${columns.join(",\n")}`, from];
  if (dimensions.length > 0) grouped.push(`GROUP BY ALL${havingClause(having)}`);
  const lines = derived.length === 0 ? grouped : overGroups(intent, grouped, derived);
  if (keep.length > 0) lines.splice(0, lines.length, keptOf(lines, keep, dimensions));
  if (order && dimensions.length > 0) {
    lines.push(orderClause(order, dimensions.length, intent.measures.length));
  }
  if (limit !== undefined) lines.push(`LIMIT ${numeral(limit)}`);
  return lines.join("\n");
}

/** What each period comes to, in each group. */
function sumsOf({ column, by, unit }: Measure, dimensions: readonly Dimension[], where: string) {
  const period: Dimension = by!.is_year
    ? { kind: "column", column: by! }
    : { kind: "time", column: by!, unit: unit!, cyclic: false };
  const groups = [...dimensions, period].map(
    (each) => `  ${dimensionSql(each)} AS ${identifier(dimensionName(each))}`,
  );
  const name = identifier(column!.name);
  return [
    `SELECT\n${groups.join(",\n")},\n  sum(${name}) AS ${name}`,
    `FROM source${where}`,
    "GROUP BY ALL",
  ];
}

function havingClause(having: readonly Having[]): string {
  const tests = having.map(
    ({ measure, operator, number }) =>
      `${measureSql(measure)} ${operator === "!=" ? "<>" : operator} ${numeral(number)}`,
  );
  return tests.length === 0 ? "" : `\nHAVING ${tests.join("\n  AND ")}`;
}

/** Shares, changes and ranks are taken over the figures of all groups, from a query around theirs. */
function overGroups(
  { dimensions }: Aggregation,
  grouped: readonly string[],
  derived: Aggregation["measures"],
): string[] {
  const more = derived.map(
    (measure) => `  ${derivedSql(measure, dimensions)} AS ${identifier(measureName(measure))}`,
  );
  return [`SELECT *,\n${more.join(",\n")}`, `FROM (\n${indented(grouped)}\n)`];
}

function keptOf(
  lines: readonly string[],
  keep: readonly Condition[],
  dimensions: readonly Dimension[],
): string {
  const tests = keep.map((condition) => {
    const dimension = dimensions.find(
      (each) => "column" in condition && each.column === condition.column,
    );
    return conditionSql(condition, () => identifier(dimensionName(dimension!)), isYears(dimension));
  });
  return `SELECT *\nFROM (\n${indented(lines)}\n)\nWHERE ${tests.join("\n  AND ")}`;
}

/** Years and decades are grouped as numbers, whatever the dates are. */
const isYears = (dimension: Dimension | undefined) =>
  dimension?.kind === "time" && (dimension.unit === "year" || dimension.unit === "decade");

const indented = (lines: readonly string[]) => lines.join("\n").replace(/^/gm, "  ");

const selected = (column: Column) =>
  column.sql === undefined
    ? identifier(column.name)
    : `${columnSql(column)} AS ${identifier(column.name)}`;

function rowsQuery(intent: Extract<Intent, { kind: "rows" }>, where: string): string {
  const lines = [`SELECT ${intent.columns.map(selected).join(", ")}`, `FROM source${where}`];
  const { within = [], order, limit } = intent;
  if ((intent.ties || within.length > 0) && order) {
    const ranked = identifier(intent.columns[order.index]!.name);
    const down = order.direction === "descending" ? " DESC" : "";
    const sides = within.map(({ name }) => identifier(name)).join(", ");
    const part = sides === "" ? "" : `PARTITION BY ${sides} `;
    lines.push(`QUALIFY rank() OVER (${part}ORDER BY ${ranked}${down}) <= ${numeral(limit ?? 1)}`);
  }
  if (within.length > 0 && order) {
    const first = within.map(({ name }) => identifier(name)).join(", ");
    lines.push(
      orderClause(order, intent.columns.length, 0).replace("ORDER BY ", `ORDER BY ${first}, `),
    );
    return lines.join("\n");
  }
  if (order) lines.push(orderClause(order, intent.columns.length, 0));
  if (limit !== undefined) lines.push(`LIMIT ${numeral(limit)}`);
  return lines.join("\n");
}

/** By what was asked, then by every other column, so that equal rows come in one order. */
function orderClause({ by, index, direction }: Order, groups: number, measures: number): string {
  const first = by === "measure" ? groups + index + 1 : index + 1;
  const down = direction === "descending" ? " DESC NULLS LAST" : "";
  const rest = Array.from({ length: groups }, (_, at) => at + 1).filter((at) => at !== first);
  const position = Math.min(first, groups + measures || groups);
  return `ORDER BY ${[`${position}${down}`, ...rest].join(", ")}`;
}
