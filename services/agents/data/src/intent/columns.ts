/** Decides which column a choice of candidates means, from what is to be done with it. */

import { isFlow, isModifier } from "../language/concepts.ts";
import type { ColumnMatch } from "../language/match-columns.ts";
import type { ColumnChoice, Grouping } from "../language/parts.ts";
import { ownConcepts, type Vocabulary } from "../language/vocabulary.ts";
import { type Column, isNumeric } from "../read/profile.ts";
import type { Dimension } from "./intent.ts";
import { refuse } from "./problem.ts";
import type { Understood } from "./understood.ts";

export const isTemporal = ({ type, is_year }: Column) =>
  type === "date" || type === "time" || is_year;

/** Said by a word for an amount: what somebody spent is added up, though the column holds prices. */
export const isSaidAsFlow = ({ words }: ColumnChoice) =>
  ownConcepts(words.split(/\s+/)).some(isFlow);

/** Concepts of one column. */
export function conceptsOf(column: Column, vocabulary: Vocabulary): ReadonlySet<string> {
  return vocabulary.forms.find((form) => form.column === column)?.concepts ?? new Set();
}

export const isFlowColumn = (column: Column, vocabulary: Vocabulary) =>
  vocabulary.forms.some((form) => form.column === column && form.flow);

/**
 * Columns of numbers that a choice means. More than one only where they are the two sides of one
 * thing, such as temp_max and temp_min, and no direction says which.
 */
export function numbersOf(
  choice: ColumnChoice,
  vocabulary: Vocabulary,
  direction?: "max" | "min",
): readonly Column[] {
  const columns = best(choice, ({ type }) => isNumeric(type));
  if (columns.length === 0) refuse({ kind: "not-numbers", column: choice.matches[0]!.column });
  if (columns.length === 1) return columns;
  if (direction !== undefined) {
    const sided = columns.filter((column) => conceptsOf(column, vocabulary).has(direction));
    if (sided.length === 1) return sided;
  }
  if (areSides(columns, vocabulary)) return columns;
  const whole = wholeOf(columns, vocabulary);
  if (whole) return [whole];
  return refuse({ kind: "ambiguous", words: choice.words, columns });
}

export function oneNumber(
  choice: ColumnChoice,
  vocabulary: Vocabulary,
  direction?: "max" | "min",
): Column {
  const columns = numbersOf(choice, vocabulary, direction);
  if (columns.length > 1) refuse({ kind: "ambiguous", words: choice.words, columns });
  return columns[0]!;
}

/** The column that a choice means, preferring what suits; ambiguity is refused. */
export function oneColumn(choice: ColumnChoice, suits: (column: Column) => boolean): Column {
  const preferred = best(choice, suits);
  const columns = preferred.length > 0 ? preferred : best(choice, () => true);
  if (columns.length > 1) refuse({ kind: "ambiguous", words: choice.words, columns });
  return columns[0]!;
}

/**
 * The suiting candidates that the words cover best: a whole name, else most of its words. That one
 * name has fewer words than another says nothing about which of them "rating" means.
 */
function best({ matches }: ColumnChoice, suits: (column: Column) => boolean): Column[] {
  const fitting = matches.filter(({ column }) => suits(column));
  const rank = ({ coverage, covered }: ColumnMatch) => (coverage === 1 ? 100 : covered);
  const most = Math.max(...fitting.map(rank));
  return fitting.filter((match) => rank(match) === most).map(({ column }) => column);
}

/** All candidates are the same thing from above and below. */
function areSides(columns: readonly Column[], vocabulary: Vocabulary): boolean {
  if (columns.length !== 2) return false;
  const sides = columns.map((column) => conceptsOf(column, vocabulary));
  return (
    sides.some((concepts) => concepts.has("max")) && sides.some((concepts) => concepts.has("min"))
  );
}

