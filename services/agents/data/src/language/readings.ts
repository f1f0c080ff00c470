/** What the terms of a phrase say together: the right-hand sides of the grammar. Pure. */

import { isRunningNumber } from "../intent/choice.ts";
import type { Operator, Relation } from "../intent/intent.ts";
import { isNumeric } from "../read/profile.ts";
import { isGood, isStock } from "./concepts.ts";
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

const choice = (bound: Bound, term: Term): ColumnChoice => ({
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
const operator = (bound: Bound) =>
  (one(bound, "compare") ?? one(bound, "compared"))!.arg as Operator;
/** The unit said with a number. */
const unitSaid = (bound: Bound): { unit?: string } => {
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
  const column = narrowed(firstChoice(bound));
  const [first] = aggregates(bound);
  if (!column || !first || first === "count") return undefined;
  return { kind: "measure", aggregates: [first], columns: [column] };
}

/** Some candidate of the choice holds numbers. */
const numeric = ({ matches }: ColumnChoice): ColumnChoice | undefined => {
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
const isOf = (
  { matches }: ColumnChoice,
  sort: (concept: string) => boolean,
  vocabulary: Vocabulary,
) =>
  matches.every(({ column }) =>
    vocabulary.forms.some((form) => form.column === column && [...form.concepts].some(sort)),
  );

function grouping(bound: Bound, term: Term): Grouping {
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

/** "average weight per car": a mean over rows is that already. What else it could mean is not said. */
export function perRow(bound: Bound): Body {
  const words = bound.terms.map(bound.words).join(" ");
  const whole =
    bound.vocabulary.file_words.length === 1 || one(bound, "rows")!.matched_by === "lexicon";
  return { kind: "per-row", words, plain: whole && !/^(by|nach|across|among)/i.test(words) };
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

const isMoney = ({ matches, matched_by }: ColumnChoice) =>
  matched_by === "synonym" &&
  matches.every(({ column }) => column.type === "number" || /^[$€£]$|^CHF$/.test(column.unit));

export function measureOf(bound: Bound): Body | undefined {
  const asked = aggregates(bound);
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

/** "titles that start with The". */
export function textOf(bound: Bound): Body | undefined {
  const column = choices(bound)[0];
  const matches = column?.matches.filter((match) => match.column.type === "text");
  const text = one(bound, "said")!.arg;
  if (matches?.length === 0 || text === "") return undefined;
  const how = (one(bound, "text")?.arg ?? "contains") as "contains";
  const base = { kind: "text", how, text, negated: one(bound, "not") !== undefined } as const;
  return column && matches ? { ...base, column: { ...column, matches } } : base;
}

/** "with more than 50 cars", "a mean weight above 3000": said of groups, not of rows. */
export function havingOf(bound: Bound): Body | undefined {
  const [aggregate = "count"] = aggregates(bound);
  const said = choices(bound)[0];
  const column = said && narrowed(said);
  if ((said && !column) || (aggregate === "count") === (column !== undefined)) return undefined;
  if (isSinceYear(bound)) return undefined;
  return {
    ...{ kind: "having", aggregate, operator: operator(bound), number: number(bound) },
    ...(column ? { column } : {}),
    ...unitSaid(bound),
  };
}

/** „ab 2023“ is a date relation as well as "at least"; before a year it is that. */
const isSinceYear = (bound: Bound) => /^[<>]=$/.test(operator(bound)) && isYearHere(bound);

/** The number can be a year, and the table has years. */
function isYearHere(bound: Bound): boolean {
  const year = number(bound);
  const dated = bound.vocabulary.profile.columns.some(
    ({ type, is_year }) => is_year || type === "date" || type === "time",
  );
  return dated && Number.isInteger(year) && year >= 1800 && year <= 2100;
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
  const count = term.arg.endsWith("count") || one(bound, "rows") !== undefined;
  const asked = aggregates(bound).filter((aggregate) => aggregate !== "count");
  const counted = count || aggregates(bound).includes("count");
  const said = choices(bound)[0];
  const column = said && narrowed(said);
  if (said && !column) {
    // "the most countries": different ones are counted, which is a measure of its own.
    return undefined;
  }
  // "the best acceleration" may be the least: only where more is better is it said which.
  const good = term.arg.endsWith("good");
  if (good && !(column && isOf(column, isGood, bound.vocabulary))) return undefined;
  const base = { kind: "extreme", direction: direction(term) } as const;
  return {
    ...base,
    ...(asked.length > 0 ? { aggregates: asked } : {}),
    ...(column ? { column } : {}),
    ...(counted ? { count: true } : {}),
    ...(one(bound, "number") ? { number: number(bound) } : {}),
  };
}

/** "… and which one is the best?": only what was asked before can say of what. */
export const bestOf = (bound: Bound): Body => ({
  kind: "extreme",
  direction: direction(one(bound, "extreme")),
  good: true,
});

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
  const of = thing(bound);
  return {
    kind: "extreme",
    direction: quality!.direction,
    concepts: quality!.concepts,
    ...(one(bound, "number") ? { number: number(bound) } : {}),
    ...(of ? { of } : {}),
  };
}

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

export function compareOf(bound: Bound): Body | undefined {
  const column = narrowed(firstChoice(bound));
  if (!one(bound, "symbol") && isSinceYear(bound)) return undefined;
  // "over 80 in the year …": no year is 80.
  if (column?.matches.some((match) => match.column.is_year) && number(bound) < 1000)
    return undefined;
  return (
    column && {
      ...{ kind: "compare", column, operator: operator(bound), number: number(bound) },
      ...unitSaid(bound),
    }
  );
}

/** Signs that by themselves say what is meant: "über 30 Grad". */
const symbolConcepts: Readonly<Record<string, readonly string[]>> = {
  "°": ["temperature"],
  "°C": ["temperature"],
  "°F": ["temperature"],
  kn: ["speed", "wind"],
  min: ["duration"],
  a: ["age"],
  kg: ["weight"],
  lb: ["weight"],
  g: ["weight"],
  ppm: ["co2"],
};

export function unitCompareOf(bound: Bound): Body | undefined {
  const symbol = one(bound, "symbol")!.arg;
  const matches = bound.vocabulary.profile.columns
    .filter(({ unit }) => unit === symbol)
    .map((column) => ({ column, coverage: 1, covered: 1 }));
  const words = bound.words(one(bound, "symbol")!);
  const column =
    matches.length > 0 ? { matches, words, matched_by: "unit" } : symbolConcepts[symbol];
  return (
    column && {
      ...{ kind: "compare", column, operator: operator(bound), number: number(bound) },
      ...unitSaid(bound),
    }
  );
}

/** "speed in knots": the unit that the column has. */
export function inItsUnit(bound: Bound): Body | undefined {
  const column = firstChoice(bound);
  const unit = one(bound, "symbol")!.arg;
  const matches = column.matches.filter((match) => match.column.unit === unit);
  return matches.length > 0 ? { kind: "mention", columns: [{ ...column, matches }] } : undefined;
}

/** "over 60 years old" is an age. */
export function ageCompareOf(bound: Bound): Body | undefined {
  const matches = bound.vocabulary.forms
    .filter(({ concepts, column }) => concepts.has("age") && isNumeric(column.type))
    .map(({ column }) => ({ column, coverage: 1, covered: 1 }));
  if (matches.length === 0) return undefined;
  const column = { matches, words: bound.words(one(bound, "unit")!), matched_by: "unit" };
  return { kind: "compare", column, operator: operator(bound), number: number(bound) };
}

/** "4 cylinders": equal, unless a comparison before it is meant for it as well. */
export function bareNumber(bound: Bound): Body | undefined {
  const body = equalOf(bound);
  return body?.kind === "compare" ? { ...body, bare: true } : undefined;
}

export function equalOf(bound: Bound): Body | undefined {
  const column = narrowed(firstChoice(bound));
  if (!column || column.matches.some((match) => match.column.is_year)) return undefined;
  // "people were in 1950 …": a year, and no number of people.
  if (one(bound, "be") && isYearHere(bound)) return undefined;
  return { kind: "compare", column, operator: "=", number: number(bound) };
}

export function comparativeOf(bound: Bound): Body {
  const { quality } = one(bound, "comparative")!;
  const more = quality!.direction === "max";
  return {
    kind: "compare",
    column: quality!.concepts,
    operator: more ? ">" : "<",
    number: number(bound),
    direction: quality!.direction,
    ...unitSaid(bound),
  };
}

export function betweenOf(bound: Bound): Body | undefined {
  const column = narrowed(firstChoice(bound));
  const [low, high] = [number(bound, 0), number(bound, 1)];
  if (!column || low > high) return undefined;
  return { kind: "between", column, low, high, ...unitSaid(bound) };
}

export const temporal = ({ matches }: ColumnChoice) =>
  matches.some(({ column }) => column.type === "date" || column.type === "time" || column.is_year);

export const periodOf =
  (relation: Relation) =>
  (bound: Bound): Body | undefined => {
    const said = choices(bound)[0];
    if (said && !temporal(said)) return undefined;
    return {
      kind: "period",
      relation,
      periods: all(bound, "period").map((term) => term.period!),
      together: bound.joined !== "and",
      ...(said ? { column: said } : {}),
    };
  };

/** "from 2010 to 2020"; „von 2024 auf 2025“ asks for the change as well. "1931 and 1932" are two years. */
export function rangeOf(bound: Bound): Body | undefined {
  const between = bound.words(one(bound, "to")!).toLowerCase();
  if (/^(and|und)$/.test(between)) return undefined;
  const body = periodOf("range")(bound);
  return body?.kind === "period" && between === "auf" ? { ...body, change: true } : body;
}

/** "per month of the release date". */
export function unitOfTime(bound: Bound): Body | undefined {
  const [unit, column] = [one(bound, "unit")!, firstChoice(bound)];
  if (!temporal(column)) return undefined;
  const words = bound.words(unit);
  return { kind: "group", by: [{ unit: unit.arg as TimeUnit, column, words }] };
}

export const valuesOf =
  (negated: boolean) =>
  (bound: Bound): Body | undefined => {
    const said = choices(bound)[0];
    const values = all(bound, "value").map((term) => {
      const forms = term.values ?? [];
      return said
        ? forms.filter(({ column }) => said.matches.some((m) => m.column === column))
        : forms;
    });
    if (values.some((forms) => forms.length === 0)) return undefined;
    const together = bound.joined !== "and";
    return { kind: "values", values, negated, together, ...(said ? { column: said } : {}) };
  };

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

export function levelOf(bound: Bound): Body | undefined {
  const { quality } = one(bound, "positive")!;
  const [said] = choices(bound);
  if (said) {
    const column = longOf(said, quality!.concepts, bound.vocabulary);
    return column && { kind: "mention", columns: [column], level: true };
  }
  const forms = bound.vocabulary.forms.filter(({ concepts }) =>
    quality!.concepts.some((concept) => concepts.has(concept)),
  );
  if (forms.length === 0) return undefined;
  const matches = forms.map(({ column }) => ({ column, coverage: 1, covered: 1 }));
  const words = bound.words(one(bound, "positive")!);
  return { kind: "mention", columns: [{ matches, words, matched_by: "synonym" }], level: true };
}

/** "Japanese cars": the rows with the value; `asked`: "which Japanese cars". */
export function theseRows(bound: Bound, asked: boolean): Body | undefined {
  const body = valuesOf(false)(bound);
  return body?.kind === "values" ? { ...body, of: asked ? "asked-rows" : "rows" } : undefined;
}
