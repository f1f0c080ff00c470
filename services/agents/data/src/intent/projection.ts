/** Questions for rows as they are: lists, scatter plots, histograms, courses over time. */
import type { ColumnChoice, PartKind } from "../language/parts.ts";
import { type Column, isNumeric } from "../read/profile.ts";
import { isNumber } from "./choice.ts";
import { isFlowColumn, isTemporal, numbersOf, oneColumn, timeColumn } from "./columns.ts";
import { isLedger } from "./defaults.ts";
import type { Draft } from "./draft.ts";
import { changesBetween } from "./groups.ts";
import type { Condition, Intent, Order } from "./intent.ts";
import { addsAtOnce } from "./measures.ts";

type Rows = Extract<Intent, { kind: "rows" }>;

/** Rows of a whole table that are listed when no number is said. */
const listedMax = 100;

export function projectionOf(draft: Draft): Intent | undefined {
  return versus(draft) ?? histogram(draft) ?? series(draft) ?? listing(draft);
}

const has = ({ clause }: Draft, ...kinds: PartKind[]) =>
  kinds.some((kind) => clause.of(kind).length > 0);

const calculates = (draft: Draft) =>
  changesBetween(draft.clause) ||
  has(draft, "measure", "extreme", "limit", "derive", "previous", "having", "bins", "ratio");

function use({ clause, used }: Draft, ...kinds: PartKind[]) {
  for (const kind of kinds) for (const part of clause.of(kind)) used.add(part);
}

/** The first word of what was said: a relation is drawn as a scatter plot, too. */
const charts = ({ clause }: Draft) => clause.of("chart").map(({ body }) => body.mark.split(" ")[0]);

const mentions = ({ clause }: Draft): ColumnChoice[] =>
  clause.of("mention").flatMap(({ body }) => body.columns);

/** Columns to tell the marks apart: "by origin", "coloured by origin". */
function sides({ clause }: Draft): Column[] {
  return clause
    .of("group")
    .flatMap(({ body }) => body.by)
    .flatMap(({ column }) => (column ? [oneColumn(column, ({ type }) => !isNumeric(type))] : []));
}

const known = (columns: readonly Column[]): Condition[] =>
  columns
    .filter(({ missing }) => missing > 0)
    .map((column) => ({ kind: "missing", column, negated: true }));

function rowsOf(
  { filters }: Draft,
  columns: readonly Column[],
  purpose: Rows["purpose"],
  whole: readonly Column[],
): Rows {
  const where = [...filters.where, ...known(whole)];
  return { kind: "rows", columns: [...new Set(columns)], where, purpose };
}

/** Two columns of numbers against each other. */
function versus(draft: Draft): Intent | undefined {
  const said = draft.clause.of("versus").flatMap(({ body }) => body.columns);
  const spoken = charts(draft).includes("scatter") ? mentions(draft) : [];
  const choices = said.length > 0 ? said : spoken;
  if (choices.length < 2 || calculates(draft)) return undefined;
  // "price against time" is a course, not a cloud.
  const pair = choices
    .slice(0, 2)
    .map((choice) =>
      isNumber(choice) ? numbersOf(choice, draft.vocabulary)[0]! : oneColumn(choice, isTemporal),
    );
  const rest = choices.slice(2).map((choice) => oneColumn(choice, () => true));
  const others =
    said.length > 0 ? mentions(draft).map((choice) => oneColumn(choice, () => true)) : [];
  for (const [index, column] of pair.entries()) {
    draft.understood.note("measure", choices[index]!, { columns: [column] });
  }
  use(draft, "versus", "mention", "group");
  return rowsOf(draft, [...pair, ...rest, ...others, ...sides(draft)], "scatter", pair);
}

/** The values themselves, for a chart to put into bins; texts are counted instead. */
function histogram(draft: Draft): Intent | undefined {
  if (!charts(draft).includes("histogram") || calculates(draft)) return undefined;
  const [choice, other] = mentions(draft);
  if (draft.clause.of("group").some(({ body }) => body.onto)) return undefined;
  if (!choice || other || !isNumber(choice)) return undefined;
  const columns = numbersOf(choice, draft.vocabulary);
  for (const column of columns) draft.understood.note("measure", choice, { columns: [column] });
  use(draft, "mention", "group");
  return rowsOf(draft, [...columns, ...sides(draft)], "histogram", columns);
}

