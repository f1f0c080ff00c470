/** What a clause computes. */
import { isStock } from "../language/concepts.ts";
import type { ColumnChoice } from "../language/parts.ts";
import type { Column } from "../read/profile.ts";
import { isNumber, isRunningNumber } from "./choice.ts";
import type { PartOf } from "./clauses.ts";
import {
  conceptsOf,
  isFlowColumn,
  isTemporal,
  numbersOf,
  oneColumn,
  timeColumn,
} from "./columns.ts";
import { countOfRows, countsPeople, type Mention, peopleOf, piecesSold, sold } from "./counting.ts";
import { defaultAggregate, isLedger, singleFigure } from "./defaults.ts";
import { addMeasure, type Draft } from "./draft.ts";
import { addDimension } from "./groups.ts";
import type { Measure } from "./intent.ts";
import { refuse } from "./problem.ts";
import { isMeanOfRatio, ratiosAll } from "./ratio.ts";

export function measureAll(draft: Draft) {
  const { clause, used } = draft;
  for (const part of draft.binned) used.add(part);
  ratiosAll(draft);
  const ranks = clause.of("extreme").length + clause.of("limit").length > 0;
  const mentions = clause
    .of("mention")
    .filter((part) => !draft.binned.has(part) && !(ranks && isBeside(part.body)))
    .flatMap((part) => part.body.columns.map((choice): Mention => ({ part, choice })));
  const counting = mentions.filter((mention) => countsRows(mention, draft));
  for (const { part } of counting) {
    used.add(part);
    addMeasure(draft.measures, { aggregate: "count" });
    draft.understood.note("measure", part, { measure: { aggregate: "count" } });
  }
  const verbs = mentions.filter((mention) => isVerbOf(mention, mentions, draft));
  for (const { part } of verbs) used.add(part);
  const numbers = mentions.filter(
    (mention) =>
      isNumber(mention.choice) && !counting.includes(mention) && !verbs.includes(mention),
  );
  const counts = clause.of("measure").some(({ body }) => body.asked === "how-many");
  const pieces = counts ? piecesSold(draft, numbers) : undefined;
  if (pieces) return;
  if (clause.of("measure").some(({ body }) => body.asked === "persons"))
    return peopleCounted(draft, numbers);
  // "how many cylinders … on average": the number of a row is averaged, and no rows are counted.
  const averaged = numbers.length > 0 && clause.of("measure").some(isAverage);
  for (const part of clause.of("measure"))
    if (averaged && /^how-(many|much)$/.test(part.body.asked ?? "")) used.add(part);
  // Rows are counted, and then what is the number for?
  if (counts && numbers.length > 0 && !averaged) refuse({ kind: "no-question" });
  // „Anzahl Zylinder“: of what adds up the grammar has made a sum, of anything else it is not clear.
  const counted = clause
    .of("measure")
    .filter(({ body }) => body.aggregates.join() === "count" && body.columns.length === 0)
    .some(({ end }) => numbers.some(({ part }) => part.start === end));
  if (counted && !averaged) refuse({ kind: "no-question" });
  // "how much heavier than": how far two are apart.
  if (clause.of("than").length === 1)
    for (const part of clause.of("measure")) if (part.body.asked === "how-much") used.add(part);
  const summed = clause
    .of("measure")
    .some(({ body }) => body.columns.length > 0 && body.aggregates.join() === "sum");
  for (const part of clause.of("measure")) {
    const { aggregates, columns, unit } = part.body;
    if (isMeanOfRatio(draft, part) || used.has(part)) {
      used.add(part);
      continue;
    }
    // „wie viel … insgesamt eingenommen“, "how many died … in total" ask for the sum, and count nothing.
    const ofSum = clause
      .of("measure")
      .some(({ body, start }) => body.columns.length > 0 && start === part.end);
    const asksSum = /^wie ?viel$/i.test(part.words) || (part.body.asked === "how-many" && ofSum);
    if (summed && columns.length === 0 && asksSum) {
      used.add(part);
      continue;
    }
    const alone = columns.length === 0 && unit === undefined && !aggregates.includes("count");
    const spoken = alone ? numbers.splice(0) : [];
    if (alone && spoken.length === 0 && clause.of("extreme").length > 0) {
      draft.loose.push(part);
      continue;
    }
    const only = alone && spoken.length === 0 ? onlyFigure(draft) : undefined;
    if (alone && spoken.length === 0 && !only) refuse({ kind: "no-measure", words: part.words });
    for (const mention of spoken) used.add(mention.part);
    const meant = only ? [only] : alone ? spoken.map(({ choice }) => choice) : columns;
    if (part.body.asked === "at-a-time") requireOneTime(draft, part.words);
    if (part.body.asked === "how-much" && !meant.every((choice) => isFlowChoice(choice, draft))) {
      refuse({ kind: "no-measure", words: part.words });
    }
    for (const aggregate of aggregates) measureOne(draft, aggregate, meant, unit, part);
    used.add(part);
  }
  requireFiguresOfRows(draft);
  mentionedNumbers(draft, numbers);
  for (const mention of mentions.filter(({ choice }) => !isNumber(choice)))
    mentioned(draft, mention);
}

