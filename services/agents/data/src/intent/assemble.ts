/**
 * Puts the phrases of a question together to what it asks: which figures, by what, of which rows, in
 * which order. Refuses what does not fit instead of leaving a word out. Pure.
 */

import type { ColumnChoice, Grouping } from "../language/parts.ts";
import type { Path } from "../language/segment.ts";
import type { Tagged } from "../language/terms.ts";
import type { Vocabulary } from "../language/vocabulary.ts";
import { type Column, isNumeric } from "../read/profile.ts";
import { type Clause, clausesOf, type PartOf } from "./clauses.ts";
import {
  columnsOfConcepts,
  conceptsOf,
  dimensionOf,
  isTemporal,
  numbersOf,
  oneColumn,
  timeColumn,
} from "./columns.ts";
import { conditionsOf, type Filters } from "./conditions.ts";
import { defaultAggregate, labelColumn } from "./defaults.ts";
import type { Condition, Dimension, Intent, Measure, Order, Pick } from "./intent.ts";
import { refuse } from "./problem.ts";
import { projectionOf } from "./projection.ts";
import { type Understood, type UnderstoodPart, understood } from "./understood.ts";

export interface Assembled {
  /** One, or two where a question asks twice what one table cannot show. */
  readonly intents: readonly Intent[];
  readonly parts: readonly UnderstoodPart[];
}

/** What one clause adds up to before it is a query. */
export interface Draft {
  readonly clause: Clause;
  readonly vocabulary: Vocabulary;
  readonly understood: Understood;
  readonly filters: Filters;
  readonly dimensions: Dimension[];
  readonly measures: Measure[];
  readonly before: Aggregation | undefined;
}

export type Aggregation = Extract<Intent, { kind: "aggregate" }>;

/** @throws IntentProblem when the phrases do not make one clear question. */
export function assemble(path: Path, tagged: Tagged, vocabulary: Vocabulary): Assembled {
  const notes = understood();
  const intents: Intent[] = [];
  for (const clause of clausesOf(path, tagged)) {
    const cannot = clause.of("cannot")[0];
    if (cannot) refuse({ kind: "cannot", why: cannot.body.why, words: cannot.words });
    const last = intents.at(-1);
    const before = last?.kind === "aggregate" ? last : undefined;
    const where = last && last.kind !== "describe" ? last.where : [];
    const intent = intentOf(clause, vocabulary, notes, before, where);
    const merged = before && merge(before, intent);
    if (merged) intents.splice(-1, 1, merged);
    else intents.push(intent);
  }
  if (intents.length === 0) refuse({ kind: "no-question" });
  return { intents, parts: notes.parts };
}

function intentOf(
  clause: Clause,
  vocabulary: Vocabulary,
  notes: Understood,
  before: Aggregation | undefined,
  inherited: readonly Condition[],
): Intent {
  const own = conditionsOf(clause, vocabulary, notes);
  const filters = own.where.length === 0 ? { ...own, where: [...inherited] } : own;
  const draft: Draft = {
    ...{ clause, vocabulary, understood: notes, filters, before },
    dimensions: [],
    measures: [],
  };
  if (isDescription(clause)) return { kind: "describe" };
  const projection = projectionOf(draft);
  if (projection) return projection;
  group(draft);
  measure(draft);
  return ranking(draft) ?? aggregation(draft);
}

function isDescription(clause: Clause): boolean {
  const others = clause.parts.filter(
    ({ body }) => !/^(describe|list|all|same|rows|distinct|chart|or)$/.test(body.kind),
  );
  return clause.of("describe").length > 0 && others.length === 0;
}

/** Whether months of different years belong together: not over time, nor within one year. */
function cyclic({ clause, filters }: Draft): boolean {
  if (clause.of("over-time").length > 0) return false;
  const units = clause.of("group").flatMap(({ body }) => body.by.map(({ unit }) => unit));
  if (units.includes("year")) return false;
  return !filters.where.some((condition) => condition.kind === "period" && isOneYear(condition));
}

function isOneYear({ relation, period }: Extract<Condition, { kind: "period" }>): boolean {
  return relation === "in" && period.kind === "span" && period.unit !== "decade";
}

function addDimension(
  draft: Draft,
  grouping: Grouping,
  part: { words: string; matched_by: string },
) {
  const wraps = cyclic(draft);
  const dimension = dimensionOf(grouping, draft.vocabulary, draft.understood, wraps);
  if (draft.dimensions.some((other) => sameDimension(other, dimension))) return;
  draft.dimensions.push(dimension);
  const other = dimension.kind === "time" && dimension.cyclic && dimension.unit === "month";
  draft.understood.note(
    "group",
    part,
    describeDimension(dimension),
    other ? ["each month of each year"] : [],
  );
}

