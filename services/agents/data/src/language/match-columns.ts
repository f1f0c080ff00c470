/** Finds the columns that a stretch of words can name, wholly or in part. */
import type { Column } from "../read/profile.ts";
import { exactFirst, phrasesOf } from "./phrases.ts";
import { genitiveStem, stem, withUmlauts, wordKeys } from "./stem.ts";
import { base, type MatchedBy, type Term } from "./terms.ts";
import type { Token } from "./tokens.ts";
import type { ColumnForm, Vocabulary } from "./vocabulary.ts";

export interface ColumnMatch {
  readonly column: Column;
  /** Share of the name that the words cover, 0 to 1. */
  readonly coverage: number;
  /** How many words of the name they cover. */
  readonly covered: number;
}

/** What a word or phrase of a question stands for, as keys of the vocabulary. */
export interface Hit {
  readonly keys: readonly string[];
  readonly end: number;
  readonly matched_by: MatchedBy;
}

/** How much of a column's name is covered. */
interface Cover {
  readonly bits: number;
  /** By words of the name itself, rather than by others for the same. */
  readonly named: boolean;
}

/** By index of the form. */
type Covers = ReadonlyMap<number, Cover>;

const wordsMax = 6;
const joining = /^(of|in|per|the|der|die|das|des|dem|den|pro|von|on|with|about|mit|zu|zum|zur)$/;
/** Joins words of a name only where a name has it: "length and beak" is no beak length. */
const listing = /^(und|and|&)$/;

/** @param barred words that name no column, whatever their stem */
export function matchColumns(
  tokens: readonly Token[],
  at: number,
  vocabulary: Vocabulary,
  barred: (at: number) => boolean,
): Term[] {
  const first = tokens[at]!;
  if (first.kind === "quoted") return quotedColumn(first, at, vocabulary);
  const found = new Map<number, Covers>();
  extend({ tokens, vocabulary, barred }, at, undefined, 0, found);
  const terms: Term[] = [];
  for (const [end, covers] of found) {
    const term = termOf(at, end, covers, vocabulary);
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
    const nouns = [noun(token.folded), noun(withUmlauts(token.folded))];
    if (language === "de") nouns.push(genitiveStem(token.folded));
    const said = (count: number) =>
      tokens
        .slice(at, at + count)
        .map((each) => each.folded)
        .join(" ");
    for (const form of new Set(nouns)) {
      for (const { stems, meaning } of exactFirst(concepts.get(form) ?? [], said)) {
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
  before: Covers | undefined,
  depth: number,
  found: Map<number, Covers>,
) {
  const { tokens, vocabulary, barred } = reading;
  if (depth >= wordsMax || at >= tokens.length || barred(at)) return;
  for (const hit of identifierHit(tokens, at, vocabulary) ?? conceptHits(tokens, at)) {
    const covers = cover(hit, before, vocabulary);
    if (covers.size === 0) continue;
    found.set(hit.end, united(found.get(hit.end), covers));
    extend(reading, hit.end, covers, depth + 1, found);
  }
  const { folded } = tokens[at]!;
  const named = listing.test(folded) && vocabulary.columns.has(`=${folded}`);
  if (before && (joining.test(folded) || named)) extend(reading, at + 1, before, depth + 1, found);
}

/** A column written as in the file, "temp_max", "budgetYear". */
function identifierHit(
  tokens: readonly Token[],
  at: number,
  vocabulary: Vocabulary,
): Hit[] | undefined {
  const token = tokens[at]!;
  if (token.kind !== "word") return undefined;
  const exact = vocabulary.forms.some((form) => isRunTogether(form, token.folded));
  return exact ? [{ keys: [`id:${token.folded}`], end: at + 1, matched_by: "name" }] : undefined;
}

function cover(hit: Hit, before: Covers | undefined, vocabulary: Vocabulary): Covers {
  const covers = new Map<number, Cover>();
  const named = hit.matched_by === "name";
  for (const key of hit.keys) {
    if (key.startsWith("id:")) {
      const form = vocabulary.forms.findIndex((each) => isRunTogether(each, key.slice(3)));
      covers.set(form, { bits: vocabulary.forms[form]!.essential, named });
      continue;
    }
    for (const { form, bits } of vocabulary.columns.get(key) ?? []) {
      const had = before?.get(form);
      if (before && (had === undefined || (had.bits & bits) !== 0)) continue;
      const already = covers.get(form)?.bits ?? had?.bits ?? 0;
      covers.set(form, { bits: already | bits, named: named && (had?.named ?? true) });
    }
  }
  return covers;
}

/** Two ways to read the same words are both kept; for one column, the surer one. */
function united(a: Covers | undefined, b: Covers): Covers {
  if (!a) return b;
  const covers = new Map(a);
  for (const [form, cover] of b) {
    const other = covers.get(form);
    const surer = !other || cover.bits > other.bits || (cover.bits === other.bits && cover.named);
    if (surer) covers.set(form, cover);
  }
  return covers;
}

function termOf(start: number, end: number, covers: Covers, vocabulary: Vocabulary) {
  const matches: (ColumnMatch & { readonly named: boolean; readonly entire: boolean })[] = [];
  for (const [index, { bits, named }] of covers) {
    const form = vocabulary.forms[index]!;
    const covered = bitCount(bits & form.essential);
    const coverage = covered / bitCount(form.essential);
    const all = (1 << form.words.length) - 1;
    const subject = bits & ~form.modifiers & form.essential;
    // "max" alone is no column, even where a column is called temp_max.
    if (coverage === 1 || subject !== 0)
      matches.push({ column: form.column, coverage, covered, named, entire: bits === all });
  }
  const chosen = matches.filter(({ column }) => column === vocabulary.chosen);
  if (chosen.length > 0) matches.splice(0, matches.length, ...chosen);
  if (matches.length === 0) return undefined;
  const best = Math.max(...matches.map(({ coverage }) => coverage));
  const whole = best === 1 ? matches.filter(({ coverage }) => coverage === 1) : matches;
  // A column that is called just so is meant, and no other that could be called so.
  const named = whole.filter((match) => match.named);
  const likely = named.length > 0 && best === 1 ? named : whole;
  // "bookings" is the column "Booking" rather than the one called "Booked on".
  const entire = likely.filter((match) => match.entire);
  const columns = entire.length > 0 ? entire : likely;
  const matched_by = named.length === 0 ? "synonym" : best < 1 ? "part of name" : "name";
  const sureness = base(start, end, matched_by);
  // Words that leave open which column is meant are worth less than words that name one.
  const open = best < 1 && columns.length > 1;
  const score = sureness.score - (open ? 0.4 : best < 1 ? 0.04 : 0);
  columns.sort((a, b) => b.coverage - a.coverage);
  return { ...sureness, kind: "column", score, columns } satisfies Term;
}

const isCalled = (column: Column, name: string) => column.name.toLowerCase() === name;

/** A name of several words that is said as one. */
export const isRunTogether = ({ column, words }: ColumnForm, name: string) =>
  (words.length > 1 || column.name.includes("_")) &&
  (isCalled(column, name) || column.bare.toLowerCase() === name);

function bitCount(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}

function quotedColumn(token: Token, at: number, vocabulary: Vocabulary): Term[] {
  const form = vocabulary.forms.find(({ column }) => isCalled(column, token.folded));
  if (!form) return [];
  const columns = [{ column: form.column, coverage: 1, covered: 1 }];
  return [{ ...base(at, at + 1, "name"), kind: "column", columns }];
}
