/** From the words of a question to what it asks of one table. Pure, about a millisecond. */
import type { Assembled } from "../intent/assemble.ts";
import type { Intent } from "../intent/intent.ts";
import type { Problem } from "../intent/problem.ts";
import type { DataLimits } from "../limits.ts";
import { detectLanguage } from "./detect.ts";
import { inContext } from "./follow-up.ts";
import type { Language } from "./lexicon.ts";
import { narrowed, narrowedBeside } from "./narrow.ts";
import { apartFactor, prepare, readOnce } from "./read.ts";
import type { Tagged } from "./terms.ts";
import type { Vocabulary } from "./vocabulary.ts";

export type Parsed =
  | (Assembled & {
      readonly ok: true;
      /** Language of the question. */
      readonly language: Language;
      /** How sure, 0 to 1. */
      readonly confidence: number;
      /** Words that say nothing known and were left out. */
      readonly unknown: readonly string[];
    })
  | {
      readonly ok: false;
      readonly language: Language;
      readonly problem: Problem;
      /** Columns that the question names all the same. */
      readonly columns: readonly string[];
      /** That a word can name several columns, which another word may settle. */
      readonly open?: Problem;
      /** What is asked without the only word that is not known: to ask back, never to answer. */
      readonly without?: Intent;
    };

/** `earlier`: what was asked before of the same table, oldest first; a question may go on from it. */
export function parse(
  question: string,
  vocabulary: Vocabulary,
  limits: DataLimits,
  earlier: readonly string[] = [],
): Parsed {
  return (
    inContext(question, earlier, vocabulary, limits) ?? parseAlone(question, vocabulary, limits)
  );
}

const narrowingMax = 2;

function parseAlone(question: string, vocabulary: Vocabulary, limits: DataLimits): Parsed {
  const language = detectLanguage(question);
  const read = readOnce(question, vocabulary, limits, language);
  if (read.ok || !read.open) return read;
  let told: string | undefined = question;
  let again: Parsed = read;
  // One word that is told apart may tell another.
  for (
    let times = 0;
    told !== undefined && !again.ok && again.open && times < narrowingMax;
    times++
  ) {
    const tagged: Tagged | undefined = prepare(told, vocabulary, limits, language)?.tagged;
    told =
      tagged &&
      (narrowedBeside(told, again.open, tagged, vocabulary) ??
        narrowed(told, again.open, tagged, vocabulary));
    if (told !== undefined) again = readOnce(told, vocabulary, limits, language);
  }
  if (again.ok) return { ...again, confidence: again.confidence * apartFactor };
  const whole = readOnce(question, { ...vocabulary, totals: true }, limits, language);
  return whole.ok ? whole : read;
}
