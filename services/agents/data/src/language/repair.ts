/**
 * Before words are looked up: takes German compounds apart ("Gesamtumsatz" is "gesamt" and "Umsatz"),
 * and puts near misses right ("avrage"), where the word as it stands is not known at all.
 */
import { distance } from "fastest-levenshtein";
import { periodsAt } from "./dates.ts";
import { familyOf } from "./families.ts";
import type { Language } from "./lexicon.ts";
import { conceptHits, isRunTogether } from "./match-columns.ts";
import { lexicons, phrasesOf } from "./phrases.ts";
import { isWordOfState } from "./states.ts";
import { lightStem, stem, withUmlauts, wordKeys, wordLengthMax } from "./stem.ts";
import { fold, type Token } from "./tokens.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** Index of a token, and how it came about. */
export type Repairs = ReadonlyMap<
  number,
  { readonly by: "compound" | "spelling"; readonly said: string }
>;

export interface Repaired {
  readonly tokens: readonly Token[];
  readonly repairs: Repairs;
}

export function repair(
  tokens: readonly Token[],
  language: Language,
  vocabulary: Vocabulary,
): Repaired {
  const repaired: Token[] = [];
  const repairs = new Map<number, { by: "compound" | "spelling"; said: string }>();
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== "word" || isKnown(tokens, index, language, vocabulary)) {
      repaired.push(token);
      continue;
    }
    const underscored = token.folded.split("_").filter(Boolean);
    const parts =
      underscored.length > 1 ? underscored : takeApart(token.folded, language, vocabulary);
    if (parts) {
      for (const part of parts) {
        repairs.set(repaired.length, { by: "compound", said: token.text });
        repaired.push({ ...token, folded: standing(part, language) });
      }
      continue;
    }
    // A word that means something, only not in this table, is no slip.
    const meant = conceptHits(tokens, index).some(({ matched_by }) => matched_by === "synonym");
    const near = meant ? undefined : nearSpelling(token, language, vocabulary);
    if (near) repairs.set(repaired.length, { by: "spelling", said: token.text });
    repaired.push(near ? { ...token, folded: near } : token);
  }
  return { tokens: repaired, repairs };
}

/** Known to the lexicon, or naming a column, a value, the file or a date of this table. */
function isKnown(
  tokens: readonly Token[],
  at: number,
  language: Language,
  vocabulary: Vocabulary,
): boolean {
  const word = tokens[at]!.folded;
  return (
    isLexiconWord(word, language) ||
    isLexiconWord(word, language === "de" ? "en" : "de") ||
    isTableWord(word, vocabulary) ||
    // "economy" in "fuel economy" is no slip of "economical".
    [1, 2].some(
      (back) => at >= back && conceptHits(tokens, at - back).some(({ end }) => end > at),
    ) ||
    vocabulary.forms.some((form) => isRunTogether(form, word)) ||
    vocabulary.forms.some(({ column }) => column.name.toLowerCase() === word) ||
    periodsAt(tokens, at, phrasesOf(language)).length > 0
  );
}

function isLexiconWord(word: string, language: Language): boolean {
  const { meanings, qualities, numbers } = phrasesOf(language);
  if (numbers.has(word)) return true;
  return [word, withUmlauts(word)].some((form) => {
    const light = lightStem(form, language);
    return meanings.has(light) || qualities.has(light);
  });
}

function isTableWord(word: string, vocabulary: Vocabulary): boolean {
  const token: Token = { kind: "word", text: word, folded: word, at: 0 };
  if (wordKeys(word).some((key) => vocabulary.values.has(key))) return true;
  if (vocabulary.value_parts.has(word)) return true;
  if (vocabulary.has_states && isWordOfState(word)) return true;
  if (familyOf(word, vocabulary)) return true;
  return conceptHits([token], 0).some(({ keys }) =>
    keys.some(
      (key) =>
        vocabulary.columns.has(key) ||
        vocabulary.file_keys.has(key) ||
        vocabulary.row_keys.has(key) ||
        (key.startsWith("c:") && vocabulary.value_concepts.has(key.slice(2))),
    ),
  );
}