/** Values in the order of time, each point a row, where no figure over groups is asked. */
function series(draft: Draft): Intent | undefined {
  const { clause, vocabulary, understood } = draft;
  const [over] = clause.of("over-time");
  if (!over || calculates(draft) || has(draft, "which")) return undefined;
  const units = clause.of("group").flatMap(({ body }) => body.by);
  const numbers = courses(draft);
  if (numbers.length === 0 || units.some(({ unit }) => unit !== undefined)) return undefined;
  const time = timeColumn(vocabulary, understood, over.words);
  const values = numbers.flatMap((choice) => numbersOf(choice, vocabulary));
  // Single sales are no course; what each period comes to is.
  if (isLedger(vocabulary) && values.every((column) => isFlowColumn(column, vocabulary)))
    return undefined;
  const keys = [...sides(draft), ...namedSides(draft), ...several(draft)];
  const split = keys.length > 0 ? keys : seriesColumn(draft, time);
  // Several rows per moment and nothing that tells them apart: figures per period say more.
  if (split === undefined) return undefined;
  for (const column of values) understood.note("measure", over, { columns: [column, time] });
  use(draft, "over-time", "mention", "group");
  const rows = rowsOf(draft, [time, ...split, ...values], "series", [time]);
  return { ...rows, order: { by: "column", index: 0, direction: "ascending" } };
}

/** What the course is of: what is named, else the only figure that there is. */
function courses(draft: Draft): ColumnChoice[] {
  const named = mentions(draft).filter(isNumber);
  const { profile } = draft.vocabulary;
  const figures = profile.columns.filter((column) => isNumeric(column.type) && !isTemporal(column));
  const [only, other] = figures;
  if (named.length > 0 || !only || other) return named;
  draft.understood.assumed("measure", { columns: [only] }, []);
  return [
    { matches: [{ column: only, coverage: 1, covered: 1 }], words: "", matched_by: "assumed" },
  ];
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
  const fixed = filters.where.flatMap((condition) =>
    condition.kind === "one-of" && condition.values.length === 1 ? [condition.column] : [],
  );
  if (fixed.some((column) => column.distinct * time.distinct >= row_count * 0.98)) return [];
  const [first] = telling.sort((a, b) => a.distinct - b.distinct);
  return first ? [first] : undefined;
}

/** "list the cars from Japan", "first 10 rows", "show title and budget". */
function listing(draft: Draft): Intent | undefined {
  const { clause, filters, vocabulary, understood } = draft;
  if (!isListing(draft)) return undefined;
  const said = [...asked(draft), ...mentions(draft)];
  const chosen = said.flatMap((choice) => oneOrSides(draft, choice));
  const shown = [...chosen, ...several(draft), ...compared(draft)];
  const few = chosen.length > 0 || clause.of("which").some(({ body }) => body.of === "who");
  const columns = few ? withLabel(draft, shown) : [...vocabulary.profile.columns];
  for (const choice of said) {
    understood.note("measure", choice, { columns: chosen });
  }
  const whole = filters.where.length === 0 && said.length === 0;
  const limit = clause.of("first")[0]?.body.number ?? (whole ? listedMax : undefined);
  const rows = { ...rowsOf(draft, columns, "list", []), ...orderOf(draft, columns) };
  use(draft, "mention", "which", "first", "order");
  return limit === undefined ? rows : { ...rows, limit };
}

function isListing(draft: Draft): boolean {
  const { clause } = draft;
  if (clause.of("order").some(({ body }) => body.ranked || body.aggregates)) return false;
  // "where is the discount missing"
  const only = clause.parts.every(({ body }) => body.kind === "missing" || body.kind === "list");
  if (only && has(draft, "missing")) return true;
  if (calculates(draft) || has(draft, "group", "over-time", "versus", "distinct")) return false;
  const said = mentions(draft);
  const asks = clause.of("which").map(({ body }) => body.of);
  if (asks.some((of) => of === "when")) return false;
  if (asks.includes("who")) return isNarrowed(draft) && !has(draft, "mention");
  if (asks.some((of) => typeof of === "object") && said.length === 0 && !each(draft)) return false;
  if (clause.of("mention").some(({ body }) => body.level)) return false;
  if (charts(draft).length > 0 && said.length <= 1) return false;
  if (isAmount(draft) || isSideBySide(draft)) return false;
  const narrowed = clause.of("values").some(({ body }) => body.of === "asked-rows");
  const rows = has(draft, "rows", "first") || asks.includes("rows") || narrowed;
  if (each(draft)) return true;
  if (said.length === 0) return rows || (has(draft, "all") && has(draft, "list"));
  // "countries with a life expectancy over 80": each with its figure.
  if (compared(draft).length > 0) return true;
  // "deaths by type" lists no dates of death.
  const half = said.some(({ matches }) =>
    matches.every(({ column, coverage }) => isTemporal(column) && coverage < 1),
  );
  if (half && !rows && !has(draft, "list", "all")) return false;
  const onlyTexts = said.every((choice) =>
    choice.matches.every(({ column }) => column.type === "text"),
  );
  return rows || said.length > 1 || !onlyTexts;
}

/** "who is older than 40", "who started in 1625": by a figure or a time of theirs. */
const isNarrowed = (draft: Draft) =>
  compared(draft).length > 0 || draft.filters.where.some(({ kind }) => kind === "period");

/** "compare the rain of 2012 and 2015": a figure of each, and no list. */
const isSideBySide = (draft: Draft) =>
  draft.filters.side_by_side.length > 0 &&
  mentions(draft).some(isNumber) &&
  !has(draft, "rows", "all", "first", "which");

