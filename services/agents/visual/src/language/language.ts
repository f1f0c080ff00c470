// What one language needs to understand a wish and to speak about a chart. Each language is one
// file with data and short sentences; nothing else in this agent knows words.

import type { MarkName, Need } from "../marks/mark.ts";
import type { Limit, Sort } from "../wish.ts";
import { german } from "./de.ts";
import { english } from "./en.ts";

/** How many decimals, and which power of ten is taken out and named instead ("Mio."). */
export interface NumberStyle {
  readonly decimals: number;
  readonly divisor: number;
  readonly suffix: string;
}

/** What a phrase of a wish may mean, besides naming a mark. */
export type PhraseName =
  | "stacked"
  | "grouped"
  | "normalised"
  | "log"
  | "linear"
  | "sort"
  | "ascending"
  | "descending"
  | "alphabetical"
  | "byName"
  | "byValue"
  | "givenOrder"
  | "top"
  | "bottom"
  | "only"
  | "without"
  | "all"
  | "and"
  | "trend"
  | "panels"
  | "split"
  | "onePanel"
  | "colour"
  | "swap"
  | "zero"
  | "numbers"
  | "figures"
  | "noNumbers"
  | "horizontal"
  | "vertical"
  /** Between two columns it says which is drawn up: "power against weight". */
  | "against";

/** Words of a wish. A pattern is lower case; "*" stands for any letters, a blank for any space. */
export interface WishWords {
  /** Names of marks, in whatever grammatical form. */
  readonly marks: Readonly<Record<MarkName, readonly string[]>>;
  /** Marks that exist elsewhere, with the mark that shows the same here. */
  readonly instead: readonly { patterns: readonly string[]; name: string; mark: MarkName }[];
  /** A mark hinted at without its name: "over time", "correlation". */
  readonly hints: Readonly<Partial<Record<MarkName, readonly string[]>>>;
  readonly phrases: Readonly<Record<PhraseName, readonly string[]>>;
  /** In front of a phrase they turn it away: "no bars". */
  readonly negations: readonly string[];
  /** "one" and so on, in order. */
  readonly numbers: readonly string[];
  /** In front of a text in quotation marks they make it the title. */
  readonly titleWords: readonly string[];
  /** Words so common that they tell the language of a text. */
  readonly common: readonly string[];
}

