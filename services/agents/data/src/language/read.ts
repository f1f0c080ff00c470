/** One reading of one question: its words, its phrases, and the first cut of it that asks something. Pure. */
import { type Assembled, assemble } from "../intent/assemble.ts";
import { isTemporal } from "../intent/columns.ts";
import type { Intent } from "../intent/intent.ts";
import { IntentProblem, type Problem } from "../intent/problem.ts";
import type { DataLimits } from "../limits.ts";
import type { Language } from "./lexicon.ts";
import type { Parsed } from "./parse.ts";
import { phrasesOf } from "./phrases.ts";
import { type Repairs, repair } from "./repair.ts";
import { type Path, type Step, segment } from "./segment.ts";
import { spelledOut } from "./spelled-out.ts";
import { lightStem } from "./stem.ts";
import { type Tagged, tag } from "./terms.ts";
import { fold, tokenise } from "./tokens.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** Below this, a question is refused rather than answered. */
export const confidenceMin = 0.6;
const unknownWordFactor = 0.5;
/** A greeting that is not known is left out, and said to be. */
const politeWordFactor = 0.85;
/** A word that only carries the sentence. */
const asideFactor = 0.97;
/** Two words of one column that stand apart. */
export const apartFactor = 0.9;
/** What was not said by its name may be meant otherwise. */
const partFactors: Readonly<Record<string, number>> = { "part of name": 0.98, synonym: 0.99 };
/**
 * Problems of a question that is understood and lacks something: another way to cut it into phrases
 * would find an answer to another question.
 */
const settled = new Set<Problem["kind"]>(["ambiguous", "no-time", "no-measure", "other-unit"]);
/** Paths that lose this much on the best one leave something out and are no readings. */
const scoreLossMax = 0.9;

/** A question in phrases, before anything is made of them. */
export interface Prepared {
  readonly language: Language;
  readonly tagged: Tagged;
  readonly repairs: Repairs;
  /** Best first; none: it has no words. */
  readonly paths: readonly Path[];
}

/** What a question asks, and the cut of it that does. */
export interface Reading extends Prepared {
  readonly path: Path;
  readonly asked: Assembled;
  readonly confidence: number;
}

/** Undefined: it has more words than are read. */
export function prepare(
  question: string,
  vocabulary: Vocabulary,
  limits: DataLimits,
  language: Language,
): Prepared | undefined {
  const words = tokenise(spelledOut(withoutGlosses(question, vocabulary)), language);
  if (words.length > limits.question_words_max) return undefined;
  const { tokens, repairs } = repair(words, language, vocabulary);
  const tagged = tag(tokens, language, vocabulary);
  return { language, tagged, repairs, paths: segment(tagged, vocabulary) };
}

/** The paths that are worth trying, best first, each with how sure it is. */
export function* likely({
  paths,
  repairs,
}: Prepared): Generator<{ path: Path; confidence: number }> {
  for (const path of paths) {
    if (path.score < paths[0]!.score - scoreLossMax) return;
    const confidence = confidenceOf(path, repairs);
    if (confidence >= confidenceMin) yield { path, confidence };
  }
}

/** The first path that asks something, or why the first that asks nothing does not. */
export function readingOf(
  prepared: Prepared,
  vocabulary: Vocabulary,
): { reading: Reading } | { problem: Problem | undefined } {
  let problem: Problem | undefined;
  for (const { path, confidence } of likely(prepared)) {
    try {
      const asked = assemble(path, prepared.tagged, vocabulary);
      return { reading: { ...prepared, path, asked, confidence } };
    } catch (error) {
      if (!(error instanceof IntentProblem)) throw error;
      problem ??= error.problem;
      if (settled.has(error.problem.kind)) break;
    }
  }
  return { problem };
}

export function parsedOf({ language, path, asked, confidence }: Reading): Parsed {
  const unknown = [...unknownWords(path), ...wordsAside(path)];
  return { ok: true, language, confidence, unknown, ...asked };
}

export function readOnce(
  question: string,
  vocabulary: Vocabulary,
  limits: DataLimits,
  language: Language,
): Parsed {
  const prepared = prepare(question, vocabulary, limits, language);
  if (!prepared) {
    const problem = { kind: "too-long", limit: limits.question_words_max } as const;
    return { ok: false, language, problem, columns: [] };
  }
  const { tagged, paths } = prepared;
  const best = paths[0];
  if (!best) return { ok: false, language, problem: { kind: "no-question" }, columns: [] };
  const found = readingOf(prepared, vocabulary);
  if ("reading" in found) return parsedOf(found.reading);
  const unknown = unknownWords(best);
  let problem = cannotOf(best) ?? found.problem;
  // Where the words that are known ask nothing, those that were left out may have.
  const asked = problem?.kind === "no-question" ? [...unknown, ...wordsAside(best)] : unknown;
  if (asked.length > 0 && problem?.kind !== "cannot")
    problem = { kind: "unknown-words", words: asked };
  // A word that is not known by itself may be what tells which column another one means.
  const open = problem?.kind === "ambiguous" ? problem : problemOf(best, tagged, vocabulary);
  const without = unknown.length === 1 ? intentOf(best, tagged, vocabulary) : undefined;
  return {
    ...{ ok: false, language, columns: namedColumns(tagged) },
    problem: problem ?? { kind: "no-question" },
    ...(open?.kind === "ambiguous" && unknown.length <= 1 ? { open } : {}),
    ...(without ? { without } : {}),
  };
}

