// What one language needs to understand a wish and to speak about a chart. Each language is one
// file with data and short sentences; nothing else in this agent knows words.

import type { MarkName } from "../choose.ts";
import { german } from "./de.ts";
import { english } from "./en.ts";

/** How many decimals, and which power of ten is taken out and named instead ("Mio."). */
export interface NumberStyle {
  readonly decimals: number;
  readonly divisor: number;
  readonly suffix: string;
}

/** Words of a wish. A pattern is lower case; "*" stands for any letters, a blank for any space. */
export interface WishWords {
  /** Names of marks, in whatever grammatical form. */
  readonly marks: Readonly<Record<MarkName, readonly string[]>>;
  /** Marks that exist elsewhere, with the mark that shows the same here. */
  readonly instead: readonly { patterns: readonly string[]; name: string; mark: MarkName }[];
  /** A mark hinted at without its name: "over time", "correlation". */
  readonly hints: Readonly<Partial<Record<MarkName, readonly string[]>>>;
  readonly horizontal: readonly string[];
  readonly vertical: readonly string[];
  /** In front of a mark they turn it away: "no bars". */
  readonly negations: readonly string[];
  /** Between two columns they say which is drawn up: "power against weight". */
  readonly against: readonly string[];
  /** Words so common that they tell the language of a text. */
  readonly common: readonly string[];
}

/** What is said about bars, points in time and so on; every text arrives formatted. */
export interface Sentences {
  readonly markNames: Readonly<Record<MarkName, string>>;
  readonly count: string;
  readonly value: string;
  readonly measure: string;
  readonly truth: readonly [no: string, yes: string];
  readonly missing: string;
  inUnit(unit: string): string;
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
    series(shown: string, all: string): string;
    mean(value: string, by: string): string;
    sample(shown: string, all: string): string;
    missing(rows: string): string;
    firstRows(rows: string, all: string): string;
  };
  reason: {
    asked(mark: string): string;
    category(mark: string, value: string, category: string): string;
    ordered(mark: string, value: string, category: string): string;
    time(mark: string, value: string, time: string): string;
    twoNumbers(mark: string, x: string, y: string): string;
    oneNumber(mark: string, value: string): string;
    several(mark: string): string;
    instead(wanted: string, mark: string): string;
    notPossible(wanted: string, why: string, mark: string): string;
    needsTwoNumbers: string;
    needsNumbers: string;
    needsOrder: string;
    tooMany(n: string): string;
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
  };
  refusal: {
    noColumns: { message: string; remedy: string };
    noRows: { message: string; remedy: string };
    noNumbers(columns: string): { message: string; remedy: string };
    allMissing(columns: string): { message: string; remedy: string };
    suggestions: readonly string[];
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
