/** By what a clause groups. */
import type { TimeUnit } from "../language/lexicon.ts";
import type { Grouping, Part } from "../language/parts.ts";
import { type Column, isNumeric } from "../read/profile.ts";
import { dimensionOf, isTemporal, timeColumn } from "./columns.ts";
import { type Draft, sameDimension } from "./draft.ts";
import type { Condition, Dimension } from "./intent.ts";

export function groupAll(draft: Draft) {
  const { clause, filters, dimensions } = draft;
  for (const part of clause.of("group")) {
    for (const grouping of part.body.by) {
      if (!isRankedBy(draft, grouping)) addDimension(draft, grouping, part);
    }
    if (part.body.by.every((grouping) => !isRankedBy(draft, grouping))) draft.used.add(part);
  }
  for (const dimension of filters.side_by_side) {
    if (!dimensions.some((other) => sameDimension(other, dimension))) dimensions.push(dimension);
  }
  joinMonthsAndYears(dimensions);
  courseOfTime(draft);
}

export function addDimension(draft: Draft, grouping: Grouping, part: Pick<Part, "matched_by">) {
  const { vocabulary, understood, dimensions } = draft;
  const dimension = dimensionOf(grouping, vocabulary, understood, isCyclic(draft));
  if (dimensions.some((other) => sameDimension(other, dimension))) return;
  dimensions.push(dimension);
  const other = dimension.kind === "time" && dimension.cyclic && dimension.unit === "month";
  understood.note(
    "group",
    { words: grouping.words, matched_by: grouping.column?.matched_by ?? part.matched_by },
    { dimension },
    other ? [{ dimension: { ...dimension, cyclic: false } }] : [],
  );
}

/** Whether months of different years belong together: not over time, nor within one year. */
function isCyclic({ clause, filters }: Draft): boolean {
  if (clause.of("over-time").length > 0) return false;
  const units = clause.of("group").flatMap(({ body }) => body.by.map(({ unit }) => unit));
  if (units.includes("year")) return false;
  return !filters.where.some((condition) => condition.kind === "period" && isOneYear(condition));
}

function isOneYear({ relation, period }: Extract<Condition, { kind: "period" }>): boolean {
  return relation === "in" && period.kind === "span" && period.unit !== "decade";
}

/** "by month and year" is one line of time, not a table of two sides. */
function joinMonthsAndYears(dimensions: Dimension[]) {
  const finer = dimensions.some((d) => d.kind === "time" && !d.cyclic && d.unit !== "year");
  const years = dimensions.findIndex((d) => d.kind === "time" && d.unit === "year");
  if (finer && years >= 0) dimensions.splice(years, 1);
}

function courseOfTime(draft: Draft) {
  const { clause, dimensions, vocabulary, understood, used } = draft;
  const [part] = clause.of("over-time");
  if (!part) return;
  for (const each of clause.of("over-time")) used.add(each);
  if (dimensions.some((d) => d.kind === "time" || isTemporal(d.column))) return;
  const column = timeColumn(vocabulary, understood, part.words);
  const unit = part.body.unit;
  const dimension: Dimension = column.is_year
    ? { kind: "column", column }
    : { kind: "time", column, unit: unit ?? stepOf(column), cyclic: false };
  dimensions.unshift(dimension);
  understood.note("group", part, { dimension });
}

/** Few enough points to see, enough to see a course. */
function stepOf({ min, max, grain, distinct }: Column): TimeUnit {
  const days = (Date.parse(String(max)) - Date.parse(String(min))) / 86_400_000;
  if (grain === "year" || days > 366 * 15) return "year";
  return grain === "month" || (days > 92 && distinct > 60) ? "month" : "day";
}

/** "top 5 countries by population": a column of numbers after "by" ranks; it does not group. */
export function isRankedBy({ clause }: Draft, { unit, column }: Grouping): boolean {
  if (unit !== undefined || !column) return false;
  const ranked = clause.of("limit").length > 0 || clause.of("order").length > 0;
  const numbers = column.matches.every(
    (match) => isNumeric(match.column.type) && !match.column.is_year,
  );
  return ranked && numbers;
}
