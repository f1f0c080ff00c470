/** By what a clause groups. */
import type { TimeUnit } from "../language/lexicon.ts";
import type { Grouping, Part } from "../language/parts.ts";
import { kindsColumn } from "../language/readings.ts";
import { type Column, isNumeric } from "../read/profile.ts";
import { isNumber } from "./choice.ts";
import type { Clause, PartOf } from "./clauses.ts";
import { dimensionOf, isTemporal, oneNumber, timeColumn } from "./columns.ts";
import { inUnitOf } from "./conditions.ts";
import { type Draft, sameDimension } from "./draft.ts";
import type { Condition, Dimension } from "./intent.ts";
import { refuse } from "./problem.ts";

export function groupAll(draft: Draft) {
  const { clause, filters, dimensions } = draft;
  // "tea and cocoa together" is one figure, and „über alle Filialen zusammen“ is one as well.
  const together = clause
    .of("measure")
    .some(({ words }) => /\b(zusammen|together|combined)\b/i.test(words));
  const distributes = clause.of("chart").some(({ body }) => body.mark === "histogram");
  for (const part of clause.of("group")) {
    if (part.body.onto && !distributes) refuse({ kind: "unused-words", words: [part.words] });
    const whole = together && /^(über alle|across all|over all)\b/i.test(part.words);
    if (whole || isEachRow(part.body, draft)) {
      draft.used.add(part);
      continue;
    }
    for (const grouping of part.body.by) {
      if (!isRankedBy(draft, grouping)) addDimension(draft, grouping, part);
    }
    if (part.body.by.every((grouping) => !isRankedBy(draft, grouping))) draft.used.add(part);
  }
  for (const dimension of together ? [] : filters.side_by_side) {
    if (!dimensions.some((other) => sameDimension(other, dimension))) dimensions.push(dimension);
  }
  groupsAgain(draft);
  rankedKinds(draft);
  joinMonthsAndYears(dimensions);
  bins(draft);
  courseOfTime(draft);
}

/** "… and how many are there in each": of the groups just said, in this clause or the one before. */
function groupsAgain({ clause, dimensions, before, used }: Draft) {
  const parts = clause.of("again");
  if (parts.length > 0 && dimensions.length === 0) dimensions.push(...(before?.dimensions ?? []));
  if (dimensions.length > 0) for (const part of parts) used.add(part);
}

/** "rank the industries by …": the kinds that the rows are of. */
function rankedKinds(draft: Draft) {
  const { clause, dimensions, vocabulary } = draft;
  const [rows] = clause.of("rows");
  if (!rows || dimensions.length > 0 || !clause.of("order").some(({ body }) => body.ranked)) return;
  const column = kindsColumn(vocabulary);
  const matches = column && [{ column, coverage: 1, covered: 1 }];
  const choice = matches && { matches, words: rows.words, matched_by: "synonym" };
  if (choice) addDimension(draft, { column: choice, words: rows.words }, rows);
}

/** "the average daily maximum": a mean over days, where each row is a day. */
function isEachRow({ adverb, by }: { adverb?: boolean; by: readonly Grouping[] }, draft: Draft) {
  const { columns, row_count } = draft.vocabulary.profile;
  const means = draft.clause.of("measure").some(({ body }) => body.aggregates.includes("mean"));
  const days = by.every(({ unit }) => unit === "day");
  const each = columns.some(
    ({ type, distinct }) => type === "date" && distinct >= row_count * 0.98,
  );
  return adverb === true && means && days && each;
}

/** Numbers with a fraction that still are kinds of something. */
const valuesGroupedMax = 60;
const wholesGroupedMax = 150;

export function addDimension(draft: Draft, grouping: Grouping, part: Pick<Part, "matched_by">) {
  const { vocabulary, understood, dimensions } = draft;
  const cyclic = isCyclic(draft, grouping.unit) && !isOnePerMonth(draft);
  const said = dimensionOf(datedBy(draft, grouping), vocabulary, understood, cyclic);
  // Months of a column that covers one year come once each.
  const once = said.kind === "time" && recurs(said.unit) && coversYear([said.column]);
  const dimension: Dimension = once ? { ...said, cyclic: false } : said;
  // Nobody asks for a group per amount: sizes are put into bins, or were not meant to group.
  const { column } = dimension;
  const most = column.type === "number" ? valuesGroupedMax : wholesGroupedMax;
  const binned = draft.clause.of("bins").length > 0;
  if (dimension.kind === "column" && isNumeric(column.type) && !column.is_year && !binned) {
    if (column.distinct > most) refuse({ kind: "no-question" });
  }
  if (dimensions.some((other) => sameDimension(other, dimension))) return;
  dimensions.push(dimension);
  const other = dimension.kind === "time" && dimension.cyclic && recurs(dimension.unit);
  understood.note(
    "group",
    { words: grouping.words, matched_by: grouping.column?.matched_by ?? part.matched_by },
    { dimension },
    other ? [{ dimension: { ...dimension, cyclic: false } }] : [],
  );
}

