/**
 * Questions that go on from the one before: "and per year?", „nur Japan“, "how many of them …". They are
 * read as that question with phrases of their own in place of some of its. Pure.
 */
import { assemble } from "../intent/assemble.ts";
import { filterKinds } from "../intent/conditions.ts";
import { alike, type Continued, continued } from "../intent/continue.ts";
import { IntentProblem } from "../intent/problem.ts";
import type { UnderstoodPart } from "../intent/understood.ts";
import type { DataLimits } from "../limits.ts";
import { detectLanguage } from "./detect.ts";
import type { GoingOn } from "./lexicon.ts";
import type { Parsed } from "./parse.ts";
import type { Part, PartKind } from "./parts.ts";
import { lexicons } from "./phrases.ts";
import { likely, type Prepared, parsedOf, prepare, type Reading, readingOf } from "./read.ts";
import type { Path, Step } from "./segment.ts";
import type { Tagged } from "./terms.ts";
import type { Token } from "./tokens.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** Any of the phrases that either lexicon has for it, the longest first. */
function said(...of: (keyof GoingOn)[]): string {
  const phrases = Object.values(lexicons).flatMap(({ goingOn }) =>
    of.flatMap((kind) => goingOn[kind].split(",").map((phrase) => phrase.trim())),
  );
  const longest = [...new Set(phrases)].sort((x, y) => y.length - x.length);
  const spaced = longest.map((phrase) =>
    phrase.replaceAll(/\s+/g, "\\s+").replaceAll("ß", "(?:ß|ss)"),
  );
  return `(?:${spaced.join("|")})(?!\\p{L})`;
}

/** What goes on from something that was said, by how it begins. */
const opens = new RegExp(
  `^\\s*(?:${said("marks", "leads")}[\\s,:]*(?:${said("after")}\\s*(?=${said("after")}))?)+`,
  "iu",
);
/** Of a question that could stand by itself, only these say that it does not. */
const marks = new RegExp(
  `^\\s*${said("marks")}|(?<!\\p{L})${said("instead")}\\s*[?.!]*\\s*$`,
  "iu",
);
/** And by how it ends. */
const closes = new RegExp(`(?:\\s|,)+${said("closes", "instead")}\\s*(?=[?.!]*\\s*$)`, "iu");
const adding = new RegExp(`(?<!\\p{L})${said("adds")}`, "iu");
// „finden … statt?“ is a verb in two parts: what is no longer meant has to follow.
const replaced = new RegExp(`\\s*,?\\s*(?<!\\p{L})${said("replaces")}(.*[\\p{L}\\d].*)$`, "isu");
const back = /^(davon|darunter|of (them|those|these)|von (ihnen|diesen|denen)|unter ihnen)$/i;

/** Phrases that ask nothing by themselves. */
const dependent: ReadonlySet<PartKind> = new Set([
  ...filterKinds,
  ...(["group", "bins"] as const),
  ...(["order", "limit", "first", "nth", "derive", "previous", "over-time", "having"] as const),
  ...(["chart", "same", "or", "all", "decimals", "again"] as const),
]);
/** "nur Japan", "top 5 in 2014": longer ones say that they go on. */
const parts_unmarked_max = 2;
const interrogative = new RegExp(`^\\s*${said("asks")}`, "iu");

function isDependent({ body }: Part): boolean {
  const alone = !("of" in body) || body.of === undefined;
  if (body.kind === "measure")
    return [body.columns.length, body.asked, body.unit, body.aggregates.includes("count")].every(
      (each) => !each,
    );
  if (body.kind === "extreme") return alone && !body.column && !body.concepts && !body.count;
  return alone && dependent.has(body.kind);
}

/** @returns undefined where it does not go on from what was asked before. */
export function inContext(
  question: string,
  earlier: readonly string[],
  vocabulary: Vocabulary,
  limits: DataLimits,
): Parsed | undefined {
  let context: Reading | undefined;
  for (const each of earlier) {
    context = after(each, context, vocabulary, limits) ?? context;
  }
  const read = context && goingOn(question, context, vocabulary, limits);
  if (!read) return undefined;
  const { parts } = read.asked;
  return parsedOf({
    ...read,
    asked: { ...read.asked, parts: parts.map((part) => told(part, question)) },
  });
}

/** A phrase that is only in the question before is said to come from there. */
const told = (part: UnderstoodPart, question: string): UnderstoodPart =>
  part.words === "" || question.includes(part.words)
    ? part
    : { ...part, matched_by: "question before" };

/** What can be gone on from once this has been asked as well; undefined: nothing of it is understood. */
function after(
  question: string,
  before: Reading | undefined,
  vocabulary: Vocabulary,
  limits: DataLimits,
): Reading | undefined {
  const read = before && goingOn(question, before, vocabulary, limits);
  if (read) return read;
  const prepared = prepare(
    question,
    vocabulary,
    limits,
    detectLanguage(question, before?.language),
  );
  const found = prepared && readingOf(prepared, vocabulary);
  return found && "reading" in found ? found.reading : undefined;
}

