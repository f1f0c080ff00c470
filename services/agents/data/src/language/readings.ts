/** What phrases compute, rank and group by: right-hand sides of the grammar. Pure. */
import { isRunningNumber } from "../intent/choice.ts";
import { isTemporal } from "../intent/columns.ts";
import { isLedger } from "../intent/defaults.ts";
import type { Column } from "../read/profile.ts";
import {
  additive,
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
import { contraryOf, isGood, isStock } from "./concepts.ts";
import type { TimeUnit } from "./lexicon.ts";
import type { Body, ColumnChoice } from "./parts.ts";
import { ownConcepts, type Vocabulary } from "./vocabulary.ts";

/** "average weight per car": a mean over rows is that already. What else it could mean is not said. */
export function perRow(bound: Bound): Body | undefined {
  // "of each stock" in a table of prices of stocks groups by what the stocks are called.
  if (one(bound, "rows")!.arg === "column") return undefined;
  const words = bound.terms.map(bound.words).join(" ");
  const named = kindsOf(bound);
  if (named) return { kind: "group", by: [{ column: named, words }] };
  const whole =
    bound.vocabulary.file_words.length === 1 || one(bound, "rows")!.matched_by === "lexicon";
  return { kind: "per-row", words, plain: whole && !/^(by|nach|across|among)/i.test(words) };
}

/** "what did the strikes cost": the rows have something, and are not asked for. */
export const isOfTheirs = ({ terms, words }: Bound) =>
  /^(was|what)$/i.test(words(terms[0]!)) &&
  terms.some(({ kind, start }) => kind === "rows" && start > terms[0]!.end + 1);

/** "which disaster": the kinds, where rows are years of them. */
export function kindsAsked(bound: Bound): Body | undefined {
  const column = one(bound, "rows")!.arg === "column" ? undefined : kindsOf(bound);
  return column && { kind: "which", of: { column, words: column.words } };
}

/** "of each disaster": where rows are years of disasters, each kind of them is meant, and no row. */
function kindsOf({ vocabulary, words, terms }: Bound): ColumnChoice | undefined {
  const column = kindsColumn(vocabulary);
  const matches = column && [{ column, coverage: 1, covered: 1 }];
  return matches && { matches, words: words(terms.at(-1)!), matched_by: "synonym" };
}

/** The kinds that a table has a row of at each of its moments. */
export function kindsColumn({ profile }: Vocabulary): Column | undefined {
  const { columns, row_count } = profile;
  const [column, other] = columns.filter(({ type }) => type === "text");
  // A year beside a date says of it what the date says already.
  const [time] = columns.filter(isTemporal).sort((a, b) => b.distinct - a.distinct);
  if (!column || other || !time) return undefined;
  // Most kinds have a row at most times, and none has two.
  const cells = column.distinct * time.distinct;
  if (column.distinct * 3 > row_count || cells < row_count || cells > row_count * 2)
    return undefined;
  return column;
}

/** "how many X": counts rows, different texts, or sums amounts; anything else is not said clearly. */
export function countOf(bound: Bound): Body | undefined {
  const columns = choices(bound);
  const [first] = columns;
  if (!first) return { kind: "measure", aggregates: ["count"], columns: [] };
  const texts = first.matches.filter(({ column }) => column.type === "text");
  // Where nearly each row has its own, the rows are what is counted.
  const own = texts.every(
    ({ column }) => column.distinct >= bound.vocabulary.profile.row_count * 0.9 && !column.missing,
  );
  if (texts.length > 0 && own && !one(bound, "distinct"))
    return { kind: "measure", aggregates: ["count"], columns: [] };
  if (texts.length > 0) {
    return { kind: "measure", aggregates: ["distinct"], columns: [{ ...first, matches: texts }] };
  }
  if (one(bound, "distinct")) return { kind: "measure", aggregates: ["distinct"], columns };
  const sums = narrowed(first);
  if (!sums) return undefined;
  // "how many respondents": rows that are numbered are counted by their rows.
  if (sums.matches.every(({ column }) => isRunningNumber(column)))
    return { kind: "measure", aggregates: ["count"], columns: [] };
  if (additive(sums, bound.vocabulary)) {
    // "how many sales": an amount of money is not counted; the rows that record it are.
    if (isMoney(sums)) return { kind: "measure", aggregates: ["count"], columns: [] };
    return { kind: "measure", aggregates: ["sum"], columns: [sums] };
  }
  return isOf(sums, isStock, bound.vocabulary)
    ? { kind: "measure", aggregates: ["sum"], columns: [sums], asked: "at-a-time" }
    : undefined;
}

/** "how much" of something; „wie viele“ is how many, though its stem is the same. */
export function howMuch(bound: Bound): Body | undefined {
  if (/viele/i.test(bound.words(one(bound, "question")!))) return undefined;
  return { kind: "measure", aggregates: ["sum"], columns: [], asked: "how-much" };
}

const isMoney = ({ matches, matched_by }: ColumnChoice) =>
  matched_by === "synonym" &&
  matches.every(({ column }) => column.type === "number" || /^[$€£]$|^CHF$/.test(column.unit));

const isHowOften = (bound: Bound) =>
  all(bound, "aggregate").some((term) =>
    /\b(oft|häufig|often|frequently)$/i.test(bound.words(term)),
  );

export function measureOf(bound: Bound): Body | undefined {
  const asked = aggregates(bound);
  // "how often did it rain" adds no rain up.
  if (isHowOften(bound) && narrowed(firstChoice(bound))) return undefined;
  if (asked.length === 1 && asked[0] === "count") return countOf(bound);
  if (asked.includes("distinct"))
    return { kind: "measure", aggregates: asked, columns: choices(bound) };
  const columns = choices(bound).map(narrowed);
  if (columns.some((column) => column === undefined)) return undefined;
  return {
    kind: "measure",
    aggregates: asked,
    columns: columns.filter((column) => column !== undefined),
  };
}

/** Ranks are short lists: 2005 is a year, not a number of rows. */
const countable = (bound: Bound) => {
  const said = one(bound, "number")?.number;
  return said === undefined || (Number.isInteger(said) && said >= 1 && said <= 1000);
};

/** "90th percentile", "the quartiles", "0.9 quantile". */
export function quantileOf(bound: Bound): Body | undefined {
  const columns = choices(bound).map(narrowed);
  if (columns.some((column) => column === undefined)) return undefined;
  const { arg } = one(bound, "quantile")!;
  const said = all(bound, "number").map((term) => term.number);
  const each =
    said.length > 1 ? said.map((number) => levelsOf(arg, number)) : [levelsOf(arg, said[0])];
  const levels = each.some((level) => level === undefined) ? undefined : each.flat().map(Number);
  if (!levels?.every((level) => level >= 0 && level <= 1)) return undefined;
  return {
    ...{ kind: "measure", aggregates: ["quantile"], levels },
    columns: columns.filter((column) => column !== undefined),
  };
}

/** Where rows are said to be, the most telling first. */
const places = [
  "location",
  "site",
  "city",
  "country",
  "state",
  "region",
  "county",
  "address",
  "island",
  "airport",
];

/** "where was the strongest earthquake": in which of the places that the table has a column of. */
export function placeOf(bound: Bound): Body | undefined {
  const { forms } = bound.vocabulary;
  for (const place of places) {
    const [form, other] = forms.filter(
      ({ concepts, column }) => column.type === "text" && concepts.has(place),
    );
    if (other) return undefined;
    if (!form) continue;
    const words = bound.words(one(bound, "question")!);
    // Where nearly each row has its own place, it is the row that is asked for.
    if (form.column.distinct > bound.vocabulary.profile.row_count / 2)
      return { kind: "which", of: "rows" };
    const matches = [{ column: form.column, coverage: 1, covered: 1 }];
    return { kind: "which", of: { column: { matches, words, matched_by: "synonym" }, words } };
  }
  return undefined;
}

/** "average monthly revenue": of what the months come to, where rows are single sales, or "totals" are said. */
export function totalsOf(bound: Bound): Body | undefined {
  const [how, other, third] = aggregates(bound).sort(
    (a, b) => Number(a === "sum") - Number(b === "sum"),
  );
  const column = narrowed(firstChoice(bound));
  const unit = (one(bound, "every") ?? one(bound, "unit"))!.arg;
  if (!column || third || !how || !/^(mean|median|min|max)$/.test(how)) return undefined;
  if (other !== undefined && other !== "sum") return undefined;
  if (!additive(column, bound.vocabulary)) return undefined;
  const ledger = isLedger(bound.vocabulary);
  // "revenue per month on average" over single sales; a series has each month's mean.
  if (other === undefined && !(ledger && how === "mean")) return undefined;
  return { kind: "measure", aggregates: [how], columns: [column], steps: unit as TimeUnit };
}

/** "ratio of A to B": of sums, or of means, which is the same. */
export function ratioOf(bound: Bound): Body | undefined {
  const [column, by] = choices(bound).map(narrowed);
  const summed = new Set(aggregates(bound));
  const [how = "sum", other] = summed;
  if (!column || !by || other || (how !== "sum" && how !== "mean")) return undefined;
  return { kind: "ratio", columns: [column, by] };
}

function levelsOf(arg: string, said: number | undefined): readonly number[] | undefined {
  if (/^[\d.]+$/.test(arg)) return said === undefined ? [Number(arg)] : undefined;
  // "0.9 quantile" is a share, "90 % quantile" a percentage.
  if (arg === "share") return said === undefined ? undefined : [said < 1 ? said : said / 100];
  const parts = { percentile: 100, decile: 10, quartile: 4 }[arg];
  if (parts === undefined) return undefined;
  if (said !== undefined) return [said / parts];
  return arg === "percentile"
    ? undefined
    : Array.from({ length: parts - 1 }, (_, i) => (i + 1) / parts);
}

/** How wide bins are, or how many. */
export function binsOf(bound: Bound): Body | undefined {
  const said = one(bound, "number")?.number;
  const count = one(bound, "bins")!.arg === "count";
  if (said === undefined) return count ? { kind: "bins" } : undefined;
  if (said <= 0) return undefined;
  if (!count) return { kind: "bins", width: said };
  return Number.isInteger(said) && said >= 2 && said <= 200
    ? { kind: "bins", count: said }
    : undefined;
}

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
function longOf(said: ColumnChoice, concepts: readonly string[], vocabulary: Vocabulary) {
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

/** "how expensive is it", where a table says what came in and for how many pieces. */
function pricePerPiece({ vocabulary: { forms }, words, terms }: Bound): Body | undefined {
  const only = (concept: string): ColumnChoice | undefined => {
    const [form, other] = forms.filter(
      ({ concepts, column: { type } }) => concepts.has(concept) && type !== "text",
    );
    const matches = form && !other ? [{ column: form.column, coverage: 1, covered: 1 }] : undefined;
    return matches && { matches, words: words(terms[0]!), matched_by: "synonym" };
  };
  const [revenue, quantity] = [only("revenue"), only("quantity")];
  return revenue && quantity && { kind: "ratio", columns: [revenue, quantity] };
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

export function levelOf(bound: Bound): Body | undefined {
  const { quality } = one(bound, "positive")!;
  const [said] = choices(bound);
  if (said) {
    const column = longOf(said, quality!.concepts, bound.vocabulary);
    return column && { kind: "mention", columns: [column], level: true, adjective: true };
  }
  const forms = bound.vocabulary.forms.filter(({ concepts }) =>
    quality!.concepts.some((concept) => concepts.has(concept)),
  );
  if (forms.length === 0)
    return quality!.concepts[0] === "price" ? pricePerPiece(bound) : undefined;
  const matches = forms.map(({ column }) => ({ column, coverage: 1, covered: 1 }));
  const words = bound.words(one(bound, "positive")!);
  const columns = [{ matches, words, matched_by: "synonym" }];
  return { kind: "mention", columns, level: true, adjective: true };
}
