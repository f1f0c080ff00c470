/** "do Japanese cars weigh more than European ones": both, side by side, and which of them has more. */
import type { ColumnChoice, Part } from "../language/parts.ts";
import { isNumber } from "./choice.ts";
import type { PartOf } from "./clauses.ts";
import { columnsOfConcepts, isTemporal, numbersOf, oneColumn } from "./columns.ts";
import { defaultAggregate } from "./defaults.ts";
import { addMeasure, type Draft } from "./draft.ts";
import { groupAll } from "./groups.ts";
import type { Condition, Dimension, Intent, Measure } from "./intent.ts";
import { measureAll } from "./measures.ts";
import { refuse } from "./problem.ts";

export function thanOf(draft: Draft): Intent | undefined {
  const { clause, used } = draft;
  const [part, other] = clause.of("than");
  if (!part) return undefined;
  const sides = sidesOf(draft);
  if (other) return sides ? undefined : goesWith(draft, part, other);
  if (!sides) return undefined;
  for (const kind of ["than", "which", "or", "same"] as const)
    for (const each of clause.of(kind)) used.add(each);
  const { dimension, where } = sides;
  const own: Draft = { ...draft, filters: { ...draft.filters, where: [...where] } };
  if (dimension.kind === "column") draft.filters.side_by_side.splice(0);
  groupAll(own);
  if (!own.dimensions.some(({ column }) => column === dimension.column))
    own.dimensions.push(dimension);
  if (own.dimensions.length > 1) return undefined;
  measureAll(own);
  const measure = measureOf(own, part);
  const apart = howMuchApart(own);
  draft.understood.note("group", part, { dimension });
  return {
    ...{ kind: "aggregate", dimensions: own.dimensions, where },
    measures: apart ? [measure, { ...measure, over: "difference" }] : [measure],
    picks: apart ? [] : [{ measure: 0, direction: part.body.direction }],
    order: { by: "measure", index: 0, direction: "descending" },
  };
}

/** "how much heavier": how far the two are apart, which is asked by no figure of its own. */
function howMuchApart({ clause, used, dimensions, measures }: Draft): boolean {
  const [asked] = clause.of("measure").filter(({ body }) => body.asked === "how-much");
  const derived = clause.of("derive").filter(({ body }) => body.how === "difference");
  for (const part of [...(asked ? [asked] : []), ...derived]) used.add(part);
  return (
    (asked !== undefined || derived.length > 0) && dimensions.length === 1 && measures.length <= 1
  );
}

interface Sides {
  readonly dimension: Dimension;
  readonly where: readonly Condition[];
}

/** The two that are held against each other: two texts of one column, two years, or "which of the two". */
function sidesOf(draft: Draft): Sides | undefined {
  const { where } = draft.filters;
  const texts = where.filter((each) => each.kind === "one-of" && !each.negated);
  const pairs = texts.filter((each) => each.kind === "one-of" && each.values.length === 2);
  if (pairs[0]?.kind === "one-of" && pairs.length === 1)
    return { dimension: { kind: "column", column: pairs[0].column }, where };
  return twoPeriods(where) ?? theTwo(draft);
}

function twoPeriods(where: readonly Condition[]): Sides | undefined {
  const periods = where.flatMap((each) =>
    each.kind === "period" && each.relation === "in" && each.period.kind === "span"
      ? [{ condition: each, period: each.period }]
      : [],
  );
  const [first, second, third] = periods;
  if (!first || !second || third || first.condition.column !== second.condition.column)
    return undefined;
  const { unit } = first.period;
  if (unit !== second.period.unit || unit === "half") return undefined;
  const { column } = first.condition;
  if (column.is_year && unit !== "year") return undefined;
  const of = periods.map(({ condition }) => condition);
  const rest = where.filter((each) => !of.some((one) => one === each));
  const dimension: Dimension = column.is_year
    ? { kind: "column", column }
    : { kind: "time", column, unit, cyclic: false };
  return { dimension, where: [...rest, { kind: "any", of }] };
}