/** „Anreisen pro Monat“: by the months of what is spoken of. */
function datedBy({ clause }: Draft, grouping: Grouping): Grouping {
  if (grouping.unit === undefined || grouping.column) return grouping;
  const [dated, other] = clause
    .of("mention")
    .flatMap(({ body }) => body.columns)
    .filter(({ matches }) => matches.every(({ column }) => isTemporal(column)));
  return dated && !other ? { ...grouping, column: dated } : grouping;
}

const recurs = (unit: TimeUnit) => unit === "month" || unit === "quarter";

const withinYear = ({ filters, vocabulary }: Draft) =>
  coversYear(vocabulary.profile.columns) ||
  filters.where.some((condition) => condition.kind === "period" && isWithinYear(condition));

/** "which month was lowest", "in which months was it below 0", where each month has one row: that very month, not all Decembers. */
function isOnePerMonth({ clause, vocabulary }: Draft): boolean {
  const { columns, row_count } = vocabulary.profile;
  const [extreme] = clause.of("extreme");
  const compared = clause.of("compare").length > 0 && !extreme;
  const asked =
    clause.of("which").length > 0 && (compared || (extreme && !extreme.body.aggregates));
  const means = clause.of("measure").length > 0;
  return (
    asked === true &&
    !means &&
    columns.some(({ grain, distinct }) => grain === "month" && distinct >= row_count * 0.98)
  );
}

/** Whether months of different years belong together: not over time, nor within one year. */
function isCyclic(draft: Draft, unit: TimeUnit | undefined): boolean {
  const { clause } = draft;
  if (clause.of("over-time").length > 0 || followsTime(clause)) return false;
  if (clause.of("which").some(({ body }) => body.apart)) return false;
  const units = clause.of("group").flatMap(({ body }) => body.by.map(({ unit }) => unit));
  if (units.includes("year")) return false;
  // Quarters are how a business counts on: over a few years each is its own, unless one is sought.
  const sought = clause.of("which").length + clause.of("extreme").length > 0;
  if (unit === "quarter" && !sought && years(draft.vocabulary.profile.columns) <= fewYears)
    return false;
  return !withinYear(draft);
}

/** The whole table is about one year. */
function coversYear(columns: readonly Column[]): boolean {
  const days = spans(columns);
  return days.length > 0 && days.every((span) => span <= yearMs);
}

/** From the first to the last moment of each column of dates, in milliseconds. */
const spans = (columns: readonly Column[]): number[] =>
  columns
    .filter(({ type }) => type === "date" || type === "time")
    .map(({ min, max }) => Date.parse(String(max)) - Date.parse(String(min)));

const fewYears = 5;

/** Years that the dates of a table go over. */
const years = (columns: readonly Column[]) =>
  Math.max(0, ...spans(columns).map((span) => span / yearMs));

const yearMs = 366 * 86_400_000;

/** The days that are left cover no more than a year, so that no month comes twice. */
function isWithinYear(condition: Extract<Condition, { kind: "period" }>): boolean {
  const { relation, period, until, column } = condition;
  if (period.kind !== "span" || relation === "not-in") return false;
  const end = until?.kind === "span" ? until.to : period.to;
  const [first, last] = [column.min, column.max].map((day) => Date.parse(String(day)));
  const from = /^(before|until)$/.test(relation) ? first! : Date.parse(period.from);
  const to = /^(since|after)$/.test(relation) ? last! : Date.parse(end);
  return to - from <= yearMs;
}

/** "by month and year" is one line of time, not a table of two sides. */
function joinMonthsAndYears(dimensions: Dimension[]) {
  const finer = dimensions.some((d) => d.kind === "time" && !d.cyclic && d.unit !== "year");
  const years = dimensions.findIndex((d) => d.kind === "time" && d.unit === "year");
  if (finer && years >= 0) dimensions.splice(years, 1);
}

function courseOfTime(draft: Draft) {
  const { clause, dimensions, vocabulary, understood, used } = draft;
  const [previous] = clause.of("previous");
  const [part] = [...clause.of("over-time"), ...clause.of("previous"), ...changes(draft)];
  if (!part) return;
  for (const each of clause.of("over-time")) used.add(each);
  if (dimensions.some((d) => d.kind === "time" || isTemporal(d.column))) return;
  const column = timeColumn(vocabulary, understood, part.words);
  const steps =
    changesBetween(clause) || clause.of("derive").some(({ body }) => body.how !== "running");
  const spoken = steps && changes(draft).length > 0 ? unitOfPeriods(draft) : undefined;
  const unit = previous?.body.unit ?? ("unit" in part.body ? part.body.unit : undefined) ?? spoken;
  const dimension: Dimension = column.is_year
    ? { kind: "column", column }
    : { kind: "time", column, unit: unit ?? stepOf(column, withinYear(draft)), cyclic: false };
  dimensions.unshift(dimension);
  understood.note("group", part, { dimension });
}

