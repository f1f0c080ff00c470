/** "the top three by income and the bottom three too": two rankings of the same, one from each end. Pure. */
import { type Clause, withParts } from "./clauses.ts";

export function bothEnds(clause: Clause): readonly Clause[] {
  const [first, second, third] = clause.of("limit");
  if (!first || !second || third || clause.of("extreme").length > 0) return [clause];
  const directions = [first, second].map(({ body }) => body.direction);
  const opposed = directions.includes("max") && directions.includes("min");
  // What the second is to rank is said with the first.
  if (!opposed || second.body.of) return [clause];
  const { of } = first.body;
  const again = of ? { ...second, body: { ...second.body, of } } : second;
  return [
    withParts(
      clause,
      clause.parts.filter((part) => part !== second),
    ),
    withParts(
      clause,
      clause.parts.flatMap((part) => (part === first ? [again] : part === second ? [] : [part])),
    ),
  ];
}
