/** "revenue divided by quantity", "price per night": how much of one figure there is to one of another. */
import type { Body, ColumnChoice, Part } from "../language/parts.ts";
import type { Vocabulary } from "../language/vocabulary.ts";
import { isNumber } from "./choice.ts";
import { type Clause, type PartOf, withParts } from "./clauses.ts";
import { conceptsOf, oneNumber } from "./columns.ts";
import { addMeasure, type Draft } from "./draft.ts";
import type { Measure } from "./intent.ts";
import { refuse } from "./problem.ts";

/** What numbers count in pieces: a figure "per" one of them is divided, where "per cylinder" groups. */
const counted = ["quantity", "night", "population", "people", "gallon", "hour", "visitor"];
const leads = /^(per|pro|je|for each|for every)\s/i;

/** A group by pieces, said right after a figure, is what that figure is divided by. */
export function withRatio(clause: Clause, vocabulary: Vocabulary): Clause {
  const parts: Part[] = [];
  for (const part of clause.parts) {
    const made = ratioOf(parts.at(-1), part, vocabulary);
    if (made) parts.splice(-1, 1, ...made);
    else parts.push(part);
  }
  return parts.length === clause.parts.length &&
    parts.every((part, at) => part === clause.parts[at])
    ? clause
    : withParts(clause, parts);
}

function ratioOf(before: Part | undefined, part: Part, vocabulary: Vocabulary): Part[] | undefined {
  if (part.body.kind !== "group" || !before || !leads.test(part.words)) return undefined;
  const [by, other] = part.body.by;
  if (!by?.column || by.unit || other || !countsPieces(by.column, vocabulary)) return undefined;
  const figure = figureOf(before.body);
  if (!figure || !isNumber(figure)) return undefined;
  const ratio: Part = { ...part, body: { kind: "ratio", columns: [figure, by.column] } };
  if (before.body.kind !== "extreme") return [ratio];
  const { column: _, ...extreme } = before.body;
  return [{ ...before, body: extreme }, ratio];
}

/** A figure that is summed, averaged or only named. */
function figureOf(body: Body): ColumnChoice | undefined {
  if (body.kind === "extreme") return body.aggregates ? undefined : body.column;
  if (body.kind !== "mention" && body.kind !== "measure") return undefined;
  if (body.kind === "measure" && !/^(mean|sum)$/.test(body.aggregates.join())) return undefined;
  return body.columns.length === 1 ? body.columns[0] : undefined;
}

const countsPieces = ({ matches }: ColumnChoice, vocabulary: Vocabulary) =>
  matches.every(
    ({ column }) =>
      (column.type === "integer" || column.type === "number") &&
      counted.some((concept) => conceptsOf(column, vocabulary).has(concept)),
  );

/** Adds the ratios that the clause asks for; each is of sums, so that large rows weigh more. */
export function ratiosAll(draft: Draft) {
  const { clause, used, vocabulary, understood, measures } = draft;
  for (const part of clause.of("ratio")) {
    const [column, by] = part.body.columns.map((choice) => oneNumber(choice, vocabulary));
    if (!column || !by || column === by) refuse({ kind: "no-measure", words: part.words });
    const measure: Measure = { aggregate: "ratio", column: column!, by: by! };
    addMeasure(measures, measure);
    understood.note("measure", part, { measure });
    used.add(part);
  }
}

/** "… divided by … on average", "mean … per piece": a ratio of sums is the mean over all pieces. */
export const isMeanOfRatio = ({ clause }: Draft, { body }: PartOf<"measure">) =>
  clause.of("ratio").length > 0 && body.columns.length === 0 && body.aggregates.join() === "mean";
