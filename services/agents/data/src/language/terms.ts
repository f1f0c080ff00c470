/**
 * Says what each stretch of a question can mean: lexicon words, columns, values, numbers, periods.
 * Everything possible is kept; which of it is meant is decided by the grammar.
 */

import { isTemporal } from "../intent/columns.ts";
import { singleFigure } from "../intent/defaults.ts";
import type { Column } from "../read/profile.ts";
import { type Period, periodsAt, yearPeriod } from "./dates.ts";
import { familyTerms, seriesTerms } from "./families.ts";
import { decideInContext } from "./in-context.ts";
import { withoutUnits } from "./in-unit.ts";
import type { Language, Meaning } from "./lexicon.ts";
import { type ColumnMatch, conceptHits, matchColumns } from "./match-columns.ts";
import { matchValues } from "./match-values.ts";
import { type Phrase, type Phrases, phrasesOf, type QualityMeaning } from "./phrases.ts";
import { lightStem, withUmlauts, wordKeys } from "./stem.ts";
import type { Token } from "./tokens.ts";
import { unitOfWord } from "./units.ts";
import type { ValueForm, Vocabulary } from "./vocabulary.ts";

/** How words were matched to what they mean. */
export type MatchedBy =
  | "name"
  | "part of name"
  | "synonym"
  | "value"
  | "part of value"
  | "compound"
  | "spelling"
  | "lexicon";

export interface Term {
  /** The first word of a `Meaning`, or "column", "value", "number", "period", "quality", "symbol", "concept". */
  readonly kind: string;
  /** The rest of the meaning. */
  readonly arg: string;
  readonly start: number;
  readonly end: number;
  /** How sure, 0 to 1. */
  readonly score: number;
  readonly matched_by: MatchedBy;
  readonly columns?: readonly ColumnMatch[];
  readonly values?: readonly ValueForm[];
  readonly number?: number;
  readonly period?: Period;
  readonly quality?: QualityMeaning;
}

export interface Tagged {
  readonly tokens: readonly Token[];
  /** By first token. */
  readonly terms: readonly (readonly Term[])[];
  readonly language: Language;
}

/** How sure a match is, by how it was found. */
export const scores: Readonly<Record<MatchedBy, number>> = {
  name: 1,
  value: 1,
  lexicon: 1,
  synonym: 0.96,
  compound: 0.95,
  "part of name": 0.92,
  "part of value": 0.9,
  spelling: 0.85,
};

export function tag(tokens: readonly Token[], language: Language, vocabulary: Vocabulary): Tagged {
  const primary = phrasesOf(language);
  const other = phrasesOf(language === "de" ? "en" : "de");
  const own_terms = tokens.map((_, at) => lexiconTerms(tokens, at, primary));
  // "längste" compares; that a column is called "Länge" is for the adjective's concept to say.
  // "war" is no "Ware": small words name a column only when it is called just so.
  const compares = (at: number) =>
    own_terms[at]!.some(({ kind }) => kind === "superlative" || kind === "comparative") ||
    (tokens[at]!.folded.length <= 4 &&
      own_terms[at]!.some(({ kind }) => /^(be|have|of|with)$/.test(kind)) &&
      !vocabulary.columns.has(`=${tokens[at]!.folded}`)) ||
    // "Anzahl" counts, where no column is called so.
    (own_terms[at]!.some(({ kind, arg }) => kind === "aggregate" && arg === "count") &&
      !vocabulary.columns.has(`=${tokens[at]!.folded}`));
  const terms = tokens.map((token, at) => {
    const own = own_terms[at]!;
    const found = [
      ...own,
      ...numberTerms(tokens, at, primary),
      ...periodTerms(tokens, at, primary, vocabulary),
      ...matchColumns(tokens, at, vocabulary, compares).filter(
        (term) => !isBareEnd(term, own, token, vocabulary),
      ),
      ...matchValues(tokens, at, vocabulary, own.some(saysSomething)),
      ...symbolTerms(token, at, vocabulary),
    ];
    const meant = found.some(({ kind }) => /^(column|value|period)$/.test(kind));
    const named_rows = fileTerms(tokens, at, vocabulary);
    const told_apart = meant || own.length > 0 || named_rows.length > 0;
    const families = familyTerms(tokens, at, vocabulary, told_apart);
    found.push(...families, ...seriesTerms(tokens, at, vocabulary, own.length > 0));
    if (!meant) found.push(...figureTerms(own, at, vocabulary));
    found.push(...edgeTerms(tokens, own, at, vocabulary));
    // What the rows are is no text in one of them: "industries" is not "Manufacturing".
    if (named_rows.length > 0)
      remove(
        found,
        (term) => term.kind === "value" && isOtherWord(token, (term as Term).values ?? []),
      );
    found.push(...named_rows, ...saidTerms(tokens, at, own_terms));
    decideInContext(found, { tokens, at, language, vocabulary, own_terms });
    // A word that its own language does not know may be borrowed from the other.
    if (found.every(({ kind }) => kind === "symbol"))
      found.push(...lexiconTerms(tokens, at, other));
    return found;
  });
  return { tokens, terms: withoutUnits(tokens, terms), language };
}