function group(draft: Draft) {
  const { clause, filters } = draft;
  for (const part of clause.of("group")) {
    for (const grouping of part.body.by) {
      if (isRankedBy(draft, grouping)) continue;
      addDimension(draft, grouping, { ...part, words: grouping.words });
    }
  }
  for (const dimension of filters.side_by_side) {
    if (!draft.dimensions.some((other) => sameDimension(other, dimension)))
      draft.dimensions.push(dimension);
  }
  // "by month and year" is one line of time, not a table of two sides.
  const months = draft.dimensions.findIndex(
    (d) => d.kind === "time" && !d.cyclic && d.unit !== "year",
  );
  const years = draft.dimensions.findIndex((d) => d.kind === "time" && d.unit === "year");
  if (months >= 0 && years >= 0) draft.dimensions.splice(years, 1);
  if (
    clause.of("over-time").length > 0 &&
    !draft.dimensions.some((d) => d.kind === "time" || isTemporal(d.column))
  ) {
    const [part] = clause.of("over-time");
    const column = timeColumn(draft.vocabulary, draft.understood, part!.words);
    draft.dimensions.unshift(column.is_year ? { kind: "column", column } : overTime(column));
    draft.understood.note("group", part!, describeDimension(draft.dimensions[0]!));
  }
}

/** Few enough points to see, enough to see a course. */
function overTime(column: Column): Dimension {
  const days = (Date.parse(String(column.max)) - Date.parse(String(column.min))) / 86_400_000;
  const unit =
    column.distinct <= 60 ? "day" : days > 366 * 15 ? "year" : days > 92 ? "month" : "day";
  return { kind: "time", column, unit, cyclic: false };
}

/** "top 5 countries by population": a column of numbers after "by" ranks; it does not group. */
function isRankedBy({ clause }: Draft, { unit, column }: Grouping): boolean {
  if (unit !== undefined || !column) return false;
  const ranked = clause.of("limit").length > 0 || clause.of("order").length > 0;
  return (
    ranked && column.matches.every((match) => isNumeric(match.column.type) && !match.column.is_year)
  );
}

function measure(draft: Draft) {
  const { clause, vocabulary, understood: notes, dimensions, measures } = draft;
  const mentions = clause
    .of("mention")
    .flatMap((part) => part.body.columns.map((choice) => ({ part, choice })));
  const numbers = mentions.filter(({ choice }) =>
    choice.matches.some(({ column }) => isNumeric(column.type)),
  );
  for (const part of clause.of("measure")) {
    const { aggregates, columns, unit } = part.body;
    const alone = columns.length === 0 && unit === undefined && !aggregates.includes("count");
    const meant = alone ? numbers.splice(0).map(({ choice }) => choice) : columns;
    if (alone && meant.length === 0) refuse({ kind: "no-measure", words: part.words });
    for (const aggregate of aggregates) addMeasures(draft, aggregate, meant, unit, part);
  }
  for (const { part, choice } of numbers) {
    if (clause.of("extreme").length > 0 && measures.length === 0) continue;
    if (part.body.kind === "mention" && clause.of("limit").length > 0 && measures.length === 0)
      continue;
    for (const column of numbersOf(choice, vocabulary)) {
      const cyclicGroup = dimensions.some((d) => d.kind === "time" && d.cyclic);
      const [aggregate, others] = defaultAggregate(column, vocabulary, cyclicGroup);
      push(measures, { aggregate, column });
      notes.note("measure", part, `${column.name}`);
      notes.assumed("measure", `${aggregate} of ${column.name}`, others);
    }
  }
  for (const { choice, part } of mentions) {
    if (numbers.some((other) => other.choice === choice)) continue;
    if (choice.matches.some(({ column }) => isNumeric(column.type))) continue;
    addDimension(draft, { column: choice, words: choice.words }, part);
  }
}

