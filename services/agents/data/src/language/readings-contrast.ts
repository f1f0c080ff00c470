/** One thing held against another: right-hand sides of the grammar. Pure. */
import { all, type Bound, choices, direction, firstChoice, narrowed, one } from "./bound.ts";
import type { Body, ColumnChoice } from "./parts.ts";

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

/** "heavier", "longer flippers": held against what the clause says besides. */
export function thanOf(bound: Bound): Body | undefined {
  const { quality } = one(bound, "comparative")!;
  const base = {
    kind: "than",
    concepts: quality!.concepts,
    direction: quality!.direction,
  } as const;
  if (!one(bound, "column")) return base;
  const column = meantBy(quality!.concepts, bound, firstChoice(bound));
  return column && { ...base, column };
}

/** "more", "more than", „weniger“: of what, the clause has to say. */
export function moreOf(bound: Bound): Body | undefined {
  const said = one(bound, "more");
  if (said) return { kind: "than", direction: direction(said) };
  const sign = one(bound, "compare")!.arg;
  const words = bound.words(one(bound, "compare")!);
  if (!/^[<>]$/.test(sign) || !/(als|than|wie)$/i.test(words)) return undefined;
  return { kind: "than", direction: sign === ">" ? "max" : "min" };
}

/** "how old was the youngest": the figure that both adjectives speak of. */
export function howOldOf(bound: Bound): Body | undefined {
  const { quality: asked } = one(bound, "positive")!;
  const { quality: most } = one(bound, "superlative")!;
  const shared = most!.concepts.filter((concept) => asked!.concepts.includes(concept));
  const column = meantBy(shared, bound, choices(bound)[0]);
  return column && { kind: "measure", aggregates: [most!.direction], columns: [column] };
}

/** The columns of numbers that are about one of these, among those that are named. */
function meantBy(
  concepts: readonly string[],
  { vocabulary, words, terms }: Bound,
  said: ColumnChoice | undefined,
): ColumnChoice | undefined {
  const matches = vocabulary.forms
    .filter((form) => concepts.some((concept) => form.concepts.has(concept)))
    .filter(({ column }) => !said || said.matches.some((match) => match.column === column))
    .map(({ column }) => ({ column, coverage: 1, covered: 1 }));
  return narrowed({ matches, words: words(terms[0]!), matched_by: "synonym" });
}
