// Heat maps: one number for each pair of two groups, as a colour in seven steps; the number stands
// in its cell where there is room. Numbers on both sides of zero part at zero.

import { isKey } from "../cast.ts";
import { formatCount } from "../format.ts";
import { averaged, limitNames, namesOf } from "../gather.ts";
import { shortName } from "../language/language.ts";
import type { Picture } from "../picture.ts";
import { inReadingOrder, sortCategories } from "../reduce.ts";
import { shorten } from "../text.ts";
import { SIZE } from "../theme.ts";
import type { Mark } from "./mark.ts";
import { thinOut } from "./name-axis.ts";
import {
  captionOf,
  type MarkParts,
  namesExpression,
  numberExpression,
  rowsOf,
  type Tools,
  widest,
  writeNumber,
} from "./parts.ts";
import { extremesOf } from "./told.ts";

const SIDE_MAX = 31;
const CELL = 30;
const CELL_MIN = 18;
const TALLEST = 620;
const BARS_ENOUGH = 30;
const LEGEND_FROM_CELLS = 2;

export const heatmap: Mark = {
  name: "heatmap",
  across: "names",
  place(cast) {
    const { categories, time, measures, wish } = cast;
    const groups = [...categories, ...(time ? [time] : [])].filter((field) => field.distinct > 1);
    const asked = wish.mentioned.filter((field) => groups.includes(field));
    const [first, second] = [...new Set([...asked, ...groups])];
    if (!first || !second) return "twoGroups";
    // What has an order of its own runs across, else what has more values.
    const own = (field: typeof first) => Number(field.ordered || field.kind === "time");
    const swap =
      own(second) > own(first) || (own(first) === own(second) && second.distinct > first.distinct);
    const [x, series] = swap ? [second, first] : [first, second];
    return { x, values: [measures[0]], series };
  },
  suits(cast, { x, series }) {
    const { categories, wish } = cast;
    if (!x || !series || x.kind === "time" || series.kind === "time" || wish.hint) return 0;
    const pair = isKey(cast, [x, series]) && !isKey(cast, [x]) && !isKey(cast, [series]);
    const large = x.distinct * series.distinct > BARS_ENOUGH || series.distinct > 8;
    return pair && categories.length === 2 && large && Math.min(x.distinct, series.distinct) > 2
      ? 70
      : 0;
  },
  gather(raw, gathering) {
    const { choice, language } = gathering;
    const means = averaged(raw, gathering);
    const across = limitNames(means, gathering, SIDE_MAX);
    const turned = across.points.map((point) => ({ ...point, x: point.series }));
    const own = Boolean(choice.series?.ordered || choice.series?.kind === "time");
    const all = sortCategories(turned, own, undefined, language.tag).categories;
    const names = all.slice(0, SIDE_MAX);
    if (names.length < all.length) {
      const [few, whole] = [names.length, all.length].map((n) => formatCount(n, language));
      gathering.remark(language.say.remark.top(few ?? "", whole ?? "", false));
    }
    const kept = across.points.filter((point) => names.includes(point.series));
    return {
      points: inReadingOrder(kept, across.categories, names),
      categories: across.categories,
      names: names.length > 0 ? names : namesOf(kept),
    };
  },
  draw,
  describe(picture, language) {
    const { categories, names } = picture;
    const [a, b] = [categories.length, names.length].map((n) => formatCount(n, language));
    return [language.say.alternative.cells(a ?? "", b ?? ""), extremesOf(picture, language)];
  },
  poor: () => null,
};

function draw(picture: Picture, tools: Tools): MarkParts {
  const { x, y, series, categories, names, points } = picture;
  const fit = { size: SIZE.label, weight: 400, width: tools.room * 0.3 };
  const rows = names.map((name) => shorten(name, fit, tools.typeface));
  const room = tools.room - widest(rows, SIZE.label, tools) - 10;
  const step = room / Math.max(1, categories.length);
  const short = categories.map((name) => shortName(tools.language, name) ?? name);
  const fits = (texts: readonly string[]) => widest(texts, SIZE.label, tools) <= step - 4;
  const columns = fits(categories) ? categories : fits(short) ? short : thinOut(short, step, tools);
  const cell = Math.max(CELL_MIN, Math.min(CELL, TALLEST / Math.max(1, names.length)));
  const written = points.map((point) => writeNumber(point.y, y, tools));
  const inside = widest(written, SIZE.label, tools) <= step - 6 && cell >= 22;
  const numbered = inside && picture.numbers !== false && !tools.small;
  const steps = scaleOf(picture, tools);
  const value = `datum[${JSON.stringify(y.key)}]`;
  const strong = strengthExpression(value, steps.edges, steps.two);
  const { onStrong, onWeak } = tools.theme;
  return {
    height: Math.max(1, names.length) * cell,
    caption: captionOf(picture, tools.language),
    body: {
      data: { values: rowsOf(points, picture) },
      encoding: {
        x: {
          field: x.key,
          type: "nominal",
          sort: null,
          scale: { domain: categories, padding: 0.04 },
          axis: {
            title: null,
            labelAngle: 0,
            ticks: false,
            domain: false,
            labelOverlap: false,
            ...namesExpression(
              categories,
              columns.map((name) => [name]),
            ),
          },
        },
        y: {
          field: series?.key,
          type: "nominal",
          sort: null,
          scale: { domain: names, padding: 0.06 },
          axis: {
            title: null,
            labelLimit: 0,
            ...namesExpression(
              names,
              rows.map((name) => [name]),
            ),
          },
        },
      },
      layer: [
        {
          mark: { type: "rect", cornerRadius: 2 },
          encoding: {
            color: {
              field: y.key,
              type: "quantitative",
              scale: { type: "threshold", domain: steps.edges, range: steps.colours },
              legend: numbered || points.length < LEGEND_FROM_CELLS ? null : legend(picture),
            },
          },
        },
        ...(numbered
          ? [
              {
                mark: {
                  type: "text",

                  text: { expr: numberExpression(value, y.style, false) },
                  color: { expr: `${strong} ? "${onStrong}" : "${onWeak}"` },
                },
              },
            ]
          : []),
      ],
    },
  };
}

/** Six edges between seven colours; around zero where there are numbers on both sides. */
function scaleOf({ points }: Picture, tools: Tools) {
  const values = points.map((point) => point.y);
  const low = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const two = low < 0 && high > 0;
  const far = Math.max(-low, high);
  const [from, to] = two ? [-far, far] : low < high ? [low, high] : [low - 1, low + 1];
  const edges = Array.from({ length: 6 }, (_, i) => from + ((to - from) * (i + 1)) / 7);
  return { edges, two, colours: two ? tools.theme.sides : tools.theme.steps };
}

function strengthExpression(value: string, edges: readonly number[], two: boolean): string {
  if (two) return `(${value} < ${edges[0]} || ${value} >= ${edges[5]})`;
  return `${value} >= ${edges[3]}`;
}

function legend({ y }: Picture) {
  // The outer steps have no end, which Vega would write as infinity.
  return {
    title: null,
    orient: "top",
    type: "gradient",
    gradientLength: 330,
    gradientThickness: 10,
    labelOverlap: "greedy",
    labelExpr: `isFinite(datum.value) ? ${numberExpression("datum.value", y.style, false)} : ""`,
  };
}
