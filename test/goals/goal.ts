/** What a goal is, and short ways to write one down. */
import type { Expected } from "./check.ts";
import type { SourceRow } from "./source.ts";

export type Language = "de" | "en";
export type Rows = readonly SourceRow[];

export interface Goal {
  readonly file: string;
  readonly goal: string;
  readonly language: Language;
  /** What the answer must hold; several where a person could rightly mean either. */
  readonly expect: (rows: Rows) => Expected | readonly Expected[];
}

/** Name of a reason in `keiko.error.v1`. */
export type RefusalReason = "REASON_NOT_UNDERSTOOD" | "REASON_AMBIGUOUS";

export interface RefusedGoal {
  readonly file: string;
  readonly goal: string;
  readonly language: Language;
  readonly refuse: RefusalReason;
  /** What the message must name. */
  readonly names: readonly string[];
}

type Expect = Goal["expect"];

/** Goals over one file, in either language. */
export function asking(file: string) {
  const goal = (language: Language) => (text: string, expect: Expect) =>
    ({ file, goal: text, language, expect }) satisfies Goal;
  return { de: goal("de"), en: goal("en") };
}

/** Goals over one file that it cannot answer, with what the refusal has to name. */
export function refusing(file: string) {
  const refused = (language: Language, refuse: RefusalReason) => {
    return (text: string, ...names: string[]) =>
      ({ file, goal: text, language, refuse, names }) satisfies RefusedGoal;
  };
  return {
    de: refused("de", "REASON_NOT_UNDERSTOOD"),
    en: refused("en", "REASON_NOT_UNDERSTOOD"),
    ambiguousDe: refused("de", "REASON_AMBIGUOUS"),
    ambiguousEn: refused("en", "REASON_AMBIGUOUS"),
  };
}
