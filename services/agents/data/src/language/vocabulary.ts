/**
 * What the words of a question can name in one table: its columns, the texts in them, and the things
 * that its rows are. Built once per table.
 */
import { noteRunningNumbers } from "../intent/choice.ts";
import type { Column, Profile } from "../read/profile.ts";
import { isFlow, isModifier, isRowKind, nearbyOf, rowKinds } from "./concepts.ts";
import { exactFirst, lexicons, type Phrases, phrasesOf } from "./phrases.ts";
import { regionOf } from "./regions.ts";
import { spanOf } from "./spans.ts";
import { areStateCodes, stateOfValue } from "./states.ts";
import { nameWords, stem, wordKeys } from "./stem.ts";
import { fold } from "./tokens.ts";

export interface ColumnForm {
  readonly column: Column;
  readonly words: readonly string[];
  /** Bits of the words that a full match must cover. */
  readonly essential: number;
  /** Bits of the words that do not by themselves name the column. */
  readonly modifiers: number;
  /** What the name or parts of it speak of. */
  readonly concepts: ReadonlySet<string>;
  /** Its values add up over rows. */
  readonly flow: boolean;
}

export interface ValueForm {
  readonly column: Column;
  readonly value: string;
  /** Folded words of the value. */
  readonly words: readonly string[];
}

export interface Vocabulary {
  readonly profile: Profile;
  readonly forms: readonly ColumnForm[];
  /** Which bits of which columns' names a key covers. */
  readonly columns: ReadonlyMap<
    string,
    readonly { readonly form: number; readonly bits: number }[]
  >;
  /** Values by their first word, folded, or by a key of it. */
  readonly values: ReadonlyMap<string, readonly ValueForm[]>;
  /** Values by a word that only one value of its column has: "Spielberg". */
  readonly value_parts: ReadonlyMap<string, readonly ValueForm[]>;
  /** Values that as a whole are one concept: "rain". */
  readonly value_concepts: ReadonlyMap<string, readonly ValueForm[]>;
  /** Some values are countries or continents. */
  readonly has_regions: boolean;
  /** Some values are states of the USA, by name or code. */
  readonly has_states: boolean;
  /** Keys of the words of the file's name. */
  readonly file_keys: ReadonlySet<string>;
  /** Keys of what rows with such columns are called: people, matches. */
  readonly row_keys: ReadonlySet<string>;
  /** The same words, folded. */
  readonly file_words: readonly string[];
  /** Words that near spellings may mean, folded. */
  readonly spellings: ReadonlySet<string>;
  /** The column to take where words can name several: how a question asked back would be read. */
  readonly chosen?: Column;
  /** Nothing in the question tells the columns of a family apart: their total is meant. */
  readonly totals?: boolean;
}

/** A column of more different texts than this holds names or titles. */
export const titlesMin = 300;
/** Columns with more different texts than this are found by exact words only. */
const inflectedValuesMax = 300;
const joining = new Set([
  "of",
  "in",
  "per",
  "the",
  "and",
  "a",
  "or",
  "der",
  "die",
  "das",
  "des",
  "und",
  "pro",
  "je",
  "von",
  "on",
  "by",
  "to",
]);

