/** "did deaths fall from 1960 to 1970": the change is asked for, and not what the years add up to. Pure. */
import type { Part } from "../language/parts.ts";
import type { Tagged } from "../language/terms.ts";
import { type Clause, withParts } from "./clauses.ts";

const verbs = /^(fall|fallen|fell|sink|sank|sunk|gefallen|fiel|fielen)$/;

/** „hängen A und B … zusammen“: a verb in two parts that asks how two figures go together. */
export function withVerb(clause: Clause): Clause {
  const [hangs, other] = clause
    .of("versus")
    .filter(({ words }) => /^(hängt|hängen)\b/i.test(words));
  const together = clause.of("measure").find(({ words }) => /^zusammen$/i.test(words));
  if (!hangs || other || !together) return clause;
  return withParts(
    clause,
    clause.parts.map((part): Part => {
      if (part === together) return { ...part, body: { kind: "relate", how: "correlation" } };
      return part === hangs
        ? { ...part, body: { kind: "mention", columns: hangs.body.columns } }
        : part;
    }),
  );
}

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