function addMeasures(
  draft: Draft,
  aggregate: Measure["aggregate"],
  columns: readonly ColumnChoice[],
  unit: Measure["unit"],
  part: PartOf<"measure">,
) {
  const { measures, vocabulary, understood: notes } = draft;
  if (unit !== undefined) {
    const column = timeColumn(vocabulary, notes, part.words);
    push(
      measures,
      column.is_year ? { aggregate: "distinct", column } : { aggregate: "distinct", column, unit },
    );
    notes.note("measure", part, `number of different ${unit}s in ${column.name}`);
    return;
  }
  if (columns.length === 0) {
    push(measures, { aggregate: "count" });
    notes.note("measure", part, "count of rows");
  }
  for (const choice of columns) {
    const direction = aggregate === "max" || aggregate === "min" ? aggregate : undefined;
    const meant =
      aggregate === "distinct" || aggregate === "count"
        ? [oneColumn(choice, ({ type }) => type === "text")]
        : numbersOf(choice, vocabulary, direction);
    for (const column of meant) {
      push(measures, { aggregate, column });
      notes.note(
        "measure",
        { words: part.words, matched_by: choice.matched_by },
        `${aggregate} of ${column.name}`,
      );
    }
  }
}

function push(measures: Measure[], measure: Measure) {
  if (!measures.some((other) => sameMeasure(other, measure))) measures.push(measure);
}

export function sameMeasure(a: Measure, b: Measure): boolean {
  return a.aggregate === b.aggregate && a.column === b.column && a.unit === b.unit;
}

export function sameDimension(a: Dimension, b: Dimension): boolean {
  if (a.kind !== b.kind || a.column !== b.column) return false;
  return a.kind === "column" || b.kind === "column" || a.unit === b.unit;
}

function describeDimension(dimension: Dimension): string {
  if (dimension.kind === "column") return dimension.column.name;
  const each = dimension.cyclic || dimension.unit === "year" ? "" : "each ";
  return `${each}${dimension.unit} of ${dimension.column.name}`;
}

/** Which group, row or figure is the greatest or least. */
function ranking(draft: Draft): Intent | undefined {
  const { clause } = draft;
  const [extreme] = clause.of("extreme");
  const [limit] = clause.of("limit");
  const [which] = clause.of("which");
  const [order] = clause.of("order");
  const rankedLimit =
    limit && (extreme || limit.body.direction || order || draft.measures.length > 0);
  if (!extreme && !rankedLimit) return undefined;
  const direction = extreme?.body.direction ?? limit?.body.direction ?? "max";
  const of = extreme?.body.of ?? which?.body.of ?? limit?.body.of;
  const number = extreme?.body.number ?? limit?.body.number ?? (limit && !extreme ? 10 : undefined);
  const words = extreme?.words ?? limit?.words ?? "";
  if (of === "rows" || of === "who" || of === "when") {
    return rankRows(draft, direction, of, number ?? 1, words);
  }
  if (of !== undefined) {
    const unique = of.unit === undefined && isUnique(of, draft);
    if (
      unique &&
      !extreme?.body.aggregates &&
      draft.measures.every((m) => m.aggregate !== "count" && isDefault(m, draft))
    ) {
      return rankRows(draft, direction, of, number ?? 1, words);
    }
    addDimension(draft, of, { words: of.words, matched_by: of.column?.matched_by ?? "lexicon" });
  }
  return rankGroups(draft, direction, number, which !== undefined || of !== undefined, words);
}

/** Each row has its own value of the column, so that rows are what is ranked. */
function isUnique({ column }: Grouping, { vocabulary }: Draft): boolean {
  const meant = oneColumn(column!, ({ type }) => !isNumeric(type));
  return meant.distinct >= vocabulary.profile.row_count * 0.98;
}

/** The measure was not asked for by name, only assumed. */
const isDefault = (measure: Measure, { clause }: Draft) =>
  clause.of("measure").every(({ body }) => !body.aggregates.includes(measure.aggregate));

function rankGroups(
  draft: Draft,
  direction: "max" | "min",
  number: number | undefined,
  picks: boolean,
  words: string,
): Intent {
  const { dimensions, before, filters } = draft;
  if (
    dimensions.length === 0 &&
    picks === false &&
    before &&
    draft.clause.of("extreme")[0]?.body.column === undefined
  ) {
    dimensions.push(...before.dimensions);
  }
  const measure = rankingMeasure(draft, direction, words);
  if (dimensions.length === 0) {
    // "the highest temperature" is a figure, not a group.
    return { kind: "aggregate", measures: [measure], dimensions, where: filters.where, picks: [] };
  }
  const measures = [measure, ...draft.measures.filter((other) => !sameMeasure(other, measure))];
  const pick: Pick = { measure: 0, direction };
  const natural =
    number === undefined && dimensions.every((d) => d.kind === "time" || isTemporal(d.column));
  const order: Order = natural
    ? { by: "dimension", index: 0, direction: "ascending" }
    : { by: "measure", index: 0, direction: direction === "max" ? "descending" : "ascending" };
  return {
    ...{ kind: "aggregate", measures, dimensions, where: filters.where, order },
    picks: number === undefined ? [pick] : [],
    ...(number === undefined ? {} : { limit: number }),
  };
}

