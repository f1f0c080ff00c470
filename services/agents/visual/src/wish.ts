// Reads a wish: which mark the words name or hint at, which columns they mention and in what order.
// A word that belongs to a column's name ("sales by product line") names no mark unless the wish
// also says "chart", "as" or the like around it, which the longer patterns of the lexicon cover.

import type { MarkName } from "./choose.ts";
import { type Language, languageOf, type WishWords } from "./language/language.ts";
import type { Field } from "./profile.ts";

export interface Wish {
  /** The mark that the words name. */
  readonly mark?: MarkName;
  /** What they called it, when it is a mark that is not drawn here and `mark` stands in. */
  readonly instead?: string;
  /** The mark that they only hint at. */
  readonly hint?: MarkName;
  readonly orientation?: "horizontal" | "vertical";
  /** Columns in the order in which they are mentioned. */
  readonly mentioned: readonly Field[];
  /** The words draw the first mentioned number against the second: first up, second across. */
  readonly against: boolean;
}

interface Found {
  readonly at: number;
  readonly words: number;
}

const MARKS: readonly MarkName[] = ["bar", "line", "point", "histogram"];

/** Reads the words in the language given; a mark may be named in the other one as well. */
export function readWish(text: string, fields: readonly Field[], language: Language): Wish {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const mentions = mentionsOf(words, fields);
  const owned = new Set(mentions.flatMap((mention) => mention.positions));
  const lexicons = [language, languageOf(language.code === "de" ? "en" : "de", "")];
  const named = lexicons.map((one) => readMark(words, owned, one.wish)).find((one) => one.mark);
  const has = (patterns: readonly string[]) => freely(words, owned, patterns, []).length > 0;
  const { hints, horizontal, vertical, against } = language.wish;
  const hint = MARKS.find((mark) => has(hints[mark] ?? []));
  const orientation = has(horizontal) ? "horizontal" : has(vertical) ? "vertical" : undefined;
  return {
    ...named,
    ...(hint && { hint }),
    ...(orientation && { orientation }),
    mentioned: mentions.map((mention) => mention.field),
    against: has(against),
  };
}

/** What was said before, with what is said now on top of it. */
export function combine(before: Wish, now: Wish): Wish {
  const { mark, instead, ...others } = before;
  const named = now.mark ? {} : { ...(mark && { mark }), ...(instead && { instead }) };
  const mentioned = [...now.mentioned, ...before.mentioned];
  return { ...others, ...named, ...now, mentioned: [...new Set(mentioned)] };
}

/** The mark that is named by the most words, the first one where several are. */
function readMark(words: readonly string[], owned: Set<number>, lexicon: WishWords) {
  const free = (patterns: readonly string[]) => freely(words, owned, patterns, lexicon.negations);
  const own = MARKS.flatMap((mark) =>
    free(lexicon.marks[mark]).map((found) => ({ mark, ...found })),
  );
  const [best] = own.sort((a, b) => b.words - a.words || a.at - b.at);
  if (best) return { mark: best.mark };
  const other = lexicon.instead.find((one) => free(one.patterns).length > 0);
  return other ? { mark: other.mark, instead: other.name } : {};
}

/** Finds that are neither one word of a column's name nor turned away by a "no" before them. */
function freely(
  words: readonly string[],
  owned: Set<number>,
  patterns: readonly string[],
  negations: readonly string[],
): Found[] {
  return findAll(words, patterns).filter(
    (found) => (found.words > 1 || !owned.has(found.at)) && !negated(words, found.at, negations),
  );
}

/** Where the patterns stand in the words, each with the number of words that it covers. */
function findAll(words: readonly string[], patterns: readonly string[]): Found[] {
  return patterns.flatMap((pattern) => {
    const parts = pattern.split(" ").map(toExpression);
    return words.flatMap((_, at) =>
      parts.every((part, i) => part.test(words[at + i] ?? "")) ? [{ at, words: parts.length }] : [],
    );
  });
}

function toExpression(pattern: string): RegExp {
  return new RegExp(`^${pattern.replaceAll("*", "\\p{L}*")}$`, "u");
}

function negated(words: readonly string[], at: number, negations: readonly string[]): boolean {
  return findAll(words.slice(0, at), negations).some((found) => {
    const between = at - found.at - found.words;
    return between >= 0 && between <= 1;
  });
}

interface Mention {
  readonly field: Field;
  readonly positions: readonly number[];
}

/** A column is mentioned when all words of its name or label begin like words of the wish. */
function mentionsOf(words: readonly string[], fields: readonly Field[]): Mention[] {
  const found = fields.flatMap((field): Mention[] => {
    for (const name of [field.name, field.label]) {
      const parts = name.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
      const naming = parts.filter((part) => part !== field.unit.toLowerCase());
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