/** Said to be shown with what is ranked: "with their income", "(origin and destination)". */
export const isBeside = ({ beside, columns }: PartOf<"mention">["body"]) =>
  beside === true ||
  (columns.length > 1 &&
    columns.every(({ matches }) => matches.every(({ column }) => column.type === "text")));

const isAverage = ({ body }: PartOf<"measure">) =>
  body.columns.length === 0 && /^(mean|median)$/.test(body.aggregates.join());

/** "the greatest quantity sold": with a figure by its name, selling is what is done with it. */
function isVerbOf({ choice }: Mention, mentions: readonly Mention[], { clause }: Draft): boolean {
  const named = [
    ...mentions.map((mention) => mention.choice),
    ...clause.of("extreme").flatMap(({ body }) => body.column ?? []),
  ];
  return (
    sold.test(choice.words) && named.some((other) => isNumber(other) && !sold.test(other.words))
  );
}

/** "how many people died": the number of people that the clause speaks of, and no rows. */
function peopleCounted(draft: Draft, numbers: readonly Mention[]) {
  const { clause, understood, used, vocabulary } = draft;
  const [asked, other] = clause.of("measure");
  const [said, second] = numbers;
  const only = said ?? peopleOf(draft);
  if (!asked || other || second || !only)
    return refuse({ kind: "no-measure", words: asked!.words });
  const [column, unclear] = numbersOf(only.choice, vocabulary);
  if (unclear || !countsPeople(column!, vocabulary))
    return refuse({ kind: "no-measure", words: asked.words });
  const measure: Measure = { aggregate: "sum", column: column! };
  if (!isFlowColumn(column!, vocabulary)) requireOneTime(draft, asked.words);
  addMeasure(draft.measures, measure);
  understood.note("measure", asked, { measure });
  for (const part of [asked, ...numbers.map((mention) => mention.part)]) used.add(part);
  const texts = clause.of("mention").filter((part) => !used.has(part));
  for (const part of texts)
    for (const choice of part.body.columns) mentioned(draft, { part, choice });
}

/** The table's only figure, when none is named: "the average per decade". */
function onlyFigure({ vocabulary, understood }: Draft): ColumnChoice | undefined {
  const column = singleFigure(vocabulary);
  if (!column) return undefined;
  understood.assumed("measure", { columns: [column] }, []);
  return { matches: [{ column, coverage: 1, covered: 1 }], words: "", matched_by: "assumed" };
}

/** "the number of cancelled orders", where a column is called "number": rows follow, and are counted. */
function countsRows({ part }: Mention, { clause }: Draft): boolean {
  const next = clause.parts[clause.parts.indexOf(part) + 1];
  const rows =
    next?.body.kind === "rows" || (next?.body.kind === "values" && next.body.of === "rows");
  return rows && next.start - part.end <= 2 && /^(anzahl|zahl|number|count)$/i.test(part.words);
}

/** A column of texts or dates, said by itself, groups; unless it only leads to a period: "released in 2000". */
function mentioned(draft: Draft, { choice, part }: Mention) {
  const { filters, used } = draft;
  const grouped = draft.dimensions.filter(({ kind }) => kind === "time");
  const dated = choice.matches.every(({ column }) => grouped.some((d) => d.column === column));
  if (isRowName(choice, draft) || dated || isSubject(choice, draft) || isOfAll(part, draft)) {
    used.add(part);
    return;
  }
  const dates = choice.matches.filter(({ column }) => isTemporal(column));
  const leads = filters.where.some(
    (condition) =>
      condition.kind === "period" && dates.some(({ column }) => column === condition.column),
  );
  // A date that is spoken of by half its name is no request to group by every day.
  if (dates.length > 0 && !leads && dates.every(({ coverage }) => coverage < 1)) return;
  used.add(part);
  const shared = draft.clause.of("derive").some(({ body }) => body.how === "share");
  if (shared && draft.clause.of("group").length > 0) {
    // "the share of countries per continent": how many of the different countries.
    const measure = { aggregate: "distinct", column: oneColumn(choice, () => true) } as const;
    addMeasure(draft.measures, measure);
    draft.understood.note("measure", choice, { measure });
    return;
  }
  if (!leads) addDimension(draft, { column: choice, words: choice.words }, part);
}