/** What is compared: said, spoken of by an adjective, asked for before, or else unclear. */
function rankingMeasure(draft: Draft, direction: "max" | "min", words: string): Measure {
  const { clause, vocabulary, measures, before, dimensions, understood: notes } = draft;
  const extreme = clause.of("extreme")[0];
  const body = extreme?.body;
  if (body?.count) return { aggregate: "count" };
  const earlier = before?.measures ?? [];
  if (body?.concepts) {
    const speaks = (m: Measure) =>
      m.column && body.concepts!.some((c) => conceptsOf(m.column!, vocabulary).has(c));
    const known = measures.find(speaks) ?? earlier.find(speaks);
    if (known) return known;
  }
  const choice =
    body?.column ?? (body?.concepts && columnsOfConcepts(body.concepts, vocabulary, words));
  if (body?.concepts && !choice) refuse({ kind: "unknown-words", words: [words] });
  if (!choice) {
    const order = clause.of("order")[0]?.body;
    if (order?.count) return { aggregate: "count" };
    if (order?.aggregates && order.columns?.[0]) {
      return {
        aggregate: order.aggregates[0]!,
        column: numbersOf(order.columns[0], vocabulary)[0]!,
      };
    }
    const by = order?.columns?.[0] ?? rankedBy(draft) ?? mentioned(draft);
    if (measures[0] && !by) return measures[0];
    if (by) return assumedMeasure(draft, by, direction, words);
    if (earlier[0]) return earlier[0];
    return refuse({ kind: "no-measure", words });
  }
  if (body?.aggregates?.[0]) {
    const column = numbersOf(choice, vocabulary, direction)[0]!;
    notes.note("measure", extreme!, `${body.aggregates[0]} of ${column.name}`);
    return { aggregate: body.aggregates[0], column };
  }
  const same = measures
    .concat(earlier)
    .find((m) => choice.matches.some(({ column }) => column === m.column));
  if (same && dimensions.length > 0) return same;
  return assumedMeasure(draft, choice, direction, words);
}

const mentioned = ({ clause }: Draft) =>
  clause
    .of("mention")
    .flatMap(({ body }) => body.columns)
    .find((choice) => choice.matches.some(({ column }) => isNumeric(column.type)));

const rankedBy = (draft: Draft) =>
  draft.clause
    .of("group")
    .flatMap(({ body }) => body.by)
    .find((grouping) => isRankedBy(draft, grouping))?.column;

/** No way of adding up was said: the extreme value itself, or the usual figure over time. */
function assumedMeasure(
  draft: Draft,
  choice: ColumnChoice,
  direction: "max" | "min",
  words: string,
): Measure {
  const { vocabulary, dimensions, understood: notes } = draft;
  const columns = numbersOf(choice, vocabulary, direction);
  if (columns.length > 1) refuse({ kind: "ambiguous", words: choice.words || words, columns });
  const column = columns[0]!;
  const spoken = draft.clause.of("extreme")[0]?.body.concepts !== undefined;
  const timed = dimensions.some((d) => d.kind === "time" || isTemporal(d.column));
  const wraps = dimensions.some((d) => d.kind === "time" && d.cyclic);
  const [usual, others] = defaultAggregate(column, vocabulary, wraps);
  const aggregate =
    dimensions.length === 0 || (!timed && !spoken && usual === "mean") ? direction : usual;
  notes.note("measure", { words, matched_by: choice.matched_by }, column.name);
  notes.assumed(
    "measure",
    `${aggregate} of ${column.name}`,
    [...others, usual].filter((a) => a !== aggregate),
  );
  return { aggregate, column };
}

