/** What phrases compute and group by: right-hand sides of the grammar. Pure. */
import { isRunningNumber } from "../intent/choice.ts";
import { isTemporal } from "../intent/columns.ts";
import { isLedger } from "../intent/defaults.ts";
import type { Column } from "../read/profile.ts";
import {
  additive,
  aggregates,
  all,
  type Bound,
  choices,
  firstChoice,
  isOf,
  narrowed,
  number,
  one,
  unitSaid,
} from "./bound.ts";
import { isStock } from "./concepts.ts";
import type { TimeUnit } from "./lexicon.ts";
import type { Body, ColumnChoice } from "./parts.ts";
import { longOf } from "./readings-ranking.ts";
import { converted } from "./units.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** "average weight per car": a mean over rows is that already. What else it could mean is not said. */
export function perRow(bound: Bound): Body | undefined {
  // "of each stock" in a table of prices of stocks groups by what the stocks are called.
  if (one(bound, "rows")!.arg === "column") return undefined;
  const words = bound.terms.map(bound.words).join(" ");
  // "in each case" goes back to what there are cases of.
  if (/(each|every|jedem) (case|fall)$/i.test(words)) return undefined;
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
    // „wie viel regnete es“ counts nothing, either.
    const amount = all(bound, "question").some((term) => /^wie ?viel$/i.test(bound.words(term)));
    if (isMoney(sums))
      return amount ? undefined : { kind: "measure", aggregates: ["count"], columns: [] };
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

/** "the ten poorest countries with their income": a figure that each is to be shown with. */
export function shownBeside(bound: Bound): Body | undefined {
  if (!/^(with|mit|samt|including|inklusive)$/i.test(bound.words(bound.terms[0]!)))
    return undefined;
  return { kind: "mention", columns: choices(bound), beside: true };
}

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

/** "for each 500 g of body mass": steps of what is measured in that. */
export function stepsOfOf(bound: Bound): Body | undefined {
  const column = narrowed(firstChoice(bound));
  const width = number(bound);
  const symbol = one(bound, "symbol")!.arg;
  const matches = column?.matches.filter(
    (match) => match.column.unit !== "" && converted(1, symbol, match.column.unit) !== undefined,
  );
  if (!column || !matches || matches.length === 0 || width <= 0) return undefined;
  return { kind: "bins", width, unit: symbol, each: true, column: { ...column, matches } };
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
  // "500 g bins" are so wide, and not so many.
  const count = one(bound, "bins")!.arg === "count" && !one(bound, "symbol");
  if (said === undefined) return count ? { kind: "bins" } : undefined;
  if (said <= 0) return undefined;
  if (!count) return { kind: "bins", width: said, ...unitSaid(bound) };
  return Number.isInteger(said) && said >= 2 && said <= 200
    ? { kind: "bins", count: said }
    : undefined;
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
