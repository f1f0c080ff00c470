/** What phrases rank and put in order: right-hand sides of the grammar. Pure. */
import {
  aggregates,
  all,
  type Bound,
  choice,
  choices,
  direction,
  firstChoice,
  groupable,
  grouping,
  isOf,
  narrowed,
  number,
  numeric,
  one,
  thing,
} from "./bound.ts";
import { contraryOf, isGood } from "./concepts.ts";
import type { TimeUnit } from "./lexicon.ts";
import type { Body, ColumnChoice } from "./parts.ts";
import { ownConcepts, type Vocabulary } from "./vocabulary.ts";

/** Ranks are short lists: 2005 is a year, not a number of rows. */
const countable = (bound: Bound) => {
  const said = one(bound, "number")?.number;
  return said === undefined || (Number.isInteger(said) && said >= 1 && said <= 1000);
};

/** "smallest and largest weight": two figures. */
export function extremesOf(bound: Bound): Body | undefined {
  const asked = all(bound, "extreme").map((term) => direction(term));
  const column = narrowed(firstChoice(bound));
  if (asked.length < 2 || !column) return undefined;
  return { kind: "measure", aggregates: [...new Set(asked)], columns: [column] };
}

export function extremeOf(bound: Bound): Body | undefined {
  if (!countable(bound)) return undefined;
  const term = one(bound, "extreme")!;
  const count = term.arg.endsWith("count") || (one(bound, "rows") && !one(bound, "with"));
  const asked = aggregates(bound).filter((aggregate) => aggregate !== "count");
  const counted = count || aggregates(bound).includes("count");
  const said = choices(bound)[0];
  const column = said && narrowed(said);
  if (said && !column) {
    // "the most zip codes": each row has its own. Of others the different ones would be counted.
    const own = said.matches.every(({ column: { type, distinct, missing } }) => {
      return type === "text" && !missing && distinct >= bound.vocabulary.profile.row_count * 0.9;
    });
    const most = /\b(most|meisten?|fewest|wenigsten?)$/i.test(bound.words(term));
    if (!own || !most || asked.length > 0) return undefined;
    return { kind: "extreme", direction: direction(term), count: true };
  }
  // "the best acceleration" may be the least: only where more is better is it said which.
  const good = term.arg.endsWith("good");
  if (good && !(column && isOf(column, isGood, bound.vocabulary))) return undefined;
  const contrary = column && isContrary(column, bound.vocabulary);
  const way = contrary ? (direction(term) === "max" ? "min" : "max") : direction(term);
  // What is the most of it is not said as a figure, which would be of the other.
  if (contrary && asked.length > 0) return undefined;
  const base = { kind: "extreme", direction: way } as const;
  return {
    ...base,
    ...(asked.length > 0 ? { aggregates: asked } : {}),
    ...(column ? { column } : {}),
    ...(counted ? { count: true } : {}),
    ...(one(bound, "number") ? { number: number(bound) } : {}),
  };
}

/** Said by the opposite of what the column holds: "the highest consumption" of miles per gallon. */
function isContrary({ words, matches }: ColumnChoice, { forms }: Vocabulary): boolean {
  const said = ownConcepts(words.split(/\s+/)).map(contraryOf);
  return matches.every(({ column }) => {
    const own = forms.find((form) => form.column === column)?.concepts;
    return said.some((concept) => concept !== undefined && own?.has(concept));
  });
}

/** "… and which one is the best?": only what was asked before can say of what. */
export const bestOf = (bound: Bound): Body => ({
  kind: "extreme",
  direction: direction(one(bound, "extreme")),
  good: true,
});

/** "the best site": by the figure that the question or the table has. */
export function bestOfGroups(bound: Bound): Body | undefined {
  const said = firstChoice(bound);
  if (numeric(said) || !groupable(said)) return undefined;
  const of = grouping(bound, one(bound, "column")!);
  return { kind: "extreme", direction: direction(one(bound, "extreme")), good: true, of };
}

/** "the most common number of cylinders": the group with most rows. */
export function commonOf(bound: Bound): Body | undefined {
  const term = one(bound, "column")!;
  if (!groupable(choice(bound, term))) return undefined;
  const way = direction(one(bound, "extreme"));
  return { kind: "extreme", direction: way, count: true, of: grouping(bound, term) };
}