/**
 * "revenue of coffee in March": an amount that adds up, of some of the rows of a table that has
 * several a day, is asked for as one figure.
 */
function isAmount(draft: Draft): boolean {
  const { clause, filters, vocabulary } = draft;
  const said = mentions(draft);
  const figures = said.filter(isNumber);
  if (clause.of("mention").some(({ body }) => body.beside)) return false;
  // "revenue of cancelled orders": the rows are named by the condition.
  // "what did the repairs cost": all of them.
  const spent = figures.every(({ words }) =>
    /(kostet|kosteten|cost|spent|paid|ausgegeben)$/i.test(words),
  );
  const spoken =
    !spent && has(draft, "rows") && !filters.where.some(({ kind }) => kind === "one-of");
  if (figures.length === 0 || spoken || has(draft, "list", "all", "first", "order", "chart"))
    return false;
  const flows = figures.every(({ matches }) =>
    matches.every(({ column }) => isFlowColumn(column, vocabulary) || addsAtOnce(column, draft)),
  );
  const texts = said.filter((choice) => !isNumber(choice));
  const named = texts.every((choice) =>
    filters.where.some(
      (condition) =>
        "column" in condition && choice.matches.some(({ column }) => column === condition.column),
    ),
  );
  const which = clause.of("which").some(({ body }) => typeof body.of !== "object");
  // "the budget of Titanic": that row's, and no total.
  const single = filters.where.some(
    (condition) =>
      condition.kind === "one-of" &&
      condition.column.distinct >= vocabulary.profile.row_count * 0.9,
  );
  if (single) return false;
  return flows && named && !which && (filters.where.length > 0 || spent) && isLedger(vocabulary);
}

/** What is asked for: "which countries". */
const asked = ({ clause }: Draft): ColumnChoice[] =>
  clause
    .of("which")
    .flatMap(({ body }) => (typeof body.of === "object" && body.of.column ? [body.of.column] : []));

/** "which countries had a fertility below 1.5 in 2005": each has one row then, with its figure. */
function each(draft: Draft): boolean {
  const [choice, other] = asked(draft);
  const dated = draft.filters.where.some(({ kind }) => kind === "period");
  if (!choice || other || (compared(draft).length === 0 && !dated)) return false;
  const { columns, row_count } = draft.vocabulary.profile;
  const column = oneColumn(choice, ({ type }) => type === "text");
  if (column.type !== "text") return false;
  const moments = columns.filter(isTemporal).map(({ distinct }) => distinct);
  const fixed = draft.filters.where.some(
    ({ kind, ...rest }) => kind === "period" && "relation" in rest && rest.relation === "in",
  );
  const series = fixed && moments.some((count) => count * column.distinct >= row_count * 0.9);
  return (series && compared(draft).length > 0) || column.distinct >= row_count * 0.9;
}

/** Columns that a condition compares, so that the list shows by how much. */
const compared = ({ filters }: Draft): Column[] =>
  filters.where.flatMap((condition) =>
    condition.kind === "compare" || condition.kind === "between" || isYearBound(condition)
      ? [condition.column]
      : [],
  );

/** "a start before 1650": which year it is differs from row to row. */
const isYearBound = (condition: Condition): condition is Extract<Condition, { kind: "period" }> =>
  condition.kind === "period" && condition.column.is_year && condition.relation !== "in";

/** Columns of which several values are asked for, so that the list tells them apart. */
const several = ({ filters }: Draft): Column[] =>
  filters.where.flatMap((condition) =>
    condition.kind === "one-of" && condition.values.length > 1 ? [condition.column] : [],
  );

function orderOf({ clause }: Draft, columns: readonly Column[]): { order?: Order } {
  const [part] = clause.of("order");
  const choice = part?.body.columns?.[0];
  if (!part || !choice) return {};
  const column = oneColumn(choice, (candidate) => columns.includes(candidate));
  const index = columns.indexOf(column);
  if (index < 0) return {};
  const falls = isNumeric(column.type) ? "descending" : "ascending";
  return { order: { by: "column", index, direction: part.body.direction ?? falls } };
}

function oneOrSides(draft: Draft, choice: ColumnChoice): readonly Column[] {
  const numeric = choice.matches.every(({ column }) => isNumeric(column.type));
  return numeric ? numbersOf(choice, draft.vocabulary) : [oneColumn(choice, () => true)];
}

/** Figures alone say nothing: the time or the name of each row stands before them. */
function withLabel({ vocabulary }: Draft, chosen: readonly Column[]): Column[] {
  if (chosen.some((column) => !isNumeric(column.type))) return [...chosen];
  const { columns, row_count } = vocabulary.profile;
  const telling = columns.filter(
    (column) => isTemporal(column) || (column.type === "text" && column.distinct > row_count / 2),
  );
  const [label] = telling.sort((a, b) => b.distinct - a.distinct);
  return label && !chosen.includes(label) ? [label, ...chosen] : [...chosen];
}
