/** "did deaths fall from 1960 to 1970": the change is asked for, and not what the years add up to. Pure. */
import type { Part } from "../language/parts.ts";
import type { Tagged } from "../language/terms.ts";
import { type Clause, withParts } from "./clauses.ts";

const verbs = /^(fall|fallen|fell|sink|sank|sunk|gefallen|fiel|fielen)$/;

export function withFall(clause: Clause, { tokens }: Tagged): Clause {
  if (!tokens.some(({ folded }) => verbs.test(folded))) return clause;
  return withParts(
    clause,
    clause.parts.map((part): Part => {
      const { body } = part;
      const range = body.kind === "period" && body.relation === "range";
      return range && clause.of("measure").length === 0
        ? { ...part, body: { ...body, change: true } }
        : part;
    }),
  );
}
