/** Everything that is said to people, as one interface with one file per language. */
import type { Operator } from "../intent/intent.ts";
import type { Aggregate, Derivation, Language, TimeUnit } from "../language/lexicon.ts";
import { german } from "./words-de.ts";
import { english } from "./words-en.ts";

/** A group or row and its figure, both as text. */
export interface Named {
  readonly name: string;
  readonly figure: string;
}

export interface Words {
  readonly language: Language;
  /** "mean of precipitation"; without column, the count of rows. */
  figure(aggregate: Aggregate, column: string | undefined, unit?: TimeUnit): string;
  /** Above a column of figures: "Mean precipitation". */
  figureLabel(aggregate: Aggregate, column: string | undefined, unit?: TimeUnit): string;
  /** "share of the total of sum of revenue". */
  derived(over: Derivation, figure: string, summed?: string): string;
  compare(column: string, operator: Operator, number: string): string;
  derivedLabel(over: Derivation, label: string): string;
  /** Of rows that meet a condition: "… , of these". */
  ofPart(figure: string): string;
  quantile(level: number, column: string): string;
  /** Both sides of a ratio: "revenue to quantity". */
  ratio(column: string, by: string): string;
  contains(how: "contains" | "starts" | "ends", column: string, text: string): string;
  /** A bin from one number up to the next. */
  bin(from: string, to: string): string;
  unit(unit: TimeUnit): string;
  /** "12 months"; without a unit, groups. */
  groups(count: string, unit?: TimeUnit): string;
  /** Each March by itself, rather than all together. */
  eachUnit(unit: TimeUnit, column: string): string;
  unitOf(unit: TimeUnit, column: string): string;
  extreme(direction: "max" | "min", column: string): string;
  /** "mean of precipitation per month". */
  per(figures: readonly string[], groups: readonly string[]): string;
  list(items: readonly string[]): string;
  where(conditions: readonly string[]): string;
  not(text: string): string;
  or(items: readonly string[]): string;
  missing(column: string): string;
  present(column: string): string;
  season(from: string): string;
  relation(
    relation: "in" | "not-in" | "since" | "until" | "before" | "after",
    period: string,
  ): string;
  range(from: string, to: string): string;
  quarter(number: number, year?: string): string;
  half(number: number, year: string): string;
  week(monday: string): string;
  decade(year: string): string;
  truth(value: boolean): string;
  noValue: string;
  /** Above rows with many columns. */
  allColumns: string;
  sentence: {
    count(matching: string, all: string, conditions: string): string;
    countAll(all: string): string;
    figure(figure: string, value: string, conditions: string): string;
    figures(pairs: readonly Named[], conditions: string): string;
    groups(title: string, list: readonly Named[], more: number): string;
    span(title: string, groups: string, high: Named, low: Named): string;
    /** Besides the one that was asked for. */
    others(list: readonly Named[]): string;
    otherEnd(direction: "max" | "min", groups: string, end: Named): string;
    different(column: string, count: number, value: string, conditions: string): string;
    counted(unit: TimeUnit, count: number, value: string, conditions: string): string;
    winner(
      direction: "max" | "min",
      column: string,
      name: string,
      value: string,
      conditions: string,
    ): string;
    total(value: string): string;
    pick(
      direction: "max" | "min",
      aggregate: Aggregate,
      figure: string,
      names: readonly string[],
      value: string,
    ): string;
    ranked(
      direction: "max" | "min",
      column: string,
      list: readonly Named[],
      more: number,
      conditions: string,
    ): string;
    /** One place of a ranking, and who stands before it. */
    place(
      direction: "max" | "min",
      place: number,
      figure: string,
      asked: Named,
      before: readonly Named[],
    ): string;
    rows(count: string, columns: readonly string[], conditions: string): string;
    series(columns: readonly string[], from: string, to: string, count: string): string;
    /** One figure over time: how it begins and ends, and the change in between. */
    course(
      column: string,
      ends: readonly [from: string, to: string],
      figures: readonly [first: string, last: string, change: string],
      count: string,
      conditions: string,
    ): string;
    scatter(columns: readonly string[], count: string): string;
    histogram(column: string, count: string, range: string): string;
    /** Of a part: "62.3% (253 of 406)". */
    share(percent: string, part: string, whole: string, conditions: string, base: string): string;
    correlation(columns: readonly [string, string], r: string, strength: string, n: string): string;
    trend(y: string, slope: string, per: string, r2: string, n: string, points: string): string;
    /** The same for each of several groups. */
    relations(title: string, list: readonly Named[]): string;
    outliers(
      count: string,
      all: string,
      column: string,
      low: string,
      high: string,
      list: readonly string[],
    ): string;
    missingCells(total: string, all: string, columns: readonly Named[], more: number): string;
    duplicates(groups: string, surplus: string, columns: readonly string[]): string;
    /** How many groups meet the condition on them. */
    fitting(count: string): string;
    /** From one of two groups to the other. */
    change(figure: string, value: string): string;
    firstHasNone: string;
    cut(shown: string, all: string): string;
    describe(rows: string, columns: string, names: readonly string[]): string;
  };
  duplicates: string;
  /** Before the condition that a part meets. */
  shareOf: string;
  /** How strong a correlation is, in words, by its size and sign. */
  strength(r: number): string;
  relationColumns: Readonly<
    Record<
      "correlation" | "pairs" | "slope" | "r2" | "points" | "missing" | "share" | "low" | "high",
      string
    >
  >;
  describeColumns: readonly [
    column: string,
    type: string,
    missing: string,
    distinct: string,
    min: string,
    max: string,
    typical: string,
  ];
  type(type: string): string;
  refusal: {
    unknown(words: readonly string[]): string;
    unused(words: readonly string[]): string;
    noGroup(words: string): string;
    ambiguous(words: string, columns: readonly string[]): string;
    noTime(words: string, column: string): string;
    otherUnit(words: string, column: string, unit: string): string;
    noDates(words: string): string;
    coarseDates(words: string, column: string): string;
    noMeasure(words: string): string;
    noQuestion: string;
    notNumbers(column: string): string;
    cannot(why: string, words: string): string;
    tooLong(limit: number): string;
    noRows(conditions: string, range: string): string;
    columns(names: readonly string[], more: number): string;
    remedy(questions: readonly string[]): string;
  };
  /** Pieces of questions that the grammar reads, for putting a reading as a question. */
  ask: {
    figure(aggregate: Aggregate, column: string | undefined): string;
    unit(unit: TimeUnit): string;
    per(group: string): string;
    overTime: string;
    which(direction: "max" | "min", group: string, figure: string): string;
    top(direction: "max" | "min", count: number, group: string, figure: string): string;
    list(columns: string): string;
    /** All columns of the rows. */
    rows: string;
    equal(column: string, values: string, negated: boolean): string;
    compare(column: string, operator: Operator, number: string): string;
    between(column: string, low: string, high: string): string;
    missing(column: string): string;
    range(from: string, to: string): string;
    during(
      relation: "in" | "not-in" | "since" | "until" | "before" | "after",
      period: string,
    ): string;
  };
  questions: {
    meanPerMonth(number: string): string;
    meanPerYear(number: string): string;
    meanBy(number: string, group: string): string;
    highest(number: string): string;
    countBy(group: string): string;
    whichHighest(group: string, number: string): string;
    mean(number: string): string;
    shareBy(number: string, group: string): string;
    growthPerYear(number: string): string;
    correlation(a: string, b: string): string;
    outliers(number: string): string;
    countAll: string;
    describe: string;
    meanOf(column: string): string;
  };
}

export const wordsOf = (language: Language): Words => (language === "de" ? german : english);
