/** Writes an intent as SQL for DuckDB. The file is the table "source". Pure. */
import type { Period } from "../language/dates.ts";
import type { Column } from "../read/profile.ts";
import type { Condition, Dimension, Intent, Measure, Order } from "./intent.ts";
import { identifier, literal, numeral } from "./quote.ts";

export interface Compiled {
  /** The query for people and for DuckDB, without what gives "source" its types. */
  readonly sql: string;
  /** Counts the rows that the answer rests on. */
  readonly count_sql: string;
}

export function compile(intent: Exclude<Intent, { kind: "describe" }>): Compiled {
  const where = whereClause(intent.where);
  const count_sql = `SELECT count(*) AS "rows" FROM source${where}`;
  if (intent.kind === "rows") return { sql: rowsQuery(intent, where), count_sql };
  const groups = intent.dimensions.map((dimension) => ({
    expression: dimensionSql(dimension),
    name: dimensionName(dimension),
  }));
  const measures = intent.measures.map((measure) => ({
    expression: measureSql(measure),
    name: measureName(measure),
  }));
  const columns = [...groups, ...measures].map(
    ({ expression, name }) => `  ${expression} AS ${identifier(name)}`,
  );
  const lines = [`SELECT\n${columns.join(",\n")}`, `FROM source${where}`];
  if (groups.length > 0) lines.push("GROUP BY ALL");
  if (intent.order && groups.length > 0)
    lines.push(orderClause(intent.order, groups.length, measures.length));
  if (intent.limit !== undefined) lines.push(`LIMIT ${numeral(intent.limit)}`);
  return { sql: lines.join("\n"), count_sql };
}

function rowsQuery(intent: Extract<Intent, { kind: "rows" }>, where: string): string {
  const lines = [
    `SELECT ${intent.columns.map(({ name }) => identifier(name)).join(", ")}`,
    `FROM source${where}`,
  ];
  if (intent.ties && intent.order) {
    const ranked = identifier(intent.columns[intent.order.index]!.name);
    const down = intent.order.direction === "descending" ? " DESC" : "";
    lines.push(`QUALIFY rank() OVER (ORDER BY ${ranked}${down}) = 1`);
  }
  if (intent.order) lines.push(orderClause(intent.order, intent.columns.length, 0));
  if (intent.limit !== undefined) lines.push(`LIMIT ${numeral(intent.limit)}`);
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

export function measureName({ aggregate, column, unit }: Measure): string {
  if (!column) return "count";
  if (unit) return `distinct(${unit} of ${column.name})`;
  return `${aggregate}(${column.name})`;
}

function measureSql({ aggregate, column, unit }: Measure): string {
  if (!column) return "count(*)";
  const name = identifier(column.name);
  if (unit) return `count(DISTINCT date_trunc(${literal(unit)}, ${name}))`;
  const functions = {
    count: "count",
    sum: "sum",
    mean: "avg",
    median: "median",
    min: "min",
    max: "max",
    deviation: "stddev_samp",
  };
  return aggregate === "distinct" ? `count(DISTINCT ${name})` : `${functions[aggregate]}(${name})`;
}

export function dimensionName(dimension: Dimension): string {
  if (dimension.kind === "column") return dimension.column.name;
  return `${dimension.unit}(${dimension.column.name})`;
}

function dimensionSql(dimension: Dimension): string {
  const name = identifier(dimension.column.name);
  if (dimension.kind === "column") return name;
  const { unit, cyclic, column } = dimension;
  if (unit === "decade") return column.is_year ? `${name} // 10 * 10` : `year(${name}) // 10 * 10`;
  if (unit === "year") return `year(${name})`;
  if (unit === "weekday") return `isodow(${name})`;
  if (unit === "hour") return `hour(${name})`;
  if (cyclic) return `${unit}(${name})`;
  return `date_trunc(${literal(unit)}, ${name})::DATE`;
}

export function whereClause(where: readonly Condition[]): string {
  if (where.length === 0) return "";
  return `\nWHERE ${where.map(conditionSql).join("\n  AND ")}`;
}

function conditionSql(condition: Condition): string {
  if (condition.kind === "any") return `(${condition.of.map(conditionSql).join(" OR ")})`;
  const name = identifier(condition.column.name);
  switch (condition.kind) {
    case "one-of": {
      const values = condition.values.map(literal);
      if (values.length === 1) return `${name} ${condition.negated ? "<>" : "="} ${values[0]}`;
      return `${name} ${condition.negated ? "NOT IN" : "IN"} (${values.join(", ")})`;
    }
    case "compare": {
      const operator = condition.operator === "!=" ? "<>" : condition.operator;
      return `${name} ${operator} ${numeral(condition.number)}`;
    }
    case "between":
      return `${name} BETWEEN ${numeral(condition.low)} AND ${numeral(condition.high)}`;
    case "missing":
      return `${name} IS ${condition.negated ? "NOT " : ""}NULL`;
    case "period":
      return periodSql(condition.column, name, condition);
  }
}

function periodSql(
  column: Column,
  name: string,
  condition: Extract<Condition, { kind: "period" }>,
): string {
  const { relation, period, until } = condition;
  const not = relation === "not-in" ? "NOT " : "";
  if (period.kind === "recurring") {
    const part = {
      month: `month(${name})`,
      quarter: `quarter(${name})`,
      weekday: `isodow(${name})`,
    };
    const values = period.values.map((value) =>
      period.unit === "weekday" ? isoWeekday(value) : value,
    );
    const list = values.map(numeral).join(", ");
    return values.length === 1 && !not
      ? `${part[period.unit]} = ${list}`
      : `${part[period.unit]} ${not}IN (${list})`;
  }
  const limit = (day: string) =>
    column.is_year ? numeral(Number(day.slice(0, 4))) : `DATE ${literal(day)}`;
  const { from, to } = period;
  if (relation === "since") return `${name} >= ${limit(from)}`;
  if (relation === "after") return `${name} >= ${limit(to)}`;
  if (relation === "before") return `${name} < ${limit(from)}`;
  if (relation === "until") return `${name} < ${limit(to)}`;
  const end = relation === "range" ? endOf(until) : to;
  if (relation === "in" && column.is_year && period.unit === "year")
    return `${name} = ${limit(from)}`;
  const inside = `${name} >= ${limit(from)} AND ${name} < ${limit(end)}`;
  return not || relation === "in" ? `${not}(${inside})` : `(${inside})`;
}

const endOf = (until: Period | undefined) => (until?.kind === "span" ? until.to : "9999-12-31");

/** Sunday is 1 in periods and 7 in ISO. */
const isoWeekday = (value: number) => (value === 1 ? 7 : value - 1);
