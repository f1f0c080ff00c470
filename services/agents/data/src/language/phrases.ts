/**
 * The lexicons, compiled into one index per language: which meanings a phrase can have, by its first
 * word. Built once, at the first question.
 */

import type { Language, Lexicon, Meaning } from "./lexicon.ts";
import { german } from "./lexicon-de.ts";
import { english } from "./lexicon-en.ts";
import { lightStem, stem } from "./stem.ts";
import { fold } from "./tokens.ts";

/** A quantity that an adjective speaks of. */
export interface QualityMeaning {
  readonly concepts: readonly string[];
  readonly direction: "max" | "min";
  readonly degree: "positive" | "comparative" | "superlative";
}

export interface Phrase<T> {
  /** Stems of its words. */
  readonly stems: readonly string[];
  /** As the lexicon has it, folded. */
  readonly text: string;
  readonly meaning: T;
}

type Index<T> = ReadonlyMap<string, readonly Phrase<T>[]>;

export interface Phrases {
  readonly language: Language;
  readonly meanings: Index<Meaning>;
  readonly qualities: Index<QualityMeaning>;
  readonly concepts: Index<string>;
  readonly numbers: ReadonlyMap<string, number>;
  readonly months: ReadonlyMap<string, number>;
  readonly weekdays: ReadonlyMap<string, number>;
  /** Parts of compounds, longest first. */
  readonly compounds: readonly { readonly part: string; readonly meaning: Meaning }[];
  /** Every stem of the lexicon that bears on an answer, for near spelling. */
  readonly telling: ReadonlySet<string>;
}

export const lexicons: Readonly<Record<Language, Lexicon>> = { de: german, en: english };
const compiled = new Map<Language, Phrases>();

export function phrasesOf(language: Language): Phrases {
  const known = compiled.get(language) ?? compile(lexicons[language]);
  compiled.set(language, known);
  return known;
}

const list = (text: string) =>
  text
    .split(",")
    .map((part) => fold(part.trim()))
    .filter(Boolean);

/**
 * Words that stand in the lexicon as they are said mean what they do there, and nothing else that
 * has the same stem: "Verkäufer" sells, and is no "Verkauf".
 */
export function exactFirst<T extends { readonly text: string; readonly stems: readonly string[] }>(
  phrases: readonly T[],
  said: (count: number) => string,
): readonly T[] {
  const exact = phrases.filter(({ text, stems }) => text === said(stems.length));
  return exact.length > 0
    ? phrases.filter((one) => exact.includes(one) || one.stems.length > 1)
    : phrases;
}

/** Phrases split as the tokeniser splits questions: a hyphen before a letter only joins. */
const phraseWords = (phrase: string) =>
  phrase.replace(/(?<=[\p{L}\d])-(?=\p{L})/gu, " ").match(/[\p{L}\p{M}\d_]+|[&=–+%-]/gu) ?? [
    phrase,
  ];

/** Meanings without bearing on the answer; nothing else is put right into one of them. */
const idle = /^(filler|light|again|tail|persons|figure|frame|list|same|chart other|cannot)/;

/** Number words: in a row from 2 on, or each with its number. */
function numbersOf(text: string): Map<string, number> {
  const numbers = new Map<string, number>();
  for (const [index, entry] of list(text).entries()) {
    const [word = "", number] = entry.split(" ");
    numbers.set(word, number === undefined ? index + 2 : Number(number));
  }
  return numbers;
}

function compile(lexicon: Lexicon): Phrases {
  const { language } = lexicon;
  const known = new Set<string>();
  const light = (word: string) => lightStem(word, language);
  const meanings = new Map<string, Phrase<Meaning>[]>();
  for (const [meaning, texts] of Object.entries(lexicon.meanings)) {
    const slips = idle.test(meaning) ? new Set<string>() : known;
    for (const text of list(texts ?? "")) add(meanings, text, light, meaning as Meaning, slips);
  }
  const qualities = new Map<string, Phrase<QualityMeaning>[]>();
  for (const { of, more, less } of lexicon.qualities) {
    const concepts = of.split(",").map((concept) => concept.trim());
    addQuality(qualities, more, light, { concepts, direction: "max" }, known);
    addQuality(qualities, less, light, { concepts, direction: "min" }, known);
  }
  const concepts = new Map<string, Phrase<string>[]>();
  const noun = (word: string) => stem(word, language);
  for (const [concept, texts] of Object.entries(lexicon.concepts)) {
    for (const text of list(texts)) add(concepts, text, noun, concept, known);
  }
  const compounds = Object.entries(lexicon.compounds)
    .flatMap(([meaning, parts]) =>
      list(parts ?? "").map((part) => ({ part, meaning: meaning as Meaning })),
    )
    .sort((a, b) => b.part.length - a.part.length);
  const numbers = numbersOf(lexicon.numbers);
  return {
    ...{ language, meanings, qualities, concepts, numbers, compounds, telling: known },
    months: calendarNames(language, 12, (index, style) => [
      new Date(Date.UTC(2023, index, 1)),
      { month: style },
    ]),
    weekdays: calendarNames(language, 7, (index, style) => [
      new Date(Date.UTC(2023, 0, 1 + index)),
      { weekday: style },
    ]),
  };
}

function add<T>(
  index: Map<string, Phrase<T>[]>,
  text: string,
  stemmed: (word: string) => string,
  meaning: T,
  known: Set<string>,
) {
  const stems = phraseWords(text).map(stemmed);
  const first = stems[0]!;
  if (stems.length === 1) known.add(first);
  const phrases = index.get(first) ?? [];
  const same = phrases.some(
    (other) =>
      other.meaning === meaning &&
      (meaning === "light" ? other.text === text : other.stems.join() === stems.join()),
  );
  if (!same) phrases.push({ stems, text, meaning });
  index.set(first, phrases);
}

function addQuality(
  index: Map<string, Phrase<QualityMeaning>[]>,
  triples: string,
  stemmed: (word: string) => string,
  quality: Omit<QualityMeaning, "degree">,
  known: Set<string>,
) {
  for (const triple of triples.split(",")) {
    const forms = triple.trim().split(/\s+/);
    for (const [at, degree] of (["positive", "comparative", "superlative"] as const).entries()) {
      const form = forms[at];
      if (form === undefined || form === "-") continue;
      const text = fold(form.replaceAll("+", " "));
      add(index, text, stemmed, { ...quality, degree }, known);
      // „schwerere“: the light stem takes only its last ending off.
      if (degree === "comparative" && /er$/.test(text))
        add(index, `${text}e`, stemmed, { ...quality, degree }, known);
      if (degree === "superlative")
        add(index, `am ${text}`, stemmed, { ...quality, degree }, known);
    }
  }
}

type Style = "long" | "short";

/** Month and weekday names as the platform knows them, long and short, by number from 1. */
function calendarNames(
  language: Language,
  count: number,
  at: (index: number, style: Style) => [Date, Intl.DateTimeFormatOptions],
): Map<string, number> {
  const names = new Map<string, number>();
  for (let index = 0; index < count; index++) {
    for (const style of ["long", "short"] as const) {
      const [date, options] = at(index, style);
      const format = new Intl.DateTimeFormat(language, { ...options, timeZone: "UTC" });
      const name = fold(format.format(date)).replace(".", "");
      // "So", "Mo", "sun" are words, too: only names of three letters and more are taken.
      if (name.length >= 3 && !names.has(name)) names.set(name, index + 1);
    }
  }
  return names;
}