function periodTerms(
  tokens: readonly Token[],
  at: number,
  phrases: Phrases,
  vocabulary: Vocabulary,
): Term[] {
  return periodsAt(tokens, at, phrases).flatMap(({ period, end }): Term[] => {
    const column = yearColumn(tokens[end - 1]!, vocabulary);
    if (!column) return [{ ...base(at, end, "lexicon"), kind: "period", period }];
    const columns = [{ column, coverage: 1, covered: 1 }];
    return end > at + 1 ? [{ ...base(at, end, "name"), kind: "column", columns }] : [];
  });
}

/** "in 2023" of a table without dates whose columns are years: the column that is called so. */
function yearColumn({ kind, text }: Token, { profile }: Vocabulary): Column | undefined {
  if (kind !== "number" || profile.columns.some(isTemporal)) return undefined;
  return profile.columns.find(({ bare }) => bare === text);
}

/** None of the texts is a form of the word: they are only called so as well. */
const isOtherWord = ({ folded }: Token, values: readonly ValueForm[]) =>
  values.every(({ words }) =>
    words.every((word) => !wordKeys(word).some((key) => wordKeys(folded).includes(key))),
  );

/** "when was it highest": a column called "high" is not meant by the superlative alone. */
const isBareEnd = (
  { start, end }: Term,
  own: readonly Term[],
  { folded }: Token,
  { columns }: Vocabulary,
) =>
  end === start + 1 &&
  !columns.has(`=${folded}`) &&
  /(est|ste[rnms]?)$/.test(folded) &&
  own.some(({ kind }) => kind === "extreme");

/** A word that only carries sentences may be a name as well: "Hope" is a film. */
const saysSomething = ({ kind }: Term) => kind !== "light" && kind !== "tail";

/** "the values", „der Wert“: where a table has one figure only, it is that. */
function figureTerms(own: readonly Term[], at: number, vocabulary: Vocabulary): Term[] {
  const column = own.some(({ kind }) => kind === "figure") && singleFigure(vocabulary);
  if (!column) return [];
  const columns = [{ column, coverage: 1, covered: 1 }];
  return [{ ...base(at, at + 1, "synonym"), kind: "column", columns }];
}

/** "in the latest year": a period, of the column that says when. */
function edgeTerms(
  tokens: readonly Token[],
  own: readonly Term[],
  at: number,
  { profile }: Vocabulary,
): Term[] {
  const before = tokens.slice(Math.max(0, at - 2), at).map(({ folded }) => folded);
  const [column, other] = profile.columns.filter(isTemporal);
  if (!column || other || !before.some((word) => edgeLeads.test(word))) return [];
  return own.flatMap((term) => {
    if (term.kind !== "edge") return [];
    const end = term.arg.startsWith("last") ? column.max : column.min;
    const year = column.is_year ? Number(end) : new Date(String(end)).getUTCFullYear();
    const period = yearPeriod(year);
    return Number.isNaN(year) ? [] : [{ ...term, kind: "period", arg: "", period }];
  });
}

const edgeLeads = /^(in|im|for|für|of|from|during|aus|während|vom)$/;

export const joins = ({ folded }: Token) => /^(and|und)$/.test(folded);

export function remove<T>(items: T[], is: (item: T) => boolean) {
  for (let at = items.length - 1; at >= 0; at--) if (is(items[at]!)) items.splice(at, 1);
}

export function base(start: number, end: number, matched_by: MatchedBy) {
  return { start, end, matched_by, score: scores[matched_by], arg: "" };
}

