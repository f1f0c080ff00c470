// Reads a wish: which mark the words name or hint at, which columns they mention, and how the chart
// shall be otherwise: scale, order, number of marks, stacking, colours, small multiples, values to
// leave out. A word that belongs to a column's name ("sales by product line") says none of that
// unless it is part of a longer phrase of the lexicon.

import { type Heard, listen } from "./heard.ts";
import { type Language, languageOf } from "./language/language.ts";
import type { MarkName } from "./marks/mark.ts";
import type { Field, Profile } from "./profile.ts";
import { readLimit, readSort } from "./wish-order.ts";
import { readPicks } from "./wish-values.ts";

export type Arrangement = "grouped" | "stacked" | "normalised";
export interface Sort {
  readonly by: "name" | "value" | "given";
  readonly descending: boolean;
}
export interface Limit {
  readonly count: number;
  readonly end: "top" | "bottom";
}
/** One value of a column, as it is written for people. */
export interface Pick {
  readonly column: number;
  readonly text: string;
}

/** What is not there was not said. */
export interface Wish {
  /** The mark that the words name. */
  readonly mark?: MarkName;
  /** What they called it, when it is a mark that is not drawn here and `mark` stands in. */
  readonly instead?: string;
  /** The mark that they only hint at. */
  readonly hint?: MarkName;
  readonly orientation?: "horizontal" | "vertical";
  readonly arrangement?: Arrangement;
  readonly scale?: "log" | "linear";
  readonly sort?: Sort;
  /** Null: all of them again. */
  readonly limit?: Limit | null;
  readonly trend?: boolean;
  /** One plot for each value of a column, of any, or of none. */
  readonly panels?: Field | "any" | null;
  /** Null: one colour. */
  readonly colour?: Field | null;
  readonly swap?: boolean;
  readonly without?: readonly Pick[];
  readonly only?: readonly Pick[];
  readonly zero?: boolean;
  /** Each figure is written beside its mark. */
  readonly numbers?: boolean;
  readonly title?: string;
  /** Columns in the order in which they are mentioned. */
  readonly mentioned: readonly Field[];
  /** The words draw the first mentioned number against the second: first up, second across. */
  readonly against: boolean;
}

/** Reads the words in the language given; what it does not know may be said in the other one. */
export function readWish(text: string, profile: Profile, language: Language): Wish {
  const { title, rest } = takeTitle(text, language);
  const heard = listen(rest, profile.fields, language);
  const other = heard.in(languageOf(language.code === "de" ? "en" : "de", ""));
  return {
    ...settingsOf(other, profile, language),
    ...settingsOf(heard, profile, language),
    ...(title && { title }),
    mentioned: heard.mentions.map((mention) => mention.field),
    against: heard.says("against"),
  };
}

function settingsOf(heard: Heard, profile: Profile, language: Language): Partial<Wish> {
  const picks = readPicks(heard, profile, language);
  const limit = readLimit(heard);
  const sort = readSort(heard);
  const either = <T>(key: Parameters<Heard["says"]>[0], value: T) =>
    heard.says(key) ? { value } : undefined;
  const orientation = either("horizontal", "horizontal") ?? either("vertical", "vertical");
  const scale = heard.turnsAway("log")
    ? { value: "linear" }
    : (either("linear", "linear") ?? either("log", "log"));
  const trend = heard.turnsAway("trend") ? { value: false } : either("trend", true);
  const numbers =
    heard.turnsAway("figures") || heard.says("noNumbers")
      ? { value: false }
      : either("numbers", true);
  const zero = heard.turnsAway("zero") ? { value: false } : either("zero", true);
  const hint = heard.hint();
  const panels = panelsOf(heard);
  const colour = heard.turnsAway("colour") ? null : columnAfter(heard, "colour");
  return {
    ...heard.mark(),
    ...(hint && { hint }),
    ...(orientation && { orientation: orientation.value as "horizontal" }),
    ...arrangementOf(heard),
    ...(scale && { scale: scale.value as "log" }),
    ...(sort && { sort }),
    ...(limit !== undefined && { limit }),
    ...(trend && { trend: trend.value }),
    ...(panels !== undefined && { panels }),
    ...(colour !== undefined && { colour }),
    ...(heard.says("swap") && { swap: true }),
    ...(picks.without.length > 0 && { without: picks.without }),
    ...(picks.only.length > 0 && { only: picks.only }),
    ...(zero && { zero: zero.value }),
    ...(numbers && { numbers: numbers.value }),
  };
}

function arrangementOf(heard: Heard): Partial<Wish> {
  if (heard.says("normalised")) return { arrangement: "normalised" };
  if (heard.says("grouped") || heard.turnsAway("stacked")) return { arrangement: "grouped" };
  return heard.says("stacked") ? { arrangement: "stacked" } : {};
}

function panelsOf(heard: Heard): Wish["panels"] {
  if (heard.turnsAway("panels")) return null;
  if (heard.says("panels")) return columnAfter(heard, "panels") ?? "any";
  if (heard.says("onePanel")) return null;
  return heard.says("split") ? columnAfter(heard, "split") : undefined;
}

/** The column that is mentioned soonest after the words, else soonest at all. */
function columnAfter(heard: Heard, key: "colour" | "panels" | "split"): Field | undefined {
  const at = heard.places(key)[0];
  if (at === undefined) return undefined;
  const starts = heard.mentions.map((mention) => ({
    mention,
    from: Math.min(...mention.positions),
  }));
  const after = starts.filter(({ from }) => from >= at).sort((a, b) => a.from - b.from);
  return (after[0] ?? starts[0])?.mention.field;
}

/** A title stands in quotation marks; its words say nothing else. */
function takeTitle(text: string, { wish }: Language): { title?: string; rest: string } {
  const words = wish.titleWords.join("|");
  const found = new RegExp(`(?:${words})[^"„“»«]{0,20}["„“»«](.{1,300}?)["”“«»]`, "iu").exec(text);
  if (!found?.[1]) return { rest: text };
  return { title: found[1].trim(), rest: text.replace(found[0], " ") };
}

/** Nothing that can be drawn was said, but for names of columns. */
export function onlyMentions({ mentioned, against, hint, ...settings }: Wish): boolean {
  return Object.keys(settings).length === 0;
}

/** Nothing that can be drawn was said. */
export function saysNothing(wish: Wish): boolean {
  return onlyMentions(wish) && wish.mentioned.length === 0;
}

export const NOTHING_SAID: Wish = { mentioned: [], against: false };

/** What was said before, with what is said now on top of it. */
export function combine(before: Wish, now: Wish): Wish {
  const { mark, instead, hint, ...others } = before;
  const named = now.mark ? {} : { ...(mark && { mark }), ...(instead && { instead }) };
  const all = now.limit === null;
  const without = now.only || all ? [] : (before.without ?? []);
  return {
    ...others,
    ...named,
    ...impliedMark(mark, now),
    ...now,
    ...((now.hint ?? hint) && { hint: now.hint ?? (hint as MarkName) }),
    ...(all && { only: [] }),
    without: [...without, ...(now.without ?? [])],
    ...((before.swap || now.swap) && { swap: (before.swap ?? false) !== (now.swap ?? false) }),
    mentioned: [...new Set([...now.mentioned, ...before.mentioned])],
    against: now.against || before.against,
  };
}

/** Lines that shall stand on one another are areas, and any other mark is bars. */
function impliedMark(mark: MarkName | undefined, now: Wish): Partial<Wish> {
  if (now.mark || !now.arrangement || !mark || mark === "bar" || mark === "area") return {};
  return { mark: mark === "line" ? "area" : "bar" };
}