function goingOn(
  question: string,
  before: Reading,
  vocabulary: Vocabulary,
  limits: DataLimits,
): Reading | undefined {
  const language = detectLanguage(question, before.language);
  const adds = adding.test(question);
  const old = replaced.exec(question)?.[1];
  const rest = question
    .replace(replaced, "")
    .replace(adding, " ")
    .replace(opens, "")
    .replace(closes, "");
  const marked = marks.test(question) || old !== undefined;
  const prepared = prepare(rest, vocabulary, limits, language);
  if (!prepared || (old !== undefined && !speaksOf(old, before, vocabulary, limits)))
    return undefined;
  const held = partsOf(before.path);
  const paths = [...likely(prepared)].map((each) => ({ ...each, parts: partsOf(each.path) }));
  paths.sort((a, b) => alike(held, b.parts) - alike(held, a.parts));
  for (const { path, confidence, parts } of paths) {
    if (parts.length === 0) continue;
    const opened = prepared.tagged.terms[0]?.some(({ kind }) => kind === "frame");
    const asks = interrogative.test(question) || opened || parts.length > parts_unmarked_max;
    const whole = asks || !parts.every(isDependent) || isShareOfSome(parts);
    if (whole && !marked && !refersBack(parts)) return undefined;
    // "and what did nurses earn": whatever that verb asks, it was not asked before.
    const verbs = path.steps.some((step) => step.kind === "skipped" && step.aside !== undefined);
    if (verbs && interrogative.test(rest) && parts.every(isDependent)) continue;
    const reading = joined(before, { prepared, path, confidence }, adds, vocabulary);
    if (reading) return reading;
  }
  return undefined;
}

/** "the percentage of females" names its part, and asks something by itself. */
const isShareOfSome = (parts: readonly Part[]) =>
  parts.some(({ body }) => body.kind === "derive" && body.how === "share") &&
  parts.some(({ body }) => body.kind === "values");

/** "how many of them …", before anything else is named that it could go back to. */
function refersBack(parts: readonly Part[]): boolean {
  const at = parts.findIndex(({ body, words }) => body.kind === "same" && back.test(words));
  return at >= 0 && parts.slice(0, at).every(({ body }) => /^(measure|derive)$/.test(body.kind));
}

/** "instead of per month" takes back what was said, and nothing else. */
function speaksOf(
  old: string,
  before: Reading,
  vocabulary: Vocabulary,
  limits: DataLimits,
): boolean {
  const prepared = prepare(old, vocabulary, limits, before.language);
  const path = prepared?.paths[0];
  if (!path || path.steps.some(({ kind }) => kind === "unknown")) return false;
  const kinds = new Set(partsOf(before.path).map(({ body }) => body.kind));
  return partsOf(path).every(
    ({ body }) => kinds.has(body.kind) || (body.kind === "mention" && kinds.has("measure")),
  );
}

interface Said {
  readonly prepared: Prepared;
  readonly path: Path;
  readonly confidence: number;
}

const partsOf = ({ steps }: Path) =>
  steps.flatMap((step) => (step.kind === "part" ? [step.part] : []));

function joined(
  before: Reading,
  { path, prepared, confidence }: Said,
  adds: boolean,
  vocabulary: Vocabulary,
): Reading | undefined {
  const now = partsOf(path);
  // "and how heavy is it?" asks about what was found, and not the same again.
  const about = now.some(({ body }) => body.kind === "mention" && body.level);
  const changed = about ? undefined : continued(partsOf(before.path), now, adds);
  if (!about && !changed) return undefined;
  const tagged = together(before.tagged, prepared.tagged);
  const shift = before.tagged.tokens.length + 1;
  const steps = changed
    ? [...changedSteps(before.path.steps, changed), ...saidSteps(path.steps, changed.added, shift)]
    : [...before.path.steps, stopAt(shift - 1), ...saidSteps(path.steps, now, shift)];
  const whole: Path = { key: `${before.path.key} ${path.key}`, score: path.score, steps };
  try {
    const { intents, parts } = assemble(whole, tagged, vocabulary);
    const asked = { intents: about ? intents.slice(-1) : intents, parts };
    return {
      ...{ language: prepared.language, tagged, paths: [whole], path: whole, asked },
      repairs: prepared.repairs,
      confidence: confidence * before.confidence,
    };
  } catch (error) {
    if (error instanceof IntentProblem) return undefined;
    throw error;
  }
}

const stop: Token = { kind: "stop", text: "?", folded: "?", at: 0 };

/** The words of both, with the end of a sentence between them. */
function together(before: Tagged, now: Tagged): Tagged {
  const shift = before.tokens.length + 1;
  const shifted = now.terms.map((terms) =>
    terms.map((term) => ({ ...term, start: term.start + shift, end: term.end + shift })),
  );
  return {
    language: now.language,
    tokens: [...before.tokens, stop, ...now.tokens],
    terms: [...before.terms, [], ...shifted],
  };
}

const stopAt = (at: number): Step => ({
  ...{ kind: "skipped", start: at, end: at + 1, frame: false, stop: true },
});

/** Without what is gone, and without the stop at the end: what follows belongs to it. */
function changedSteps(steps: readonly Step[], { kept, replaced }: Continued): Step[] {
  const left = steps.flatMap((step) => {
    if (step.kind !== "part" || kept.has(step.part)) return [step];
    const part = replaced.get(step.part);
    return part ? [{ ...step, part }] : [];
  });
  const last = left.findLastIndex((step) => step.kind !== "skipped" || !step.stop);
  return left.slice(0, last + 1);
}

/** What is said now, after all that was said before; of its phrases only these. */
function saidSteps(steps: readonly Step[], parts: readonly Part[], shift: number): Step[] {
  const moved = <T extends { start: number; end: number }>(one: T): T => ({
    ...one,
    start: one.start + shift,
    end: one.end + shift,
  });
  const others = steps.flatMap((step) => (step.kind === "part" ? [] : [moved(step)]));
  const said = parts.map((part): Step => ({ kind: "part", part: moved(part) }));
  return [...others, ...said].sort((a, b) => startOf(a) - startOf(b));
}

const startOf = (step: Step) => (step.kind === "part" ? step.part.start : step.start);
