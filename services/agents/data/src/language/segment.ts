/**
 * Finds the best ways to cut a question into phrases: every rule is tried at every word, and the
 * paths that account for most words, with the surest matches and the longest phrases, are kept.
 */
import { standsAside } from "./aside.ts";
import { type Rule, rules } from "./grammar.ts";
import type { Part } from "./parts.ts";
import type { Tagged, Term } from "./terms.ts";
import type { Token } from "./tokens.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** What happens to one stretch of words on a path. */
export type Step =
  | { readonly kind: "part"; readonly part: Part }
  | {
      readonly kind: "skipped";
      readonly start: number;
      readonly end: number;
      readonly frame: boolean;
      /** Words that carry the sentence and are named as left out. */
      readonly aside?: string;
      /** A comma or the like. */
      readonly stop: boolean;
    }
  | {
      readonly kind: "unknown";
      readonly token: Token;
      readonly start: number;
      readonly end: number;
    };

export interface Path {
  /** What it reads, the same for paths that read the same. */
  readonly key: string;
  readonly score: number;
  readonly steps: readonly Step[];
}

const pathsKept = 12;
const unknownPenalty = -3;
/** Too little to weigh against a reading, enough to decide between two that are the same. */
const asidePenalty = -0.05;
/** Items of one list; longer ones are read as several. */
const listedMax = 16;
/** What joining words to one phrase is worth over reading them apart. */
const joiningBonus = 0.25;

interface Element {
  readonly kinds: readonly (readonly [kind: string, arg: string | undefined])[];
  readonly optional: boolean;
  readonly list: boolean;
}

const patterns = rules.map((rule) => ({ rule, elements: rule.pattern.split(" ").map(element) }));
/** Rules by the kinds that they can begin with, so that few are tried at each word. */
const byFirstKind = new Map<string, typeof patterns>();
for (const pattern of patterns) {
  for (const kind of firstKinds(pattern.elements)) {
    byFirstKind.set(kind, [...(byFirstKind.get(kind) ?? []), pattern]);
  }
}

function element(text: string): Element {
  const optional = text.endsWith("?");
  const list = text.endsWith("+");
  const bare = optional || list ? text.slice(0, -1) : text;
  const kinds = bare.split("|").map((kind) => {
    const [name = "", arg] = kind.split(":");
    return [name, arg?.replaceAll("_", " ")] as const;
  });
  return { kinds, optional, list };
}

function firstKinds(elements: readonly Element[]): Set<string> {
  const kinds = new Set<string>();
  for (const { kinds: some, optional } of elements) {
    for (const [kind] of some) kinds.add(kind);
    if (!optional) break;
  }
  return kinds;
}

export function segment(tagged: Tagged, vocabulary: Vocabulary): Path[] {
  const { tokens } = tagged;
  const ends: Path[][] = Array.from({ length: tokens.length + 1 }, () => []);
  ends[0]!.push({ key: "", score: 0, steps: [] });
  for (let at = 0; at < tokens.length; at++) {
    const paths = best(ends[at]!);
    if (paths.length === 0) continue;
    for (const step of stepsAt(tagged, at, vocabulary)) {
      const end = step.step.kind === "part" ? step.step.part.end : step.step.end;
      const own = keyOf(step.step);
      for (const path of paths) {
        const key = path.key + own;
        const score = path.score + step.score;
        ends[end]!.push({ key, score, steps: [...path.steps, step.step] });
      }
    }
  }
  return best(ends[tokens.length]!);
}

/** The best paths, each once: those that differ only in how small words are skipped read the same. */
function best(paths: Path[]): Path[] {
  const seen = new Set<string>();
  const kept: Path[] = [];
  for (const path of paths.sort((a, b) => b.score - a.score)) {
    if (seen.has(path.key)) continue;
    seen.add(path.key);
    kept.push(path);
    if (kept.length === pathsKept) break;
  }
  return kept;
}

function keyOf(step: Step): string {
  if (step.kind === "skipped") return "";
  if (step.kind === "unknown") return `?${step.start}`;
  const { start, end, score, body } = step.part;
  return `${body.kind}${start}-${end}:${score}`;
}

function stepsAt(tagged: Tagged, at: number, vocabulary: Vocabulary) {
  const steps: { step: Step; score: number }[] = [];
  const seen = new Set<string>();
  const kinds = new Set(tagged.terms[at]!.map(({ kind }) => kind));
  for (const kind of kinds) {
    for (const { rule, elements } of byFirstKind.get(kind) ?? []) {
      for (const part of partsAt(tagged, at, rule, elements, vocabulary)) {
        const key = `${part.end} ${rule.pattern} ${part.score}`;
        if (seen.has(key)) continue;
        seen.add(key);
        steps.push({ step: { kind: "part", part }, score: part.score });
      }
    }
  }
  steps.push(...skips(tagged, at));
  return steps;
}

const names = ({ kind }: Term) => kind === "column" || kind === "value" || kind === "unit";