const links = ["", "s", "es", "n", "en", "e", "er", "-"];

/** The parts of a compound, each of which says something by itself; undefined: it is none. */
function takeApart(word: string, language: Language, vocabulary: Vocabulary): string[] | undefined {
  if (word.length < 7 || word.length > wordLengthMax) return undefined;
  const parts = phrasesOf(language).compounds.map(({ part }) => part);
  const isPart = (text: string) => parts.includes(text);
  const says = (text: string) =>
    text.length >= 3 && (isTableWord(text, vocabulary) || isPart(text));
  const unitOrRow = (text: string) => text.length >= 3 && isUnit(text, language);
  // The longest last part that there is: „Gersten|sorten“ rather than „Gerstens|orten“.
  for (let at = 3; at <= word.length - 3; at++) {
    const tail = word.slice(at);
    if (!says(tail) && !unitOrRow(tail)) continue;
    for (const link of links) {
      const head = word.slice(0, at);
      if (!head.endsWith(link)) continue;
      const bare = link === "" ? head : head.slice(0, -link.length);
      if (says(bare) || (link !== "" && isPart(head))) return [isPart(head) ? head : bare, tail];
    }
  }
  return undefined;
}

/** "jahres" in "Jahresumsatz" groups, as "jährlich" does; by itself it would only name the unit. */
function standing(part: string, language: Language): string {
  const { compounds } = phrasesOf(language);
  const meaning = compounds.find((compound) => compound.part === part)?.meaning;
  if (!meaning?.startsWith("every ")) return part;
  return fold(lexicons[language].meanings[meaning]?.split(",")[0]?.trim() ?? part);
}

function isUnit(text: string, language: Language): boolean {
  const found = phrasesOf(language).meanings.get(lightStem(text, language)) ?? [];
  return found.some(({ meaning, stems }) => stems.length === 1 && /^(unit|rows)/.test(meaning));
}

/** Letters wrong, missing or too many; two in the wrong order are one slip. */
function slipsBetween(known: string, said: string): number {
  const letters = distance(known, said);
  const swapped = letters === 2 && [...known].sort().join() === [...said].sort().join();
  return swapped ? 1 : letters;
}

/** Words for the table itself, which may be written wrong as well; shorter ones are too near to others. */
const aboutTables = ["columns", "column", "spalten", "spalte", "tabelle", "tabellen"];

/** The one known word that is a slip away; undefined: none, or more than one. */
function nearSpelling(
  token: Token,
  language: Language,
  vocabulary: Vocabulary,
): string | undefined {
  const word = token.folded;
  if (word.length < 6 || word.length > wordLengthMax) return undefined;
  const slips = word.length < 10 ? 1 : 2;
  const stemmed = stem(word, language);
  const candidates = new Map<string, number>();
  /** Words of this table are likelier than words of the language. */
  const consider = (known: string, said: string, farther = 0) => {
    if (Math.abs(known.length - said.length) > slips || known.length < 4) return;
    if (known[0] !== said[0]) return;
    const slip = slipsBetween(known, said);
    if (slip === 0 || slip > slips) return;
    candidates.set(
      known,
      Math.min(slip + farther, candidates.get(known) ?? Number.POSITIVE_INFINITY),
    );
  };
  for (const known of vocabulary.spellings) consider(known, word);
  const light = lightStem(word, language);
  // Only words that bear on the answer: a slip into one that says nothing would drop what was said.
  for (const known of phrasesOf(language).telling) {
    // A long ending is no slip of the pen: "responsible" is no "respondent".
    if (word.length - light.length <= 3) consider(known, light, 0.5);
    if (stemmed !== light && word.length - stemmed.length <= 3) consider(known, stemmed, 0.5);
  }
  const [best, next] = [...candidates].sort((a, b) => a[1] - b[1]);
  if (!best) return aboutTables.find((known) => slipsBetween(known, word) === 1);
  if (next && next[1] === best[1] && stem(next[0], language) !== stem(best[0], language)) {
    return undefined;
  }
  return best[0];
}
