/** Which group, row or figure is the greatest or least. */
import { isGood } from "../language/concepts.ts";
import type { ColumnChoice, Grouping } from "../language/parts.ts";
import { type Column, isNumeric } from "../read/profile.ts";
import { isNumber } from "./choice.ts";
import {
  columnsOfConcepts,
  conceptsOf,
  isFlowColumn,
  isTemporal,
  numbersOf,
  oneColumn,
  timeColumn,
} from "./columns.ts";
import { defaultAggregate, keysOf, singleFigure } from "./defaults.ts";
import { type Draft, sameMeasure } from "./draft.ts";
import { addDimension, isRankedBy } from "./groups.ts";
import type { Condition, Dimension, Intent, Measure, Order } from "./intent.ts";
import { addsAtOnce } from "./measures.ts";
import { refuse } from "./problem.ts";
import { askedFor, extraColumns, labelOf, type Ranked, sidesOf } from "./row-labels.ts";

type Direction = "max" | "min";

/** Groups that are listed when several are asked for without a number. */
const listedGroups = 10;

export function rankingOf(draft: Draft): Intent | undefined {
  const { clause, used, measures } = draft;
  const [extreme] = clause.of("extreme");
  const [limit] = clause.of("limit");
  const [which] = clause.of("which");
  const [order] = clause.of("order");
  if (!extreme && which) return whereThatWas(draft);
  // "over 60 years": a number of periods ranks only where it is said how.
  const spans = typeof limit?.body.of === "object" && limit.body.of.unit !== undefined;
  if (spans && !extreme && !limit.body.direction && !order)
    refuse({ kind: "unused-words", words: [limit.words] });
  const limits = limit && (extreme || limit.body.direction || order || measures.length > 0);
  if (!extreme && !limits) return undefined;
  const direction = extreme?.body.direction ?? limit?.body.direction ?? "max";
  const spoken = clause.of("values").map(({ body }) => body.of);
  // "the lightest Japanese car" is a row; "the highest price of Japanese cars" a figure.
  const rows = spoken.includes("asked-rows") || (spoken.includes("rows") && extreme?.body.concepts);
  const narrowed = rows && !countsThese(draft) ? "rows" : undefined;
  const of = extreme?.body.of ?? which?.body.of ?? narrowed ?? limit?.body.of;
  const listed = limit && !extreme && !which && limit.body.number === undefined;
  const number = extreme?.body.number ?? limit?.body.number ?? (listed ? listedGroups : undefined);
  const words = extreme?.words ?? limit?.words ?? "";
  for (const part of [extreme, limit, which]) if (part) used.add(part);
  if (of === "rows" || of === "who" || of === "when") {
    const day = typeof extreme?.body.of === "object" ? extreme.body.of : undefined;
    return rankRows(draft, direction, day ? "when" : of, number, words);
  }
  if (of !== undefined && isEachDay(of, draft))
    return rankRows(draft, direction, "when", number, words);
  if (of !== undefined) {
    if (isEachRow(of, draft)) return rankRows(draft, direction, of, number, words);
    addDimension(draft, of, { matched_by: "lexicon" });
  }
  if (which?.body.of && typeof which.body.of === "object" && which.body.of !== of) {
    addDimension(draft, which.body.of, which);
  }
  return rankGroups(draft, direction, number, words);
}

/** "… and when was that?" after a single extreme figure: the row that has it. */
function whereThatWas(draft: Draft): Intent | undefined {
  const { before, clause, used, measures, dimensions } = draft;
  const [which] = clause.of("which");
  const [earlier] = before?.measures ?? [];
  const single = before?.dimensions.length === 0 && measures.length + dimensions.length === 0;
  const extreme = earlier?.aggregate === "max" || earlier?.aggregate === "min";
  if (!which || !single || !earlier?.column || !extreme) return undefined;
  const of = which.body.of ?? "rows";
  if (typeof of === "object" && of.unit === undefined) return undefined;
  used.add(which);
  const direction = earlier.aggregate === "max" ? "max" : "min";
  return rankRows(draft, direction, typeof of === "object" ? "when" : of, undefined, which.words);
}

/** Each row is a day of its own. */
function isEachDay({ unit }: Grouping, { vocabulary, clause }: Draft): boolean {
  if (
    unit !== "day" ||
    clause.of("extreme")[0]?.body.count ||
    clause.of("extreme")[0]?.body.aggregates
  )
    return false;
  const { columns, row_count } = vocabulary.profile;
  return columns.some(({ type, distinct }) => type === "date" && distinct >= row_count * 0.98);
}

