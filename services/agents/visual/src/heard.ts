// The words of a wish against the lexicon of a language: which phrases stand where, which of them
// are turned away by a "no" in front, and which columns are mentioned.

import type { Language, PhraseName } from "./language/language.ts";
import type { MarkName } from "./marks/mark.ts";
import type { Field } from "./profile.ts";

interface Found {
  readonly at: number;
  readonly words: number;
}

export interface Mention {
  readonly field: Field;
  readonly positions: readonly number[];
}

export interface Heard {
  readonly words: readonly string[];
  readonly language: Language;
  /** Columns in the order in which they are mentioned. */
  readonly mentions: readonly Mention[];
  /** Where phrases of this meaning stand, those that are turned away left out. */
  places(phrase: PhraseName): readonly number[];
  says(phrase: PhraseName): boolean;
  /** The phrase stands there behind a "no" or "without". */
  turnsAway(phrase: PhraseName): boolean;
  mark(): { mark?: MarkName; instead?: string };
  hint(): MarkName | undefined;
  /** The same words in another language. */
  in(language: Language): Heard;
}

export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

export function listen(text: string, fields: readonly Field[], language: Language): Heard {
  const words = wordsOf(text);
  const mentions = mentionsOf(words, fields);
  return hear(words, mentions, language);
}

function hear(words: readonly string[], mentions: readonly Mention[], language: Language): Heard {
  const owned = new Set(mentions.flatMap((mention) => mention.positions));
  const { negations, phrases, marks, instead, hints } = language.wish;
  const markNames = Object.keys(marks) as MarkName[];
  const negated = (found: Found) => isNegated(words, found.at, negations);
  const free = (patterns: readonly string[]) =>
    findAll(words, patterns).filter((found) => found.words > 1 || !owned.has(found.at));
  // The line of a "trend line" is no line chart.
  const trend = new Set(findAll(words, phrases.trend).flatMap(positionsOf));
  const led = (at: number) => [words[at - 1], words[at - 2]].some((w) => w === "as" || w === "als");
  const standing = (patterns: readonly string[]) => free(patterns).filter((f) => !negated(f));
  return {
    words,
    language,
    mentions,
    places: (phrase) => standing(phrases[phrase]).map((found) => found.at),
    says: (phrase) => standing(phrases[phrase]).length > 0,
    turnsAway: (phrase) => free(phrases[phrase]).some(negated),
    /** The mark that is named by the most words, else the one behind "as", else the first one. */
    mark() {
      const own = markNames.flatMap((mark) =>
        standing(marks[mark])
          .filter((found) => !trend.has(found.at))
          .map((found) => ({ mark, ...found })),
      );
      const rank = (one: Found) => (led(one.at) ? 0 : 1000) + one.at;
      const [best] = own.sort((a, b) => b.words - a.words || rank(a) - rank(b));
      if (best) return { mark: best.mark };
      const other = instead.find((one) => standing(one.patterns).length > 0);
      return other ? { mark: other.mark, instead: other.name } : {};
    },
    hint: () =>
      markNames.find((mark) => standing(hints[mark] ?? []).some((found) => !trend.has(found.at))),
    in: (other) => hear(words, mentions, other),
  };
}

function positionsOf({ at, words }: Found): number[] {
  return Array.from({ length: words }, (_, i) => at + i);
}

/** Where the patterns stand in the words, each with the number of words that it covers. */
function findAll(words: readonly string[], patterns: readonly string[]): Found[] {
  return patterns.flatMap((pattern) => {
    const parts = expressionsOf(pattern);
    return words.flatMap((_, at) =>
      parts.every((part, i) => part.test(words[at + i] ?? "")) ? [{ at, words: parts.length }] : [],
    );
  });
}

// The lexicon is fixed, so each pattern is compiled once.
const compiled = new Map<string, readonly RegExp[]>();

function expressionsOf(pattern: string): readonly RegExp[] {
  const known = compiled.get(pattern);
  if (known) return known;
  const made = pattern
    .split(" ")
    .map((part) => new RegExp(`^${part.replaceAll("*", "\\p{L}*")}$`, "u"));
  compiled.set(pattern, made);
  return made;
}

function isNegated(words: readonly string[], at: number, negations: readonly string[]): boolean {
  return findAll(words.slice(0, at), negations).some((found) => {
    const between = at - found.at - found.words;
    return between >= 0 && between <= 1;
  });
}

/** A column is mentioned when all words of its name or label begin like words of the wish. */
function mentionsOf(words: readonly string[], fields: readonly Field[]): Mention[] {
  const found = fields.flatMap((field): Mention[] => {
    for (const name of [field.name, field.label]) {
      const naming = wordsOf(name).filter((part) => part !== field.unit.toLowerCase());
      const positions = naming.map((part) => words.findIndex((word) => alike(word, part)));
      if (naming.length > 0 && positions.every((at) => at >= 0)) return [{ field, positions }];
    }
    return [];
  });
  return found.sort((a, b) => Math.min(...a.positions) - Math.min(...b.positions));
}

/** Equal but for an ending: "price" and "prices", "Monat" and "Monate". */
function alike(a: string, b: string): boolean {
  if (a === b) return true;
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return short.length >= 4 && long.startsWith(short) && long.length - short.length <= 2;
}