/** Phrases whose stems stand at a position, longest first. */
export function phrasesAt<T>(
  tokens: readonly Token[],
  at: number,
  index: ReadonlyMap<string, readonly Phrase<T>[]>,
  stemmed: (word: string) => string,
): { meaning: T; end: number; text: string }[] {
  const first = tokens[at];
  if (!first) return [];
  if (first.kind !== "word" && first.kind !== "sign" && first.kind !== "number") return [];
  const forms = new Set(
    [first.folded, withUmlauts(first.folded)].flatMap((word) => stemsOf(word, stemmed)),
  );
  const found: { meaning: T; end: number; text: string }[] = [];
  for (const form of forms) {
    for (const { stems, meaning, text } of index.get(form) ?? []) {
      const fits = stems.every((part, offset) => {
        if (offset === 0) return true;
        const word = tokens[at + offset]?.folded;
        return (
          word !== undefined &&
          [word, withUmlauts(word)].some((form) => stemsOf(form, stemmed).includes(part))
        );
      });
      if (fits) found.push({ meaning, end: at + stems.length, text });
    }
  }
  return found;
}

/** „aufgelaufener“ is declined of „aufgelaufen“, which itself has an ending of another sort. */
function stemsOf(word: string, stemmed: (word: string) => string): string[] {
  const stem = stemmed(word);
  const participle = /^(.{5,}en)(e|er|es|em|en)$/.exec(word)?.[1];
  return participle ? [stem, stemmed(participle)] : [stem];
}

function lexiconTerms(tokens: readonly Token[], at: number, phrases: Phrases): Term[] {
  const light = (word: string) => lightStem(word, phrases.language);
  const said = phrasesAt<Meaning>(tokens, at, phrases.meanings, light);
  // What is left out stands in the lexicon as it is said: "lastly" carries a sentence, "last" does not.
  const exact = said.filter(({ meaning, end, text }) => {
    const words = tokens.slice(at, end).map(({ folded }) => folded);
    return meaning !== "light" || [words.join(" "), withUmlauts(words.join(" "))].includes(text);
  });
  const meanings = exact.map(({ meaning, end }): Term => {
    const [kind = "", ...args] = meaning.split(" ");
    return { ...base(at, end, "lexicon"), kind, arg: args.join(" ") };
  });
  const qualities = phrasesAt(tokens, at, phrases.qualities, light).map(
    ({ meaning, end }): Term => ({
      ...base(at, end, "lexicon"),
      kind: meaning.degree,
      arg: meaning.direction,
      quality: meaning,
    }),
  );
  // Without its ending "Länge" looks like "länger".
  const noun = phrases.language === "de" && !/er(e|en|em|er|es)?$/.test(tokens[at]!.folded);
  if (noun) {
    return [
      ...meanings,
      ...qualities.filter(({ kind, end }) => kind !== "comparative" || end > at + 1),
    ];
  }
  return [...meanings, ...qualities];
}

function numberTerms(tokens: readonly Token[], at: number, phrases: Phrases): Term[] {
  const token = tokens[at]!;
  const word = phrases.numbers.get(token.folded) ?? phrases.numbers.get(withUmlauts(token.folded));
  const number = token.kind === "number" ? token.value : word;
  // "P90" is the 90th percentile.
  const level = /^p([1-9]\d?)$/.exec(token.folded)?.[1];
  if (level) {
    const arg = String(Number(level) / 100);
    return [{ ...base(at, at + 1, "lexicon"), kind: "quantile", arg }];
  }
  // "a billion": one of them.
  const scaled = phrasesAt(tokens, at + 1, phrases.meanings, (word) =>
    lightStem(word, phrases.language),
  );
  if (number === undefined && /^(a|one|eine[rnm]?|ein)$/.test(token.folded))
    return scaled.some(({ meaning, end }) => meaning.startsWith("scale ") && end === at + 2)
      ? [{ ...base(at, at + 1, "lexicon"), kind: "number", number: 1 }]
      : [];
  if (number === undefined || Number.isNaN(number)) return [];
  return [{ ...base(at, at + 1, "lexicon"), kind: "number", number }];
}