/** Each row has its own value of the column, so that rows are what is ranked. */
function isEachRow(
  { unit, column }: Grouping,
  { vocabulary, clause, measures, loose }: Draft,
): boolean {
  if (unit !== undefined || clause.of("extreme")[0]?.body.aggregates || loose.length > 0)
    return false;
  if (measures.length > 0 || clause.of("order").some(({ body }) => body.aggregates)) return false;
  const meant = oneColumn(column!, ({ type }) => !isNumeric(type));
  return meant.distinct >= vocabulary.profile.row_count * 0.98;
}

function rankGroups(
  draft: Draft,
  direction: Direction,
  number: number | undefined,
  words: string,
): Intent {
  const { dimensions, before, filters, clause } = draft;
  const [extreme] = clause.of("extreme");
  // "… and which is the highest?" is about the groups just asked for.
  const refers = clause.of("which").length > 0 || extreme?.body.column === undefined;
  if (dimensions.length === 0 && before && refers) dimensions.push(...before.dimensions);
  const figures = extreme?.body.aggregates ?? clause.of("order")[0]?.body.aggregates;
  if (dimensions.length === 0 && number !== undefined && !figures && !extreme?.body.count) {
    // "the 5 highest temperatures": the rows that have them.
    return rankRows(draft, direction, "rows", number, words);
  }
  const measure = rankingMeasure(draft, direction, words);
  if (dimensions.length === 0) {
    // "the highest temperature" is a figure, not a group; "the most cars" is neither.
    if (measure.column === undefined || extreme === undefined) refuse({ kind: "no-group", words });
    // "how many days … and the lowest": the count would be left out.
    if (draft.measures.some((other) => !sameMeasure(other, measure)))
      refuse({ kind: "no-question" });
    return { kind: "aggregate", measures: [measure], dimensions, where: filters.where, picks: [] };
  }
  const measures = [measure, ...draft.measures.filter((other) => !sameMeasure(other, measure))];
  const natural =
    number === undefined && dimensions.every((d) => d.kind === "time" || isTemporal(d.column));
  const asked =
    clause.of("group").length > 0 && number === undefined && clause.of("which").length === 0;
  const order: Order =
    natural || asked
      ? { by: "dimension", index: 0, direction: "ascending" }
      : { by: "measure", index: 0, direction: direction === "max" ? "descending" : "ascending" };
  const where = [...filters.where, ...named(dimensions)];
  const base = { kind: "aggregate", measures, dimensions, where, order } as const;
  if (number !== undefined) return { ...base, limit: number, picks: [] };
  // "highest temperature per month" asks for each; "which month" asks for one.
  return { ...base, picks: asked ? [] : [{ measure: 0, direction }] };
}

/** Rows without a name win no ranking. */
const named = (dimensions: readonly Dimension[]): Condition[] =>
  dimensions
    .filter(({ column }) => column.missing > 0)
    .map(({ column }) => ({ kind: "missing", column, negated: true }));

/** What is compared: said, spoken of by an adjective, asked for before, or else unclear. */
function rankingMeasure(draft: Draft, direction: Direction, words: string): Measure {
  const { clause, vocabulary, measures, before, dimensions, understood } = draft;
  const extreme = clause.of("extreme")[0];
  const body = extreme?.body;
  if (body?.count) return { aggregate: "count" };
  if (body && countsThese(draft)) return { aggregate: "count" };
  const shared = clause.of("derive").some((part) => part.body.how === "share");
  const earlier = before?.measures ?? [];
  const choice = rankingChoice(draft, words);
  if (body?.concepts) {
    const speaks = ({ column }: Measure) =>
      column && body.concepts?.some((concept) => conceptsOf(column, vocabulary).has(concept));
    const known = measures.find(speaks) ?? earlier.find(speaks);
    if (known) return known;
    if (!choice) refuse({ kind: "unknown-words", words: [words] });
  }
  const ordered = orderedBy(draft);
  if (ordered) return ordered;
  if (body?.good) return bestMeasure(draft, direction, words);
  const rows = clause.of("rows").length > 0 && clause.of("group").length > 0;
  if (!choice && (shared || (!extreme && rows)) && measures.length === 0)
    return { aggregate: "count" };
  const [loose] = draft.loose;
  if (!choice) {
    const known = measures[0] ?? earlier[0];
    return known ?? onlyMeasure(draft, loose?.body.aggregates[0], words);
  }
  const aggregate = body?.aggregates?.[0] ?? loose?.body.aggregates[0];
  if (aggregate) {
    if (loose) draft.used.add(loose);
    const column = numbersOf(choice, vocabulary, direction)[0]!;
    understood.note("measure", extreme ?? loose!, { measure: { aggregate, column } });
    return { aggregate, column };
  }
  const same = [...measures, ...earlier].find((measure) =>
    choice.matches.some(({ column }) => column === measure.column),
  );
  return same && dimensions.length > 0 ? same : assumedMeasure(draft, choice, direction, words);
}

