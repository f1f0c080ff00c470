/** Questions for rows as they are: lists, scatter plots, histograms, courses over time. */
import type { ColumnChoice } from "../language/parts.ts";
import { type Column, isNumeric } from "../read/profile.ts";
import type { Draft } from "./assemble.ts";
import { isTemporal, numbersOf, oneColumn, timeColumn } from "./columns.ts";
import type { Condition, Intent } from "./intent.ts";

type Rows = Extract<Intent, { kind: "rows" }>;

/** Rows of a list that are shown when no number is said. */
const listedMax = 100;

export function projectionOf(draft: Draft): Intent | undefined {
  return versus(draft) ?? histogram(draft) ?? series(draft) ?? listing(draft);
}

const counted = ({ clause }: Draft) =>
  clause.of("measure").length > 0 ||
  clause.of("extreme").length > 0 ||
  clause.of("limit").length > 0;
const charts = ({ clause }: Draft) => clause.of("chart").map(({ body }) => body.mark);

function mentions({ clause }: Draft): ColumnChoice[] {
  return clause.of("mention").flatMap(({ body }) => body.columns);
}

/** Columns to tell the marks apart: "by origin", "coloured by origin". */
function sides(draft: Draft): Column[] {
  return draft.clause
    .of("group")
    .flatMap(({ body }) => body.by)
    .flatMap(({ column }) => (column ? [oneColumn(column, ({ type }) => !isNumeric(type))] : []));
}

const present = (columns: readonly Column[]): Condition[] =>
  columns
    .filter(({ missing }) => missing > 0)
    .map((column) => ({ kind: "missing", column, negated: true }));

function rowsOf(
  draft: Draft,
  columns: readonly Column[],
  purpose: Rows["purpose"],
  whole: readonly Column[],
): Rows {
  const unique = columns.filter((column, index) => columns.indexOf(column) === index);
  return {
    kind: "rows",
    columns: unique,
    where: [...draft.filters.where, ...present(whole)],
    purpose,
  };
}

/** Two columns of numbers against each other. */
function versus(draft: Draft): Intent | undefined {
  const scatter = charts(draft).includes("scatter");
  const said = draft.clause.of("versus").flatMap(({ body }) => body.columns);
  const choices = said.length > 0 ? said : scatter ? mentions(draft) : [];
  if (choices.length < 2 || counted(draft)) return undefined;
  // "price against time" is a course, not a cloud.
  const pair = choices
    .slice(0, 2)
    .map((choice) =>
      choice.matches.some(({ column }) => isNumeric(column.type) && !column.is_year)
        ? numbersOf(choice, draft.vocabulary)[0]!
        : oneColumn(choice, isTemporal),
    );
  const rest = choices.slice(2).map((choice) => oneColumn(choice, () => true));
  for (const [index, column] of pair.entries()) {
    draft.understood.note(
      "measure",
      { words: choices[index]!.words, matched_by: choices[index]!.matched_by },
      column.name,
    );
  }
  return rowsOf(draft, [...pair, ...rest, ...sides(draft)], "scatter", pair);
}

/** The values themselves, for a chart to put into bins; texts are counted instead. */
function histogram(draft: Draft): Intent | undefined {
  if (!charts(draft).includes("histogram") || draft.clause.of("measure").length > 0)
    return undefined;
  const [choice] = mentions(draft);
  if (!choice || mentions(draft).length > 1) return undefined;
  const numeric = choice.matches.some(({ column }) => isNumeric(column.type) && !column.is_year);
  if (!numeric) return undefined;
  const columns = numbersOf(choice, draft.vocabulary);
  for (const column of columns)
    draft.understood.note("measure", choice, `values of ${column.name}`);
  return rowsOf(draft, [...columns, ...sides(draft)], "histogram", columns);
}

