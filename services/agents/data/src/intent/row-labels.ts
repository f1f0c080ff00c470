/** What a ranked row is called by, and what stands beside it. */

import type { Grouping } from "../language/parts.ts";
import { type Column, isNumeric } from "../read/profile.ts";
import { isTemporal, oneColumn, timeColumn } from "./columns.ts";
import { labelColumn } from "./defaults.ts";
import type { Draft } from "./draft.ts";
import { refuse } from "./problem.ts";

/** What is ranked: groups, rows, or rows by who or when they are. */
export type Ranked = Grouping | "rows" | "who" | "when";

/** "which island has the heaviest penguin": the row says where it is from. */
export const askedFor = ({ clause }: Draft): Column[] =>
  clause.of("which").flatMap(({ body }) => {
    const said = typeof body.of === "object" ? body.of.column : undefined;
    return said ? [oneColumn(said, ({ type }) => !isNumeric(type))] : [];
  });

/** What the rows are also grouped by; a period cannot be shown beside a row yet. */
export function sidesOf({ dimensions }: Draft, label: Column): Column[] {
  const sides = dimensions.filter(({ column }) => column !== label);
  if (sides.some(({ kind }) => kind !== "column")) refuse({ kind: "no-question" });
  return sides.map(({ column }) => column);
}

export function labelOf(of: Exclude<Ranked, "when">, draft: Draft, words: string): Column {
  if (typeof of === "object") return oneColumn(of.column!, ({ type }) => !isNumeric(type));
  if (of === "rows") return rowLabel(draft, words);
  return labelColumn(draft.vocabulary) ?? refuse({ kind: "no-measure", words });
}

/** By what people know a single row: its name, else its time. */
export function rowLabel({ vocabulary, understood }: Draft, words: string): Column {
  const label = labelColumn(vocabulary);
  const { row_count, columns } = vocabulary.profile;
  if (label && (label.distinct > row_count / 2 || !columns.some(isTemporal))) return label;
  return timeColumn(vocabulary, understood, words);
}

/** When rows repeat a label, the time tells them apart. */
export function extraColumns({ vocabulary }: Draft, label: Column, ranked: Column): Column[] {
  const { columns, row_count } = vocabulary.profile;
  if (label.distinct >= row_count * 0.98) return [];
  const time = columns.find((column) => isTemporal(column) && column !== ranked);
  if (time) return [time];
  // "the busiest route": where it starts says less than half of it.
  const others = columns.filter(({ type }) => type === "text").filter((each) => each !== label);
  const [other, more] = others;
  const together = other && !more && label.distinct * other.distinct >= row_count;
  return together ? [other] : [];
}
