/** Sentences for relations, outliers, and how whole a table is. Pure. */
import type { Intent } from "../intent/intent.ts";
import type { Value } from "../read/database.ts";
import { columnLabel } from "./column-label.ts";
import { formatNumber, formatValue } from "./format.ts";
import type { Facts } from "./sentence.ts";
import { conditionsText, groupName, measureWords } from "./wording.ts";
import type { Words } from "./words.ts";

type Of<K extends Intent["kind"]> = Extract<Intent, { kind: K }>;

export function relationSentence(intent: Of<"relation">, facts: Facts, words: Words): string {
  const { dimensions } = intent;
  const [first = []] = facts.rows;
  const text =
    dimensions.length === 0
      ? relationText(intent, first, words)
      : words.sentence.relations(
          relationTitle(intent, words),
          facts.rows.slice(0, 10).map((row) => ({
            name: dimensions
              .map((dimension, index) => groupName(row[index] ?? null, dimension, words.language))
              .join(", "),
            figure: relationFigures(intent, row.slice(dimensions.length), words),
          })),
        );
  const conditions = conditionsText(intent.where, words.language);
  return conditions === "" ? text : `${text.slice(0, -1)} (${conditions}).`;
}

/** Three digits, because r and R² lie between -1 and 1. */
const digits = (value: Value | undefined, { language }: Words) =>
  typeof value === "number" && !Number.isNaN(value)
    ? formatNumber(Number(value.toFixed(value > 0.9995 ? 5 : 4)), language)
    : "–";

function relationText(intent: Of<"relation">, row: readonly Value[], words: Words): string {
  const { language, sentence } = words;
  const { how, y, x, points } = intent;
  const labels = [columnLabel(y, language), columnLabel(x, language)] as const;
  const [figure, second, third] = row;
  if (how === "correlation") {
    const r = typeof figure === "number" ? figure : Number.NaN;
    const n = formatNumber(Number(second), language);
    return sentence.correlation(labels, digits(figure, words), words.strength(r), n);
  }
  const of = points
    ? measureWords({ aggregate: points.aggregate, column: y }, language)
    : labels[0];
  return sentence.trend(
    of,
    slopeText(intent, figure, words),
    perText(intent, words),
    digits(second, words),
    formatNumber(Number(third), language),
    points ? words.unit(points.unit) : "",
  );
}

const slopeText = ({ y }: Of<"relation">, value: Value | undefined, { language }: Words) =>
  typeof value === "number" && !Number.isNaN(value) ? formatNumber(value, language, y.unit) : "–";

/** Over dates and years, the slope is per year. */
function perText({ x }: Of<"relation">, words: Words): string {
  if (x.type === "date" || x.type === "time" || x.is_year) return words.unit("year");
  const label = columnLabel(x, words.language);
  return x.unit === "" ? `1 ${label}` : `${formatNumber(1, words.language, x.unit)} ${label}`;
}

function relationFigures(intent: Of<"relation">, row: readonly Value[], words: Words): string {
  const [figure, second, third] = row;
  const count = (value: Value | undefined) => formatNumber(Number(value), words.language);
  return intent.how === "correlation"
    ? `r = ${digits(figure, words)} (n = ${count(second)})`
    : `${slopeText(intent, figure, words)} (R² = ${digits(second, words)}, n = ${count(third)})`;
}

export function relationTitle({ how, y, x }: Of<"relation">, words: Words): string {
  const { language, relationColumns } = words;
  const name = how === "correlation" ? relationColumns.correlation : relationColumns.slope;
  return `${name}: ${columnLabel(y, language)} / ${columnLabel(x, language)}`;
}

export function qualitySentence(intent: Of<"quality">, { rows }: Facts, words: Words): string {
  const { language, sentence } = words;
  if (intent.of === "duplicates") {
    const surplus = rows.reduce((sum, row) => sum + Number(row.at(-1)) - 1, 0);
    const whole = intent.columns.length > 1 || rows.length === 0;
    return sentence.duplicates(
      formatNumber(rows.length, language),
      formatNumber(surplus, language),
      whole && intent.columns.length > 3
        ? []
        : intent.columns.map((column) => columnLabel(column, language)),
    );
  }
  const some = rows.filter((row) => Number(row[1]) > 0);
  const total = some.reduce((sum, row) => sum + Number(row[1]), 0);
  return sentence.missingCells(
    formatNumber(total, language),
    formatNumber(rows.length, language),
    some.slice(0, 12).map(([name, missing, share]) => ({
      name: String(name),
      figure: `${formatNumber(Number(missing), language)} (${formatNumber(Number(share), language, "%")})`,
    })),
    Math.max(0, some.length - 12),
  );
}

export function qualityTitle({ of, columns }: Of<"quality">, words: Words): string {
  const { language, relationColumns } = words;
  if (of === "missing") return relationColumns.missing;
  const named =
    columns.length > 4 ? [words.allColumns] : columns.map((c) => columnLabel(c, language));
  return `${words.duplicates}: ${words.list(named)}`;
}

/** How many, of how many, and beyond which bounds. */
export function outliersSentence(intent: Of<"rows">, facts: Facts, words: Words): string {
  const { language, sentence } = words;
  const at = intent.order!.index;
  const column = intent.columns[at]!;
  const found = facts.rows.filter((row) => row[at] !== null);
  const [low, high] = (facts.rows[0] ?? []).slice(intent.columns.length);
  const conditions = conditionsText(intent.where, language);
  const text = sentence.outliers(
    formatNumber(found.length, language),
    formatNumber(facts.rows_used - missingIn(intent), language),
    columnLabel(column, language),
    formatValue(low ?? null, column, language),
    formatValue(high ?? null, column, language),
    outliersNamed(intent, found, words),
  );
  return conditions === "" ? text : `${text.slice(0, -1)} (${conditions}).`;
}

/** The first five by name, where rows have one. */
function outliersNamed(intent: Of<"rows">, found: Facts["rows"], { language }: Words) {
  const at = intent.order!.index;
  const named = found.slice(0, 5).map((row) => {
    const names = intent.columns.flatMap((column, index) =>
      index === at ? [] : [formatValue(row[index] ?? null, column, language)],
    );
    const figure = formatValue(row[at] ?? null, intent.columns[at]!, language);
    return names.length === 0 ? figure : `${names.join(", ")} (${figure})`;
  });
  return found.length > named.length ? [...named, "…"] : named;
}

/** Cells without a value are no values; known only for the whole table. */
const missingIn = ({ where, columns, order }: Of<"rows">) =>
  where.length === 0 ? columns[order!.index]!.missing : 0;

/** The rows of the answer: bounds without an outlier are no row. */
export function shownRows(
  intent: Intent,
  rows: readonly (readonly Value[])[],
): readonly (readonly Value[])[] {
  if (intent.kind !== "rows" || intent.purpose !== "outliers") return rows;
  return rows.filter((row) => row[intent.order!.index] !== null);
}
