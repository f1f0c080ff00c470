/** The terms that a pattern bound, and short ways to ask what is among them. Pure. */
import type { Operator } from "../intent/intent.ts";
import type { Aggregate, TimeUnit } from "./lexicon.ts";
import type { Body, ColumnChoice, Grouping } from "./parts.ts";
import type { Term } from "./terms.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** The terms that a pattern bound, in order, and what helps to read them. */
export interface Bound {
  readonly terms: readonly Term[];
  /** Lists were joined by "and" or commas rather than "or". */
  readonly joined: "and" | "or" | undefined;
  readonly vocabulary: Vocabulary;
  readonly words: (term: Term) => string;
}

export const all = ({ terms }: Bound, kind: string) => terms.filter((term) => term.kind === kind);
export const one = (bound: Bound, kind: string) => bound.terms.find((term) => term.kind === kind);

export const choice = (bound: Bound, term: Term): ColumnChoice => ({
  matches: term.columns ?? [],
  words: bound.words(term),
  matched_by: term.matched_by,
});
export const choices = (bound: Bound) => all(bound, "column").map((term) => choice(bound, term));
export const firstChoice = (bound: Bound) => choices(bound)[0]!;
export const aggregates = (bound: Bound) =>
  all(bound, "aggregate").map(({ arg }) => arg as Aggregate);
export const number = (bound: Bound, at = 0) => {
  const scale = one(bound, "scale");
  return (all(bound, "number")[at]?.number ?? 0) * (scale ? Number(scale.arg) : 1);
};
export const operator = (bound: Bound) =>
  (one(bound, "compare") ?? one(bound, "compared"))!.arg as Operator;
/** The unit said with a number. */
export const unitSaid = (bound: Bound): { unit?: string } => {
  const symbol = one(bound, "symbol");
  return symbol ? { unit: symbol.arg } : {};
};
export const direction = (term: Term | undefined) => (term?.arg.startsWith("min") ? "min" : "max");

/** Whole numbers of few kinds, such as cylinders, can be grouped by. */
export const groupable = ({ matches }: ColumnChoice) =>
  matches.some(
    ({ column }) =>
      (column.type !== "integer" && column.type !== "number") ||
      column.is_year ||
      column.distinct <= 30,
  );

/** "average number of cylinders", „mittlere Zylinderzahl“: the column itself is the number. */
export function meanCount(bound: Bound): Body | undefined {
  const columns = choices(bound).map(narrowed);
  const [first] = aggregates(bound);
  if (columns.some((column) => !column) || !first || first === "count") return undefined;
  return {
    ...{ kind: "measure", aggregates: [first] },
    columns: columns.filter((column) => column !== undefined),
  };
}

/** Some candidate of the choice holds numbers. */
export const numeric = ({ matches }: ColumnChoice): ColumnChoice | undefined => {
  const fitting = matches.filter(
    ({ column }) => column.type === "integer" || column.type === "number",
  );
  return fitting.length === 0 ? undefined : { matches: fitting, words: "", matched_by: "" };
};
export const narrowed = (given: ColumnChoice): ColumnChoice | undefined => {
  const fitting = numeric(given);
  return fitting && { ...given, matches: fitting.matches };
};
export const additive = ({ matches }: ColumnChoice, vocabulary: Vocabulary) =>
  matches.every(({ column }) =>
    vocabulary.forms.some((form) => form.column === column && form.flow),
  );

/** Every candidate speaks of a concept of some sort. */
export const isOf = (
  { matches }: ColumnChoice,
  sort: (concept: string) => boolean,
  vocabulary: Vocabulary,
) =>
  matches.every(({ column }) =>
    vocabulary.forms.some((form) => form.column === column && [...form.concepts].some(sort)),
  );

export function grouping(bound: Bound, term: Term): Grouping {
  const words = bound.words(term);
  if (term.kind === "unit" || term.kind === "every") return { unit: term.arg as TimeUnit, words };
  return { column: choice(bound, term), words };
}

/** Units and columns of a list; "month of release date" is one grouping. */
export function groupings(bound: Bound): Grouping[] {
  const found: Grouping[] = [];
  for (const term of bound.terms) {
    if (term.kind === "unit" || term.kind === "column" || term.kind === "every") {
      found.push(grouping(bound, term));
    }
  }
  return found;
}

/** Rows are days, or years, so that "rainy days" are rows. */
export function eachRowIs({ vocabulary }: Bound, unit: Term): boolean {
  const { columns, row_count } = vocabulary.profile;
  const sides = columns.filter(({ type }) => type === "text").map(({ distinct }) => distinct);
  return columns.some(({ type, is_year, distinct }) => {
    const fits = unit.arg === "day" ? type === "date" : unit.arg === "year" && is_year;
    // … or days of each of several places.
    return (
      fits &&
      [1, ...sides].some(
        (side) => side <= 50 && Math.abs(distinct * side - row_count) <= row_count * 0.02,
      )
    );
  });
}

export const thing = (bound: Bound): Grouping | "rows" | undefined => {
  if (one(bound, "rows")) return "rows";
  return groupings(bound)[0];
};
