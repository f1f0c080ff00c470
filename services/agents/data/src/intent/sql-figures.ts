/** Figures and groups as SQL, and what their columns are called. Pure. */
import type { Dimension, Measure } from "./intent.ts";
import { columnSql, identifier, literal, numeral } from "./quote.ts";
import { conditionSql } from "./sql-conditions.ts";
import { isTime } from "./time.ts";

export function measureName(measure: Measure): string {
  const { over, part } = measure;
  const own = part ? `${figureName(measure)} of part` : figureName(measure);
  return over ? `${over}(${own})` : own;
}

function figureName({ aggregate, column, unit, level, by }: Measure): string {
  if (!column) return "count";
  if (aggregate === "ratio" && by) return `sum(${column.name})/sum(${by.name})`;
  if (unit && by) return `${aggregate}(sum(${column.name}) per ${unit})`;
  if (unit) return `distinct(${unit} of ${column.name})`;
  if (level !== undefined) return `quantile ${level}(${column.name})`;
  return `${aggregate}(${column.name})`;
}

/** The figure of one group, whatever is made of it later. */
export function measureSql(measure: Measure): string {
  const { part, over } = measure;
  if (!part) return plainSql(measure);
  const filter = ` FILTER (WHERE ${part.map((each) => conditionSql(each)).join(" AND ")})`;
  const own = `${plainSql(measure)}${filter}`;
  return over === "share" ? `100.0 * ${own} / nullif(${plainSql(measure)}, 0)` : own;
}

function plainSql({ aggregate, column, unit, level, by }: Measure): string {
  if (!column) return "count(*)";
  const name = columnSql(column);
  if (level !== undefined) return `quantile_cont(${name}, ${numeral(level)})`;
  if (by && aggregate === "ratio") return `sum(${name}) / nullif(sum(${identifier(by.name)}), 0)`;
  if (by && aggregate === "gain") {
    const time = identifier(by.name);
    return `arg_max(${name}, ${time}) - arg_min(${name}, ${time})`;
  }
  if (aggregate === "range") return `max(${name}) - min(${name})`;
  if (aggregate === "iqr") return `quantile_cont(${name}, 0.75) - quantile_cont(${name}, 0.25)`;
  if (unit && !by) return `count(DISTINCT date_trunc(${literal(unit)}, ${name}))`;
  const functions = {
    count: "count",
    sum: "sum",
    mean: "avg",
    median: "median",
    min: "min",
    max: "max",
    deviation: "stddev_samp",
    variance: "var_samp",
    quantile: "median",
    ratio: "sum",
    gain: "sum",
    iqr: "median",
  };
  return aggregate === "distinct" ? `count(DISTINCT ${name})` : `${functions[aggregate]}(${name})`;
}

export function dimensionName(dimension: Dimension): string {
  if (dimension.kind === "column") return dimension.column.name;
  if (dimension.kind === "bin") return `${dimension.column.name} (bin)`;
  return `${dimension.unit}(${dimension.column.name})`;
}

/**
 * What is made of a figure over all groups, from the columns of the query that gives them. Where a
 * change has nothing before it, there is no value.
 */
export function derivedSql(measure: Measure, dimensions: readonly Dimension[]): string {
  const own = identifier(figureName(measure));
  const step = dimensions.findIndex((dimension) => isTime(dimension));
  const at = Math.max(0, step);
  const others = dimensions.filter((_, index) => index !== at).map(columnOf);
  const sides = step >= 0 && others.length > 0 ? `PARTITION BY ${others.join(", ")} ` : "";
  // Of two sides the smaller one comes first, so that their difference is how far they are apart.
  const follows = step < 0 ? own : columnOf(dimensions[at]!);
  const window = `(${sides}ORDER BY ${follows})`;
  // Shares over time are shares of each period.
  const whole =
    step < 0 || dimensions.length === 1 ? "" : `PARTITION BY ${columnOf(dimensions[at]!)}`;
  switch (measure.over) {
    case "share":
      return `100.0 * ${own} / nullif(sum(${own}) OVER (${whole}), 0)`;
    case "running":
      return `sum(${own}) OVER ${window}`;
    case "difference":
      return `${own} - lag(${own}) OVER ${window}`;
    case "growth":
      // From nothing, or from less than nothing, there is no percentage.
      return `100.0 * (${own} / nullif(greatest(lag(${own}) OVER ${window}, 0), 0) - 1)`;
    default:
      return `rank() OVER (ORDER BY ${own} DESC NULLS LAST)`;
  }
}

const columnOf = (dimension: Dimension) => identifier(dimensionName(dimension));

export function dimensionSql(dimension: Dimension): string {
  const name = identifier(dimension.column.name);
  if (dimension.kind === "column") return name;
  if (dimension.kind === "bin")
    return `floor(${name} / ${numeral(dimension.width)}) * ${numeral(dimension.width)}`;
  const { unit, cyclic, column } = dimension;
  if (unit === "decade") return column.is_year ? `${name} // 10 * 10` : `year(${name}) // 10 * 10`;
  if (unit === "year") return `year(${name})`;
  if (unit === "weekday") return `isodow(${name})`;
  if (unit === "hour") return `hour(${name})`;
  if (cyclic) return `${unit}(${name})`;
  return `date_trunc(${literal(unit)}, ${name})::DATE`;
}
