/** Two periods held against each other: a right-hand side of the grammar. Pure. */
import { all, type Bound, one } from "./bound.ts";
import type { Body } from "./parts.ts";

/** "how much warmer was 2015 than 2014": a word stands before the second period, and it is "than". */
export function contrastOf(bound: Bound): Body | undefined {
  const { quality } = one(bound, "comparative")!;
  const periods = all(bound, "period").map((term) => term.period!);
  const [first, second] = periods;
  if (first?.kind !== "span" || second?.kind !== "span" || first.unit !== second.unit)
    return undefined;
  if (first.unit === "half" || first.from === second.from) return undefined;
  const last = bound.terms.at(-1)!;
  if (last.start === bound.terms.at(-2)!.end) return undefined;
  return {
    ...{ kind: "contrast", periods },
    ...{ concepts: quality!.concepts, direction: quality!.direction },
  };
}
