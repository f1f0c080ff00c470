/** The answer in one to three sentences, from the intent and the rows that the query gave. Pure. */
import type { Intent, Measure, Pick } from "../intent/intent.ts";
import { isTime } from "../intent/time.ts";
import type { Language } from "../language/lexicon.ts";
import type { Value } from "../read/database.ts";
import { columnLabel } from "./column-label.ts";
import { formatNumber, formatNumbers } from "./format.ts";
import {
  qualitySentence,
  qualityTitle,
  relationSentence,
  relationTitle,
} from "./sentence-others.ts";
import { rowsSentence } from "./sentence-rows.ts";
import {
  conditionsText,
  dimensionWords,
  formatMeasure,
  groupName,
  measureUnit,
  measureWords,
  signOf,
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
  intent: Exclude<Intent, { kind: "describe" }>,
  facts: Facts,
  language: Language,
): string {
  const words = wordsOf(language);
  if (intent.kind === "relation") return relationSentence(intent, facts, words);
  if (intent.kind === "quality") return qualitySentence(intent, facts, words);
  if (intent.kind === "rows") return rowsSentence(intent, facts, words);
  if (intent.dimensions.length === 0) return figureSentence(intent, facts, words);
  const place = placeSentence(intent, facts, words);
  if (place) return place;
  const picks = intent.picks.map((pick) => pickSentence(intent, pick, facts, words));
  const change = changeSentence(intent, facts, words);
  // What was asked comes first, the rest of the table after it.
  const fitting = intent.having
    ? [words.sentence.fitting(formatNumber(facts.rows.length, language))]
    : [];
  if (intent.having && facts.rows.length === 0) return fitting.join(" ");
  const rest =
    picks.length === 1 && intent.measures.length === 1 && intent.limit === undefined
      ? restSentence(intent, intent.picks[0]!, facts, words)
      : groupsSentence(intent, facts, words);
  return [...picks, ...change, ...fitting, rest].filter(Boolean).join(" ");
}

/** One line that says what the table holds. */
export function titleOf(intent: Exclude<Intent, { kind: "describe" }>, language: Language): string {
  const words = wordsOf(language);
  const conditions = conditionsText([...intent.where, ...shownOnly(intent)], language);
  const title = plainTitle(intent, words);
  const whole = title + (conditions === "" ? "" : ` (${conditions})`);
  return upper(whole.length > 300 ? `${whole.slice(0, 299)}…` : whole);
}

/** Conditions on what is shown, where they do not stand among those on what is counted as well. */
const shownOnly = (intent: Intent) =>
  intent.kind === "aggregate"
    ? (intent.keep ?? []).filter(
        (kept) => !intent.where.some((each) => each.kind === "any" && each.of.includes(kept)),
      )
    : [];

