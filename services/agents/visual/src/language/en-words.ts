// English: the words of a wish. Extend them here and nowhere else.

import type { WishWords } from "./language.ts";

const list = (text: string): string[] =>
  text.split(",").map((one) => one.replace(/\s+/g, " ").trim());

export const wish: WishWords = {
  marks: {
    bar: list(
      "bar, bars, bar chart*, bar graph*, bar plot*, barchart*, column chart*, columns chart*",
    ),
    line: list("line chart*, line graph*, line plot*, line, lines, linechart*, curve*"),
    area: list("area, areas, area chart*, area graph*, area plot*, filled"),
    point: list("scatter, scatter*, scatter plot*, point cloud*"),
    histogram: list("histogram*, distribution, distributions, frequency distribution*"),
    box: list("box, boxes, box plot*, boxplot*, box and whisker*, box chart*"),
    heatmap: list("heat map*, heatmap*"),
    pie: list("pie, pies, pie chart*, pie graph*"),
    donut: list("donut*, doughnut*, ring chart*, donut chart*"),
    dot: list("dot, dots, dot plot*, dotplot*, dot chart*, cleveland*, strip plot*"),
    range: list("as range*, range plot*, range chart*, dumbbell*, span chart*, floating bars"),
  },
  instead: [
    { patterns: ["treemap*", "tree map*"], name: "treemap", mark: "bar" },
    { patterns: ["radar chart*", "spider chart*"], name: "radar chart", mark: "dot" },
    { patterns: ["violin*"], name: "violin plot", mark: "box" },
    { patterns: ["funnel*"], name: "funnel chart", mark: "bar" },
  ],
  hints: {
    line: list("over time, trend, trends, development, time series, timeline, evolution"),
    point: list("correlation*, correlat*, relationship, relation"),
  },
  phrases: {
    stacked: list("stacked, stack, stack them, piled"),
    grouped: list("grouped, side by side, unstacked, unstack, next to each other"),
    normalised: list(
      "100 stacked, normalised, normalized, normalise, normalize, 100 percent, as shares, as a share, proportional, relative, in percent, as percentages",
    ),
    log: list("log, logarithmic*, log scale, logarithm, powers of ten"),
    linear: list("linear*, linear scale, normal scale"),
    sort: list("sort*, order by, ordered by, arrange*, rank*, order them, put in order"),
    ascending: list("ascending, smallest first, lowest first, increasing, smallest on top"),
    descending: list(
      "descending, largest first, highest first, biggest first, decreasing, reverse*",
    ),
    alphabetical: list("alphabetical*, a to z"),
    byName: list("by name, by names, name"),
    byValue: list("by value, by values, by size, value, size"),
    givenOrder: list("original order, unsorted, not sorted, as in the table"),
    top: list("top, largest, highest, biggest, most, best, greatest, strongest"),
    bottom: list("bottom, smallest, lowest, least, worst, fewest, weakest"),
    only: list("only, just, solely, nothing but"),
    without: list(
      "without, except, excluding, exclude, but not, drop, leave out, remove, hide, minus",
    ),
    all: list("all, all of them, everything, every one"),
    and: list("and, or"),
    trend: list(
      "trend line*, trendline*, regression*, line of best fit, best fit, with trend, fit line",
    ),
    panels: list(
      "one panel per, a panel per, one graph per, a chart by, small multiples, small multiple, facet*, trellis, one chart per, one chart for each, a chart per, a chart for each, separate charts, panels, one plot per, multiples",
    ),
    split: list("split, split by, broken down, separate, separately, divided"),
    onePanel: list("one chart, single chart, a single chart, all in one, together again"),
    colour: list(
      "colour by, color by, coloured by, colored by, colours by, colors by, colour, color, colours, colors",
    ),
    swap: list(
      "swap, swap axes, swapped, flip, flipped, transpose*, exchange, switch axes, rotate",
    ),
    zero: list("zero baseline, at zero, from zero, at 0, from 0, include zero, zero, with zero"),
    numbers: list(
      "show the labels, with numbers, with values, with labels, show values, show the values, show numbers, show the numbers, show labels, value labels, data labels, label the bars, label them, labelled, labeled",
    ),
    figures: list("numbers, values, labels, figures"),
    noNumbers: list("hide values, hide numbers, hide labels"),
    horizontal: list("horizontal*, sideways, lying"),
    vertical: list("vertical*, upright, standing, columns, column chart*, columns chart*"),
    against: list("against, vs, versus, over, as a function of"),
  },
  negations: list(
    "no, not, without, instead of, rather than, not as, remove, hide, drop, remove the, hide the, drop the, without the",
  ),
  numbers:
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty".split(
      " ",
    ),
  titleWords: ["title", "headline", "call it", "titel"],
  common:
    "the a an of by per in is are and or what which how many show me draw plot chart as with for to from only without instead please sort all".split(
      " ",
    ),
};
