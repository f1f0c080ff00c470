/** Which group, row or figure is the greatest or least. */
import { isStock } from "../language/concepts.ts";
import type { ColumnChoice, Grouping } from "../language/parts.ts";
import { type Column, isNumeric } from "../read/profile.ts";
import { isNumber } from "./choice.ts";
import {
  conceptsOf,
  isFlowColumn,
  isTemporal,
  numbersOf,
  oneColumn,
  timeColumn,
} from "./columns.ts";
import { defaultAggregate, isLedger, singleFigure } from "./defaults.ts";
import { type Draft, sameMeasure } from "./draft.ts";
import { addDimension } from "./groups.ts";
import type { Condition, Dimension, Intent, Measure, Order } from "./intent.ts";
import { isBeside } from "./measures.ts";
import { refuse } from "./problem.ts";
import { countsThese, type Direction, rankingChoice, rankingMeasure } from "./ranking-measure.ts";
import { askedFor, extraColumns, labelOf, type Ranked, sidesOf } from "./row-labels.ts";

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
  const nth = nthOf(draft);
  const number =
    nth ?? extreme?.body.number ?? limit?.body.number ?? (listed ? listedGroups : undefined);
  const words = extreme?.words ?? limit?.words ?? "";
  for (const part of [extreme, limit, which]) if (part) used.add(part);
  if (of === "when" && addsUpPerDay(draft)) {
    addDimension(draft, { unit: "day", words: which?.words ?? words }, { matched_by: "lexicon" });
    return rankGroups(draft, direction, number, words);
  }
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

/** "when was the revenue highest": of days on which several sales are, each day's sum is meant. */
function addsUpPerDay({ clause, vocabulary, measures }: Draft): boolean {
  const [extreme] = clause.of("extreme");
  const figures = [
    ...(extreme?.body.column ? [extreme.body.column] : []),
    ...clause.of("mention").flatMap(({ body }) => body.columns),
  ];
  const flows = figures.every(({ matches }) =>
    matches.every(({ column }) => isFlowColumn(column, vocabulary)),
  );
  const dated = vocabulary.profile.columns.some(({ type }) => type === "date");
  return (
    extreme !== undefined &&
    measures.length === 0 &&
    figures.length === 1 &&
    flows &&
    dated &&
    isLedger(vocabulary)
  );
}

/** "the second highest": said right before the superlative, and without a number of its own. */
function nthOf({ clause, used }: Draft): number | undefined {
  const [nth, other] = clause.of("nth");
  const [extreme] = clause.of("extreme");
  if (!nth || other || extreme?.start !== nth.end || extreme.body.number) return undefined;
  used.add(nth);
  return nth.body.number;
}

const placeOf = ({ clause }: Draft) => {
  const [nth] = clause.of("nth");
  return nth ? { nth: nth.body.number } : {};
};

/** "… and when was that?" after a single extreme figure: the row that has it. */
function whereThatWas(draft: Draft): Intent | undefined {
  const { before, clause, used, measures, dimensions } = draft;
  const [which] = clause.of("which");
  const [earlier] = before?.measures ?? [];
  const single = before?.dimensions.length === 0 && measures.length + dimensions.length === 0;
  const extreme = earlier?.aggregate === "max" || earlier?.aggregate === "min";
  if (!which || !single || !earlier?.column || !extreme) return undefined;
  const of = which.body.of ?? "rows";
  used.add(which);
  const direction = earlier.aggregate === "max" ? "max" : "min";
  const timed = typeof of === "object" && of.unit !== undefined;
  return rankRows(draft, direction, timed ? "when" : of, undefined, which.words);
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
    // "where do most people live": a place is asked for, and the greatest number of them is none.
    const stock = measure.column && [...conceptsOf(measure.column, draft.vocabulary)].some(isStock);
    const nowhere = stock && /\b(most|meisten?|fewest|wenigsten?)\b/i.test(words);
    // "what sells worst": what is not said, and what all of it comes to is no answer.
    const summed =
      measure.aggregate !== direction &&
      (extreme?.body.good === true || measure.aggregate === "sum");
    if (measure.column === undefined || extreme === undefined || nowhere || summed)
      refuse({ kind: "no-group", words });
    // "how many days … and the lowest": the count would be left out.
    if (draft.measures.some((other) => !sameMeasure(other, measure)))
      refuse({ kind: "no-question" });
    return { kind: "aggregate", measures: [measure], dimensions, where: filters.where, picks: [] };
  }
  const shown = besides(draft).map((column): Measure => {
    if (!isNumeric(column.type)) refuse({ kind: "no-question" });
    return { aggregate: defaultAggregate(column, draft.vocabulary, false)[0], column };
  });
  const others = [...draft.measures, ...shown].filter((other) => !sameMeasure(other, measure));
  const measures = [measure, ...others];
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
  if (number !== undefined) return { ...base, limit: number, picks: [], ...placeOf(draft) };
  // "highest temperature per month" asks for each; "which month" asks for one.
  return { ...base, picks: asked ? [] : [{ measure: 0, direction }] };
}

/** Rows without a name win no ranking. */
const named = (dimensions: readonly Dimension[]): Condition[] =>
  dimensions
    .filter(({ column }) => column.missing > 0)
    .map(({ column }) => ({ kind: "missing", column, negated: true }));

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
  const concepts = clause.of("extreme")[0]?.body.concepts;
  const only = choice || concepts || of !== "when" ? undefined : singleFigure(vocabulary);
  if (only) {
    const known = {
      matches: [{ column: only, coverage: 1, covered: 1 }],
      words,
      matched_by: "name",
    };
    const time = timeColumn(vocabulary, understood, words);
    return rowsBy(draft, [only], known, time, direction, number, words);
  }
  if (!choice) {
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

/** What is to be shown of each row besides. */
function besides({ clause, used, vocabulary, understood }: Draft): readonly Column[] {
  return clause.of("mention").flatMap((part) => {
    if (!isBeside(part.body)) return [];
    used.add(part);
    return part.body.columns.flatMap((choice) => {
      const columns = isNumber(choice)
        ? numbersOf(choice, vocabulary)
        : [oneColumn(choice, () => true)];
      understood.note("measure", choice, { columns });
      return columns;
    });
  });
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
      ...besides(draft),
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
  const many = number === undefined ? { ties: true } : { limit: number, ...placeOf(draft) };
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