/** "the best rated movie": a row, not the rating. */
export function goodRows(bound: Bound): Body | undefined {
  const [said] = choices(bound);
  const column = said && narrowed(said);
  if (!column || !isOf(column, isGood, bound.vocabulary)) return undefined;
  if (!countable(bound)) return undefined;
  return {
    ...{ kind: "extreme", direction: direction(one(bound, "extreme")), column, of: "rows" },
    ...(one(bound, "number") ? { number: number(bound) } : {}),
  };
}

/** "longest beak": the beak's column that is a length. */
export function longOf(said: ColumnChoice, concepts: readonly string[], vocabulary: Vocabulary) {
  const column = narrowed(said);
  const fitting = column?.matches.filter((match) =>
    vocabulary.forms.some(
      (form) =>
        form.column === match.column && concepts.some((concept) => form.concepts.has(concept)),
    ),
  );
  return column && fitting && fitting.length > 0 ? { ...column, matches: fitting } : undefined;
}

export function superlativeOf(bound: Bound): Body | undefined {
  if (!countable(bound)) return undefined;
  const { quality } = one(bound, "superlative")!;
  const [said] = choices(bound);
  const long = said && longOf(said, quality!.concepts, bound.vocabulary);
  if (long) {
    return {
      kind: "extreme",
      direction: quality!.direction,
      column: long,
      ...(one(bound, "number") ? { number: number(bound) } : {}),
    };
  }
  // „der Größte“ is a matter of height only where there are heights.
  const tall = quality!.concepts[0] === "height";
  if (tall && !long && !hasConcept(quality!.concepts, bound.vocabulary)) return undefined;
  const of = thing(bound);
  return {
    kind: "extreme",
    direction: quality!.direction,
    concepts: quality!.concepts,
    ...(one(bound, "number") ? { number: number(bound) } : {}),
    ...(of ? { of } : {}),
  };
}

const hasConcept = (concepts: readonly string[], { forms }: Vocabulary) =>
  forms.some((form) => concepts.some((concept) => form.concepts.has(concept)));

export function limitOf(bound: Bound): Body | undefined {
  if (!countable(bound)) return undefined;
  const end = one(bound, "end") ?? one(bound, "extreme");
  const of = thing(bound);
  return {
    kind: "limit",
    ...(end ? { direction: direction(end) } : {}),
    ...(one(bound, "number") ? { number: number(bound) } : {}),
    ...(of ? { of } : {}),
  };
}

export function orderOf(bound: Bound): Body {
  const way = all(bound, "sort").find(({ arg }) => arg.endsWith("scending"));
  const asked = aggregates(bound);
  const unit = one(bound, "unit");
  return {
    kind: "order",
    ...(way ? { direction: way.arg as "ascending" | "descending" } : {}),
    ...(asked.length > 0 ? { aggregates: asked } : {}),
    ...(asked.includes("count") ? { count: true } : {}),
    ...(one(bound, "column") ? { columns: choices(bound) } : {}),
    ...(all(bound, "sort").some(({ arg }) => arg === "ranked") ? { ranked: true } : {}),
    ...(unit ? { unit: unit.arg as TimeUnit } : {}),
  };
}

/** "gemessen an der Menge", "judging by revenue": more than "by", which may group as well. */
export function basisOf(bound: Bound): Body | undefined {
  const said = bound.words(one(bound, "by")!);
  const column = narrowed(firstChoice(bound));
  if (!column || /^(by|nach|bei|beim|laut)$/i.test(said)) return undefined;
  return { kind: "order", columns: [column] };
}

/** "cheapest first": in the order of what the adjective speaks of. */
export function foremostOf(bound: Bound): Body | undefined {
  const { quality } = one(bound, "superlative")!;
  const matches = bound.vocabulary.forms
    .filter(({ concepts }) => quality!.concepts.some((concept) => concepts.has(concept)))
    .map(({ column }) => ({ column, coverage: 1, covered: 1 }));
  if (matches.length === 0) return undefined;
  const words = bound.words(one(bound, "superlative")!);
  const columns = [{ matches, words, matched_by: "synonym" }];
  const direction = quality!.direction === "max" ? "descending" : "ascending";
  return { kind: "order", direction, columns };
}