/** Values in the order of time, each point a row, where no figure over groups is asked. */
function series(draft: Draft): Intent | undefined {
  const { clause, vocabulary, understood } = draft;
  const [over] = clause.of("over-time");
  if (!over || counted(draft) || clause.of("which").length > 0) return undefined;
  const units = clause
    .of("group")
    .flatMap(({ body }) => body.by)
    .some(({ unit }) => unit !== undefined);
  const numbers = mentions(draft).filter((choice) =>
    choice.matches.some(({ column }) => isNumeric(column.type) && !column.is_year),
  );
  if (numbers.length === 0 || units) return undefined;
  const time = timeColumn(vocabulary, understood, over.words);
  const values = numbers.flatMap((choice) => numbersOf(choice, vocabulary));
  const keys = [...sides(draft), ...namedSides(draft)];
  const split = keys.length > 0 ? keys : seriesColumn(draft, time);
  // Several rows per moment and nothing that tells them apart: figures per period say more.
  if (split === undefined) return undefined;
  for (const column of values) understood.note("measure", over, `${column.name} by ${time.name}`);
  const rows = rowsOf(draft, [time, ...split, ...values], "series", [time]);
  return { ...rows, order: { by: "column", index: 0, direction: "ascending" } };
}

function namedSides(draft: Draft): Column[] {
  return mentions(draft)
    .filter((choice) => choice.matches.every(({ column }) => column.type === "text"))
    .map((choice) => oneColumn(choice, () => true));
}

/** Nothing where each moment has one row; one column of texts where it makes them one. */
function seriesColumn({ vocabulary, filters }: Draft, time: Column): Column[] | undefined {
  const { columns, row_count } = vocabulary.profile;
  if (time.distinct >= row_count * 0.98) return [];
  const texts = columns.filter(
    ({ type, distinct }) => type === "text" && distinct > 1 && distinct <= 50,
  );
  const telling = texts.filter(({ distinct }) => distinct * time.distinct >= row_count * 0.98);
  const fixed = filters.where.flatMap((c) =>
    c.kind === "one-of" && c.values.length === 1 ? [c.column] : [],
  );
  if (telling.some((column) => fixed.includes(column))) return [];
  const [first] = telling.sort((a, b) => a.distinct - b.distinct);
  return first ? [first] : undefined;
}

/** "list the cars from Japan", "first 10 rows", "show title and budget". */
function listing(draft: Draft): Intent | undefined {
  const { clause, filters, vocabulary, understood } = draft;
  if (counted(draft) || clause.of("group").length > 0 || clause.of("over-time").length > 0)
    return undefined;
  const [first] = clause.of("first");
  const asks = clause.of("which");
  const rowsAsked =
    clause.of("rows").length > 0 ||
    asks.some(({ body }) => body.of === "rows") ||
    first !== undefined;
  const said = mentions(draft);
  if (asks.some(({ body }) => typeof body.of === "object") && said.length === 0) return undefined;
  const level = clause.of("mention").some(({ body }) => body.level);
  if (level || (charts(draft).length > 0 && said.length <= 1)) return undefined;
  if (clause.of("versus").length > 0) return undefined;
  const onlyTexts =
    said.length === 1 && said[0]!.matches.every(({ column }) => column.type === "text");
  if (onlyTexts && !rowsAsked) return undefined;
  if (
    said.length === 0 &&
    !(rowsAsked || (clause.of("all").length > 0 && clause.of("list").length > 0))
  )
    return undefined;
  if (clause.of("distinct").length > 0) return undefined;
  const chosen = said.flatMap((choice) => oneOrAll(draft, choice));
  const columns = chosen.length > 0 ? withLabel(draft, chosen) : [...vocabulary.profile.columns];
  for (const choice of said)
    understood.note("measure", choice, chosen.map(({ name }) => name).join(", "));
  const limit =
    first?.body.number ?? (filters.where.length > 0 || said.length > 0 ? undefined : listedMax);
  const rows = rowsOf(draft, columns, "list", []);
  return limit === undefined ? rows : { ...rows, limit };
}

function oneOrAll(draft: Draft, choice: ColumnChoice): readonly Column[] {
  const numbers = choice.matches.some(({ column }) => isNumeric(column.type));
  const texts = choice.matches.some(({ column }) => !isNumeric(column.type));
  return numbers && !texts ? numbersOf(choice, draft.vocabulary) : [oneColumn(choice, () => true)];
}

/** Figures alone say nothing: the time or the name of each row stands before them. */
function withLabel({ vocabulary }: Draft, chosen: readonly Column[]): Column[] {
  if (chosen.some((column) => !isNumeric(column.type))) return [...chosen];
  const { columns, row_count } = vocabulary.profile;
  const telling = columns.filter(
    (column) => isTemporal(column) || (column.type === "text" && column.distinct > row_count / 2),
  );
  const label = telling.sort((a, b) => b.distinct - a.distinct)[0];
  return label && !chosen.includes(label) ? [label, ...chosen] : [...chosen];
}