function plainTitle(intent: Exclude<Intent, { kind: "describe" }>, words: Words): string {
  if (intent.kind === "relation") return relationTitle(intent, words);
  if (intent.kind === "quality") return qualityTitle(intent, words);
  if (intent.kind === "rows") return columnsTitle(intent, words);
  const { measures } = intent;
  const part = measures[0]?.part;
  if (measures[0]?.over === "share" && part && intent.dimensions.length === 0)
    return `${words.shareOf} ${conditionsText(part, words.language)}`;
  const asked = isBased(measures) ? measures.slice(1) : measures;
  const title = words.per(
    asked.map((measure) => measureWords(measure, words.language)),
    intent.dimensions.map((dimension) => dimensionWords(dimension, words.language)),
  );
  const kept = (intent.having ?? []).map(
    ({ measure, operator, number }) =>
      `${measureWords(measure, words.language)} ${signOf(operator)} ${formatMeasure(number, measure, words.language)}`,
  );
  return kept.length === 0 ? title : `${title}, ${words.where(kept)}`;
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
  if (measures[0]?.over === "share") return shareSentence(measures, conditions, row, words);
  if (measures.length === 1 && measures[0]!.column === undefined) {
    const all = formatNumber(facts.row_count, language);
    return where.length === 0
      ? sentence.countAll(all)
      : sentence.count(formatNumber(Number(row[0]), language), all, conditions);
  }
  const [only] = measures;
  if (measures.length === 1 && only!.aggregate === "distinct" && only!.column && !only!.part) {
    const count = Number(row[0]);
    const value = formatNumber(count, language);
    return only!.unit
      ? sentence.counted(only!.unit, count, value, conditions)
      : sentence.different(columnLabel(only!.column, language), count, value, conditions);
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

/** What percentage of all it is, with both figures. */
function shareSentence(
  measures: readonly Measure[],
  base: string,
  row: readonly Value[],
  words: Words,
): string {
  const { language, sentence } = words;
  const figures = measures.map((measure, at) => formatMeasure(row[at] ?? null, measure, language));
  const [percent = "", part = "", whole = ""] = figures;
  return sentence.share(
    percent,
    part,
    whole,
    conditionsText(measures[0]!.part ?? [], language),
    base,
  );
}

function groupsSentence(intent: Aggregation, facts: Facts, words: Words): string {
  const { language, sentence } = words;
  const { measures, dimensions, limit } = intent;
  const title = titleOf(intent, language);
  const columns = measures.map((measure, index) =>
    figuresOf(facts.rows, dimensions.length + index, measure, language),
  );
  const based = isBased(measures);
  const named = facts.rows.map((row, at): Named => {
    // The first has none before it, so that there is no change to be said.
    const figures = columns.flatMap((texts, index) =>
      isChange(measures[index]!) && (row[dimensions.length + index] ?? null) === null
        ? []
        : texts[at]!,
    );
    const figure =
      based && figures.length === 2 ? `${figures[1]} (${figures[0]})` : figures.join(" / ");
    return { name: nameOfRow(intent, row, language), figure };
  });
  if (named.length <= groupsNamedMax || limit !== undefined) {
    return (
      sentence.groups(title, named.slice(0, 10), Math.max(0, named.length - 10)) +
      totalOf(intent, facts, words) +
      (named.length > 2 ? changesNote(intent, words) : "")
    );
  }
  const names = named.map(({ name }) => name);
  const spans = measures.map((_, index) => spanSentence(intent, index, names, facts, words));
  // What was made of the figures was asked for; the figures themselves come after it.
  const first = measures.findIndex(({ over }) => over !== undefined);
  if (first > 0) spans.push(...spans.splice(0, first));
  return spans.join(" ") + changesNote(intent, words);
}

const isChange = ({ over }: Measure) => over === "difference" || over === "growth";

/** One column of figures, written so that they can be compared. */
function figuresOf(
  rows: Facts["rows"],
  at: number,
  measure: Measure,
  language: Language,
): readonly string[] {
  const values = rows.map((row) => row[at] ?? null);
  const year = measure.column?.is_year === true;
  if (year || rows.length > 10 || !values.every((value) => typeof value === "number"))
    return values.map((value) => formatMeasure(value, measure, language));
  return formatNumbers(values, language, measureUnit(measure));
}

/** A figure, and what was made of it: the second was asked for, the first is told beside it. */
const isBased = ([base, made, more]: readonly Measure[]) =>
  base !== undefined &&
  made !== undefined &&
  more === undefined &&
  base.over === undefined &&
  made.over !== undefined &&
  base.aggregate === made.aggregate &&
  base.column === made.column;

/** What else there is besides the group that was asked for, without saying its figure again. */
function restSentence(intent: Aggregation, pick: Pick, facts: Facts, words: Words): string {
  const { language, sentence } = words;
  const { dimensions } = intent;
  const measure = intent.measures[0]!;
  const texts = figuresOf(facts.rows, dimensions.length, measure, language);
  const first = extremeRows(intent, pick, facts);
  const named = (at: number): Named => ({
    name: nameOfRow(intent, facts.rows[at]!, language),
    figure: texts[at]!,
  });
  if (facts.rows.length <= groupsNamedMax) {
    const others = facts.rows.flatMap((_, at) => (first.includes(at) ? [] : [named(at)]));
    return others.length === 0 ? "" : sentence.others(others);
  }
  const opposite = pick.direction === "max" ? "min" : "max";
  const [end] = extremeRows(intent, { ...pick, direction: opposite }, facts);
  if (end === undefined) return "";
  return sentence.otherEnd(pick.direction, groupsText(intent, facts, words), named(end));
}

/** "12 months", or "51 groups". */
function groupsText({ dimensions }: Aggregation, { rows }: Facts, words: Words): string {
  const [only, second] = dimensions;
  const unit = only?.kind === "time" && !second ? only.unit : undefined;
  return words.groups(formatNumber(rows.length, words.language), unit);
}

/** Between two groups, the change is the answer. */
function changeSentence({ measures, dimensions }: Aggregation, { rows }: Facts, words: Words) {
  if (rows.length !== 2) return [];
  return measures.flatMap((measure, index) => {
    if (!isChange(measure)) return [];
    const values = rows.map((row) => row[dimensions.length + index] ?? null);
    const [value] = values.filter((each) => each !== null);
    if (value === undefined) return [];
    const figure = formatMeasure(value, measure, words.language);
    return [words.sentence.change(measureWords(measure, words.language), figure)];
  });
}

/** The first period has none before it, unless only later ones are shown. */
function changesNote({ measures, keep, dimensions }: Aggregation, { sentence }: Words): string {
  const changes = measures.some(isChange);
  return changes && !keep && dimensions.some(isTime) ? ` ${sentence.firstHasNone}` : "";
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
  return sentence.span(title, groupsText(intent, facts, words), high!, low!);
}

/** Counts of groups side by side are also wanted together. */
function totalOf(
  { measures, limit, where }: Aggregation,
  { rows_used }: Facts,
  words: Words,
): string {
  const [first] = measures;
  const counts = measures.length === 1 && first!.column === undefined && !first!.over;
  if (!counts || limit !== undefined || where.length === 0) return "";
  return ` ${words.sentence.total(formatNumber(rows_used, words.language))}`;
}

function nameOfRow({ dimensions }: Aggregation, row: readonly Value[], language: Language): string {
  return dimensions
    .map((dimension, index) => groupName(row[index] ?? null, dimension, language))
    .join(", ");
}

/** "the second highest": that one, and those before it. */
function placeSentence(intent: Aggregation, facts: Facts, words: Words): string | undefined {
  const { nth, order, measures, dimensions, where } = intent;
  if (nth === undefined || !facts.rows[nth - 1]) return undefined;
  const { language } = words;
  const texts = figuresOf(facts.rows, dimensions.length, measures[0]!, language);
  const named = facts.rows.map((row, at) => ({
    name: nameOfRow(intent, row, language),
    figure: texts[at]!,
  }));
  const conditions = conditionsText(where, language);
  const label = measureWords(measures[0]!, language) + (conditions && ` (${conditions})`);
  const direction = order?.direction === "ascending" ? "min" : "max";
  return words.sentence.place(direction, nth, label, named[nth - 1]!, named.slice(0, nth - 1));
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