/** "the most rainy days": said right before rows with a value, it is how many of them there are. */
function countsThese({ clause }: Draft): boolean {
  const [extreme] = clause.of("extreme");
  const plain = extreme && !extreme.body.column && !extreme.body.concepts && !extreme.body.good;
  return (
    plain === true &&
    clause.of("values").some(({ body, start }) => body.of !== undefined && start === extreme.end)
  );
}

/** "rank the countries by population": a column of numbers after "by" is what ranks them. */
export function rankedBy(draft: Draft): Measure | undefined {
  const ranked = draft.clause
    .of("group")
    .find((part) => part.body.by.some((by) => isRankedBy(draft, by)));
  const choice = ranked && rankingChoice(draft, ranked.words);
  return choice && assumedMeasure(draft, choice, "max", ranked.words);
}

/**
 * "the most women", "the most volatile stock": of a table whose rows hold one figure, it is that; rows
 * of their own that could be counted leave it open.
 */
function onlyMeasure(
  draft: Draft,
  loose: Measure["aggregate"] | undefined,
  words: string,
): Measure {
  const { clause, vocabulary, understood, filters, used } = draft;
  const column = singleFigure(vocabulary);
  const [extreme] = clause.of("extreme");
  const aggregate = extreme?.body.aggregates?.[0] ?? loose;
  if (!column) return refuse({ kind: "no-measure", words });
  if (aggregate) {
    for (const part of draft.loose) used.add(part);
    understood.assumed("measure", { measure: { aggregate, column } }, []);
    return { aggregate, column };
  }
  const counted = /\b(most|meisten?|fewest|wenigsten?)\b/i.test(words);
  const kind = filters.where.some((each) => each.kind === "one-of");
  if (!counted || !kind || !keysOf(vocabulary) || !isFlowColumn(column, vocabulary))
    return refuse({ kind: "no-measure", words });
  const measure: Measure = { aggregate: "sum", column };
  understood.assumed("measure", { measure }, []);
  return measure;
}

/** What was asked before, where more of it is better. */
function bestMeasure(draft: Draft, direction: Direction, words: string): Measure {
  const { measures, before, vocabulary } = draft;
  const [measure] = [...measures, ...(before?.measures ?? [])];
  // "which variety yields best", "the best site": the figure that is named, or the only one.
  const only = singleFigure(vocabulary);
  const choice = measure
    ? undefined
    : (rankingChoice(draft, words) ??
      (only && {
        matches: [{ column: only, coverage: 1, covered: 1 }],
        words,
        matched_by: "assumed",
      }));
  const good = choice?.matches.every(({ column }) =>
    [...conceptsOf(column, vocabulary)].some(isGood),
  );
  if (choice && good) {
    const [column, other] = numbersOf(choice, vocabulary, direction);
    if (other) refuse({ kind: "ambiguous", words, columns: [column!, other] });
    const [aggregate, others] = defaultAggregate(column!, vocabulary, false);
    const best: Measure = { aggregate, column: column! };
    const alternatives = others.map((each) => ({ measure: { ...best, aggregate: each } }));
    draft.understood.assumed("measure", { measure: best }, alternatives);
    return best;
  }
  const concepts = measure?.column ? [...conceptsOf(measure.column, vocabulary)] : [];
  if (!measure || !concepts.some(isGood)) return refuse({ kind: "unknown-words", words: [words] });
  return measure;
}

/** "… by average horsepower", "… by count". */
export function orderedBy({ clause, vocabulary, used, understood }: Draft): Measure | undefined {
  const [order] = clause.of("order");
  if (!order) return undefined;
  used.add(order);
  const { count, aggregates, columns } = order.body;
  if (count) return { aggregate: "count" };
  const [choice] = columns ?? [];
  if (!choice || !aggregates?.[0]) return undefined;
  const column = numbersOf(choice, vocabulary)[0]!;
  understood.note("measure", order, { measure: { aggregate: aggregates[0], column } });
  return { aggregate: aggregates[0], column };
}

/** The column that the words of the ranking are about, wherever in the clause it is named. */
function rankingChoice(draft: Draft, words: string): ColumnChoice | undefined {
  const { clause, vocabulary, used } = draft;
  const body = clause.of("extreme")[0]?.body;
  if (body?.column) return body.column;
  if (body?.concepts) {
    const choice = columnsOfConcepts(body.concepts, vocabulary, words);
    if (choice) return saidAgain(draft, choice);
  }
  for (const part of clause.of("order")) {
    if (part.body.columns?.[0]) {
      used.add(part);
      return part.body.columns[0];
    }
  }
  for (const part of clause.of("group")) {
    const grouping = part.body.by.find((each) => isRankedBy(draft, each));
    if (grouping && part.body.by.length === 1) {
      used.add(part);
      return grouping.column;
    }
  }
  for (const part of clause.of("mention")) {
    if (part.body.columns.length !== 1 || !isNumber(part.body.columns[0]!)) continue;
    used.add(part);
    return part.body.columns[0];
  }
  return undefined;
}

