/** The sentence of an answer that is rows of the table. Pure. */
import type { Intent } from "../intent/intent.ts";
import type { Language } from "../language/lexicon.ts";
import type { Value } from "../read/database.ts";
import type { Column } from "../read/profile.ts";
import { columnLabel } from "./column-label.ts";
import { formatNumber, formatValue } from "./format.ts";
import type { Facts } from "./sentence.ts";
import { outliersSentence } from "./sentence-others.ts";
import { conditionsText } from "./wording.ts";
import type { Words } from "./words.ts";

type Projection = Extract<Intent, { kind: "rows" }>;

export function rowsSentence(intent: Projection, facts: Facts, words: Words): string {
  const { language, sentence } = words;
  const { columns, where, purpose } = intent;
  const labels = columns.map((column) => columnLabel(column, language));
  const conditions = conditionsText(where, language);
  const count = formatNumber(facts.rows.length, language);
  if (purpose === "outliers") return outliersSentence(intent, facts, words);
  if (purpose === "rank") return rankSentence(intent, facts, words);
  if (purpose === "scatter") return sentence.scatter(labels.slice(0, 2), count);
  if (purpose === "histogram") {
    const range = words.range(...rangeOf(facts, 0, columns[0]!, language));
    return sentence.histogram(labels[0]!, count, range);
  }
  if (purpose === "series") {
    const [from, to] = rangeOf(facts, 0, columns[0]!, language);
    const course = courseOf(intent, facts, language);
    if (course) return sentence.course(labels[1]!, [from, to], course, count, conditions);
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

/** Of a single figure over time: its first and its last value, and how far they are apart. */
function courseOf(
  { columns }: Projection,
  { rows }: Facts,
  language: Language,
): [first: string, last: string, change: string] | undefined {
  const [, figure, other] = columns;
  const known = rows.filter((row) => typeof row[1] === "number");
  const [first, last] = [known[0], known.at(-1)].map((row) => Number(row?.[1]));
  if (!figure || other || known.length < 2 || first === undefined || last === undefined)
    return undefined;
  const sign = last > first ? "+" : "";
  const apart = `${sign}${formatNumber(last - first, language, figure.unit)}`;
  const share =
    first > 0 && last >= 0 && figure.unit !== "%" ? (100 * (last - first)) / first : NaN;
  const percent = Number.isFinite(share) ? `, ${sign}${formatNumber(share, language, "%")}` : "";
  return [
    formatValue(first, figure, language),
    formatValue(last, figure, language),
    `${apart}${percent}`,
  ];
}

function rankSentence(
  { columns, order, where, nth }: Projection,
  facts: Facts,
  words: Words,
): string {
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
  const [first, second] = named;
  const asked = nth === undefined ? undefined : named[nth - 1];
  if (asked && nth !== undefined) {
    const label = `${columnLabel(ranked, language)}${inBrackets(where, language)}`;
    return sentence.place(direction, nth, label, asked, named.slice(0, nth - 1));
  }
  if (first && !second && first.name !== "") {
    const conditions = conditionsText(where, language);
    const label = columnLabel(ranked, language);
    return sentence.winner(direction, label, first.name, first.figure, conditions);
  }
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

function inBrackets(where: Projection["where"], language: Language): string {
  const conditions = conditionsText(where, language);
  return conditions === "" ? "" : ` (${conditions})`;
}
