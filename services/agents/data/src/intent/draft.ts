/** One clause while it becomes a query, and which of its phrases have found their place. */
import type { Part } from "../language/parts.ts";
import type { Vocabulary } from "../language/vocabulary.ts";
import type { Clause, PartOf } from "./clauses.ts";
import { type Filters, filterKinds } from "./conditions.ts";
import type { Dimension, Intent, Measure } from "./intent.ts";
import { refuse } from "./problem.ts";
import type { Understood } from "./understood.ts";

export type Aggregation = Extract<Intent, { kind: "aggregate" }>;

export interface Draft {
  readonly clause: Clause;
  readonly vocabulary: Vocabulary;
  readonly understood: Understood;
  readonly filters: Filters;
  readonly dimensions: Dimension[];
  readonly measures: Measure[];
  /** What the clause before asked. */
  readonly before: Aggregation | undefined;
  readonly used: Set<Part>;
  /** Calculations said apart from what they are to calculate: "… on average". */
  readonly loose: PartOf<"measure">[];
  /** Numbers that are grouped by in bins, and not calculated with. */
  readonly binned: Set<Part>;
}

/** Phrases that shape the sentence or the chart, and need no place in the query. */
const neutral = new Set([
  "chart",
  "decimals",
  "rows",
  "list",
  "all",
  "same",
  "describe",
  ...filterKinds,
]);

/** Every phrase must bear on the answer; an answer that leaves one out is to another question. */
export function requireAllUsed({ clause, used }: Draft) {
  const left = clause.parts.filter((part) => !used.has(part) && !neutral.has(part.body.kind));
  if (left.length > 0) refuse({ kind: "unused-words", words: left.map(({ words }) => words) });
}

export function addMeasure(measures: Measure[], measure: Measure) {
  if (!measures.some((other) => sameMeasure(other, measure))) measures.push(measure);
}

export function sameMeasure(a: Measure, b: Measure): boolean {
  const same = a.aggregate === b.aggregate && a.column === b.column && a.unit === b.unit;
  if (a.by !== b.by) return false;
  const parts = (a.part?.length ?? 0) === (b.part?.length ?? 0);
  return same && a.level === b.level && a.over === b.over && parts;
}

export function sameDimension(a: Dimension, b: Dimension): boolean {
  if (a.kind !== b.kind || a.column !== b.column) return false;
  return a.kind !== "time" || b.kind !== "time" || a.unit === b.unit;
}
