/** "add the revenue up month by month": what is added up step by step is a running total. Pure. */
import type { Body, Part } from "../language/parts.ts";
import { type Clause, withParts } from "./clauses.ts";

const stepwise = /^(\p{L}+) (für|um|nach|by|after) \1$/iu;
const addedUp =
  /(aufsumm|aufzusumm|addier|zusammenzähl|zusammengezähl|zusammenrechn|zusammengerechn|(sum|summed|add|added|adding) up)/i;

export function withRunning(clause: Clause): Clause {
  const steps = clause.parts.some(
    ({ body, words }) =>
      (stepwise.test(words) &&
        ((body.kind === "group" && body.adverb) || body.kind === "over-time")) ||
      body.kind === "previous",
  );
  if (!steps) return clause;
  const [sum, other] = clause
    .of("measure")
    .filter(({ body, words }) => body.aggregates.join() === "sum" && addedUp.test(words));
  if (!sum || other) return clause;
  const running: Part = { ...sum, body: { kind: "derive", how: "running" } };
  const { columns } = sum.body;
  const mention: Body = { kind: "mention", columns };
  return withParts(
    clause,
    clause.parts.flatMap((part): Part[] => {
      if (part.body.kind === "previous") return [];
      if (part !== sum) return [part];
      return columns.length > 0 ? [{ ...sum, body: mention }, running] : [running];
    }),
  );
}
