/** Words a refusal: what was not understood, which columns there are, and two questions that work. */
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { DataFailure } from "../failure.ts";
import type { Condition } from "../intent/intent.ts";
import type { Problem } from "../intent/problem.ts";
import type { Language } from "../language/lexicon.ts";
import { type Parsed, parse } from "../language/parse.ts";
import type { Vocabulary } from "../language/vocabulary.ts";
import type { DataLimits } from "../limits.ts";
import { formatValue } from "./format.ts";
import { rephrase } from "./rephrase.ts";
import { suggestQuestions } from "./suggest.ts";
import { conditionsText } from "./wording.ts";
import { wordsOf } from "./words.ts";

/** Columns that a message names; a wider table has too many to say. */
const columnsNamedMax = 8;

export function refusalOf(
  { problem, columns: named, without }: Extract<Parsed, { ok: false }>,
  question: string,
  vocabulary: Vocabulary,
  language: Language,
  limits: DataLimits,
): DataFailure {
  const words = wordsOf(language);
  const near = problem.kind === "ambiguous" ? problem.columns.map(({ name }) => name) : named;
  const readings =
    problem.kind === "ambiguous" ? readingsOf(question, problem, vocabulary, language, limits) : [];
  const shorter = without && rephrase(without, language, vocabulary, limits);
  const usual = suggestQuestions(vocabulary, language, 2, limits, near);
  // Without the one word that is not known it may be what is meant; that is asked, not assumed.
  const asked = shorter ? [...new Set([shorter, ...usual])] : usual;
  const suggestions = readings.length > 0 ? readings : asked;
  const columns = likeliest(vocabulary, [...near, wordsAtFault(problem)]);
  // "and 1 more" is no shorter than its name.
  const fits = columns.length <= columnsNamedMax + 1;
  const shown = fits ? columns : columns.slice(0, columnsNamedMax);
  const rest = words.refusal.columns(shown, columns.length - shown.length);
  const said = problemText(problem, language);
  // What words can mean is a list of columns already.
  const message = problem.kind === "ambiguous" ? said : `${said} ${rest}`;
  return new DataFailure(problem.kind === "ambiguous" ? Reason.AMBIGUOUS : Reason.NOT_UNDERSTOOD, {
    message,
    remedy: words.refusal.remedy(suggestions),
    field: "question",
    metadata: {
      ...{ question, words: wordsAtFault(problem), columns: shown.join(", "), language },
      ...(problem.kind === "ambiguous" ? { candidates: near.join(", ") } : {}),
    },
    suggestions,
  });
}

/** Names of all columns; of a table with many, those spelt like what was asked come first. */
function likeliest({ profile }: Vocabulary, asked: readonly string[]): string[] {
  const names = profile.columns.map(({ name }) => name);
  if (names.length <= columnsNamedMax + 1) return names;
  const triples = (text: string) => {
    const plain = text.toLowerCase();
    return [...plain].slice(2).map((_, at) => plain.slice(at, at + 3));
  };
  const wanted = new Set(asked.flatMap(triples));
  const score = (name: string) => {
    if (asked.includes(name)) return 2;
    const own = triples(name);
    return own.filter((each) => wanted.has(each)).length / (own.length || 1);
  };
  return names
    .map((name) => ({ name, score: score(name) }))
    .sort((a, b) => b.score - a.score)
    .map(({ name }) => name);
}

/** Questions asked back at most. */
const readingsMax = 6;

/** The question put once for each thing that its words can mean; only what the parser reads so. */
function readingsOf(
  question: string,
  { words, columns }: Extract<Problem, { kind: "ambiguous" }>,
  vocabulary: Vocabulary,
  language: Language,
  limits: DataLimits,
): string[] {
  return columns.slice(0, readingsMax).flatMap((chosen) => {
    const parsed = parse(question, { ...vocabulary, chosen }, limits);
    const [intent, second] = parsed.ok ? parsed.intents : [];
    const asked = intent && !second && rephrase(intent, language, vocabulary, limits);
    // Where that is not possible, the name of the column takes the place of the words.
    const named = question.replace(words, `"${chosen.name}"`);
    const readable = named !== question && parse(named, vocabulary, limits).ok;
    return asked ? [asked] : readable ? [named] : [];
  });
}

function problemText(problem: Problem, language: Language): string {
  const { refusal } = wordsOf(language);
  switch (problem.kind) {
    case "unknown-words":
      return refusal.unknown(problem.words);
    case "unused-words":
      return refusal.unused(problem.words);
    case "no-group":
      return refusal.noGroup(problem.words);
    case "ambiguous":
      return refusal.ambiguous(
        problem.words,
        problem.columns.map(({ name }) => name),
      );
    case "no-time":
      return refusal.noTime(problem.words, problem.column.name);
    case "other-unit":
      return refusal.otherUnit(problem.words, problem.column.name, problem.column.unit);
    case "no-dates":
      return refusal.noDates(problem.words);
    case "coarse-dates":
      return refusal.coarseDates(problem.words, problem.column.name);
    case "no-measure":
      return refusal.noMeasure(problem.words);
    case "no-question":
      return refusal.noQuestion;
    case "not-numbers":
      return refusal.notNumbers(problem.column.name);
    case "cannot":
      return refusal.cannot(problem.why, problem.words);
    case "too-long":
      return refusal.tooLong(problem.limit);
  }
}

function wordsAtFault(problem: Problem): string {
  const words = "words" in problem ? problem.words : "";
  return typeof words === "string" ? words : words.join(", ");
}

/** The question was clear, but no row fits it, so that there is nothing to compute. */
export function nothingFits(
  where: readonly Condition[],
  question: string,
  vocabulary: Vocabulary,
  language: Language,
  limits: DataLimits,
): DataFailure {
  const words = wordsOf(language);
  const conditions = conditionsText(where, language);
  const dated = where.find((condition) => condition.kind === "period");
  const range = dated
    ? words.range(
        formatValue(dated.column.min ?? null, dated.column, language),
        formatValue(dated.column.max ?? null, dated.column, language),
      )
    : "";
  const suggestions = suggestQuestions(vocabulary, language, 2, limits);
  return new DataFailure(Reason.NOT_UNDERSTOOD, {
    message: words.refusal.noRows(conditions, range),
    remedy: words.refusal.remedy(suggestions),
    field: "question",
    metadata: { question, conditions, language },
    suggestions,
  });
}
