/** "the top three by income and the bottom three too": two rankings of the same, one from each end. Pure. */
import { type Clause, type PartOf, withParts } from "./clauses.ts";

/** Says an end and nothing that has it. */
const isBare = ({ column, concepts, count, of, number }: PartOf<"extreme">["body"]) =>
  [column, concepts, count, of, number].every((each) => each === undefined);

/** "which region has the highest income, and which the lowest": the same question from the other end. */
function fromOtherEnd(clause: Clause): readonly Clause[] {
  const [first, second, third] = clause.of("extreme");
  if (!first || !second || third || isBare(first.body) || !isBare(second.body)) return [clause];
  const { direction } = second.body;
  const [, again] = clause.of("which");
  if (direction === first.body.direction || (again && again.body.of !== undefined)) return [clause];
  const turned = { ...first, body: { ...first.body, direction }, words: second.words };
  const whole = clause.parts.filter((part) => part !== second && part !== again);
  return [whole, whole.map((part) => (part === first ? turned : part))].map((parts) =>
    withParts(clause, parts),
  );
}

export function bothEnds(clause: Clause): readonly Clause[] {
  const [first, second, third] = clause.of("limit");
  if (!first || !second || third || clause.of("extreme").length > 0) return fromOtherEnd(clause);
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
