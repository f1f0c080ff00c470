/** Finds the columns that a stretch of words can name, wholly or in part. */
import type { Column } from "../read/profile.ts";
import { phrasesOf } from "./phrases.ts";
import { stem, withUmlauts, wordKeys } from "./stem.ts";
import { base, type MatchedBy, type Term } from "./terms.ts";
import type { Token } from "./tokens.ts";
import type { Vocabulary } from "./vocabulary.ts";

export interface ColumnMatch {
  readonly column: Column;
  /** Share of the name that the words cover, 0 to 1. */
  readonly coverage: number;
}

/** What a word or phrase of a question stands for, as keys of the vocabulary. */
export interface Hit {
  readonly keys: readonly string[];
  readonly end: number;
  readonly matched_by: MatchedBy;
}

interface State {
  /** Bits of the name covered so far, by index of the form. */
  readonly covered: ReadonlyMap<number, number>;
  readonly matched_by: MatchedBy;
}

const wordsMax = 6;
const joining = /^(of|in|per|the|der|die|das|des|pro|von|und|and|on|&)$/;

/** @param barred words that name no column, whatever their stem */
export function matchColumns(
  tokens: readonly Token[],
  at: number,
  vocabulary: Vocabulary,
  barred: (at: number) => boolean,
): Term[] {
  const first = tokens[at]!;
  if (first.kind === "quoted") return quotedColumn(first, at, vocabulary);
  const found = new Map<number, State>();
  extend({ tokens, vocabulary, barred }, at, undefined, 0, found);
  const terms: Term[] = [];
  for (const [end, state] of found) {
    const term = termOf(at, end, state, vocabulary);
    if (term) terms.push(term);
  }
  return terms;
}

/** Hits by position, found once per question. */
const hitsOf = new WeakMap<readonly Token[], (readonly Hit[])[]>();

/** The keys of the word at a position and of the concepts that begin there. */
export function conceptHits(tokens: readonly Token[], at: number): readonly Hit[] {
  const known = hitsOf.get(tokens) ?? [];
  hitsOf.set(tokens, known);
  known[at] ??= findHits(tokens, at);
  return known[at];
}

function findHits(tokens: readonly Token[], at: number): Hit[] {
  const token = tokens[at]!;
  if (token.kind !== "word" && token.kind !== "number" && token.kind !== "sign") return [];
  const parts = token.folded.split("_").filter(Boolean);
  if (parts.length > 1) return [];
  const hits: Hit[] = [{ keys: wordKeys(token.folded), end: at + 1, matched_by: "name" }];
  for (const language of ["en", "de"] as const) {
    const { concepts } = phrasesOf(language);
    const noun = (word: string) => stem(word, language);
    for (const form of new Set([noun(token.folded), noun(withUmlauts(token.folded))])) {
      for (const { stems, meaning } of concepts.get(form) ?? []) {
        const fits = stems.every((part, offset) => {
          const word = tokens[at + offset]?.folded;
          return offset === 0 || (word !== undefined && noun(word) === part);
        });
        if (fits)
          hits.push({ keys: [`c:${meaning}`], end: at + stems.length, matched_by: "synonym" });
      }
    }
  }
  return hits;
}

interface Reading {
  readonly tokens: readonly Token[];
  readonly vocabulary: Vocabulary;
  readonly barred: (at: number) => boolean;
}

function extend(
  reading: Reading,
  at: number,
  state: State | undefined,
  depth: number,
  found: Map<number, State>,
) {
  const { tokens, vocabulary, barred } = reading;
  if (depth >= wordsMax || at >= tokens.length || barred(at)) return;
  const underscored = identifierHit(tokens, at, vocabulary);
  for (const hit of underscored ?? conceptHits(tokens, at)) {
    const covered = cover(hit, state?.covered, vocabulary);
    if (covered.size === 0) continue;
    const matched_by = state && state.matched_by !== "name" ? state.matched_by : hit.matched_by;
    const next = { covered, matched_by };
    const known = found.get(hit.end);
    found.set(hit.end, known ? better(known, next) : next);
    extend(reading, hit.end, next, depth + 1, found);
  }
  if (state && joining.test(tokens[at]!.folded)) {
    extend(reading, at + 1, state, depth + 1, found);
  }
}

/** A column written as in the file, "temp_max". */
function identifierHit(
  tokens: readonly Token[],
  at: number,
  vocabulary: Vocabulary,
): Hit[] | undefined {
  const token = tokens[at]!;
  if (token.kind !== "word" || !token.folded.includes("_")) return undefined;
  const exact = vocabulary.forms.some(({ column }) => column.name.toLowerCase() === token.folded);
  return exact ? [{ keys: [`id:${token.folded}`], end: at + 1, matched_by: "name" }] : undefined;
}

function cover(hit: Hit, before: ReadonlyMap<number, number> | undefined, vocabulary: Vocabulary) {
  const covered = new Map<number, number>();
  for (const key of hit.keys) {
    if (key.startsWith("id:")) {
      const form = vocabulary.forms.findIndex(
        ({ column }) => column.name.toLowerCase() === key.slice(3),
      );
      covered.set(form, vocabulary.forms[form]!.essential);
      continue;
    }
    for (const { form, bits } of vocabulary.columns.get(key) ?? []) {
      const had = before?.get(form);
      if (before && (had === undefined || (had & bits) !== 0)) continue;
      covered.set(form, (covered.get(form) ?? had ?? 0) | bits);
    }
  }
  return covered;
}

/** Two ways to read the same words are both kept. */
function better(a: State, b: State): State {
  const covered = new Map(a.covered);
  for (const [form, bits] of b.covered) covered.set(form, Math.max(bits, covered.get(form) ?? 0));
  const matched_by = a.matched_by === "name" || b.matched_by === "name" ? "name" : a.matched_by;
  return { covered, matched_by };
}

function termOf(
  start: number,
  end: number,
  state: State,
  vocabulary: Vocabulary,
): Term | undefined {
  const matches: (ColumnMatch & { readonly whole: boolean })[] = [];
  for (const [index, bits] of state.covered) {
    const form = vocabulary.forms[index]!;
    const share = bitCount(bits & form.essential) / bitCount(form.essential);
    const subject = bits & ~form.modifiers & form.essential;
    // "max" alone is no column, even where a column is called temp_max.
    if (share < 1 && subject === 0) continue;
    matches.push({ column: form.column, coverage: Math.min(1, share), whole: share >= 1 });
  }
  if (matches.length === 0) return undefined;
  const best = Math.max(...matches.map(({ coverage }) => coverage));
  const kept = best === 1 ? matches.filter(({ whole }) => whole) : matches;
  const matched_by = best < 1 && state.matched_by === "name" ? "part of name" : state.matched_by;
  const sureness = base(start, end, matched_by);
  const columns = kept.sort((a, b) => b.coverage - a.coverage);
  return { ...sureness, kind: "column", score: sureness.score - (best < 1 ? 0.04 : 0), columns };
}

function bitCount(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}

function quotedColumn(token: Token, at: number, vocabulary: Vocabulary): Term[] {
  const form = vocabulary.forms.find(({ column }) => column.name.toLowerCase() === token.folded);
  if (!form) return [];
  const columns = [{ column: form.column, coverage: 1 }];
  return [{ ...base(at, at + 1, "name"), kind: "column", columns }];
}