/** The rows with the greatest values, by what they are called. */
function rankRows(
  draft: Draft,
  direction: "max" | "min",
  of: Grouping | "rows" | "who" | "when",
  number: number,
  words: string,
): Intent {
  const { vocabulary, understood: notes, filters, clause } = draft;
  const body = clause.of("extreme")[0]?.body;
  if (body?.count) refuse({ kind: "no-measure", words });
  const choice =
    body?.column ??
    (body?.concepts && columnsOfConcepts(body.concepts, vocabulary, words)) ??
    clause.of("order")[0]?.body.columns?.[0] ??
    rankedBy(draft) ??
    mentioned(draft);
  if (body?.concepts && !choice) refuse({ kind: "unknown-words", words: [words] });
  if (!choice) refuse({ kind: "no-measure", words });
  const [column, other] = numbersOrDates(choice!, vocabulary, direction);
  if (other)
    refuse({ kind: "ambiguous", words: choice!.words || words, columns: [column!, other] });
  const label =
    of === "when" ? timeColumn(vocabulary, notes, words) : labelOf(of, vocabulary, words);
  notes.note("order", { words, matched_by: choice!.matched_by }, `${direction} of ${column!.name}`);
  const shown = [label, ...extraColumns(draft, label, column!), column!];
  const columns = shown.filter((c, index) => shown.indexOf(c) === index);
  const order: Order = {
    by: "column",
    index: columns.indexOf(column!),
    direction: direction === "max" ? "descending" : "ascending",
  };
  const present: Condition = { kind: "missing", column: column!, negated: true };
  return {
    kind: "rows",
    columns,
    where: [...filters.where, present],
    order,
    limit: number,
    purpose: "rank",
  };
}

function numbersOrDates(choice: ColumnChoice, vocabulary: Vocabulary, direction: "max" | "min") {
  const dates = choice.matches
    .map(({ column }) => column)
    .filter(({ type }) => type === "date" || type === "time");
  return dates.length > 0 ? dates : numbersOf(choice, vocabulary, direction);
}

function labelOf(of: Grouping | "rows" | "who", vocabulary: Vocabulary, words: string): Column {
  if (typeof of === "object") return oneColumn(of.column!, ({ type }) => !isNumeric(type));
  const label = labelColumn(vocabulary);
  return label ?? refuse({ kind: "no-measure", words });
}

/** When rows repeat a label, the time tells them apart. */
function extraColumns({ vocabulary }: Draft, label: Column, ranked: Column): Column[] {
  if (label.distinct >= vocabulary.profile.row_count * 0.98) return [];
  const time = vocabulary.profile.columns.find((column) => isTemporal(column) && column !== ranked);
  return time ? [time] : [];
}

function aggregation(draft: Draft): Intent {
  const { clause, measures, dimensions, filters, understood: notes } = draft;
  for (const { body, words, matched_by } of clause.of("which")) {
    if (typeof body.of === "object") addDimension(draft, body.of, { words, matched_by });
  }
  if (measures.length === 0) {
    if (dimensions.length === 0 && filters.where.length === 0) refuse({ kind: "no-question" });
    measures.push({ aggregate: "count" });
    notes.assumed("measure", "count of rows", []);
  }
  const limit = clause.of("limit")[0]?.body.number;
  const order = orderOf(draft);
  return {
    ...{ kind: "aggregate", measures, dimensions, where: filters.where, picks: [], order },
    ...(limit === undefined ? {} : { limit }),
  };
}

function orderOf({ clause, dimensions, measures }: Draft): Order {
  const said = clause.of("order")[0]?.body;
  const timed = dimensions.some((d) => d.kind === "time" || isTemporal(d.column));
  const byName =
    said?.columns?.some((choice) =>
      choice.matches.some(({ column }) => dimensions.some((d) => d.column === column)),
    ) || said?.unit !== undefined;
  if (said && !byName && measures.length > 0) {
    return { by: "measure", index: 0, direction: said.direction ?? "descending" };
  }
  if (timed || byName)
    return { by: "dimension", index: 0, direction: said?.direction ?? "ascending" };
  if (dimensions.some((d) => isNumeric(d.column.type)))
    return { by: "dimension", index: 0, direction: "ascending" };
  return { by: "measure", index: 0, direction: "descending" };
}

/** A second question about the same groups is answered from the same table. */
function merge(before: Aggregation, intent: Intent): Aggregation | undefined {
  if (intent.kind !== "aggregate" || before.limit !== undefined || intent.limit !== undefined)
    return undefined;
  if (JSON.stringify(before.where) !== JSON.stringify(intent.where)) return undefined;
  const dimensions = intent.dimensions;
  const same =
    dimensions.length === before.dimensions.length &&
    dimensions.every((dimension, index) => sameDimension(dimension, before.dimensions[index]!));
  if (!same) return undefined;
  const measures = [...before.measures];
  for (const measure of intent.measures) push(measures, measure);
  const picks = intent.picks.map(({ measure, direction }) => ({
    measure: measures.findIndex((other) => sameMeasure(other, intent.measures[measure]!)),
    direction,
  }));
  return { ...before, measures, picks: [...before.picks, ...picks] };
}
