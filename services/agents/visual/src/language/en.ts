// English: the words of a wish, and every sentence about a chart. Extend it here and nowhere else.

import type { Language, Sentences, WishWords } from "./language.ts";

const wish: WishWords = {
  marks: {
    bar: ["bar", "bars", "bar chart*", "bar graph*", "bar plot*", "barchart*", "column chart*"],
    line: ["line chart*", "line graph*", "line plot*", "line", "lines", "linechart*", "curve*"],
    point: ["scatter", "scatter*", "point cloud*", "dot plot*"],
    histogram: ["histogram*", "distribution", "distributions", "frequency distribution*"],
  },
  instead: [
    { patterns: ["pie", "pies", "pie chart*", "donut*", "doughnut*"], name: "pie", mark: "bar" },
    { patterns: ["area chart*", "area graph*"], name: "area chart", mark: "line" },
    { patterns: ["box plot*", "boxplot*"], name: "box plot", mark: "histogram" },
    { patterns: ["heat map*", "heatmap*", "treemap*"], name: "heat map", mark: "bar" },
  ],
  hints: {
    line: ["over time", "trend", "trends", "development", "time series", "timeline", "evolution"],
    point: ["correlation*", "correlat*", "relationship", "relation"],
  },
  horizontal: ["horizontal*", "sideways"],
  vertical: ["vertical*", "column chart*", "columns chart*"],
  negations: ["no", "not", "without", "instead of", "rather than", "not as"],
  against: ["against", "vs", "versus", "over", "as a function of"],
  common:
    "the a an of by per in is are and or what which how many show me draw plot chart as with for to from".split(
      " ",
    ),
};

const VERBS: Readonly<Record<string, string>> = {
  mean: "Mean",
  avg: "Mean",
  average: "Mean",
  median: "Median",
  sum: "Total",
  min: "Lowest",
  max: "Highest",
  count: "Count of",
  stddev: "Standard deviation of",
};
const GROUPS: Readonly<Record<string, string>> = {
  year: "Year",
  month: "Month",
  quarter: "Quarter",
  week: "Week",
  weekday: "Weekday",
  day: "Day",
  hour: "Hour",
};
const STRENGTH = { none: "no", weak: "a weak", clear: "a clear", strong: "a strong" };

/** Inside a sentence a label loses its capital, unless it has others: "origin", but "US Gross". */
function within(label: string): string {
  return /\p{Lu}/u.test(label.slice(1)) ? label : label.charAt(0).toLowerCase() + label.slice(1);
}

