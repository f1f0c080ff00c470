/** The answer in one to three sentences, from the intent and the rows that the query gave. Pure. */
import type { Intent, Pick } from "../intent/intent.ts";
import type { Language } from "../language/lexicon.ts";
import type { Value } from "../read/database.ts";
import type { Column } from "../read/profile.ts";
import { columnLabel, formatNumber, formatValue } from "./format.ts";
import {
  conditionsText,
  dimensionWords,
  formatMeasure,
  groupName,
  measureWords,
} from "./wording.ts";
import { type Named, type Words, wordsOf } from "./words.ts";

export interface Facts {
  readonly rows: readonly (readonly Value[])[];
  /** Rows in the file. */
  readonly row_count: number;
  /** Rows that the answer rests on. */
  readonly rows_used: number;
}

type Aggregation = Extract<Intent, { kind: "aggregate" }>;
type Projection = Extract<Intent, { kind: "rows" }>;

/** Groups that are all named; of more, only the ends. */
const groupsNamedMax = 6;

export function sentenceOf(
  intent: Aggregation | Projection,
  facts: Facts,
  language: Language,
): string {
  const words = wordsOf(language);
  if (intent.kind === "rows") return rowsSentence(intent, facts, words);
  if (intent.dimensions.length === 0) return figureSentence(intent, facts, words);
  const picks = intent.picks.map((pick) => pickSentence(intent, pick, facts, words));
  // What was asked comes first, the rest of the table after it.
  return [...picks, groupsSentence(intent, facts, words)].join(" ");
}

/** One line that says what the table holds. */
export function titleOf(intent: Aggregation | Projection, language: Language): string {
  const words = wordsOf(language);
  const conditions = conditionsText(intent.where, language);
  const title =
    intent.kind === "rows"
      ? columnsTitle(intent, words)
      : words.per(
          intent.measures.map((measure) => measureWords(measure, language)),
          intent.dimensions.map((dimension) => dimensionWords(dimension, language)),
        );
  const whole = title + (conditions === "" ? "" : ` (${conditions})`);
  return upper(whole.length > 300 ? `${whole.slice(0, 299)}…` : whole);
}

/** A list of many columns says less than that there are many. */
function columnsTitle({ columns }: Projection, words: Words): string {
  if (columns.length > 4) return words.allColumns;
  return words.list(columns.map((column) => columnLabel(column, words.language)));
}

const upper = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

function figureSentence({ measures, where }: Aggregation, facts: Facts, words: Words): string {
  const { language, sentence } = words;
  const conditions = conditionsText(where, language);
  const row = facts.rows[0] ?? [];
  if (measures.length === 1 && measures[0]!.column === undefined) {
    const all = formatNumber(facts.row_count, language);
    return where.length === 0
      ? sentence.countAll(all)
      : sentence.count(formatNumber(Number(row[0]), language), all, conditions);
  }
  const named = measures.map(
    (measure, index): Named => ({
      name: measureWords(measure, language),
      figure: formatMeasure(row[index] ?? null, measure, language),
    }),
  );
  if (named.length === 1) return sentence.figure(named[0]!.name, named[0]!.figure, conditions);
  return sentence.figures(named, conditions);
}

function groupsSentence(intent: Aggregation, facts: Facts, words: Words): string {
  const { language, sentence } = words;
  const { measures, dimensions, limit } = intent;
  const title = titleOf(intent, language);
  const named = facts.rows.map(
    (row): Named => ({
      name: nameOfRow(intent, row, language),
      figure: measures
        .map((measure, index) =>
          formatMeasure(row[dimensions.length + index] ?? null, measure, language),
        )
        .join(" / "),
    }),
  );
  if (named.length <= groupsNamedMax || limit !== undefined) {
    return (
      sentence.groups(title, named.slice(0, 10), Math.max(0, named.length - 10)) +
      totalOf(intent, facts, words)
    );
  }
  const names = named.map(({ name }) => name);
  return measures.map((_, index) => spanSentence(intent, index, names, facts, words)).join(" ");
}

/** The ends of one figure over many groups. */
function spanSentence(
  intent: Aggregation,
  measure: number,
  names: readonly string[],
  facts: Facts,
  words: Words,
): string {
  const { language, sentence } = words;
  const title = titleOf({ ...intent, measures: [intent.measures[measure]!] }, language);
  const [high, low] = (["max", "min"] as const).map((direction): Named => {
    const index = extremeRows(intent, { measure, direction }, facts)[0] ?? 0;
    const value = facts.rows[index]?.[intent.dimensions.length + measure] ?? null;
    return {
      name: names[index] ?? "",
      figure: formatMeasure(value, intent.measures[measure]!, language),
    };
  });
  return sentence.span(title, names.length, high!, low!);
}

