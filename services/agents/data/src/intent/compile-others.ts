/** Queries that are neither figures of groups nor plain rows: relations, outliers, how whole a table is. */
import type { Column } from "../read/profile.ts";
import type { Intent } from "./intent.ts";
import { identifier, literal, numeral } from "./quote.ts";
import { dimensionName, dimensionSql, measureSql } from "./sql-figures.ts";

type Relation = Extract<Intent, { kind: "relation" }>;

/** Years of 365.25 days, so that the slope over dates is per year. */
const secondsPerYear = 31_557_600;

/** Groups first, then the figures of the relation. */
export function relationQuery(intent: Relation, where: string): string {
  const { dimensions, how, points } = intent;
  const groups = dimensions.map(
    (dimension) => `  ${dimensionSql(dimension)} AS ${identifier(dimensionName(dimension))},\n`,
  );
  const lines = [
    `SELECT\n${groups.join("")}${how === "trend" ? trendSql(intent) : correlationSql(intent)}`,
    points ? `FROM (\n${pointsQuery(intent, where)}\n)` : `FROM source${where}`,
  ];
  if (dimensions.length > 0) lines.push("GROUP BY ALL", "ORDER BY 1");
  return lines.join("\n");
}

function correlationSql({ y, x }: Relation): string {
  const pair = `${numberSql(y)}, ${numberSql(x)}`;
  return `  corr(${pair}) AS "correlation",\n  regr_count(${pair}) AS "pairs"`;
}

function trendSql({ y, x, points }: Relation): string {
  const pair = points ? `"figure", ${timeSql('"period"')}` : `${numberSql(y)}, ${numberSql(x)}`;
  return [
    `  regr_slope(${pair}) AS "slope"`,
    `  regr_r2(${pair}) AS "r2"`,
    `  regr_count(${pair}) AS "points"`,
  ].join(",\n");
}

/** One figure per period, to lay the line through. */
function pointsQuery({ y, x, points, dimensions }: Relation, where: string): string {
  const { aggregate, unit } = points!;
  const name = identifier(x.name);
  const period = x.is_year
    ? `make_date(${name}::INTEGER, 1, 1)`
    : `date_trunc(${literal(unit)}, ${name})::DATE`;
  const sides = dimensions.map(({ column }) => `${identifier(column.name)}, `).join("");
  const figure = measureSql({ aggregate, column: y });
  return `  SELECT ${sides}${period} AS "period", ${figure} AS "figure"\n  FROM source${where.replace(/\n/g, "\n  ")}\n  GROUP BY ALL`;
}

const timeSql = (name: string) => `epoch(${name}) / ${secondsPerYear}`;

/** A column as a number: dates in years. */
const numberSql = ({ name, type }: Column) =>
  type === "date" || type === "time" ? timeSql(identifier(name)) : identifier(name);

/** How far beyond the middle half a value may lie, in widths of that half. */
const fence = 1.5;

/** Rows whose value is an outlier, with the bounds beyond which it is one. */
export function spreadQuery(intent: Extract<Intent, { kind: "rows" }>, where: string): string {
  const { columns, order } = intent;
  const name = identifier(columns[order!.index]!.name);
  const names = columns.map((column) => identifier(column.name)).join(", ");
  const bound = (level: number, sign: "-" | "+") =>
    `quantile_cont(${name}, ${level}) ${sign} ${numeral(fence)} * (quantile_cont(${name}, 0.75) - quantile_cont(${name}, 0.25))`;
  const inner = where.replace(/\n/g, "\n  ");
  // The bounds stand in the answer even where no row is beyond them.
  return [
    `SELECT ${names}, "low", "high"`,
    "FROM (",
    `  SELECT ${bound(0.25, "-")} AS "low",`,
    `    ${bound(0.75, "+")} AS "high"`,
    `  FROM source${inner}`,
    ") AS bounds",
    `LEFT JOIN (SELECT * FROM source${inner}) AS rows ON ${name} < "low" OR ${name} > "high"`,
    `ORDER BY ${order!.index + 1} DESC`,
  ].join("\n");
}

export function wholenessQuery(
  intent: Extract<Intent, { kind: "quality" }>,
  where: string,
): string {
  return intent.of === "missing"
    ? missingQuery(intent.columns, where)
    : duplicatesQuery(intent.columns, where);
}

function missingQuery(columns: readonly Column[], where: string): string {
  const each = columns.map(
    ({ name }, index) =>
      `SELECT ${index + 1} AS "position", ${literal(name)} AS "column", count(*) - count(${identifier(name)}) AS "missing", count(*) AS "rows" FROM source${where}`,
  );
  return `SELECT "column", "missing", 100.0 * "missing" / nullif("rows", 0) AS "share"\nFROM (\n${each.join("\nUNION ALL\n")}\n)\nORDER BY "missing" DESC, "position"`;
}

function duplicatesQuery(columns: readonly Column[], where: string): string {
  const names = columns.map(({ name }) => identifier(name));
  return [
    `SELECT ${names.join(", ")}, count(*) AS "count"`,
    `FROM source${where}`,
    "GROUP BY ALL",
    "HAVING count(*) > 1",
    `ORDER BY "count" DESC, ${names
      .map((_, index) => index + 1)
      .slice(0, 20)
      .join(", ")}`,
  ].join("\n");
}