/** Words that a text verb stands next to can be any text; so can whatever is quoted. */
function saidTerms(
  tokens: readonly Token[],
  at: number,
  lexicon: readonly (readonly Term[])[],
): Term[] {
  const { kind, text, folded } = tokens[at]!;
  const said = (end: number, arg: string): Term => ({
    ...base(at, end, "value"),
    kind: "said",
    arg,
  });
  if (kind === "quoted") return [said(at + 1, folded)];
  if (kind !== "word" && kind !== "number") return [];
  const verbs = (index: number) => lexicon[index]?.filter((term) => term.kind === "text") ?? [];
  const follows = [1, 2, 3, 4].some((back) => verbs(at - back).some(({ end }) => end === at));
  let end = at + 1;
  // A name of several words, "Star Wars", goes on while its words have capitals.
  while (/^\p{Lu}/u.test(text) && /^\p{Lu}/u.test(tokens[end]?.text ?? "")) end++;
  const leads = verbs(end).length > 0;
  // "have International in their name"
  const within = /^(in|im)$/.test(tokens[end]?.folded ?? "") && at > 0;
  const had = /^(have|has|having|with|mit|haben|hat)$/.test(tokens[at - 1]?.folded ?? "");
  const name = tokens.slice(end + 1, end + 3).some((token) => called.test(token.folded));
  const inside = within && (/^\p{Lu}/u.test(text) || (had && name));
  // "neighborhoods are mentioned": what leads is a name, and no small word.
  const named = !lexicon[at]!.some((term) => /^(be|have|filler|per|frame|rows)$/.test(term.kind));
  // "ended with an away score": an article is no text.
  const article =
    /^\p{Ll}{1,3}$/u.test(text) && lexicon[at]!.some((term) => term.kind === "filler");
  if (!(follows && !article) && !(leads && named) && !inside) return [];
  const words = tokens.slice(at, end).map((token) => token.folded);
  return [said(end, words.join(" "))];
}

const called = /^(names?|titles?|namen?|titeln?)$/;

function symbolTerms(token: Token, at: number, vocabulary: Vocabulary): Term[] {
  const unit = unitOfWord(token.folded);
  const own = vocabulary.profile.columns.find(
    (column) => column.unit.toLowerCase() === token.folded,
  );
  const found = own?.unit ?? unit;
  if (found === undefined || found === "") return [];
  return [{ ...base(at, at + 1, "lexicon"), kind: "symbol", arg: found }];
}

const namesColumn = (tokens: readonly Token[], at: number, { columns }: Vocabulary) =>
  conceptHits(tokens, at).some(({ keys }) => keys.some((key) => columns.has(key)));

/** A column of texts that recur from row to row is called so. */
const namesRepeated = (tokens: readonly Token[], at: number, { columns, ...rest }: Vocabulary) =>
  conceptHits(tokens, at).some(({ keys }) =>
    keys.some((key) =>
      columns.get(key)?.some(({ form }) => {
        const { column } = rest.forms[form]!;
        return column.type === "text" && column.distinct < rest.profile.row_count / 2;
      }),
    ),
  );

/** Words of the file's name say what its rows are, or where they are from: "cars", "Autos", "bird strikes". */
function fileTerms(tokens: readonly Token[], at: number, vocabulary: Vocabulary): Term[] {
  const { folded, kind } = tokens[at]!;
  // A text of the table is that text, also when the file is about it.
  const texts = vocabulary.values.get(`=${folded}`) ?? [];
  if (kind !== "word" || texts.some(({ words }) => words.length === 1)) return [];
  const ends = conceptHits(tokens, at)
    .filter(({ keys }) =>
      keys.some((key) => vocabulary.file_keys.has(key) || vocabulary.row_keys.has(key)),
    )
    .map(({ end }) => end)
    .filter((end) => {
      const inside = tokens.slice(at + 1, end).map((_, index) => at + 1 + index);
      return !inside.some((each) => namesColumn(tokens, each, vocabulary));
    });
  // A word that names a column speaks of the column, whatever the file is called.
  const names = namesColumn(tokens, at, vocabulary);
  const ends_file = vocabulary.file_words.some((word) =>
    [folded, `${folded}s`].some((end) => word.endsWith(end)),
  );
  const tail = folded.length >= 5 && !names && ends_file;
  if (tail) ends.push(at + 1);
  const repeated = names && namesRepeated(tokens, at, vocabulary);
  return [...new Set(ends)].flatMap((end) => {
    const named = { ...base(at, end, "name" as const), score: 0.9 };
    return [
      { ...named, kind: "rows", arg: repeated ? "column" : "" },
      { ...named, kind: "filler" },
    ];
  });
}
