/** Collects how a question was read, part by part, while it is put together. */
import type { Part } from "../language/parts.ts";
import type { Column } from "../read/profile.ts";
import type { Condition, Dimension, Measure } from "./intent.ts";

export type UnderstoodKind = "measure" | "group" | "filter" | "order";

/** What words were taken to mean; worded in a language by the answer. */
export type Meaning =
  | { readonly measure: Measure }
  | { readonly dimension: Dimension }
  | { readonly condition: Condition }
  | { readonly columns: readonly Column[] }
  | { readonly extreme: "max" | "min"; readonly of: Column };

export interface UnderstoodPart {
  readonly kind: UnderstoodKind;
  /** The words of the question; empty: assumed. */
  readonly words: string;
  readonly meaning: Meaning;
  readonly matched_by: string;
  readonly alternatives: readonly Meaning[];
}

export interface Understood {
  readonly parts: UnderstoodPart[];
  note(
    kind: UnderstoodKind,
    part: Pick<Part, "words" | "matched_by">,
    meaning: Meaning,
    alternatives?: readonly Meaning[],
  ): void;
  /** Not said, but taken to be meant. */
  assumed(kind: UnderstoodKind, meaning: Meaning, alternatives: readonly Meaning[]): void;
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
