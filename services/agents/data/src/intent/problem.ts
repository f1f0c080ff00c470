/** Why a question cannot become a query. Found by the assembly, worded by the answer. */
import type { Column } from "../read/profile.ts";

export type Problem =
  /** Words that mean nothing here. */
  | { readonly kind: "unknown-words"; readonly words: readonly string[] }
  /** Words that are known, but have no bearing on the rest of the question. */
  | { readonly kind: "unused-words"; readonly words: readonly string[] }
  /** The most of something is asked for, but not among what. */
  | { readonly kind: "no-group"; readonly words: string }
  /** Words that can mean several columns. */
  | { readonly kind: "ambiguous"; readonly words: string; readonly columns: readonly Column[] }
  /** The figure changes with time, and no time is said. */
  | { readonly kind: "no-time"; readonly words: string; readonly column: Column }
  /** The question speaks of a unit that the column does not hold. */
  | { readonly kind: "other-unit"; readonly words: string; readonly column: Column }
  /** Dates are asked for, and there are none. */
  | { readonly kind: "no-dates"; readonly words: string }
  /** The dates are coarser than the question. */
  | { readonly kind: "coarse-dates"; readonly words: string; readonly column: Column }
  /** What is greatest, or which figure to show, is not said. */
  | { readonly kind: "no-measure"; readonly words: string }
  /** The words are known, but not what they ask together. */
  | { readonly kind: "no-question" }
  /** Texts are asked to be averaged, summed or compared. */
  | { readonly kind: "not-numbers"; readonly column: Column }
  | { readonly kind: "cannot"; readonly why: string; readonly words: string }
  | { readonly kind: "too-long"; readonly limit: number };

export class IntentProblem extends Error {
  override readonly name = "IntentProblem";
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.kind);
    this.problem = problem;
  }
}

export function refuse(problem: Problem): never {
  throw new IntentProblem(problem);
}
