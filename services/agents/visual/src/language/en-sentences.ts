// English: every sentence about a chart. Extend it here and nowhere else.

import type { Sentences } from "./language.ts";

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

export const say: Sentences = {
  inside: within,
  markNames: {
    bar: "bar chart",
    line: "line chart",
    point: "scatter plot",
    histogram: "histogram",
    area: "area chart",
    box: "box plot",
    heatmap: "heat map",
    pie: "pie chart",
    donut: "donut chart",
    dot: "dot plot",
    range: "range plot",
  },
  count: "Count",
  value: "Value",
  measure: "Measure",
  truth: ["no", "yes"],
  missing: "(missing)",
  quarter: (n, year) => `Q${n} ${year}`,
  share: (of) => `Share of ${within(of)}`,
  others: (count) => `Others (${count})`,
  from: (of) => `${of} from`,
  to: (of) => `${of} to`,
  fromTo: (low, high) => `${low} to ${high}`,
  three: (median, lower, upper) => `median ${median}, middle half ${lower} to ${upper}`,
  fiveNames: ["Lower end", "Lower quartile", "Median", "Upper quartile", "Upper end"],
  five: (median, lower, upper, low, high) =>
    `median ${median}, middle half ${lower} to ${upper}, ends ${low} and ${high}`,
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
    first: (shown, all) => `The first ${shown} of ${all}`,
    series: (shown, all, lowest) =>
      `The ${shown} of ${all} with the ${lowest ? "lowest" : "highest"} last value`,
    total: (value, by) => `Total of ${value} for each ${by}`,
    mean: (value, by) => `Mean of ${value} for each ${by}`,
    sample: (shown, all) => `${shown} of ${all} points, evenly picked`,
    only: (names) => `Only ${names}`,
    without: (names) => `Without ${names}`,
    missing: (rows) => `Without ${rows} rows that lack a value`,
    firstRows: (rows, all) => `The first ${rows} of ${all} rows`,
  },
  reason: {
    asked: (mark) => `${a(mark)}, as asked.`,
    because: {
      bar: (mark, value, x, ordered) => {
        if (x === null) return `${a(mark)}, because it compares a few numbers with each other.`;
        return ordered
          ? `${a(mark)}, because it compares “${value}” along “${x}”, whose order is kept.`
          : `${a(mark)}, because it compares “${value}” between the values of “${x}”; longest first.`;
      },
      line: (mark, value, x) =>
        `${a(mark)}, because “${x}” is in order and the line shows how “${value}” moves along it.`,
      area: (mark, value, x) =>
        `${a(mark)}, because “${value}” adds up along “${x}” and the area grows from zero.`,
      point: (mark, value, x) =>
        `${a(mark)}, because “${x}” and “${value}” are two numbers of the same rows.`,
      histogram: (mark, value) =>
        `${a(mark)}, because “${value}” is one number per row and the question is how it spreads.`,
      box: (mark) => `${a(mark)}, because the table holds quartiles.`,
      heatmap: (mark, value, x) =>
        `${a(mark)}, because there is a “${value}” for each pair of “${x}” and a second group: too many bars, but clear as colours.`,
      pie: (mark) => `${a(mark)}, because these are parts of a whole.`,
      donut: (mark) => `${a(mark)}, because these are parts of a whole.`,
      dot: (mark, value) => `${a(mark)}, because each name has its own “${value}”.`,
      range: (mark) => `${a(mark)}, because the table holds a lowest and a highest value.`,
    },
    instead: (wanted, mark) =>
      `${a(mark)} instead of ${an(wanted)}: it shows the same more exactly.`,
    notPossible: (wanted, why, mark) => `${a(mark)} instead of ${an(wanted)}: ${why}.`,
  },
  needs: {
    order: "that takes a time or a column with an order of its own",
    twoNumbers: "that takes two columns of numbers",
    numbers: "that takes a column with many numbers",
    names: "that takes a column of names",
    twoGroups: "that takes two columns of groups",
    lowAndHigh: "that takes a lowest and a highest value for each name",
    parts: "that takes parts of a whole, none of them negative",
    fewBars: "so many bars could not be told apart",
  },
  denied: {
    mark: a,
    log: "A logarithmic scale",
    stacked: "Stacking",
    normalised: "Shares of a whole",
    grouped: "Grouping",
    panels: "Small multiples",
    trend: "A trend line",
    swap: "Swapping the axes",
    zero: "An axis without zero",
    noSwap: (mark) => `${an(mark)} keeps its direction`,
    numbers: "Writing the numbers",
    noRoom: "there is no room beside the marks; pointing at one says it",
    zeroNeeded: "bars and areas measure from zero",
    noZero: (label) => `“${label}” holds zero or negative numbers, which have no logarithm`,
    noScale: (mark) => `${an(mark)} has no such scale`,
    said: (what, why) => `${what} is not possible here: ${why}.`,
  },
  poor: {
    manySlices: (n) =>
      `${n} slices are hard to compare as angles; bars show the differences exactly.`,
    manyStacked: (n) =>
      `Of ${n} stacked series only the lowest can be read well; on their own all of them can.`,
    manyLines: (n) => `${n} lines would be a tangle; the highest are shown.`,
    stackedNegative:
      "Negative values do not visibly cancel out in a stack; side by side they can be read.",
    addsNothing: (label) =>
      `“${label}” adds up to no whole; side by side the values can be compared.`,
    logBars:
      "Bars measure from zero, and zero has no logarithm; dots show the same without that length.",
  },
  ask: {
    mark: (mark) => `as ${an(say.markNames[mark])}`,
    top: (n) => `only the top ${n}`,
    grouped: "side by side instead of stacked",
    panels: "as small multiples",
    linear: "linear scale",
  },
  change: {
    mark: (mark) => an(mark),
    stacked: "stacked",
    grouped: "side by side",
    normalised: "as shares of the whole",
    log: "on a logarithmic scale",
    linear: "on a linear scale",
    sort: ({ by, descending }) =>
      by === "given"
        ? "in the order of the table"
        : `sorted by ${by}, ${descending ? "descending" : "ascending"}`,
    limit: ({ count, end }) => `only the ${count} ${end === "top" ? "largest" : "smallest"}`,
    all: "with all of them again",
    horizontal: "horizontal",
    vertical: "vertical",
    swap: "with swapped axes",
    trend: "with a trend line",
    noTrend: "without a trend line",
    panels: (label) => `one chart for each ${within(label)}`,
    onePanel: "in one chart again",
    colour: (label) => `coloured by ${within(label)}`,
    noColour: "in one colour",
    without: (names) => `without ${names}`,
    only: (names) => `only ${names}`,
    zero: "with the axis from zero",
    noZero: "with the axis near the figures",
    numbers: "with numbers",
    noNumbers: "without numbers",
    title: (title) => `titled “${title}”`,
    columns: (values, others) =>
      others === "" ? `showing ${values}` : `showing ${values} by ${others}`,
    sentence: (clauses) => `Now ${clauses.join(", ")}.`,
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
    boxes: (n) => (n === "1" ? "One box." : `${n} boxes.`),
    box: (name, median, lower, upper, low, high) =>
      `${name === "" ? "All" : name}: median ${median}, the middle half from ${lower} to ${upper}, ends at ${low} and ${high}.`,
    middle: (name, median, lower, upper) =>
      `${name === "" ? "All" : name}: median ${median}, the middle half from ${lower} to ${upper}.`,
    cells: (across, down) => `${across} columns and ${down} rows.`,
    slices: (n) => `${n} slices.`,
    ranges: (n) => `${n} ranges.`,
    widest: (name, low, high) => `Widest is ${name} from ${low} to ${high}.`,
    narrowest: (name, low, high) => `Narrowest is ${name} from ${low} to ${high}.`,
    panels: (n, label) => `${n} small multiples, one for each ${within(label)}.`,
    log: "The scale is logarithmic.",
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
    unknown: {
      message: "These words do not say what should be different about the chart.",
      remedy:
        "Name a kind of chart, a scale, an order, a number of marks or an orientation, such as “as a line”.",
    },
    denied: (what, why) => ({
      message: `${what} is not possible with these figures: ${why}.`,
      remedy: "Choose a form that suits the columns.",
    }),
    nothingLeft: {
      message: "Nothing would be left to draw.",
      remedy: "Leave out less; “all” brings everything back.",
    },
    suggestions: {
      draw: ["Count the rows per group as a bar chart"],
      change: ["as a bar chart", "only the top 5", "sort by name"],
    },
  },
};

function an(name: string): string {
  return `${/^[aeiou]/i.test(name) ? "an" : "a"} ${name}`;
}

function a(name: string): string {
  const text = an(name);
  return text.charAt(0).toUpperCase() + text.slice(1);
}