/** "how long do guests stay": of all of them; each by itself would be asked for. */
const isSubject = ({ matches }: ColumnChoice, { clause, measures }: Draft) =>
  measures.length > 0 &&
  clause.of("mention").some(({ body }) => body.adjective) &&
  matches.every(({ column }) => column.type === "text");

/** „Summe aller Bundesländer je Jahr“: of all of them together, and not of each. */
function isOfAll(part: PartOf<"mention">, { clause, measures }: Draft): boolean {
  const sums = measures.length > 0 && measures.every(({ aggregate }) => aggregate === "sum");
  const before = clause.of("all").some(({ end }) => end === part.start);
  const asked = clause.of("group").length + clause.of("over-time").length > 0;
  const summed = clause.of("measure").some(({ body }) => body.aggregates.join() === "sum");
  return sums && (asked || summed) && (before || /^(aller|of all)\b/i.test(part.words));
}

/** "how many gram-negative bacteria": each row is one, so that its name is no group. */
function isRowName({ matches }: ColumnChoice, { clause, vocabulary, measures }: Draft): boolean {
  const { row_count } = vocabulary.profile;
  const counts = measures.some((measure) => !measure.column) || clause.of("derive").length > 0;
  const names = matches.every(
    ({ column }) =>
      isRunningNumber(column) || (column.type === "text" && column.distinct >= row_count * 0.98),
  );
  return names && counts;
}

/** A column of numbers without a calculation gets its usual one, unless it is what is ranked. */
function mentionedNumbers(draft: Draft, numbers: readonly Mention[]) {
  const { clause, measures, dimensions, vocabulary, understood, used } = draft;
  const ranked = clause.of("extreme").length > 0 || clause.of("limit").length > 0;
  // "how much price did we charge in total": what is charged is the price, asked for already.
  for (const { part, choice } of numbers)
    if (
      part.body.level &&
      choice.matches.some((each) => measures.some((m) => m.column === each.column))
    )
      used.add(part);
  if (ranked && measures.length === 0) return;
  // "how many cylinders" counts no rows: the number that is spoken of would be left out.
  if (measures.length > 0 && dimensions.length === 0) return;
  for (const { part, choice } of numbers) {
    for (const column of numbersOf(choice, vocabulary)) {
      const wraps = dimensions.some((d) => d.kind === "time" && d.cyclic);
      // Only what adds up has shares.
      const shared = clause
        .of("derive")
        .some(({ body }) => body.how === "share" || body.how === "running");
      const [aggregate, others] = shared
        ? (["sum", []] as const)
        : addsAtOnce(column, draft)
          ? (["sum", ["mean"]] as const)
          : defaultAggregate(column, vocabulary, wraps);
      addMeasure(measures, { aggregate, column });
      understood.note(
        "measure",
        { words: choice.words, matched_by: choice.matched_by },
        { columns: [column] },
      );
      const alternatives = others.map((other) => ({ measure: { aggregate: other, column } }));
      understood.assumed("measure", { measure: { aggregate, column } }, alternatives);
    }
    used.add(part);
  }
}

/** People of many places are added up at one time, but not over times. */
export function addsAtOnce(
  column: Column,
  { vocabulary, dimensions, clause, filters }: Draft,
): boolean {
  const stock = [...conceptsOf(column, vocabulary)].some(isStock);
  const years = dimensions.some((d) => d.kind === "column" && d.column.is_year);
  const { columns, row_count } = vocabulary.profile;
  // Without any time, "the most people" of a region are those of all its countries.
  const timeless = !columns.some((each) => isTemporal(each) && each.distinct > 1);
  const sides = dimensions.every((d) => d.column.distinct < row_count / 2);
  const most = clause
    .of("extreme")
    .some(({ words }) => /\b(most|meisten|meiste|fewest|wenigsten)\b/i.test(words));
  // "population by age in 2000": of that year, whatever else tells its rows apart.
  const once = filters.where.some(
    (condition) =>
      condition.kind === "period" &&
      condition.column.is_year &&
      condition.relation === "in" &&
      condition.period.kind === "span",
  );
  return stock && (years || (once && sides) || (timeless && sides && most));
}