export function vocabularyOf(profile: Profile): Vocabulary {
  noteRunningNumbers(profile);
  const forms = profile.columns.map(formOf);
  const span = forms.some(({ concepts }) => concepts.has("duration")) ? undefined : spanOf(profile);
  if (span)
    forms.push({
      ...formOf(span),
      words: ["duration"],
      essential: 1,
      concepts: new Set(["duration"]),
    });
  const columns = new Map<string, { form: number; bits: number }[]>();
  // What one column is called by its own name, no other is only said to be called as well.
  const taken = new Set(forms.flatMap(({ words }) => ownConcepts(words)));
  for (const [index, form] of forms.entries()) {
    const own = ownConcepts(form.words);
    for (const [key, bits] of keysOfName(form.words)) {
      const concept = key.startsWith("c:") ? key.slice(2) : "";
      if (!taken.has(concept) || own.includes(concept)) push(columns, key, { form: index, bits });
    }
  }
  const values = new Map<string, ValueForm[]>();
  const value_concepts = new Map<string, ValueForm[]>();
  const value_parts = new Map<string, ValueForm[]>();
  for (const column of profile.columns) indexParts(column, value_parts);
  const spellings = new Set(forms.flatMap(({ words }) => words.map(fold)));
  for (const column of profile.columns) indexValues(column, values, value_concepts, spellings);
  const bare = profile.filename.replace(/\.[a-z0-9]+$/i, "");
  const fileWords = nameWords(bare).filter((word) => /\p{L}/u.test(word));
  // A word that names a column speaks of that column: "CO2" in co2-concentration.csv is no row.
  const file_keys = new Set(
    keysOfName(fileWords)
      .map(([key]) => key)
      .filter((key) => !columns.has(key)),
  );
  const concepts = forms.map((form) => form.concepts);
  const numbers = forms.filter(({ column: { type } }) => type === "number" || type === "integer");
  // "staff_satisfaction" holds no number of staff.
  const figures = numbers
    .filter(({ words }) => words.length === 1 || words.some((word) => isModifierWord(word)))
    .map((form) => form.concepts);
  const row_keys = new Set(
    Object.keys(rowKinds)
      .filter((concept) => isRowKind(concept, concepts, figures))
      .map((concept) => `c:${concept}`),
  );
  for (const noun of forms.flatMap((form) => numbered(form, profile)))
    for (const [key] of keysOfName([noun])) row_keys.add(key);
  const file_words = fileWords.map(fold);
  const has_regions = [...value_concepts.keys()].some((key) => key.startsWith("region:"));
  const has_states = [...value_concepts.keys()].some((key) => key.startsWith("state:"));
  return {
    ...{ profile, forms, columns, values, value_parts, value_concepts, has_regions, has_states },
    ...{ file_keys, file_words, row_keys, spellings },
  };
}

/** "Candidate_ID" that no two rows share: each row is a candidate. */
function numbered({ column, words }: ColumnForm, { row_count }: Profile): string[] {
  const [noun, id, more] = words;
  const own = column.distinct === row_count && column.missing === 0 && row_count > 1;
  return own && noun && id && more === undefined && identifying.test(id) ? [noun] : [];
}

const identifying = /^(id|identification|identifier|number|no|nr|nummer|kennung)$/i;

const isModifierWord = (word: string) =>
  keysOfName([word]).some(([key]) => key.startsWith("c:") && isModifier(key.slice(2)));

function push<T>(index: Map<string, T[]>, key: string, entry: T) {
  const entries = index.get(key);
  if (entries) entries.push(entry);
  else index.set(key, [entry]);
}

function formOf(column: Column): ColumnForm {
  const words = nameWords(column.bare).slice(0, 30);
  const keys = keysOfName(words);
  const concepts = new Set<string>();
  let covered = 0;
  let modifiers = 0;
  for (const [key, bits] of keys) {
    if (!key.startsWith("c:")) continue;
    const concept = key.slice(2);
    concepts.add(concept);
    if (isModifier(concept)) modifiers |= bits;
    else covered |= bits;
  }
  const all = (1 << words.length) - 1;
  const essential = words.reduce(
    (bits, word, index) => (joining.has(fold(word)) ? bits : bits | (1 << index)),
    0,
  );
  modifiers &= ~covered;
  const whole = column.type === "number" && /^(gesamt|summe)|summe$/i.test(column.bare);
  // What a price may also be called, "cost", makes no amount of it.
  const own = ownConcepts(words).some(isFlow);
  // What each side of a match scored adds up; a score by itself is a mark.
  const scored = concepts.has("score") && (concepts.has("home") || concepts.has("away"));
  const flow = column.type !== "text" && (own || whole || scored) && !concepts.has("rate");
  return { column, words, essential: essential || all, modifiers, concepts, flow };
}

/** Keys of single words and of the concepts that runs of words stand for, with the bits they cover. */
export function keysOfName(words: readonly string[]): [key: string, bits: number][] {
  const keys: [string, number][] = [];
  for (const [index, word] of words.entries()) {
    for (const key of wordKeys(word)) keys.push([key, 1 << index]);
    for (const { concept, length } of conceptsAt(words, index)) {
      const bits = ((1 << length) - 1) << index;
      keys.push([`c:${concept}`, bits]);
      for (const near of nearbyOf(concept)) keys.push([`c:${near}`, bits]);
    }
  }
  return keys;
}