function problemOf(path: Path, tagged: Tagged, vocabulary: Vocabulary): Problem | undefined {
  try {
    assemble(path, tagged, vocabulary);
    return undefined;
  } catch (error) {
    if (error instanceof IntentProblem) return error.problem;
    throw error;
  }
}

/** The one question that a path asks without what it leaves out; undefined: none. */
function intentOf(path: Path, tagged: Tagged, vocabulary: Vocabulary): Intent | undefined {
  try {
    const [intent, second] = assemble(path, tagged, vocabulary).intents;
    return second ? undefined : intent;
  } catch (error) {
    if (!(error instanceof IntentProblem)) throw error;
    return undefined;
  }
}

/** "Luftdruck (pressure)": the column in brackets is what the word before it means. */
function withoutGlosses(question: string, { profile }: Vocabulary): string {
  const columnOf = (gloss: string) => {
    const said = gloss.trim().toLowerCase();
    return profile.columns.find(
      ({ name, bare }) => name.toLowerCase() === said || bare.toLowerCase() === said,
    );
  };
  const glossed = question.replace(/[\p{L}-]+\s*\(([^()]+)\)/gu, (whole, gloss: string) => {
    const column = columnOf(gloss);
    if (!column) return whole;
    // „pro Monat (Anreise)“: of that column's time.
    const unit = isTemporal(column) && /^(\p{L}+)/u.exec(whole)?.[1];
    const kept = unit && isUnitOfTime(unit) ? `${unit} ` : "";
    return `${kept}"${column.name}"`;
  });
  // "which city is the furthest north? (lat)": said of the question, and no second one.
  const ended = /^(.*\p{L})\s*([?.!])\s*\(([^"()]+)\)[?.!\s]*$/su.exec(glossed);
  const named = ended ? columnOf(ended[3]!) : undefined;
  if (ended && named && !/\b(how much|wie ?viel)\b/i.test(question))
    return `${ended[1]} "${named.name}"${ended[2]}`;
  // "How much … nights? (Price)": of what "how much" asks, said once the question is over.
  return glossed.replace(
    /\b(how much|wie ?viel)\b(.*[?.!])\s*\(([^()]+)\)[?.!\s]*$/iu,
    (whole, asks: string, rest: string, gloss: string) => {
      const column = /\b(in total|altogether|insgesamt)\b/i.test(rest)
        ? columnOf(gloss)
        : undefined;
      return column ? `${asks} "${column.name}"${rest}` : whole;
    },
  );
}

const isUnitOfTime = (word: string) =>
  (["de", "en"] as const).some((language) =>
    phrasesOf(language)
      .meanings.get(lightStem(fold(word), language))
      ?.some(({ meaning }) => meaning.startsWith("unit ")),
  );

function unknownWords({ steps }: Path): string[] {
  const words = steps.flatMap((step) => (step.kind === "unknown" ? [step.token.text] : []));
  return [...new Set(words)];
}

/** Words that only carry the sentence, as they were said. */
function wordsAside({ steps }: Path): string[] {
  const words = steps.flatMap((step) =>
    step.kind === "skipped" && step.aside !== undefined ? [step.aside] : [],
  );
  return [...new Set(words)];
}

function cannotOf({ steps }: Path): Problem | undefined {
  for (const step of steps) {
    if (step.kind === "part" && step.part.body.kind === "cannot") {
      return { kind: "cannot", why: step.part.body.why, words: step.part.words };
    }
  }
  return undefined;
}

export function confidenceOf({ steps }: Path, repairs: Repairs): number {
  let confidence = 1;
  for (const step of steps) {
    if (step.kind === "unknown")
      confidence *= isPolite(step, steps) ? politeWordFactor : unknownWordFactor;
    if (step.kind === "skipped" && step.aside !== undefined) confidence *= asideFactor;
    if (step.kind === "part") confidence *= partFactors[step.part.matched_by] ?? 1;
  }
  for (const { by } of repairs.values()) if (by === "spelling") confidence *= 0.93;
  return confidence;
}

/**
 * One word before a comma and a question, or one small word after a comma at the end: what is asked
 * is said without it. A name there would be a condition, so that a question must follow, or no capital.
 */
function isPolite(step: Step, steps: readonly Step[]): boolean {
  if (step.kind !== "unknown" || step.token.kind !== "word") return false;
  const at = steps.indexOf(step);
  const [before, after, next] = [steps[at - 1], steps[at + 1], steps[at + 2]];
  const stops = (other: Step | undefined) => other?.kind === "skipped" && other.stop;
  if (before === undefined && stops(after))
    return next?.kind === "part" && asking.test(next.part.words);
  const last = steps.slice(at + 1).every(stops);
  return last && stops(before) === true && /^\p{Ll}{2,8}$/u.test(step.token.text);
}

const asking = /^(how|what|which|when|who|wie|was|welche[rsmn]?|wann|wer)\b/i;

function namedColumns({ terms }: Tagged): string[] {
  const names = terms.flatMap((here) =>
    here.flatMap(({ columns = [] }) => columns.map(({ column }) => column.name)),
  );
  return [...new Set(names)];
}