const isFlowChoice = ({ matches }: ColumnChoice, { vocabulary }: Draft) =>
  matches.some(({ column }) => isFlowColumn(column, vocabulary));

/** How many people live somewhere depends on when; adding up years would count them again and again. */
function requireOneTime({ vocabulary, filters, dimensions }: Draft, words: string) {
  const times = vocabulary.profile.columns.filter(
    (column) => isTemporal(column) && column.distinct > 1,
  );
  const [time] = times;
  if (!time) return;
  const single = filters.where.some(
    (condition) =>
      condition.kind === "period" &&
      condition.relation === "in" &&
      condition.period.kind === "span",
  );
  const grouped = dimensions.some((dimension) => times.includes(dimension.column));
  if (!single && !grouped) refuse({ kind: "no-time", words, column: time });
}

/**
 * "average monthly revenue" over single sales is the mean of what the months add up to, which is not
 * computed yet; the mean of the sales of each month is another figure.
 */
function requireFiguresOfRows({ clause, measures, vocabulary }: Draft) {
  const [adverb] = clause.of("group").filter(({ body }) => body.adverb);
  const means = measures.some(
    ({ aggregate, column }) => aggregate === "mean" && column && isFlowColumn(column, vocabulary),
  );
  if (adverb && means && isLedger(vocabulary)) refuse({ kind: "no-measure", words: adverb.words });
}

/** "how many years had no drought": what has no row of it is not what has rows of something else. */
function requireRowsAsKinds({ clause }: Draft, aggregate: Measure["aggregate"]) {
  const without = clause
    .of("values")
    .filter(({ body, words }) => body.negated && /^(no|kein)/i.test(words));
  if (aggregate === "distinct" && without.length > 0)
    refuse({ kind: "no-measure", words: without[0]!.words });
}

/** By what periods is summed before a figure of the sums is taken. */
function stepsOf({ body, words }: PartOf<"measure">, draft: Draft): Pick<Measure, "unit" | "by"> {
  if (!body.steps) return {};
  const by = timeColumn(draft.vocabulary, draft.understood, words);
  if (by.is_year && body.steps !== "year") refuse({ kind: "coarse-dates", words, column: by });
  // Beside other figures or groups by time, each period would be its own.
  const alone = draft.clause.of("measure").length === 1 && draft.clause.of("extreme").length === 0;
  if (!alone || draft.dimensions.some((each) => each.column === by))
    refuse({ kind: "no-question" });
  return { unit: body.steps, by };
}

function measureOne(
  draft: Draft,
  aggregate: Measure["aggregate"],
  columns: readonly ColumnChoice[],
  unit: Measure["unit"],
  part: PartOf<"measure">,
) {
  const { measures, vocabulary, understood } = draft;
  requireRowsAsKinds(draft, unit === undefined ? aggregate : "distinct");
  if (unit !== undefined) {
    const column = timeColumn(vocabulary, understood, part.words);
    const measure: Measure = { aggregate: "distinct", column, ...(column.is_year ? {} : { unit }) };
    addMeasure(measures, measure);
    understood.note("measure", part, { measure });
    return;
  }
  if (columns.length === 0) {
    const measure = countOfRows(vocabulary, part.words);
    addMeasure(measures, measure);
    understood.note("measure", part, { measure });
  }
  for (const choice of columns) {
    const direction = aggregate === "max" || aggregate === "min" ? aggregate : undefined;
    const counts = aggregate === "distinct" || aggregate === "count";
    const meant = counts
      ? [oneColumn(choice, ({ type }) => type === "text")]
      : numbersOf(choice, vocabulary, direction);
    const levels = aggregate === "quantile" ? (part.body.levels ?? []) : [undefined];
    for (const column of meant) {
      for (const level of levels) {
        const measure = {
          ...{ aggregate, column, ...(level === undefined ? {} : { level }) },
          ...stepsOf(part, draft),
        };
        addMeasure(measures, measure);
        const said = { words: part.words, matched_by: choice.matched_by };
        understood.note("measure", said, { measure });
      }
    }
  }
}