/** "the poorest by income", "strongest by mag": what the adjective speaks of may be named as well. */
function saidAgain({ clause, used }: Draft, choice: ColumnChoice): ColumnChoice {
  const meant = ({ matches }: ColumnChoice) =>
    matches.some(({ column }) => choice.matches.some((match) => match.column === column));
  for (const part of clause.of("group"))
    if (part.body.by.every(({ column }) => column && meant(column))) used.add(part);
  for (const part of clause.of("order")) if ((part.body.columns ?? []).every(meant)) used.add(part);
  return choice;
}

/** No way of adding up was said: the extreme value itself, or the usual figure over time. */
function assumedMeasure(
  draft: Draft,
  choice: ColumnChoice,
  direction: Direction,
  words: string,
): Measure {
  const { vocabulary, dimensions, understood, clause } = draft;
  const columns = numbersOf(choice, vocabulary, direction);
  if (columns.length > 1) refuse({ kind: "ambiguous", words: choice.words || words, columns });
  const column = columns[0]!;
  const spoken = clause.of("extreme")[0]?.body.concepts !== undefined;
  const timed = dimensions.some((d) => d.kind === "time" || isTemporal(d.column));
  const wraps = dimensions.some((d) => d.kind === "time" && d.cyclic);
  const grouped = clause
    .of("group")
    .some((part) => !part.body.by.some((by) => isRankedBy(draft, by)));
  const each = grouped && clause.of("which").length === 0;
  const [usual, others] = defaultAggregate(column, vocabulary, wraps);
  const literal = dimensions.length === 0 || each || (!timed && !spoken && usual === "mean");
  const aggregate =
    dimensions.length > 0 && addsAtOnce(column, draft) ? "sum" : literal ? direction : usual;
  understood.note("measure", { words, matched_by: choice.matched_by }, { columns: [column] });
  const alternatives = [usual, ...others]
    .filter((other) => other !== aggregate)
    .map((other) => ({ measure: { aggregate: other, column } }));
  understood.assumed("measure", { measure: { aggregate, column } }, alternatives);
  return { aggregate, column };
}

/** The rows with the greatest values, by what they are called. */
function rankRows(
  draft: Draft,
  direction: Direction,
  of: Ranked,
  number: number | undefined,
  words: string,
): Intent {
  const { vocabulary, clause, before, understood } = draft;
  // "the mean weight of the 10 heaviest": a figure over ranked rows would be left out.
  if (draft.measures.length > 0) refuse({ kind: "no-question" });
  if (clause.of("extreme")[0]?.body.count) refuse({ kind: "no-group", words });
  const earlier = before?.measures[0]?.column;
  const choice =
    rankingChoice(draft, words) ??
    (earlier && {
      matches: [{ column: earlier, coverage: 1, covered: 1 }],
      words,
      matched_by: "name",
    });
  if (!choice) {
    const concepts = clause.of("extreme")[0]?.body.concepts;
    return refuse(
      concepts ? { kind: "unknown-words", words: [words] } : { kind: "no-measure", words },
    );
  }
  const dates = choice.matches.map(({ column }) => column).filter(isTemporal);
  const ranked = dates.length > 0 ? dates : numbersOf(choice, vocabulary, direction);
  const label =
    of === "when" ? timeColumn(vocabulary, understood, words) : labelOf(of, draft, words);
  return rowsBy(draft, ranked, choice, label, direction, number, words);
}

function rowsBy(
  draft: Draft,
  ranked: readonly Column[],
  choice: ColumnChoice,
  label: Column,
  direction: Direction,
  number: number | undefined,
  words: string,
): Intent {
  const { filters, understood } = draft;
  const [column, other] = ranked;
  if (other) refuse({ kind: "ambiguous", words: choice.words || words, columns: [column!, other] });
  understood.note(
    "order",
    { words, matched_by: choice.matched_by },
    { extreme: direction, of: column! },
  );
  const within = sidesOf(draft, label);
  const columns = [
    ...new Set([
      ...within,
      ...askedFor(draft),
      label,
      ...extraColumns(draft, label, column!),
      column!,
    ]),
  ];
  const order: Order = {
    by: "column",
    index: columns.indexOf(column!),
    direction: direction === "max" ? "descending" : "ascending",
  };
  const known: Condition = { kind: "missing", column: column!, negated: true };
  const where = [...filters.where, known];
  // Of the single greatest there may be several.
  const many = number === undefined ? { ties: true } : { limit: number };
  return {
    kind: "rows",
    columns,
    where,
    order,
    purpose: "rank",
    ...many,
    ...(within.length > 0 ? { within } : {}),
  };
}