const say: Sentences = {
  markNames: {
    bar: "bar chart",
    line: "line chart",
    point: "scatter plot",
    histogram: "histogram",
  },
  count: "Count",
  value: "Value",
  measure: "Measure",
  truth: ["no", "yes"],
  missing: "(missing)",
  inUnit: (unit) => `in ${unit}`,
  computed(verb, of) {
    if (GROUPS[verb]) return GROUPS[verb];
    if (verb === "count" && (of === "*" || of === "")) return "Count";
    return VERBS[verb] ? `${VERBS[verb]} ${of}` : null;
  },
  title: {
    by: (value, category) => `${value} by ${within(category)}`,
    overTime: (value) => `${value} over time`,
    against: (y, x) => `${y} against ${within(x)}`,
    distribution: (of) => `Distribution of ${within(of)}`,
  },
  remark: {
    top: (shown, all, lowest) => `The ${shown} ${lowest ? "lowest" : "highest"} of ${all}`,
    series: (shown, all) => `The ${shown} of ${all} with the highest last value`,
    mean: (value, by) => `Mean of ${value} for each ${by}`,
    sample: (shown, all) => `${shown} of ${all} points, evenly picked`,
    missing: (rows) => `Without ${rows} rows that lack a value`,
    firstRows: (rows, all) => `The first ${rows} of ${all} rows`,
  },
  reason: {
    asked: (mark) => `A ${mark}, as asked.`,
    category: (mark, value, category) =>
      `A ${mark}, because it compares “${value}” between the values of “${category}”; longest first.`,
    ordered: (mark, value, category) =>
      `A ${mark}, because it compares “${value}” along “${category}”, whose order is kept.`,
    time: (mark, value, time) =>
      `A ${mark}, because “${time}” is a time and the line shows how “${value}” moves along it.`,
    twoNumbers: (mark, x, y) =>
      `A ${mark}, because “${x}” and “${y}” are two numbers of the same rows.`,
    oneNumber: (mark, value) =>
      `A ${mark}, because “${value}” is one number per row and the question is how it spreads.`,
    several: (mark) => `A ${mark}, because it compares a few numbers with each other.`,
    instead: (wanted, mark) => `A ${mark} instead of a ${wanted}: it shows the same more exactly.`,
    notPossible: (wanted, why, mark) => `A ${mark} instead of a ${wanted}: ${why}.`,
    needsTwoNumbers: "that takes two columns of numbers",
    needsNumbers: "that takes a column with many numbers",
    needsOrder: "that takes a time or a column with an order of its own",
    tooMany: (n) => `${n} bars could not be told apart`,
  },
  alternative: {
    opening: (mark, title) => `${mark}: ${title}.`,
    extremes: (most, mostValue, least, leastValue) =>
      `Highest is ${most} with ${mostValue}, lowest is ${least} with ${leastValue}.`,
    single: (name, value) => `${name}: ${value}.`,
    allEqual: (value) => `All have the same value, ${value}.`,
    rises: (from, a, to, b) => `It rises from ${a} (${from}) to ${b} (${to}).`,
    falls: (from, a, to, b) => `It falls from ${a} (${from}) to ${b} (${to}).`,
    steady: (from, a, to, b) => `It ends about where it began: ${a} (${from}), ${b} (${to}).`,
    series: (count, names) => `${count} series: ${names}.`,
    seriesPeak: (series, category, value) => `${series} is highest at ${category} with ${value}.`,
    seriesChange: (series, from, to) => `${series} goes from ${from} to ${to}.`,
    bars: (n) => `${n} bars.`,
    points: (n) => `${n} points.`,
    correlation: (strength, rises, r) =>
      strength === "none"
        ? `There is no linear relation to speak of (r = ${r}).`
        : `There is ${STRENGTH[strength]} relation: as one grows, the other ${rises ? "grows too" : "shrinks"} (r = ${r}).`,
    groupMiddle: (group, x, y) => `${group} centres at ${x} and ${y}.`,
    range: (label, from, to) => `${label} runs from ${from} to ${to}.`,
    histogram: (n, from, to, median) =>
      `${n} values from ${from} to ${to}; half of them are below ${median}.`,
    peak: (from, to, count, share) =>
      `Most lie between ${from} and ${to}: ${count} values (${share}).`,
    skew: (right) => `The long tail is on the ${right ? "high" : "low"} side.`,
  },
  refusal: {
    noColumns: {
      message: "The table has no columns, so there is nothing to draw.",
      remedy: "Give a table with at least one column of numbers.",
    },
    noRows: {
      message: "The table has no rows, so there is nothing to draw.",
      remedy: "Loosen the filter or the date range, so that at least one row is left.",
    },
    noNumbers: (columns) => ({
      message: `No column of the table holds numbers; it has: ${columns}.`,
      remedy: "Ask for a number first, for example for the count per group.",
    }),
    allMissing: (columns) => ({
      message: `Every value is missing in the columns with numbers: ${columns}.`,
      remedy: "Choose a column that has values.",
    }),
    suggestions: ["Count the rows per group as a bar chart"],
  },
};

export const english: Language = {
  code: "en",
  tag: "en-US",
  wish,
  say,
  scales: [
    { divisor: 1e12, suffix: " tn" },
    { divisor: 1e9, suffix: " bn" },
    { divisor: 1e6, suffix: " m" },
  ],
  number: { decimal: ".", thousands: ",", grouping: [3], currency: ["$", ""] },
  time: {
    dateTime: "%x, %X",
    date: "%b %-d, %Y",
    time: "%-I:%M:%S %p",
    periods: ["AM", "PM"],
    days: ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"],
    shortDays: ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"],
    months:
      "January February March April May June July August September October November December".split(
        " ",
      ),
    shortMonths: "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" "),
  },
  ticks: {
    year: "%Y",
    quarter: "%b",
    month: "%b",
    week: "%b %-d",
    day: "%b %-d",
    hours: "%H:%M",
    minutes: "%H:%M",
  },
  withUnit(number, unit) {
    if (unit === "") return number;
    if (/^[$£€]$/.test(unit)) {
      return number.startsWith("−") ? `−${unit}${number.slice(1)}` : unit + number;
    }
    return unit === "%" ? `${number}%` : `${number} ${unit}`;
  },
  join: (items) => new Intl.ListFormat("en", { type: "conjunction" }).format(items),
};
