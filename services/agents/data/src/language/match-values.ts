/** Finds the texts of the table that a stretch of words can name: "Japan", "deutschen", "Spielberg". */
import { conceptHits } from "./match-columns.ts";
import { regionOf } from "./regions.ts";
import { stateOf } from "./states.ts";
import { stem, withUmlauts, wordKeys } from "./stem.ts";
import { base, type MatchedBy, type Term } from "./terms.ts";
import { fold, type Token } from "./tokens.ts";
import { titlesMin, type ValueForm, type Vocabulary } from "./vocabulary.ts";

const regionWordsMax = 5;

/** @param ordinary the first word says something in the language by itself */
export function matchValues(
  tokens: readonly Token[],
  at: number,
  vocabulary: Vocabulary,
  ordinary: boolean,
): Term[] {
  const token = tokens[at]!;
  if (token.kind === "stop" || token.kind === "sign") return [];
  const byEnd = new Map<number, { forms: ValueForm[]; matched_by: MatchedBy }>();
  const note = (end: number, form: ValueForm, matched_by: MatchedBy) => {
    const known = byEnd.get(end);
    if (!known) byEnd.set(end, { forms: [form], matched_by });
    else if (!known.forms.includes(form)) known.forms.push(form);
  };
  if (token.kind === "quoted") {
    for (const form of quotedValues(token, vocabulary)) note(at + 1, form, "value");
  } else {
    for (const [form, end] of spelledOut(tokens, at, vocabulary, ordinary))
      note(end, form, "value");
    // The article "die" is nobody's death.
    const small = ordinary && token.folded.length <= 4;
    for (const [form, end] of meant(tokens, at, vocabulary))
      if (!small || end > at + 1) note(end, form, "synonym");
    // A name may be said by its one telling word; words of the language are no such word.
    const named = /^\p{Lu}/u.test(token.text) && !ordinary && byEnd.size === 0;
    for (const form of vocabulary.value_parts.get(token.folded) ?? []) {
      const end = endOfRun(tokens, at, form.words);
      // Two of its words in a row name it, however they are written: "premier league".
      if (named || end > at + 1) note(end, form, "part of value");
    }
  }
  return [...byEnd].flatMap(([end, { forms, matched_by }]) => {
    const sureness = base(at, end, matched_by);
    // A title of one common word is rarely meant.
    const titles = end - at === 1 && forms.every(({ column }) => column.values.length > titlesMin);
    const written = forms.some(({ value }) => value === token.text && /^\p{Lu}{2,}$/u.test(value));
    if (titles && ordinary && !written) return [];
    const score = sureness.score - (titles && !written ? 0.5 : 0);
    const chosen = forms.filter(({ column }) => column === vocabulary.chosen);
    return [{ ...sureness, kind: "value", values: chosen.length > 0 ? chosen : forms, score }];
  });
}

function* spelledOut(
  tokens: readonly Token[],
  at: number,
  vocabulary: Vocabulary,
  ordinary: boolean,
) {
  const seen = new Set<ValueForm>();
  const { text: written, folded: word } = tokens[at]!;
  // „die Münchner Filiale“, „Hamburger Kunden“: who or what is from there.
  const towns = /^\p{Lu}\p{L}{3,}er(in|innen)?$/u.test(written)
    ? [word.replace(/er(in|innen)?$/, ""), word.replace(/ner(in|innen)?$/, "en")]
    : [];
  const keys = [...wordKeys(word), ...towns.map((town) => `=${town}`)];
  for (const key of keys) {
    for (const form of vocabulary.values.get(key) ?? []) {
      if (seen.has(form)) continue;
      seen.add(form);
      const ofTown = form.words.length === 1 && towns.includes(form.words[0]!);
      const end = ofTown ? at + 1 : endOfWords(tokens, at, form.words);
      // "IN" is Indiana where it is written so; "in" is a small word.
      const { text, folded } = tokens[at]!;
      const small = form.words.length === 1 && folded.length <= 3 && /^\p{Lu}+$/u.test(form.value);
      // "I" is who asks.
      if (small && ordinary && (text !== form.value || text === "I")) continue;
      if (end !== undefined) yield [form, end] as const;
    }
  }
}

/** Where the words end that spell a value, signs between them skipped; undefined: they do not. */
function endOfWords(
  tokens: readonly Token[],
  at: number,
  words: readonly string[],
): number | undefined {
  let next = at;
  for (const [index, word] of words.entries()) {
    while (index > 0 && tokens[next]?.kind === "sign") next++;
    const token = tokens[next];
    if (token === undefined || token.kind === "stop" || !sameWord(token.folded, word))
      return undefined;
    next++;
  }
  return next;
}

/** Where the words end that follow each other in a value as they do here. */
function endOfRun(tokens: readonly Token[], at: number, words: readonly string[]): number {
  const first = words.indexOf(tokens[at]!.folded);
  let end = at + 1;
  while (words[first + end - at] !== undefined && tokens[end]?.folded === words[first + end - at])
    end++;
  return end;
}

function sameWord(said: string, word: string): boolean {
  if (said === word) return true;
  if (said.length < 3 || word.length < 3) return false;
  const umlauts = withUmlauts(said);
  return (
    stem(said, "en") === stem(word, "en") ||
    stem(said, "de") === stem(word, "de") ||
    (umlauts !== said && stem(umlauts, "de") === stem(word, "de"))
  );
}

function* meant(tokens: readonly Token[], at: number, vocabulary: Vocabulary) {
  for (const { keys, end } of conceptHits(tokens, at)) {
    for (const key of keys) {
      if (!key.startsWith("c:")) continue;
      for (const form of vocabulary.value_concepts.get(key.slice(2)) ?? [])
        yield [form, end] as const;
    }
  }
  if (!vocabulary.has_regions && !vocabulary.has_states) return;
  for (let end = Math.min(tokens.length, at + regionWordsMax); end > at; end--) {
    const name = tokens
      .slice(at, end)
      .map(({ folded }) => folded)
      .join(" ");
    const state = vocabulary.has_states ? stateOf(name) : undefined;
    for (const form of vocabulary.value_concepts.get(`state:${state}`) ?? [])
      yield [form, end] as const;
    const region = vocabulary.has_regions ? regionOf(name) : undefined;
    if (region === undefined) continue;
    for (const form of vocabulary.value_concepts.get(`region:${region}`) ?? [])
      yield [form, end] as const;
  }
}

function quotedValues(token: Token, vocabulary: Vocabulary): ValueForm[] {
  const found: ValueForm[] = [];
  for (const column of vocabulary.profile.columns) {
    for (const value of column.values) {
      if (fold(value) === token.folded) found.push({ column, value, words: [] });
    }
  }
  return found;
}
