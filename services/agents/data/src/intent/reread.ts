/** An intent with one part of it read another way. Pure. */
import type { Column } from "../read/profile.ts";
import { sameDimension, sameMeasure } from "./draft.ts";
import type { Condition, Dimension, Intent, Measure } from "./intent.ts";
import type { Meaning } from "./understood.ts";

/** @returns undefined when the intent has no such part, or the two meanings are of different kinds. */
export function withMeaning(intent: Intent, from: Meaning, to: Meaning): Intent | undefined {
  if (intent.kind === "describe") return undefined;
  if ("columns" in from && "columns" in to) {
    const [column] = from.columns;
    const [other] = to.columns;
    return column && other && withColumn(intent, column, other);
  }
  if (intent.kind !== "aggregate") return undefined;
  if ("measure" in from && "measure" in to) {
    const measures = replaced(intent.measures, to.measure, (m) => sameMeasure(m, from.measure));
    return measures && { ...intent, measures };
  }
  if ("dimension" in from && "dimension" in to) {
    const isFrom = (dimension: Dimension) => sameDimension(dimension, from.dimension);
    const dimensions = replaced(intent.dimensions, to.dimension, isFrom);
    return dimensions && { ...intent, dimensions };
  }
  return undefined;
}

function replaced<T>(items: readonly T[], to: T, is: (item: T) => boolean): T[] | undefined {
  return items.some(is) ? items.map((item) => (is(item) ? to : item)) : undefined;
}

/** One column for another wherever the intent speaks of it. */
function withColumn(
  intent: Exclude<Intent, { kind: "describe" }>,
  from: Column,
  to: Column,
): Intent {
  const swap = (column: Column) => (column === from ? to : column);
  const condition = (given: Condition): Condition =>
    given.kind === "any"
      ? { ...given, of: given.of.map(condition) }
      : { ...given, column: swap(given.column) };
  const where = intent.where.map(condition);
  if (intent.kind === "rows" || intent.kind === "quality")
    return { ...intent, where, columns: intent.columns.map(swap) };
  if (intent.kind === "relation") return { ...intent, where, y: swap(intent.y), x: swap(intent.x) };
  const measures = intent.measures.map(
    (measure): Measure => (measure.column ? { ...measure, column: swap(measure.column) } : measure),
  );
  const dimensions = intent.dimensions.map(
    (dimension): Dimension => ({ ...dimension, column: swap(dimension.column) }),
  );
  return { ...intent, where, measures, dimensions };
}
