/** Cuts a path into clauses: "show … and tell me which …" asks twice. */

import type { Body, Part } from "../language/parts.ts";
import type { Path } from "../language/segment.ts";
import type { Tagged } from "../language/terms.ts";

export type PartOf<K extends Body["kind"]> = Part & { readonly body: Extract<Body, { kind: K }> };

/** The phrases of one clause, by what they contribute. */
export interface Clause {
  readonly parts: readonly Part[];
  /** Where its last "is", "are", "has" stands: what comes after is said of what came before. */
  readonly verb: number;
  of<K extends Body["kind"]>(kind: K): PartOf<K>[];
}

const opening = new Set([
  "which",
  "measure",
  "extreme",
  "mention",
  "group",
  "relate",
  "derive",
  "ratio",
]);

export function clausesOf(path: Path, { tokens, terms }: Tagged): Clause[] {
  const clauses: Part[][] = [[]];
  let separated = false;
  let framed = false;
  for (const step of path.steps) {
    if (step.kind === "part") {
      const asks = step.part.body.kind === "which" || isQuestion(step.part.body);
      const current = clauses.at(-1)!;
      const full = current.some(({ body, start }) => opening.has(body.kind) && !leads(body, start));
      if (full && separated && (framed || asks) && opening.has(step.part.body.kind)) {
        clauses.push([step.part]);
      } else current.push(step.part);
      if (step.part.body.kind === "list") framed = true;
      else if (step.part.body.kind !== "same" && step.part.body.kind !== "or") {
        separated = false;
        framed = false;
      }
      continue;
    }
    for (let at = step.start; at < step.end; at++) {
      const kinds = terms[at]!.map(({ kind }) => kind);
      if (kinds.includes("and") || tokens[at]!.kind === "stop") separated = true;
      if (kinds.includes("frame") || /^[.?!;]/.test(tokens[at]!.text)) framed = true;
    }
  }
  for (let at = clauses.length - 1; at > 0; at--)
    if (isAddition(clauses[at]!, clauses[at - 1]!))
      clauses[at - 1]!.push(...clauses.splice(at, 1)[0]!);
  const ends = clauses.slice(1).map((parts) => parts[0]!.start);
  return clauses
    .map((parts, index) =>
      clause(parts, lastVerb({ terms, tokens }, ends[index - 1] ?? 0, ends[index])),
    )
    .filter(({ parts }) => parts.length > 0);
}

/**
 * "revenue of 2025, please per store", "… with the change to the month before": only by what is added,
 * and no question of its own.
 */
const isAddition = (parts: readonly Part[], before: readonly Part[]) =>
  (parts.every(({ body }) => body.kind === "group") &&
    !before.some(({ body }) => body.kind === "group" || body.kind === "which")) ||
  (parts.some(({ body }) => body.kind === "previous") &&
    parts.every(({ body }) => /^(derive|previous)$/.test(body.kind)) &&
    before.some(({ body }) => /^(mention|measure)$/.test(body.kind)));

/** "On average, how many …": a calculation before the question that it is for. */
const leads = (body: Body, start: number) =>
  start === 0 &&
  body.kind === "measure" &&
  body.columns.length === 0 &&
  body.asked === undefined &&
  /^(mean|median|sum)$/.test(body.aggregates.join());

const verbs = /^(be|have)$/;

/** "with 4 cylinders" has no verb, though "with" stands for "having". */
const prepositions = new Set(["with", "mit", "s", "="]);

function lastVerb(
  { terms, tokens }: Pick<Tagged, "terms" | "tokens">,
  start: number,
  end = terms.length,
): number {
  for (let at = end - 1; at >= start; at--)
    if (terms[at]!.some(({ kind }) => verbs.test(kind)) && !prepositions.has(tokens[at]!.folded))
      return at;
  return -1;
}

const isQuestion = (body: Body) =>
  (body.kind === "measure" && body.asked === "how-many") ||
  (body.kind === "mention" && body.level === true) ||
  (body.kind === "extreme" && body.asked === true);

export const withParts = ({ verb }: Clause, parts: readonly Part[]): Clause => clause(parts, verb);

function clause(parts: readonly Part[], verb: number): Clause {
  return {
    ...{ parts, verb },
    of: <K extends Body["kind"]>(kind: K) =>
      parts.filter((part): part is PartOf<K> => part.body.kind === kind),
  };
}