/** "which of the two cities": a column that has just so many. */
function theTwo({ clause, filters, used }: Draft): Sides | undefined {
  const asked = [...clause.of("limit"), ...clause.of("which")];
  for (const part of asked) {
    const of = typeof part.body.of === "object" ? part.body.of.column : undefined;
    const number = part.body.kind === "limit" ? (part.body.number ?? 2) : 2;
    const column = of && oneColumn(of, ({ type }) => type === "text");
    if (column?.type !== "text" || column.distinct !== number) continue;
    used.add(part);
    return { dimension: { kind: "column", column }, where: filters.where };
  }
  return undefined;
}

/** What is compared: what the adjective speaks of, else what the clause names, else how many rows. */
function measureOf(draft: Draft, { body, words }: PartOf<"than">): Measure {
  const { measures, vocabulary, understood, clause, used } = draft;
  const [known, second] = measures;
  if (second) return refuse({ kind: "no-question" });
  if (known) {
    const speaks = !body.concepts || speaksOf(body.concepts, known, draft);
    return speaks ? known : refuse({ kind: "unused-words", words: [words] });
  }
  const choice =
    body.column ?? (body.concepts && columnsOfConcepts(body.concepts, vocabulary, words));
  if (body.concepts && !choice) return refuse({ kind: "unknown-words", words: [words] });
  if (!choice) {
    const rows = [...clause.of("rows"), ...clause.of("values").filter(({ body: { of } }) => of)];
    if (rows.length === 0) return refuse({ kind: "no-measure", words });
    for (const part of clause.of("rows")) used.add(part);
    return { aggregate: "count" };
  }
  const [column, other] = numbersOf(choice, vocabulary, body.direction);
  if (other) return refuse({ kind: "ambiguous", words, columns: [column!, other] });
  const [aggregate, others] = defaultAggregate(column!, vocabulary, false);
  const measure: Measure = { aggregate, column: column! };
  const alternatives = others.map((each) => ({ measure: { ...measure, aggregate: each } }));
  understood.assumed("measure", { measure }, alternatives);
  addMeasure(measures, measure);
  return measure;
}

const speaksOf = (concepts: readonly string[], { column }: Measure, { vocabulary }: Draft) =>
  vocabulary.forms.some(
    (form) => form.column === column && concepts.some((concept) => form.concepts.has(concept)),
  );

const isRowName = ({ body }: Part, { vocabulary }: Draft) =>
  body.kind === "mention" &&
  body.columns.every(({ matches }) =>
    matches.every(
      ({ column }) =>
        column.type === "text" && column.distinct >= vocabulary.profile.row_count * 0.98,
    ),
  );

/** "do heavier penguins have longer flippers": how the two figures go together. */
function goesWith(draft: Draft, ...parts: readonly PartOf<"than">[]): Intent | undefined {
  const { clause, vocabulary, used, understood, filters } = draft;
  if (clause.of("than").length !== 2) return undefined;
  // "more horsepower": the figure that stands behind it.
  const figures = clause.of("mention").filter(({ body }) => body.columns.every(isNumber));
  const behind = ({ end }: PartOf<"than">) => figures.find(({ start }) => start === end);
  const chosen = parts.map((part): ColumnChoice | undefined => {
    const { column, concepts } = part.body;
    if (column || concepts) return column ?? columnsOfConcepts(concepts!, vocabulary, part.words);
    return behind(part)?.body.columns[0];
  });
  const told = new Set<Part>(
    parts.flatMap((part) => (part.body.concepts ? [] : (behind(part) ?? []))),
  );
  const columns = chosen.flatMap((choice) => (choice ? numbersOf(choice, vocabulary) : []));
  const [x, y, third] = columns;
  if (!x || !y || third || x === y || isTemporal(x) || isTemporal(y)) return undefined;
  const idle = /^(than|rows|same|all|list|which)$/;
  // "do richer countries …": what the rows are called groups nothing.
  const isIdle = (part: Part) =>
    idle.test(part.body.kind) || told.has(part) || isRowName(part, draft);
  if (clause.parts.some((part) => !isIdle(part) && part.body.kind !== "values")) return undefined;
  for (const part of clause.parts) if (isIdle(part)) used.add(part);
  for (const [at, part] of parts.entries())
    understood.note("measure", part, { columns: [columns[at]!] });
  return { kind: "relation", how: "correlation", y, x, dimensions: [], where: filters.where };
}
