/** Questions about the table itself: missing cells, rows that are the same, values far off the rest. */
import { type Column, isNumeric } from "../read/profile.ts";
import { isNumber } from "./choice.ts";
import { numbersOf, oneColumn, oneNumber } from "./columns.ts";
import { labelColumn } from "./defaults.ts";
import type { Draft } from "./draft.ts";
import { groupAll } from "./groups.ts";
import type { Condition, Intent, Measure, Order } from "./intent.ts";
import { refuse } from "./problem.ts";

export function qualityOf(draft: Draft): Intent | undefined {
  return outliersOf(draft) ?? duplicatesOf(draft) ?? missingOf(draft) ?? summaryOf(draft);
}

const mentions = ({ clause }: Draft) => clause.of("mention").flatMap(({ body }) => body.columns);

function use({ clause, used }: Draft, ...kinds: Parameters<Draft["clause"]["of"]>[0][]) {
  for (const kind of kinds) for (const part of clause.of(kind)) used.add(part);
}

/** Counting words that only ask how many: "how many duplicates are there". */
function useCounts({ clause, used }: Draft) {
  for (const part of clause.of("measure")) {
    const { aggregates, columns, unit } = part.body;
    const counts = aggregates.every((each) => each === "count");
    if (counts && columns.length === 0 && unit === undefined) used.add(part);
  }
}

/** Values beyond one and a half times the range of the middle half, as box plots draw them. */
function outliersOf(draft: Draft): Intent | undefined {
  const { clause, vocabulary, filters, understood } = draft;
  const [part] = clause.of("outliers");
  if (!part) return undefined;
  const [choice, other] = mentions(draft);
  const figures = vocabulary.profile.columns.filter(
    ({ type, is_year }) => isNumeric(type) && !is_year,
  );
  if (other || (!choice && figures.length !== 1))
    return refuse({ kind: "no-measure", words: part.words });
  const [column, second] = choice ? numbersOf(choice, vocabulary) : figures;
  if (second)
    return refuse({ kind: "ambiguous", words: choice!.words, columns: [column!, second] });
  understood.note("measure", choice ?? part, { columns: [column!] });
  use(draft, "outliers", "mention", "which");
  useCounts(draft);
  const label = labelsOf(draft, column!);
  return {
    ...{ kind: "rows", purpose: "outliers", where: filters.where },
    columns: [...label, column!],
    order: { by: "column", index: label.length, direction: "descending" },
  };
}

/** By what a row is known: its name and its time. */
function labelsOf({ vocabulary }: Draft, ranked: Column): Column[] {
  const time = vocabulary.profile.columns.find(({ type }) => type === "date" || type === "time");
  return [labelColumn(vocabulary), time].filter(
    (column): column is Column => column !== undefined && column !== ranked,
  );
}

function duplicatesOf(draft: Draft): Intent | undefined {
  const { clause, vocabulary, filters } = draft;
  if (clause.of("duplicates").length === 0) return undefined;
  const said = [
    ...mentions(draft),
    ...clause.of("group").flatMap(({ body }) => body.by.flatMap(({ column }) => column ?? [])),
  ].map((choice) => oneColumn(choice, () => true));
  const which = clause
    .of("which")
    .flatMap(({ body }) =>
      typeof body.of === "object" && body.of.column ? [oneColumn(body.of.column, () => true)] : [],
    );
  use(draft, "duplicates", "mention", "group", "which");
  useCounts(draft);
  const named = [...new Set([...said, ...which])];
  const columns = named.length > 0 ? named : [...vocabulary.profile.columns];
  return { kind: "quality", of: "duplicates", columns, where: filters.where };
}

/** Missing cells of all columns; of a single one they are a condition on rows. */
function missingOf(draft: Draft): Intent | undefined {
  const { clause, vocabulary, filters } = draft;
  const conditions = clause.of("missing");
  const cells = clause.of("missing-cells").length > 0;
  if (!cells && conditions.length === 0) return undefined;
  const perColumn = cells && mentions(draft).length === 0 && conditions.length === 0;
  if (!perColumn) return undefined;
  if (clause.of("group").length > 0) return undefined;
  use(draft, "missing-cells", "which", "extreme", "again");
  useCounts(draft);
  const { columns } = vocabulary.profile;
  return { kind: "quality", of: "missing", columns, where: filters.where };
}

/** "describe the weight": the figures that sum up one column. */
function summaryOf(draft: Draft): Intent | undefined {
  const { clause, vocabulary, filters, understood, dimensions } = draft;
  const [part] = clause.of("describe");
  const boxes = boxesOf(draft);
  if (boxes) return boxes;
  const [choice, other] = mentions(draft);
  if (!part || !choice || other || clause.of("measure").length > 0) return undefined;
  if (!isNumber(choice) || clause.of("group").length > 0) return undefined;
  const [column, second] = numbersOf(choice, vocabulary);
  if (second) return refuse({ kind: "ambiguous", words: choice.words, columns: [column!, second] });
  understood.note("measure", choice, { columns: [column!] });
  use(draft, "describe", "mention");
  const measures = summary.map((measure): Measure => ({ ...measure, column: column! }));
  const where: readonly Condition[] = filters.where;
  return { kind: "aggregate", measures, dimensions, where, picks: [] };
}

/** "box plot of X by Y": what a box is drawn from, for each of the groups. */
function boxesOf(draft: Draft): Intent | undefined {
  const { clause, vocabulary, filters, understood, dimensions } = draft;
  const boxed = clause.of("chart").some(({ body }) => body.mark === "box");
  const calculated = (["measure", "extreme", "derive", "bins", "limit", "over-time"] as const).some(
    (kind) => clause.of(kind).length > 0,
  );
  const [choice, other] = mentions(draft);
  if (!boxed || calculated || !choice || other || !isNumber(choice)) return undefined;
  const column = oneNumber(choice, vocabulary);
  groupAll(draft);
  understood.note("measure", choice, { columns: [column] });
  use(draft, "mention");
  const measures = box.map((measure): Measure => ({ ...measure, column }));
  const order: Order = { by: "dimension", index: 0, direction: "ascending" };
  const ordered = dimensions.length > 0 ? { order } : {};
  return { kind: "aggregate", measures, dimensions, where: filters.where, picks: [], ...ordered };
}

const box: readonly Omit<Measure, "column">[] = [
  { aggregate: "min" },
  { aggregate: "quantile", level: 0.25 },
  { aggregate: "median" },
  { aggregate: "quantile", level: 0.75 },
  { aggregate: "max" },
];

const summary: readonly Omit<Measure, "column">[] = [
  { aggregate: "count" },
  { aggregate: "mean" },
  { aggregate: "deviation" },
  { aggregate: "min" },
  { aggregate: "quantile", level: 0.25 },
  { aggregate: "median" },
  { aggregate: "quantile", level: 0.75 },
  { aggregate: "max" },
];