/** What is said about bars, points in time and so on; every text arrives formatted. */
export interface Sentences {
  readonly markNames: Readonly<Record<MarkName, string>>;
  /** A label inside a sentence. */
  inside(label: string): string;
  readonly count: string;
  readonly value: string;
  readonly measure: string;
  readonly truth: readonly [no: string, yes: string];
  readonly missing: string;
  inUnit(unit: string): string;
  quarter(n: number, year: number): string;
  share(of: string): string;
  others(count: string): string;
  from(of: string): string;
  to(of: string): string;
  fromTo(low: string, high: string): string;
  three(median: string, lower: string, upper: string): string;
  /** Heads of five columns: lower whisker, quartiles, upper whisker. */
  readonly fiveNames: readonly [string, string, string, string, string];
  five(median: string, lower: string, upper: string, low: string, high: string): string;
  /** Label of a computed column such as "mean(x)"; null when the verb is not known. */
  computed(verb: string, of: string): string | null;
  title: {
    by(value: string, category: string): string;
    overTime(value: string): string;
    against(y: string, x: string): string;
    distribution(of: string): string;
  };
  remark: {
    top(shown: string, all: string, lowest: boolean): string;
    first(shown: string, all: string): string;
    series(shown: string, all: string, lowest: boolean): string;
    mean(value: string, by: string): string;
    total(value: string, by: string): string;
    sample(shown: string, all: string): string;
    only(names: string): string;
    without(names: string): string;
    missing(rows: string): string;
    firstRows(rows: string, all: string): string;
  };
  reason: {
    asked(mark: string): string;
    /** For each mark why it was chosen; `x` is null when numbers of one row are compared. */
    because: Readonly<
      Record<MarkName, (mark: string, value: string, x: string | null, ordered: boolean) => string>
    >;
    instead(wanted: string, mark: string): string;
    notPossible(wanted: string, why: string, mark: string): string;
  };
  /** What a mark needs and the table lacks. */
  needs: Readonly<Record<Need, string>>;
  /** What was asked for besides a mark, and why the columns do not allow it. */
  denied: {
    mark(mark: string): string;
    log: string;
    stacked: string;
    normalised: string;
    grouped: string;
    panels: string;
    trend: string;
    swap: string;
    zero: string;
    noSwap(mark: string): string;
    zeroNeeded: string;
    numbers: string;
    noRoom: string;
    noZero(label: string): string;
    noScale(mark: string): string;
    said(what: string, why: string): string;
  };
  poor: {
    manySlices(n: string): string;
    manyStacked(n: string): string;
    manyLines(n: string): string;
    stackedNegative: string;
    addsNothing(label: string): string;
    logBars: string;
  };
  /** Wishes that this agent understands as a change. */
  ask: {
    mark(mark: MarkName): string;
    top(n: number): string;
    grouped: string;
    panels: string;
    linear: string;
  };
  /** Clauses of the sentence that says what changed. */
  change: {
    mark(mark: string): string;
    stacked: string;
    grouped: string;
    normalised: string;
    log: string;
    linear: string;
    sort(sort: Sort): string;
    limit(limit: Limit): string;
    all: string;
    horizontal: string;
    vertical: string;
    swap: string;
    trend: string;
    noTrend: string;
    panels(label: string): string;
    onePanel: string;
    colour(label: string): string;
    noColour: string;
    without(names: string): string;
    only(names: string): string;
    zero: string;
    noZero: string;
    numbers: string;
    noNumbers: string;
    title(title: string): string;
    columns(values: string, others: string): string;
    sentence(clauses: readonly string[]): string;
  };
  alternative: {
    opening(mark: string, title: string): string;
    extremes(most: string, mostValue: string, least: string, leastValue: string): string;
    single(name: string, value: string): string;
    allEqual(value: string): string;
    rises(from: string, fromValue: string, to: string, toValue: string): string;
    falls(from: string, fromValue: string, to: string, toValue: string): string;
    steady(from: string, fromValue: string, to: string, toValue: string): string;
    series(count: string, names: string): string;
    seriesPeak(series: string, category: string, value: string): string;
    seriesChange(series: string, fromValue: string, toValue: string): string;
    bars(n: string): string;
    points(n: string): string;
    correlation(strength: "none" | "weak" | "clear" | "strong", rises: boolean, r: string): string;
    groupMiddle(group: string, x: string, y: string): string;
    range(label: string, from: string, to: string): string;
    histogram(n: string, from: string, to: string, median: string): string;
    peak(from: string, to: string, count: string, share: string): string;
    skew(right: boolean): string;
    boxes(n: string): string;
    box(
      name: string,
      median: string,
      lower: string,
      upper: string,
      low: string,
      high: string,
    ): string;
    middle(name: string, median: string, lower: string, upper: string): string;
    cells(across: string, down: string): string;
    slices(n: string): string;
    ranges(n: string): string;
    widest(name: string, low: string, high: string): string;
    narrowest(name: string, low: string, high: string): string;
    panels(n: string, label: string): string;
    log: string;
  };
  refusal: {
    noColumns: { message: string; remedy: string };
    noRows: { message: string; remedy: string };
    noNumbers(columns: string): { message: string; remedy: string };
    allMissing(columns: string): { message: string; remedy: string };
    unknown: { message: string; remedy: string };
    denied(what: string, why: string): { message: string; remedy: string };
    nothingLeft: { message: string; remedy: string };
    /** Requests that always give something to draw, and changes that any chart takes. */
    suggestions: { readonly draw: readonly string[]; readonly change: readonly string[] };
  };
}

export interface Language {
  readonly code: "de" | "en";
  readonly tag: string;
  readonly wish: WishWords;
  readonly say: Sentences;
  /** Powers of ten with a name, largest first. */
  readonly scales: readonly { divisor: number; suffix: string }[];
  /** Locale of Vega: https://vega.github.io/vega/docs/api/locale/ */
  readonly number: Record<string, unknown>;
  readonly time: Record<string, unknown>;
  /** Axis labels by the time unit that a tick starts. */
  readonly ticks: Readonly<Record<string, string>>;
  /** A unit behind (or before) a formatted number. */
  withUnit(number: string, unit: string): string;
  join(items: readonly string[]): string;
}

/** Full and short names of months and weekdays, so that labels can shrink where space is short. */
export function shortName(language: Language, text: string): string | null {
  const { months, shortMonths, days, shortDays } = language.time as Record<string, string[]>;
  const [long, short] = [
    [...(months ?? []), ...(days ?? [])],
    [...(shortMonths ?? []), ...(shortDays ?? [])],
  ];
  const at = long.findIndex((name) => name.toLowerCase() === text.toLowerCase());
  return at < 0 ? null : (short[at] ?? null);
}

/** The language asked for; where none is, the one whose common words the wish has more of. */
export function languageOf(code: string, wish: string): Language {
  if (code === "de") return german;
  if (code === "en") return english;
  const words = wish.toLowerCase().match(/\p{L}+/gu) ?? [];
  const hits = (language: Language) =>
    words.filter((word) => language.wish.common.includes(word)).length;
  return hits(german) + (/[äöüß]/i.test(wish) ? 1 : 0) > hits(english) ? german : english;
}
