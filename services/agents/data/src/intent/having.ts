/** Conditions on groups: "with more than 50 cars", "a mean weight above 3000". */
import { oneNumber } from "./columns.ts";
import { inUnitOf } from "./conditions.ts";
import type { Draft } from "./draft.ts";
import { addMeasure } from "./draft.ts";
import type { Having, Intent } from "./intent.ts";
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
  return { ...intent, measures, having };
}

/** The count that stands in where nothing is asked gives way to the figure of the condition. */
const isAssumedCount = ({ understood }: Draft) =>
  understood.parts.some(
    ({ matched_by, meaning }) =>
      matched_by === "assumed" && "measure" in meaning && meaning.measure.column === undefined,
  );