/** "cost" of repairs, others and in total: without a word for one of them, it is the total. */
function wholeOf(columns: readonly Column[], vocabulary: Vocabulary): Column | undefined {
  const [total, other] = columns.filter((column) => conceptsOf(column, vocabulary).has("total"));
  if (!vocabulary.totals || !total || other || columns.length < 3) return undefined;
  const own = [...conceptsOf(total, vocabulary)].filter((concept) => !isModifier(concept));
  const alike = columns.every((column) =>
    own.some((concept) => conceptsOf(column, vocabulary).has(concept)),
  );
  return alike ? total : undefined;
}

/** Another column is the same thing from the other end: temp_min beside temp_max. */
export function hasOtherSide(column: Column, vocabulary: Vocabulary): boolean {
  const own = [...conceptsOf(column, vocabulary)].filter((each) => !/^(max|min)$/.test(each));
  return vocabulary.forms.some(
    (form) =>
      form.column !== column &&
      isNumeric(form.column.type) &&
      own.some((concept) => form.concepts.has(concept)) &&
      areSides([column, form.column], vocabulary),
  );
}

/** The columns of numbers that speak of one of several concepts, the likeliest concept first. */
export function columnsOfConcepts(
  concepts: readonly string[],
  vocabulary: Vocabulary,
  words: string,
): ColumnChoice | undefined {
  for (const concept of concepts) {
    const matches = vocabulary.forms
      .filter(
        (form) =>
          form.concepts.has(concept) && (isNumeric(form.column.type) || isTemporal(form.column)),
      )
      .map(({ column }) => ({ column, coverage: 1, covered: 1 }));
    const chosen = matches.filter(({ column }) => column === vocabulary.chosen);
    const meant = chosen.length > 0 ? chosen : matches;
    if (meant.length > 0) return { matches: meant, words, matched_by: "synonym" };
  }
  return undefined;
}

/** The column that says when; the first where there are several, which the understanding then says. */
export function timeColumn(
  vocabulary: Vocabulary,
  understood: Understood,
  words: string,
  said?: ColumnChoice,
): Column {
  if (said) return oneColumn(said, isTemporal);
  const columns = vocabulary.profile.columns.filter(isTemporal);
  const dated = columns.filter(({ is_year }) => !is_year);
  const candidates = dated.length > 0 ? dated : columns;
  const [first] = [...candidates].sort((a, b) => a.missing - b.missing);
  if (first === undefined) return refuse({ kind: "no-dates", words });
  if (candidates.length > 1)
    understood.assumed(
      "filter",
      { columns: [first] },
      candidates.filter((column) => column !== first).map((column) => ({ columns: [column] })),
    );
  return first;
}

/** What a grouping groups by; `cyclic` says whether months of different years are one group. */
export function dimensionOf(
  grouping: Grouping,
  vocabulary: Vocabulary,
  understood: Understood,
  cyclic: boolean,
): Dimension {
  const { unit, column: said, words } = grouping;
  if (unit === undefined) {
    const column = oneColumn(said!, ({ type }) => !isNumeric(type) || isTemporalType(type));
    if (column.type === "time") return { kind: "time", column, unit: "day", cyclic: false };
    return { kind: "column", column };
  }
  const own = vocabulary.profile.columns.find(
    (column) => !isTemporal(column) && column.name.toLowerCase() === words.toLowerCase(),
  );
  if (own && said === undefined) return { kind: "column", column: own };
  const column = timeColumn(vocabulary, understood, words, said);
  if (column.is_year) {
    if (unit === "year") return { kind: "column", column };
    if (unit !== "decade") refuse({ kind: "coarse-dates", words, column });
  }
  if (unit === "hour" && column.type === "date") refuse({ kind: "coarse-dates", words, column });
  const recurs =
    unit === "weekday" || unit === "hour" || ((unit === "month" || unit === "quarter") && cyclic);
  return { kind: "time", column, unit, cyclic: recurs };
}

const isTemporalType = (type: Column["type"]) => type === "date" || type === "time";