/** What words themselves speak of, and not what that may also be called. */
export const ownConcepts = (words: readonly string[]): string[] =>
  words.flatMap((_, index) => conceptsAt(words, index).map(({ concept }) => concept));

/** The concepts that begin at a word, in either language. */
function conceptsAt(words: readonly string[], index: number) {
  const found: { concept: string; length: number }[] = [];
  for (const phrases of [phrasesOf("en"), phrasesOf("de")]) {
    found.push(...conceptsIn(phrases, words, index));
  }
  return found;
}

function conceptsIn({ language, concepts }: Phrases, words: readonly string[], index: number) {
  const stems = words.slice(index, index + 4).map((word) => stem(fold(word), language));
  const candidates = concepts.get(stems[0] ?? "") ?? [];
  const said = (count: number) =>
    words
      .slice(index, index + count)
      .map(fold)
      .join(" ");
  const fitting = candidates.filter((phrase) =>
    phrase.stems.every((part, at) => stems[at] === part),
  );
  return exactFirst(fitting, said).map((phrase) => ({
    concept: phrase.meaning,
    length: phrase.stems.length,
  }));
}

function indexValues(
  column: Column,
  values: Map<string, ValueForm[]>,
  concepts: Map<string, ValueForm[]>,
  spellings: Set<string>,
) {
  const inflected = column.values.length <= inflectedValuesMax;
  const coded = areStateCodes(column.values);
  for (const value of column.values) {
    const raw = nameWords(value);
    if (raw.length === 0 || raw.length > 12) continue;
    const form = { column, value, words: raw.map(fold) };
    const keys = inflected ? wordKeys(raw[0]!) : [`=${form.words[0]}`];
    for (const key of keys) push(values, key, form);
    if (!inflected) continue;
    for (const word of form.words) spellings.add(word);
    for (const concept of wholeConcepts(raw, value)) push(concepts, concept, form);
    const state = stateOfValue(value, coded);
    if (state) push(concepts, `state:${state}`, form);
    const letter = genders.test(column.name) ? initials[form.words.join(" ")] : undefined;
    if (letter) push(concepts, letter, form);
  }
}

/** Columns whose single letters stand for men and women. */
const genders = /gender|geschlecht|^sex$/i;
const initials: Readonly<Record<string, string>> = { m: "male", f: "female", w: "female" };

/** Texts with more different values than this are titles: one word of them is not what they are called. */
const partValuesMax = 2000;
const partLengthMin = 5;

function indexParts(column: Column, parts: Map<string, ValueForm[]>) {
  if (column.values.length > partValuesMax) return;
  const own = new Map<string, ValueForm | undefined>();
  for (const value of column.values) {
    const words = nameWords(value).map(fold);
    if (words.length < 2) continue;
    for (const word of new Set(words)) {
      if (word.length < partLengthMin) continue;
      own.set(word, own.has(word) ? undefined : { column, value, words });
    }
  }
  for (const [word, form] of own) if (form) push(parts, word, form);
}

/**
 * The concepts that a value as a whole stands for. Only those that it names best: "rain" is the
 * weather, while the amount of precipitation, which is also called rain, is no value.
 */
function wholeConcepts(words: readonly string[], value: string): Set<string> {
  const found = new Set<string>();
  for (const { concept, length } of conceptsAt(words, 0)) {
    const names = /^(region:|male$|female$)/.test(concept) || isNamedBest(words, concept);
    if (length === words.length && names) found.add(concept);
  }
  const region = regionOf(fold(value));
  if (region) found.add(`region:${region}`);
  return found;
}

function isNamedBest(words: readonly string[], concept: string): boolean {
  const said = words.map(fold).join(" ");
  return (["en", "de"] as const).some((language) => {
    const best = fold(lexicons[language].concepts[concept]?.split(",")[0]?.trim() ?? "");
    return stem(best, language) === stem(said, language);
  });
}
