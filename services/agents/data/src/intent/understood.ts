/** Collects how a question was read, part by part, while it is put together. */
import type { Part } from "../language/parts.ts";

export type UnderstoodKind = "measure" | "group" | "filter" | "order";

export interface UnderstoodPart {
  readonly kind: UnderstoodKind;
  /** The words of the question; empty: assumed. */
  readonly words: string;
  /** What they were taken to mean, in names of columns; worded by `meaningOf` of the answer. */
  readonly meaning: string;
  readonly matched_by: string;
  readonly alternatives: readonly string[];
}

export interface Understood {
  readonly parts: UnderstoodPart[];
  note(
    kind: UnderstoodKind,
    part: Pick<Part, "words" | "matched_by">,
    meaning: string,
    alternatives?: readonly string[],
  ): void;
  assumed(kind: UnderstoodKind, meaning: string, alternatives: readonly string[]): void;
}

export function understood(): Understood {
  const parts: UnderstoodPart[] = [];
  return {
    parts,
    note(kind, { words, matched_by }, meaning, alternatives = []) {
      parts.push({ kind, words, meaning, matched_by, alternatives });
    },
    assumed(kind, meaning, alternatives) {
      parts.push({ kind, words: "", meaning, matched_by: "assumed", alternatives });
    },
  };
}
