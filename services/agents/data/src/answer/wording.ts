/** Names of measures, groups and conditions in a language. Pure. */
import type { Condition, Dimension, Measure, Operator } from "../intent/intent.ts";
import type { Period } from "../language/dates.ts";
import type { Language } from "../language/lexicon.ts";
import type { Value } from "../read/database.ts";
import type { Column } from "../read/profile.ts";
import { columnLabel } from "./column-label.ts";
import { formatDate, formatNumber, formatValue, monthName, weekdayName } from "./format.ts";
import { type Words, wordsOf } from "./words.ts";

export function measureWords(measure: Measure, language: Language): string {
  const { aggregate, column, unit, over, part, level, by } = measure;
  const words = wordsOf(language);
  const label = column && labelOf(measure, column, language);
  const own =
    level !== undefined && level !== 0.5 && label
      ? words.quantile(level, label)
      : words.figure(level === 0.5 ? "median" : aggregate, label, by ? undefined : unit);
  const figure = part && over === undefined ? words.ofPart(own) : own;
  return over ? words.derived(over, figure, aggregate === "sum" ? label : undefined) : figure;
}

export function measureLabel(measure: Measure, language: Language): string {
  const { aggregate, column, unit, over, part, level, by } = measure;
  const words = wordsOf(language);
  const label = column && labelOf(measure, column, language);
  const own =
    level !== undefined && level !== 0.5 && label
      ? words.quantile(level, label)
      : words.figureLabel(level === 0.5 ? "median" : aggregate, label, by ? undefined : unit);
  const figure = part && over === undefined ? words.ofPart(own) : own;
  return over ? words.derivedLabel(over, figure) : figure;
}

/** What a figure is of; of a ratio, both of its sides. */
function labelOf({ aggregate, by, unit }: Measure, column: Column, language: Language): string {
  const label = columnLabel(column, language);
  const words = wordsOf(language);
  if (by && unit) return words.per([label], [words.unit(unit)]);
  return aggregate === "ratio" && by
    ? wordsOf(language).ratio(label, columnLabel(by, language))
    : label;
}

/** Unit of the figure, not of what it counts. */
export function measureUnit({ aggregate, column, over, by }: Measure): string {
  // Money by a number of things is money; miles by hours are neither.
  if (aggregate === "ratio" && over === undefined)
    return by?.unit === "" && /^[$€£]$|^CHF$/.test(column?.unit ?? "") ? column!.unit : "";
  if (over === "share" || over === "growth") return "%";
  if (over === "rank" || aggregate === "variance") return "";
  return aggregate === "count" || aggregate === "distinct" ? "" : (column?.unit ?? "");
}

export function formatMeasure(value: Value, measure: Measure, language: Language): string {
  if (value === null) return wordsOf(language).noValue;
  const plain = measure.over === undefined;
  if (
    plain &&
    measure.column?.is_year &&
    (measure.aggregate === "min" || measure.aggregate === "max")
  )
    return String(value);
  return typeof value === "number"
    ? formatNumber(value, language, measureUnit(measure))
    : String(value);
}

export function dimensionWords(dimension: Dimension, language: Language): string {
  if (dimension.kind !== "time") return columnLabel(dimension.column, language);
  return wordsOf(language).unit(dimension.unit);
}

/** The name of one group in a sentence. */
export function groupName(value: Value, dimension: Dimension, language: Language): string {
  const words = wordsOf(language);
  if (value === null) return words.noValue;
  if (dimension.kind === "column") return formatValue(value, dimension.column, language);
  if (dimension.kind === "bin") {
    const [from, to] = [Number(value), Number(value) + dimension.width];
    return words.bin(
      formatNumber(from, language),
      formatNumber(Number(to.toPrecision(12)), language),
    );
  }
  const { unit, cyclic } = dimension;
  if (unit === "decade") return words.decade(String(value));
  if (unit === "year") return String(value);
  if (unit === "hour") return `${value}:00`;
  if (unit === "weekday") return weekdayName(Number(value), language);
  if (unit === "month" && cyclic) return monthName(Number(value), language);
  if (unit === "quarter" && cyclic) return words.quarter(Number(value));
  const day = String(value).slice(0, 10);
  if (unit === "quarter") return words.quarter((Number(day.slice(5, 7)) + 2) / 3, day.slice(0, 4));
  if (unit === "week") return words.week(formatDate(day, language));
  return formatDate(day, language, unit);
}

export function conditionWords(condition: Condition, language: Language): string {
  const words = wordsOf(language);
  if (condition.kind === "any")
    return words.or(condition.of.map((each) => conditionWords(each, language)));
  const label = columnLabel(condition.column, language);
  switch (condition.kind) {
    case "one-of": {
      const sign = condition.negated ? "≠" : "=";
      return `${label} ${sign} ${words.or(condition.values.slice(0, 5))}`;
    }
    case "compare": {
      const number = formatNumber(condition.number, language, condition.column.unit);
      const year = condition.column.is_year ? String(condition.number) : number;
      return words.compare(label, condition.operator, year);
    }
    case "against":
      return words.compare(label, condition.operator, columnLabel(condition.other, language));
    case "between": {
      const [low, high] = [condition.low, condition.high].map((n) => formatNumber(n, language));
      return `${label} ${words.range(low!, high!)}`;
    }
    case "text": {
      const text = words.contains(condition.how, label, condition.text);
      return condition.negated ? words.not(text) : text;
    }
    case "missing":
      return condition.negated ? words.present(label) : words.missing(label);
    case "period":
      return periodWords(condition, words);
  }
}

/** A comparison as people write it. */
export const signOf = (operator: Operator): string =>
  ({ ">=": "≥", "<=": "≤", "!=": "≠" })[operator as string] ?? operator;

function periodWords(
  { relation, period, until }: Extract<Condition, { kind: "period" }>,
  words: Words,
): string {
  if (relation === "range") {
    return words.range(spanName(period, words), until ? spanName(until, words) : "");
  }
  return words.relation(relation, spanName(period, words));
}

export function spanName(period: Period, words: Words): string {
  const { language } = words;
  if (period.kind === "recurring") {
    return words.or(
      period.values.map((value) => {
        if (period.unit === "month") return monthName(value, language);
        if (period.unit === "quarter") return words.quarter(value);
        return weekdayName(value === 1 ? 7 : value - 1, language);
      }),
    );
  }
  const { from, unit } = period;
  if (unit === "decade") return words.decade(from.slice(0, 4));
  if (unit === "half") return words.half(from.slice(5, 7) === "01" ? 1 : 2, from.slice(0, 4));
  if (unit === "quarter")
    return words.quarter((Number(from.slice(5, 7)) + 2) / 3, from.slice(0, 4));
  return formatDate(from, language, unit);
}

/** Conditions that the question set; that a value must be there to be drawn goes without saying. */
export function conditionsText(where: readonly Condition[], language: Language): string {
  const said = where.filter((condition) => !(condition.kind === "missing" && condition.negated));
  return wordsOf(language).where(said.map((condition) => conditionWords(condition, language)));
}
