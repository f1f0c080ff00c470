/** Conditions on groups: "with more than 50 cars", "a mean weight above 3000". */
import type { Body } from "../language/parts.ts";
import type { Vocabulary } from "../language/vocabulary.ts";
import { type Clause, withParts } from "./clauses.ts";
import { isFlowColumn, oneNumber } from "./columns.ts";
import { inUnitOf } from "./conditions.ts";
import type { Draft } from "./draft.ts";
import { addMeasure } from "./draft.ts";
import type { Condition, Having, Intent } from "./intent.ts";
import { refuse } from "./problem.ts";

export function havingAll(intent: Intent, draft: Draft): Intent {
  const parts = draft.clause.of("having");
  if (parts.length === 0) return intent;
  if (intent.kind !== "aggregate" || intent.dimensions.length === 0)
    return refuse({ kind: "no-group", words: parts[0]!.words });
  const measures = intent.measures[0] && !isAssumedCount(draft) ? [...intent.measures] : [];
  const having = parts.map(({ body, words }): Having => {
    const column = body.column && oneNumber(body.column, draft.vocabulary);
    const measure = { aggregate: body.aggregate, ...(column ? { column } : {}) };
    addMeasure(measures, measure);
    const number = column ? inUnitOf(column, body.number, body.unit, words) : body.number;
    return { measure, operator: body.operator, number };
  });
  for (const part of parts) draft.used.add(part);
  const named = intent.dimensions
    .filter(({ column }) => column.missing > 0)
    .map(({ column }): Condition => ({ kind: "missing", column, negated: true }));
  // "how many directors made more than 10": the groups are what is counted.
  const shown = measures.filter(
    ({ aggregate, column }) =>
      aggregate !== "distinct" || !intent.dimensions.some((d) => d.column === column),
  );
  return { ...intent, measures: shown, having, where: [...intent.where, ...named] };
}

/**
 * "branches with more than 50,000 € of revenue": an amount per row, said of something that has many
 * rows, is said of their sum.
 */
export function saidOfGroups(clause: Clause, vocabulary: Vocabulary): Clause {
  const idle = /^(measure|extreme|limit|rows|derive|aggregate)$/;
  if (clause.parts.some(({ body }) => idle.test(body.kind))) return clause;
  const things = clause.parts.flatMap(({ body }) => {
    if (body.kind === "mention") return body.columns;
    if (body.kind === "group") return body.by.flatMap(({ column }) => column ?? []);
    return body.kind === "which" && typeof body.of === "object" ? (body.of.column ?? []) : [];
  });
  const { row_count } = vocabulary.profile;
  const many = things.some(({ matches }) =>
    matches.every(({ column }) => column.type === "text" && column.distinct < row_count / 2),
  );
  if (!many) return clause;
  return withParts(
    clause,
    clause.parts.map((part) => {
      const { body } = part;
      if (body.kind !== "compare" || !("matches" in body.column)) return part;
      const flows = body.column.matches.every(({ column }) => isFlowColumn(column, vocabulary));
      return flows
        ? { ...part, body: { ...body, kind: "having", aggregate: "sum" } as Body }
        : part;
    }),
  );
}

/** The count that stands in where nothing is asked gives way to the figure of the condition. */
const isAssumedCount = ({ understood }: Draft) =>
  understood.parts.some(
    ({ matched_by, meaning }) =>
      matched_by === "assumed" && "measure" in meaning && meaning.measure.column === undefined,
  );
