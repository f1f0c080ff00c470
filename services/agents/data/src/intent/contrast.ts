/** "how much warmer was 2015 than 2014": the usual figure of both periods, and how far they are apart. */
import { columnsOfConcepts, numbersOf, timeColumn } from "./columns.ts";
import { defaultAggregate } from "./defaults.ts";
import type { Draft } from "./draft.ts";
import type { Condition, Dimension, Intent, Measure } from "./intent.ts";
import { refuse } from "./problem.ts";

export function contrastOf(draft: Draft): Intent | undefined {
  const { clause, vocabulary, understood, filters, used } = draft;
  const [part] = clause.of("contrast");
  if (!part) return undefined;
  const { concepts, direction, periods } = part.body;
  const choice = columnsOfConcepts(concepts, vocabulary, part.words);
  if (!choice) return refuse({ kind: "unknown-words", words: [part.words] });
  const [column, other] = numbersOf(choice, vocabulary, direction);
  if (!column) return undefined;
  if (other) refuse({ kind: "ambiguous", words: part.words, columns: [column, other] });
  const time = timeColumn(vocabulary, understood, part.words);
  const [first] = periods;
  if (first?.kind !== "span" || first.unit === "half") return undefined;
  if (time.is_year && first.unit !== "year")
    refuse({ kind: "coarse-dates", words: part.words, column: time });
  used.add(part);
  const [aggregate, others] = defaultAggregate(column, vocabulary, false);
  const measure: Measure = { aggregate, column };
  understood.note("measure", { words: part.words, matched_by: "synonym" }, { columns: [column] });
  const alternatives = others.map((each) => ({ measure: { aggregate: each, column } }));
  understood.assumed("measure", { measure }, alternatives);
  const dimension: Dimension = time.is_year
    ? { kind: "column", column: time }
    : { kind: "time", column: time, unit: first.unit, cyclic: false };
  const of = periods.map(
    (period): Condition => ({ kind: "period", column: time, relation: "in", period }),
  );
  understood.note("filter", part, { condition: { kind: "any", of } });
  // A change is taken from the earlier to the later; asked the other way round, both figures are given.
  const later = periods[1]?.kind === "span" && first.from > periods[1].from;
  return {
    ...{ kind: "aggregate", dimensions: [dimension], picks: [] },
    measures: later ? [measure, { ...measure, over: "difference" }] : [measure],
    where: [...filters.where, { kind: "any", of }],
    order: { by: "dimension", index: 0, direction: "ascending" },
  };
}
