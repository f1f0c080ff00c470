import type { Aggregate, Derivation, TimeUnit } from "../language/lexicon.ts";
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
  variance: "variance",
  range: "range",
  quantile: "quantile",
  iqr: "interquartile range",
  ratio: "ratio",
  gain: "change from first to last",
};
/** Words that stand before a name as adjectives do. */
const spoken: Readonly<Partial<Record<Aggregate, string>>> = {
  sum: "total",
  mean: "mean",
  median: "median",
  min: "minimum",
  max: "maximum",
};
const labels: Readonly<Record<Aggregate, string>> = {
  count: "Count of",
  distinct: "Different",
  sum: "Total",
  mean: "Mean",
  median: "Median",
  min: "Minimum",
  max: "Maximum",
  deviation: "Standard deviation of",
  variance: "Variance of",
  range: "Range of",
  quantile: "Quantile of",
  iqr: "Interquartile range of",
  ratio: "Ratio of",
  gain: "Change from first to last of",
};
const derivations: Readonly<Record<Derivation, string>> = {
  share: "share of the total",
  running: "running total",
  difference: "difference",
  growth: "growth",
  rank: "rank",
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

const signs = { ">": "over", ">=": "at least", "<": "under", "<=": "at most", "=": "=", "!=": "≠" };

const compared = {
  ">": "more than",
  ">=": "at least",
  "<": "less than",
  "<=": "at most",
  "=": "exactly",
  "!=": "other than",
} as const;

/** 90 as "90th", 2.5 as "2.5th". */
function ordinal(number: number): string {
  const rounded = Number(number.toFixed(6));
  const last = rounded % 100 >= 11 && rounded % 100 <= 13 ? 0 : rounded % 10;
  return `${rounded}${{ 1: "st", 2: "nd", 3: "rd" }[last] ?? "th"}`;
}

const formatter = new Intl.ListFormat("en", { style: "long", type: "conjunction" });
const list = (items: readonly string[]) => formatter.format(items);
const upper = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
const inBrackets = (conditions: string) => (conditions === "" ? "" : ` (${conditions})`);
/** Names with digits or commas in them run into figures, and are kept apart by more. */
function pairs(named: readonly { name: string; figure: string }[], more = 0): string {
  const plain = named.every(({ name, figure }) => !/[\d,;(]/.test(name) && !figure.includes("("));
  const texts = named.map(({ name, figure }) =>
    plain ? `${name} ${figure}` : `${name}: ${figure}`,
  );
  if (more > 0) texts.push(`${more} more`);
  return plain ? list(texts) : texts.join("; ");
}

export const english: Words = {
  language: "en",
  figure: (aggregate, column, unit) => {
    if (unit) return `number of ${units[unit]}s in ${column}`;
    if (column === undefined) return "number of rows";
    return `${spoken[aggregate] ?? `${figures[aggregate]} of`} ${column}`;
  },
  figureLabel: (aggregate, column, unit) => {
    if (unit) return `Number of ${units[unit]}s`;
    return column === undefined ? "Count" : `${labels[aggregate]} ${column}`;
  },
  derived: (over, figure, summed) => {
    if (over === "share") return `share of ${figure === "number of rows" ? "rows" : figure}`;
    if (over === "running") return `running total ${summed ? `of ${summed}` : `(${figure})`}`;
    if (over === "rank") return `rank by ${figure}`;
    return `${over === "growth" ? "growth of" : "change in"} ${figure}`;
  },
  compare: (column, operator, number) => `${column} ${signs[operator]} ${number}`,
  derivedLabel: (over, label) => `${upper(derivations[over])} (${label})`,
  ofPart: (figure) => `${figure}, of these`,
  ratio: (column, by) => `${column} to ${by}`,
  quantile: (level, column) =>
    level === 0.25 || level === 0.75
      ? `${level === 0.25 ? "lower" : "upper"} quartile of ${column}`
      : `${ordinal(level * 100)} percentile of ${column}`,
  contains: (how, column, text) =>
    `${column} ${{ contains: "contains", starts: "starts with", ends: "ends with" }[how]} "${text}"`,
  bin: (from, to) => `${from} to under ${to}`,
  unit: (unit) => units[unit],
  groups: (count, unit) => `${count} ${unit ? units[unit] : "group"}${count === "1" ? "" : "s"}`,
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
  half: (number, year) => `H${number} ${year}`,
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
    groups: (title, named, more) => `${upper(title)} – ${pairs(named, more)}.`,
    span: (title, groups, high, low) =>
      `${upper(title)}, ${groups}: highest ${high.name} (${high.figure}), lowest ${low.name} (${low.figure}).`,
    others: (named) =>
      named.length === 1 ? `The other: ${pairs(named)}.` : `The others: ${pairs(named)}.`,
    otherEnd: (direction, groups, { name, figure }) =>
      `The ${direction === "max" ? "lowest" : "highest"} of ${groups}: ${name} (${figure}).`,
    different: (column, count, value, conditions) =>
      `${upper(column)}: ${value} different ${count === 1 ? "value" : "values"}${inBrackets(conditions)}.`,
    counted: (unit, count, value, conditions) =>
      `${value} ${units[unit]}${count === 1 ? "" : "s"}${conditions === "" ? "" : `: ${conditions}`}.`,
    winner: (direction, column, name, value, conditions) =>
      `${name} has the ${direction === "max" ? "highest" : "lowest"} ${column}: ${value}${inBrackets(conditions)}.`,
    total: (value) => `${value} in total.`,
    pick: (direction, _aggregate, figure, names, value) =>
      `${list(names)} ${names.length > 1 ? "have" : "has"} the ${direction === "max" ? "highest" : "lowest"} ${figure}: ${value}.`,
    ranked: (direction, column, named, more, conditions) =>
      `${direction === "max" ? "Highest" : "Lowest"} ${column} – ${pairs(named, more)}${inBrackets(conditions)}.`,
    place: (direction, place, figure, asked, before) =>
      `Number ${place} of the ${direction === "max" ? "highest" : "lowest"} ${figure}: ${asked.name} (${asked.figure}). Before it: ${pairs(before)}.`,
    rows: (count, columns, conditions) =>
      `${count} ${count === "1" ? "row" : "rows"} with ${list(columns)}${inBrackets(conditions)}.`,
    series: (columns, from, to, count) =>
      `${upper(list(columns))} from ${from} to ${to}, ${count} values.`,
    course: (column, [from, to], [first, last, change], count, conditions) =>
      `${upper(column)} from ${from} to ${to}: from ${first} to ${last} (${change}), ${count} values${conditions === "" ? "" : ` (${conditions})`}.`,
    scatter: (columns, count) => `${upper(columns.join(" against "))}, ${count} points.`,
    histogram: (column, count, range) => `${count} values of ${column}, ${range}.`,
    share: (percent, part, whole, conditions, base) =>
      `${percent} (${part} of ${whole}): ${conditions}${base === "" ? "" : `; of all with ${base}`}.`,
    correlation: ([y, x], r, strength, n) =>
      `The correlation of ${y} and ${x} is r = ${r} (n = ${n}), ${strength}.`,
    trend: (y, slope, per, r2, n, points) =>
      `The linear trend of ${y} is ${slope} per ${per} (R² = ${r2}, n = ${n}${points === "" ? "" : `, one point per ${points}`}).`,
    relations: (title, named) => `${upper(title)} – ${pairs(named)}.`,
    outliers: (count, all, column, low, high, named) =>
      `${count} of ${all} values of ${column} ${count === "1" ? "is an outlier" : "are outliers"}${named.length === 0 ? "" : `: ${named.join("; ")}`}. Outliers lie below ${low} or above ${high} (IQR rule: more than 1.5 times the range of the middle half beyond it).`,
    missingCells: (total, all, columns, more) =>
      columns.length === 0
        ? "No values are missing in any column."
        : `${columns.length + more} of ${all} columns ${columns.length + more === 1 ? "has" : "have"} missing values, ${total} in all – ${columns.map(({ name, figure }) => `${name}: ${figure}`).join("; ")}${more > 0 ? `; and ${more} more` : ""}.`,
    duplicates: (groups, surplus, columns) => {
      if (columns.length > 0)
        return groups === "0"
          ? `No value of ${list(columns)} occurs more than once.`
          : `${groups} values of ${list(columns)} occur more than once; ${surplus} rows repeat an earlier one.`;
      if (groups === "0") return "There are no duplicate rows.";
      const rows = surplus === "1" ? "is 1 duplicate row" : `are ${surplus} duplicate rows`;
      return `There ${rows}: ${groups} ${groups === "1" ? "row occurs" : "rows occur"} more than once.`;
    },
    fitting: (count) => `${count} ${count === "1" ? "group fits" : "groups fit"}.`,
    change: (figure, value) => `${upper(figure)}: ${value}.`,
    firstHasNone: "The first has nothing before it to be compared with, so it has no figure.",
    cut: (shown, all) => `The first ${shown} of ${all} are shown.`,
    describe: (rows, columns, names) =>
      `The table has ${rows} rows and ${columns} columns: ${list(names)}.`,
  },
  duplicates: "Duplicates",
  shareOf: "Share with",
  strength: (r) => {
    const size = Math.abs(r);
    if (Number.isNaN(r)) return "not defined, because one of them does not vary";
    const word =
      size >= 0.7 ? "strong" : size >= 0.4 ? "moderate" : size >= 0.1 ? "weak" : undefined;
    return word === undefined
      ? "practically none"
      : `${word} and ${r > 0 ? "positive" : "negative"}`;
  },
  relationColumns: {
    correlation: "Correlation r",
    pairs: "Pairs",
    slope: "Slope",
    r2: "R²",
    points: "Points",
    missing: "Missing",
    share: "Share",
    low: "Lower bound",
    high: "Upper bound",
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
    columns: (names, more) =>
      `Its columns are ${list(more > 0 ? [...names, `${more} more`] : names)}.`,
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
    rows: "list all rows",
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
    shareBy: (number, group) => `What is the share of each ${group} in ${number}?`,
    growthPerYear: (number) => `How did ${number} grow per year?`,
    correlation: (a, b) => `How strongly are ${a} and ${b} correlated?`,
    outliers: (number) => `Are there outliers in ${number}?`,
    countAll: "How many rows are there?",
    describe: "Describe this table",
    meanOf: (column) => `What is the mean ${column}?`,
  },
};
