/** Conditions as SQL. Pure. */
import type { Period } from "../language/dates.ts";
import type { Column } from "../read/profile.ts";
import type { Condition } from "./intent.ts";
import { columnSql, literal, numeral } from "./quote.ts";

export function whereClause(where: readonly Condition[]): string {
  if (where.length === 0) return "";
  return `\nWHERE ${where.map((each) => conditionSql(each)).join("\n  AND ")}`;
}

/** How a column is written where it is not called by its own name. */
export type Naming = (column: Column) => string;
const ownName: Naming = columnSql;

/** @param years what stands for the column are years as numbers */
export function conditionSql(
  condition: Condition,
  naming: Naming = ownName,
  years = false,
): string {
  if (condition.kind === "any")
    return `(${condition.of.map((each) => conditionSql(each, naming, years)).join(" OR ")})`;
  const name = naming(condition.column);
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
    case "against": {
      const operator = condition.operator === "!=" ? "<>" : condition.operator;
      return `${name} ${operator} ${naming(condition.other)}`;
    }
    case "between":
      return `${name} BETWEEN ${numeral(condition.low)} AND ${numeral(condition.high)}`;
    case "missing":
      return `${name} IS ${condition.negated ? "NOT " : ""}NULL`;
    case "text":
      return `${condition.negated ? "NOT " : ""}${textSql(name, condition)}`;
    case "period":
      return periodSql(condition.column.is_year || years, name, condition);
  }
}

/** Capitals and small letters are the same; a cell without text contains nothing. */
function textSql(name: string, { how, text }: Extract<Condition, { kind: "text" }>): string {
  const functions = { contains: "contains", starts: "starts_with", ends: "ends_with" };
  return `coalesce(${functions[how]}(lower(${name}), ${literal(text.toLowerCase())}), false)`;
}

function periodSql(
  years: boolean,
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
    years ? numeral(Number(day.slice(0, 4))) : `DATE ${literal(day)}`;
  const { from, to } = period;
  if (relation === "since") return `${name} >= ${limit(from)}`;
  if (relation === "after") return `${name} >= ${limit(to)}`;
  if (relation === "before") return `${name} < ${limit(from)}`;
  if (relation === "until") return `${name} < ${limit(to)}`;
  const end = relation === "range" ? endOf(until) : to;
  if (relation === "in" && years && period.unit === "year") return `${name} = ${limit(from)}`;
  const inside = `${name} >= ${limit(from)} AND ${name} < ${limit(end)}`;
  return not || relation === "in" ? `${not}(${inside})` : `(${inside})`;
}

const endOf = (until: Period | undefined) => (until?.kind === "span" ? until.to : "9999-12-31");

/** Sunday is 1 in periods and 7 in ISO. */
const isoWeekday = (value: number) => (value === 1 ? 7 : value - 1);
