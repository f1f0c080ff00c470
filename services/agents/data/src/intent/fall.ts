/** "did deaths fall from 1960 to 1970": the change is asked for, and not what the years add up to. Pure. */
import type { Body, ColumnChoice, Part } from "../language/parts.ts";
import type { Tagged } from "../language/terms.ts";
import { type Clause, withParts } from "./clauses.ts";

const verbs = /^(fall|fallen|fell|sink|sank|sunk|gefallen|fiel|fielen)$/;

/** „hängen A und B … zusammen“: a verb in two parts that asks how two figures go together. */
export function withVerb(clause: Clause): Clause {
  const hanging = /^(hängt|hängen)\b/i;
  const [hangs, other] = [...clause.of("versus"), ...clause.of("chart")].filter(({ words }) =>
    hanging.test(words),
  );
  const together = clause.of("measure").find(({ words }) => /\bzusammen$/i.test(words));
  if (!hangs || other || !together) return clause;
  const relate: Body = { kind: "relate", how: "correlation" };
  const named = (part: Part, columns: readonly ColumnChoice[]): Part[] =>
    columns.length > 0 ? [{ ...part, body: { kind: "mention", columns } }] : [];
  return withParts(
    clause,
    clause.parts.flatMap((part): Part[] => {
      if (part === together)
        return [...named(part, together.body.columns), { ...part, body: relate }];
      if (part !== hangs) return [part];
      return named(part, hangs.body.kind === "versus" ? hangs.body.columns : []);
    }),
  );
}

/** "the change from 2019 to 2020 … in percent": growth, however far apart the words stand. Pure. */
export function withPercent(clause: Clause): Clause {
  const [change, second] = clause.of("derive").filter(({ body }) => changing.test(body.how));
  const [share, other] = clause.of("derive").filter(({ body }) => body.how === "share");
  if (second || !share || other || !percent.test(share.words)) return clause;
  const growth: Body = { kind: "derive", how: "growth" };
  // „von 2024 auf 2025 in Prozent“ is a change, whatever verb goes with it.
  if (!change && clause.of("period").some(({ body }) => body.change))
    return withParts(
      clause,
      clause.parts
        .filter(({ body }) => body.kind !== "over-time")
        .map((part) => (part === share ? { ...share, body: growth } : part)),
    );
  if (!change) return clause;
  return withParts(
    clause,
    clause.parts.flatMap((part): Part[] => {
      if (part === share) return [];
      return [part === change ? { ...change, body: growth } : part];
    }),
  );
}

const changing = /^(change|difference|growth)$/;
const percent = /^((in|as a) )?(prozent|percent|percentage|%)$/iu;

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