/** Counts of groups side by side are also wanted together. */
function totalOf(
  { measures, limit, where }: Aggregation,
  { rows_used }: Facts,
  words: Words,
): string {
  const counts = measures.length === 1 && measures[0]!.column === undefined;
  if (!counts || limit !== undefined || where.length === 0) return "";
  return ` ${words.sentence.total(formatNumber(rows_used, words.language))}`;
}

function nameOfRow({ dimensions }: Aggregation, row: readonly Value[], language: Language): string {
  return dimensions
    .map((dimension, index) => groupName(row[index] ?? null, dimension, language))
    .join(", ");
}

/** Rows with the greatest or least figure; several when they are equal. */
export function extremeRows({ dimensions }: Aggregation, pick: Pick, { rows }: Facts): number[] {
  const values = rows.map((row) => row[dimensions.length + pick.measure]);
  const known = values.filter((value) => value !== null && value !== undefined);
  if (known.length === 0) return [];
  const best = known.reduce((a, b) => ((pick.direction === "max" ? b > a : b < a) ? b : a));
  return values.flatMap((value, index) => (value === best ? [index] : []));
}

function pickSentence(intent: Aggregation, pick: Pick, facts: Facts, words: Words): string {
  const { language, sentence } = words;
  const measure = intent.measures[pick.measure]!;
  const rows = extremeRows(intent, pick, facts);
  const [first] = rows;
  if (first === undefined) return "";
  const names = rows.slice(0, 5).map((index) => nameOfRow(intent, facts.rows[index]!, language));
  const value = facts.rows[first]![intent.dimensions.length + pick.measure] ?? null;
  return sentence.pick(
    pick.direction,
    measure.aggregate,
    measureWords(measure, language),
    names,
    formatMeasure(value, measure, language),
  );
}

function rowsSentence(intent: Projection, facts: Facts, words: Words): string {
  const { language, sentence } = words;
  const { columns, where, purpose } = intent;
  const labels = columns.map((column) => columnLabel(column, language));
  const conditions = conditionsText(where, language);
  const count = formatNumber(facts.rows.length, language);
  if (purpose === "rank") return rankSentence(intent, facts, words);
  if (purpose === "scatter") return sentence.scatter(labels.slice(0, 2), count);
  if (purpose === "histogram") {
    const range = words.range(...rangeOf(facts, 0, columns[0]!, language));
    return sentence.histogram(labels[0]!, count, range);
  }
  if (purpose === "series") {
    const [from, to] = rangeOf(facts, 0, columns[0]!, language);
    const figures = labels.filter((_, index) => index > 0 && columns[index]?.type !== "text");
    return sentence.series(figures, from, to, count);
  }
  const shown = facts.rows.length;
  const cut =
    facts.rows_used > shown
      ? ` ${sentence.cut(count, formatNumber(facts.rows_used, language))}`
      : "";
  if (shown === 1) {
    const named = columns.map((column, index) => ({
      name: labels[index]!,
      figure: formatValue(facts.rows[0]![index] ?? null, column, language),
    }));
    return sentence.figures(named, conditions) + cut;
  }
  const listed = labels.length > 4 ? [words.allColumns] : labels;
  return sentence.rows(count, listed, conditions) + cut;
}

function rankSentence({ columns, order, where }: Projection, facts: Facts, words: Words): string {
  const { language, sentence } = words;
  const at = order?.index ?? columns.length - 1;
  const ranked = columns[at]!;
  const named = facts.rows.slice(0, 10).map((row) => ({
    name: columns
      .flatMap((column, index) =>
        index === at ? [] : [formatValue(row[index] ?? null, column, language)],
      )
      .join(", "),
    figure: formatValue(row[at] ?? null, ranked, language),
  }));
  const direction = order?.direction === "ascending" ? "min" : "max";
  return sentence.ranked(
    direction,
    columnLabel(ranked, language),
    named,
    Math.max(0, facts.rows.length - named.length),
    conditionsText(where, language),
  );
}

function rangeOf(
  { rows }: Facts,
  at: number,
  column: Column,
  language: Language,
): [string, string] {
  let [low, high]: [Value, Value] = [null, null];
  for (const row of rows) {
    const value = row[at] ?? null;
    if (value === null) continue;
    if (low === null || value < low) low = value;
    if (high === null || value > high) high = value;
  }
  return [formatValue(low, column, language), formatValue(high, column, language)];
}
