import type { Aggregate, TimeUnit } from "../language/lexicon.ts";
import type { Words } from "./words.ts";

const figures: Readonly<Record<Aggregate, string>> = {
  count: "count",
  distinct: "number of different values",
  sum: "sum",
  mean: "mean",
  median: "median",
  min: "minimum",
  max: "maximum",
  deviation: "standard deviation",
};
const labels: Readonly<Record<Aggregate, string>> = {
  count: "Count of",
  distinct: "Different",
  sum: "Sum of",
  mean: "Mean",
  median: "Median",
  min: "Minimum",
  max: "Maximum",
  deviation: "Standard deviation of",
};
const units: Readonly<Record<TimeUnit, string>> = {
  year: "year",
  quarter: "quarter",
  month: "month",
  week: "week",
  day: "day",
  weekday: "weekday",
  hour: "hour",
  decade: "decade",
};

const compared = {
  ">": "more than",
  ">=": "at least",
  "<": "less than",
  "<=": "at most",
  "=": "exactly",
  "!=": "other than",
} as const;

const formatter = new Intl.ListFormat("en", { style: "long", type: "conjunction" });
const list = (items: readonly string[]) => formatter.format(items);
const upper = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
const inBrackets = (conditions: string) => (conditions === "" ? "" : ` (${conditions})`);
const pairs = (named: readonly { name: string; figure: string }[]) =>
  named.map(({ name, figure }) => `${name}: ${figure}`).join("; ");