function skips({ tokens, terms, language }: Tagged, at: number) {
  const token = tokens[at]!;
  const steps: { step: Step; score: number }[] = [];
  // "by industry" in a file about industries: what is grouped by is not there, and no small word.
  const groups = terms[at]!.some(({ kind }) => kind === "per");
  const next = terms[at + 1] ?? [];
  const rowwise = groups && next.some(({ kind }) => kind === "rows") && !next.some(names);
  for (const term of terms[at]!) {
    const { kind, end } = term;
    const skipped = {
      kind: "skipped",
      start: at,
      end,
      frame: kind === "frame",
      stop: false,
    } as const;
    if ((kind === "filler" || kind === "frame") && !rowwise)
      steps.push({ step: skipped, score: 0 });
    else if (/^(light|tail|persons)$/.test(kind) && standsAside({ tokens, terms, language }, term))
      steps.push({ step: { ...skipped, aside: said(tokens, at, end) }, score: asidePenalty });
  }
  // A sign that calculates or measures is a word: "the top 10%" is not the top 10.
  if (token.kind === "stop" || (token.kind === "sign" && /^[-–&+]$/.test(token.text))) {
    const stop = token.kind === "stop";
    steps.push({ step: { kind: "skipped", start: at, end: at + 1, frame: false, stop }, score: 0 });
  } else if (steps.length === 0) {
    steps.push({
      step: { kind: "unknown", token, start: at, end: at + 1 },
      score: unknownPenalty,
    });
  }
  return steps;
}

interface Match {
  readonly terms: readonly Term[];
  readonly end: number;
  readonly joined: "and" | "or" | undefined;
}

function* partsAt(
  tagged: Tagged,
  at: number,
  rule: Rule,
  elements: readonly Element[],
  vocabulary: Vocabulary,
): Generator<Part> {
  for (const match of matches(tagged, at, elements, 0, { terms: [], end: at, joined: undefined })) {
    if (match.terms.length === 0) continue;
    const words = (term: Term) => said(tagged.tokens, term.start, term.end);
    const body = rule.read({ terms: match.terms, joined: match.joined, vocabulary, words });
    if (body === undefined) continue;
    yield {
      start: at,
      end: match.end,
      score: scoreOf(match.terms) + rule.bonus,
      body,
      words: said(tagged.tokens, at, match.end),
      matched_by: weakest(match.terms),
    };
  }
}

/** The words between two tokens, each as written and a compound once. */
export function said(tokens: readonly Token[], start: number, end: number): string {
  const words: string[] = [];
  let last = -1;
  for (const token of tokens.slice(start, end)) {
    if (token.at !== last) words.push(token.text);
    last = token.at;
  }
  return words.join(" ").replace(/ ([,.;:?!])/g, "$1");
}

const connecting =
  /^(of|from|with|be|have|during|and|or|to|towards|by|each|all|versus|symbol|scale|onto)$/;
const relating = /^(since|until|before|after|between|per|not)$/;

/** Each word that says something counts once; small words only a little. */
function scoreOf(terms: readonly Term[]): number {
  let score = 0;
  for (const { kind, score: sure, start, end } of terms) {
    if (connecting.test(kind)) score += 0.05;
    else if (relating.test(kind)) score += 0.3;
    else score += sure * (end - start);
  }
  return score + joiningBonus * (terms.length - 1) * 0.5;
}

function weakest(terms: readonly Term[]): string {
  const content = terms.filter(({ kind }) => kind === "column" || kind === "value");
  const [first] = content.sort((a, b) => a.score - b.score);
  return first?.matched_by ?? "lexicon";
}

function* matches(
  tagged: Tagged,
  at: number,
  elements: readonly Element[],
  index: number,
  so_far: Match,
): Generator<Match> {
  const wanted = elements[index];
  if (wanted === undefined) {
    yield so_far;
    return;
  }
  if (wanted.optional) yield* matches(tagged, at, elements, index + 1, so_far);
  for (const start of so_far.terms.length === 0 ? [at] : startsAfter(tagged, at)) {
    for (const term of tagged.terms[start] ?? []) {
      if (!fits(term, wanted)) continue;
      const next = { ...so_far, terms: [...so_far.terms, term], end: term.end };
      yield* matches(tagged, term.end, elements, index + 1, next);
      if (wanted.list) yield* listed(tagged, term.end, elements, index, next);
    }
  }
}

function fits(term: Term, { kinds }: Element): boolean {
  return kinds.some(([kind, arg]) => kind === term.kind && (arg === undefined || arg === term.arg));
}

/** "a, b and c": what joins is read over, and remembered. */
function* listed(
  tagged: Tagged,
  at: number,
  elements: readonly Element[],
  index: number,
  so_far: Match,
): Generator<Match> {
  if (so_far.terms.length >= listedMax) return;
  let next = at;
  let joined = so_far.joined;
  for (; next < tagged.tokens.length; next++) {
    const token = tagged.tokens[next]!;
    if (token.text === ",") continue;
    const kinds = tagged.terms[next]!.map(({ kind }) => kind);
    if (kinds.includes("and") || kinds.includes("versus")) joined ??= "and";
    else if (kinds.includes("or")) joined = "or";
    else break;
  }
  if (next === at) return;
  yield* matches(tagged, next, elements, index, { ...so_far, joined: joined ?? "and" });
}

/** The next token, or the one after small words that say nothing here. */
function* startsAfter({ tokens, terms }: Tagged, at: number): Generator<number> {
  let next = at;
  for (let skipped = 0; skipped < 4; skipped++) {
    yield next;
    const token = tokens[next];
    if (!token || token.kind === "stop") return;
    const here = terms[next]!;
    const joins = here.some(({ kind }) => kind === "and" || kind === "or" || kind === "not");
    const filler = here.find(({ kind, end }) => kind === "filler" && end === next + 1);
    if (joins || !filler) return;
    next = filler.end;
  }
}
