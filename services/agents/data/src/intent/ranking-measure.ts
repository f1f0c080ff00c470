/** By what figure groups and rows are ranked. */
import { isGood } from "../language/concepts.ts";
import type { ColumnChoice } from "../language/parts.ts";
import { type Column, isNumeric } from "../read/profile.ts";
import { isNumber } from "./choice.ts";
import {
  columnsOfConcepts,
  conceptsOf,
  isFlowColumn,
  isSaidAsFlow,
  isTemporal,
  numbersOf,
} from "./columns.ts";
import { countsPeople } from "./counting.ts";
import { defaultAggregate, isLedger, keysOf, rowWords, singleFigure } from "./defaults.ts";
import type { Draft } from "./draft.ts";
import { isRankedBy } from "./groups.ts";
import type { Measure } from "./intent.ts";
import { addsAtOnce } from "./measures.ts";
import { refuse } from "./problem.ts";

export type Direction = "max" | "min";

/** What is compared: said, spoken of by an adjective, asked for before, or else unclear. */
export function rankingMeasure(draft: Draft, direction: Direction, words: string): Measure {
  const { clause, vocabulary, measures, before, dimensions, understood } = draft;
  const extreme = clause.of("extreme")[0];
  const body = extreme?.body;
  if (body?.count) return countedHere(draft, words);
  if (body && countsThese(draft)) return { aggregate: "count" };
  const shared = clause.of("derive").some((part) => part.body.how === "share");
  const earlier = before?.measures ?? [];
  const choice = rankingChoice(draft, words);
  if (body?.concepts) {
    const speaks = ({ column }: Measure) =>
      column && body.concepts?.some((concept) => conceptsOf(column, vocabulary).has(concept));
    // „… und wann am billigsten?“: of what was dear before, whatever its column is called.
    const priced = !choice && body.concepts.includes("price") ? earlier[0] : undefined;
    const known = measures.find(speaks) ?? earlier.find(speaks) ?? priced;
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

/** "the most common job": in a table whose rows only hold counts, those are what is counted. */
function countedHere({ vocabulary, understood }: Draft, words: string): Measure {
  const column = keysOf(vocabulary) && singleFigure(vocabulary);
  if (!column || rowWords.test(words)) return { aggregate: "count" };
  if (!conceptsOf(column, vocabulary).has("count")) return { aggregate: "count" };
  const measure: Measure = { aggregate: "sum", column };
  understood.assumed("measure", { measure }, []);
  return measure;
}

/** "the most rainy days": said right before rows with a value, it is how many of them there are. */
export function countsThese({ clause }: Draft): boolean {
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
  // "when was it lowest": of a table that holds one figure for each of its kinds and times.
  if (ends.test(words) && keysOf(vocabulary) && draft.dimensions.length > 0) {
    const [usual, others] = defaultAggregate(column, vocabulary, false);
    const measure: Measure = { aggregate: usual, column };
    understood.assumed(
      "measure",
      { measure },
      others.map((each) => ({ measure: { ...measure, aggregate: each } })),
    );
    return measure;
  }
  const counted = /\b(most|meisten?|fewest|wenigsten?)\b/i.test(words);
  const kind = filters.where.some((each) => each.kind === "one-of");
  if (!counted || !kind || !keysOf(vocabulary) || !isFlowColumn(column, vocabulary))
    return refuse({ kind: "no-measure", words });
  const measure: Measure = { aggregate: "sum", column };
  understood.assumed("measure", { measure }, []);
  return measure;
}

const ends =
  /(höchst|niedrigst|tiefst|stärkst|schwächst|größt|kleinst|highest|lowest|largest|smallest|biggest|greatest)/i;

/** What was asked before, where more of it is better. */
function bestMeasure(draft: Draft, direction: Direction, words: string): Measure {
  const { measures, before, vocabulary, clause } = draft;
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
  const based = clause.of("order").some(({ body }) => body.columns?.[0] === choice);
  const good =
    based ||
    choice?.matches.every(({ column }) => [...conceptsOf(column, vocabulary)].some(isGood));
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
  const orders = clause.of("order");
  // "rank the industries by their average rate": the second says by what.
  const order = orders.find(({ body }) => body.columns) ?? orders[0];
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

/** Adjectives of these say how much there is of anything: strong winds, heavy rain, „große Bevölkerung“. */
const intensities = new Set(["magnitude", "weight", "height", "size", "price"]);

/** The column that the words of the ranking are about, wherever in the clause it is named. */
export function rankingChoice(draft: Draft, words: string): ColumnChoice | undefined {
  const { clause, vocabulary, used } = draft;
  const body = clause.of("extreme")[0]?.body;
  const peopled = (column: Column) => countsPeople(column, vocabulary);
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
  // "the strongest wind" is much of it; "where do people live longest" is no matter of how many.
  if (body?.concepts && !body.concepts.some((concept) => intensities.has(concept)))
    return undefined;
  for (const part of clause.of("mention")) {
    if (part.body.columns.length !== 1 || !isNumber(part.body.columns[0]!)) continue;
    if (body?.persons && !numbersOf(part.body.columns[0]!, vocabulary).every(peopled)) continue;
    used.add(part);
    return piecesOf(draft, part.words) ?? part.body.columns[0];
  }
  return body?.persons ? peopleIn(draft, words) : undefined;
}

/** "the jobs with the most people": a table of jobs or of men and women counts people. */
function peopleIn({ vocabulary: { forms } }: Draft, words: string): ColumnChoice | undefined {
  const [count, other] = forms.filter(
    ({ concepts, column }) => concepts.has("count") && isNumeric(column.type),
  );
  const ofPeople = forms.some(({ concepts }) => concepts.has("job") || concepts.has("gender"));
  if (!count || other || !ofPeople) return undefined;
  return {
    matches: [{ column: count.column, coverage: 1, covered: 1 }],
    words,
    matched_by: "synonym",
  };
}

/** "which shop sells the most cakes": cakes are counted in pieces, where the table counts them. */
function piecesOf({ clause, vocabulary }: Draft, words: string): ColumnChoice | undefined {
  const [extreme] = clause.of("extreme");
  const these = clause.of("values").some(({ start }) => start === extreme?.end);
  if (!these || !/^(sold|sell|sells|verkauf\p{L}*)$/iu.test(words)) return undefined;
  const [form, other] = vocabulary.forms.filter(
    ({ concepts, column }) => concepts.has("quantity") && isNumeric(column.type),
  );
  if (!form || other) return undefined;
  return {
    matches: [{ column: form.column, coverage: 1, covered: 1 }],
    words,
    matched_by: "synonym",
  };
}

/** "the poorest by income", "strongest by mag": what the adjective speaks of may be named as well. */
function saidAgain({ clause, used }: Draft, choice: ColumnChoice): ColumnChoice {
  const meant = ({ matches }: ColumnChoice) =>
    matches.some(({ column }) => choice.matches.some((match) => match.column === column));
  for (const part of clause.of("group"))
    if (part.body.by.every(({ column }) => column && meant(column))) used.add(part);
  for (const part of clause.of("order")) if ((part.body.columns ?? []).every(meant)) used.add(part);
  for (const part of clause.of("mention")) if (part.body.columns.every(meant)) used.add(part);
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
  const spent = isSaidAsFlow(choice) && isLedger(vocabulary);
  const [usual, others] = spent
    ? (["sum", ["mean"]] as const)
    : defaultAggregate(column, vocabulary, wraps);
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