/** „von 2024 auf 2025“. */
export const changesBetween = (clause: Clause) =>
  clause.of("period").some(({ body }) => body.change);

/** Running totals and changes go from one period to the next. */
export const followsTime = (clause: Clause) =>
  clause.of("previous").length > 0 ||
  changesBetween(clause) ||
  clause.of("derive").some(({ body }) => /^(running|difference|growth|change)$/.test(body.how));

/** Changes that nothing else says by what steps to follow. */
function changes({ clause, dimensions }: Draft) {
  const asked = [...clause.of("which"), ...clause.of("extreme")].some(
    ({ body }) => typeof body.of === "object",
  );
  if (!followsTime(clause) || asked) return [];
  // "from 2019 to 2020 per region": of each of them.
  if (changesBetween(clause)) return clause.of("period");
  return dimensions.length > 0 ? [] : clause.of("derive");
}

/** "how did it change from 2012 to 2013": by years. */
function unitOfPeriods({ filters }: Draft): TimeUnit | undefined {
  const periods = filters.where.flatMap((each) => (each.kind === "any" ? each.of : [each]));
  const units = new Set(
    periods.flatMap((condition) =>
      condition.kind === "period" &&
      condition.period.kind === "span" &&
      condition.period.unit !== "half"
        ? [condition.period.unit]
        : [],
    ),
  );
  return units.size === 1 ? [...units][0] : undefined;
}

/** "in bins of 10": numbers are put together by how large they are. */
function bins(draft: Draft) {
  const { clause, dimensions, used, understood } = draft;
  const [part] = clause.of("bins");
  if (!part) return;
  const at = dimensions.findIndex((d) => d.kind === "column" && isNumeric(d.column.type));
  const apart = (other: Part) =>
    Math.min(Math.abs(other.end - part.start), Math.abs(part.end - other.start));
  // The number that the bins are said next to.
  const [mentioned] = clause
    .of("mention")
    .filter(({ body }) => body.columns.length === 1 && isNumber(body.columns[0]!))
    .sort((a, b) => apart(a) - apart(b));
  const { body } = part;
  // "revenue per 100 g of weight" may be a ratio as well: steps need a figure that is taken in each.
  if (body.each && !clause.of("measure").some(isTakenInEach)) refuse({ kind: "no-question" });
  const own = body.column && oneNumber(body.column, draft.vocabulary);
  const column =
    own ??
    dimensions[at]?.column ??
    (mentioned ? oneNumber(mentioned.body.columns[0]!, draft.vocabulary) : undefined);
  if (!column) return;
  const width =
    body.width === undefined
      ? niceWidth(column, body.count ?? binsUsual)
      : inUnitOf(column, body.width, body.unit, part.words);
  const dimension: Dimension = { kind: "bin", column, width };
  dimensions.splice(at < 0 ? dimensions.length : at, at < 0 ? 0 : 1, dimension);
  used.add(part);
  if (body.each && column.missing > 0)
    draft.filters.where.push({ kind: "missing", column, negated: true });
  if (at < 0 && mentioned && !own) draft.binned.add(mentioned);
  understood.note("group", part, { dimension });
}

const isTakenInEach = ({ body }: PartOf<"measure">) =>
  body.aggregates.every((each) => each !== "sum" && each !== "ratio");

/** Bins that are made when neither their number nor their width is said. */
const binsUsual = 10;

/** 1, 2 or 5 times a power of ten, so that about so many bins cover the column. */
function niceWidth({ min, max }: Column, count: number): number {
  const span = Number(max) - Number(min);
  if (!(span > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(span / count));
  const factor = [1, 2, 5, 10].find((each) => each * power * count >= span) ?? 10;
  return Number((factor * power).toPrecision(6));
}

/** Few enough points to see, enough to see a course. */
export function stepOf({ min, max, grain, distinct }: Column, short = false): TimeUnit {
  const days = (Date.parse(String(max)) - Date.parse(String(min))) / 86_400_000;
  if (grain === "year" || (days > 366 * 15 && !short)) return "year";
  return grain === "month" || (days > 92 && distinct > 60) ? "month" : "day";
}

/** "top 5 countries by population": a column of numbers after "by" ranks; it does not group. */
export function isRankedBy({ clause }: Draft, { unit, column }: Grouping): boolean {
  if (unit !== undefined || !column) return false;
  const ranked =
    clause.of("limit").length > 0 ||
    clause.of("order").length > 0 ||
    clause.of("extreme").some(({ body }) => body.number !== undefined) ||
    clause.of("derive").some(({ body }) => body.how === "rank");
  // Where a number and a text fit, the number is what ranks.
  const numbers = column.matches.some(
    (match) => isNumeric(match.column.type) && !match.column.is_year,
  );
  return ranked && numbers;
}