export const english: Words = {
  language: "en",
  figure: (aggregate, column, unit) => {
    if (unit) return `number of ${units[unit]}s in ${column}`;
    return column === undefined ? "number of rows" : `${figures[aggregate]} of ${column}`;
  },
  figureLabel: (aggregate, column, unit) => {
    if (unit) return `Number of ${units[unit]}s`;
    return column === undefined ? "Count" : `${labels[aggregate]} ${column}`;
  },
  unit: (unit) => units[unit],
  eachUnit: (unit, column) => `each ${units[unit]} of ${column}`,
  unitOf: (unit, column) => `${units[unit]} of ${column}`,
  extreme: (direction, column) => `${direction === "max" ? "highest" : "lowest"} ${column}`,
  per: (what, groups) =>
    groups.length === 0 ? list(what) : `${list(what)} per ${groups.join(" and ")}`,
  list,
  where: (conditions) => conditions.join(", "),
  not: (text) => `not ${text}`,
  or: (items) => items.join(" or "),
  missing: (column) => `${column} is missing`,
  present: (column) => `${column} is known`,
  season: (from) => from,
  relation: (relation, period) => {
    const words = {
      in: "",
      "not-in": "not in ",
      since: "since ",
      until: "until ",
      before: "before ",
      after: "after ",
    };
    return `${words[relation]}${period}`;
  },
  range: (from, to) => `${from} to ${to}`,
  quarter: (number, year) => (year ? `Q${number} ${year}` : `Q${number}`),
  week: (monday) => `week of ${monday}`,
  decade: (year) => `${year}s`,
  truth: (value) => (value ? "yes" : "no"),
  noValue: "no value",
  allColumns: "all columns",
  sentence: {
    count: (matching, all, conditions) => `${matching} of ${all} rows: ${conditions}.`,
    countAll: (all) => `The table has ${all} rows.`,
    figure: (figure, value, conditions) => `The ${figure} is ${value}${inBrackets(conditions)}.`,
    figures: (named, conditions) =>
      `${upper(named.map(({ name, figure }) => `${name}: ${figure}`).join("; "))}${inBrackets(conditions)}.`,
    groups: (title, named, more) =>
      `${upper(title)} – ${pairs(named)}${more > 0 ? `, and ${more} more` : ""}.`,
    span: (title, count, high, low) =>
      `${upper(title)}: ${count} groups, from ${low.figure} (${low.name}) to ${high.figure} (${high.name}).`,
    total: (value) => `${value} in total.`,
    pick: (direction, _aggregate, figure, names, value) =>
      `${list(names)} ${names.length > 1 ? "have" : "has"} the ${direction === "max" ? "highest" : "lowest"} ${figure}: ${value}.`,
    ranked: (direction, column, named, more, conditions) =>
      `${direction === "max" ? "Highest" : "Lowest"} ${column} – ${pairs(named)}${more > 0 ? `, and ${more} more` : ""}${inBrackets(conditions)}.`,
    rows: (count, columns, conditions) =>
      `${count} rows with ${list(columns)}${inBrackets(conditions)}.`,
    series: (columns, from, to, count) =>
      `${upper(list(columns))} from ${from} to ${to}, ${count} values.`,
    scatter: (columns, count) => `${upper(columns.join(" against "))}, ${count} points.`,
    histogram: (column, count, range) => `${count} values of ${column}, ${range}.`,
    cut: (shown, all) => `The first ${shown} of ${all} are shown.`,
    describe: (rows, columns, names) =>
      `The table has ${rows} rows and ${columns} columns: ${list(names)}.`,
  },
  describeColumns: ["Column", "Type", "Missing", "Different", "Least", "Greatest", "Typical"],
  type: (type) =>
    ({
      integer: "whole number",
      number: "number",
      text: "text",
      truth: "yes or no",
      date: "date",
      time: "date and time",
    })[type] ?? type,
  refusal: {
    unknown: (words) =>
      `In this table, I do not know what ${list(words.map((word) => `"${word}"`))} ${words.length > 1 ? "mean" : "means"}.`,
    unused: (words) =>
      `I do not know what ${list(words.map((word) => `"${word}"`))} is to do in this question.`,
    noGroup: (words) => `It is not said among what "${words}" is to be found.`,
    ambiguous: (words, columns) =>
      `"${words}" can mean ${new Intl.ListFormat("en", { type: "disjunction" }).format(columns)}.`,
    noTime: (words, column) =>
      `"${words}" is another figure for each "${column}", and none is said.`,
    otherUnit: (words, column, unit) =>
      `"${words}" is another unit than that of "${column}", which is ${unit}.`,
    noDates: (words) => `"${words}" needs a column of dates, and the table has none.`,
    coarseDates: (words, column) => `"${words}" needs finer dates than "${column}" has.`,
    noMeasure: (words) => `It is not said which figure "${words}" is about.`,
    noQuestion: "I know the words, but not what they ask of this table.",
    notNumbers: (column) => `"${column}" holds texts, so it cannot be calculated with.`,
    cannot: (why, words) =>
      ({
        future: `"${words}" asks for the future, and a table only knows what is in it.`,
        change: `"${words}" asks to do something; I only read tables and change nothing.`,
        reason: `"${words}" asks for reasons, and a table only holds figures.`,
        opinion: `"${words}" asks for advice, and a table only holds figures.`,
      })[why] ?? `"${words}" is nothing that a table can tell.`,
    tooLong: (limit) => `The question has more than ${limit} words.`,
    noRows: (conditions, range) =>
      `No row fits: ${conditions}.${range === "" ? "" : ` The table covers ${range}.`}`,
    columns: (names) => `Its columns are ${list(names)}.`,
    remedy: (questions) =>
      `Ask for example: ${questions.map((question) => `"${question}"`).join(" or ")}`,
  },
  ask: {
    figure: (aggregate, column) => {
      if (column === undefined) return "number of rows";
      return aggregate === "distinct"
        ? `number of distinct ${column}`
        : `${figures[aggregate]} of ${column}`;
    },
    unit: (unit) => units[unit],
    per: (group) => `per ${group}`,
    overTime: "over time",
    which: (direction, group, figure) =>
      `which ${group} has the ${direction === "max" ? "highest" : "lowest"} ${figure}`,
    top: (direction, count, group, figure) =>
      `${direction === "max" ? "top" : "bottom"} ${count} ${group} by ${figure}`,
    list: (columns) => `list ${columns}`,
    equal: (column, values, negated) => `with ${column} ${negated ? "not " : ""}${values}`,
    compare: (column, operator, number) => `with ${column} ${compared[operator]} ${number}`,
    between: (column, low, high) => `with ${column} between ${low} and ${high}`,
    missing: (column) => `with missing ${column}`,
    range: (from, to) => `from ${from} to ${to}`,
    during: (relation, period) => {
      const words = { in: "in ", "not-in": "not in ", since: "since ", until: "until " };
      return relation === "before" || relation === "after"
        ? `${relation} ${period}`
        : `${period.startsWith("from ") ? "" : words[relation]}${period}`;
    },
  },
  questions: {
    meanPerMonth: (number) => `What is the mean ${number} per month?`,
    meanPerYear: (number) => `What is the mean ${number} per year?`,
    meanBy: (number, group) => `What is the mean ${number} by ${group}?`,
    highest: (number) => `What is the maximum of ${number}?`,
    countBy: (group) => `How many rows are there per ${group}?`,
    whichHighest: (group, number) => `Which ${group} has the highest mean ${number}?`,
    mean: (number) => `What is the mean ${number}?`,
    countAll: "How many rows are there?",
    describe: "Describe this table",
    meanOf: (column) => `What is the mean ${column}?`,
  },
};
