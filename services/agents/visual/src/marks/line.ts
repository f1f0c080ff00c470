// Lines over a time, a number or categories in order. Several lines carry their names at their ends
// instead of in a legend, moved apart where they would touch: a dot in the colour, the name in that
// of all text, because not every colour can be read as text.

import { alike, type Cast, isKey, type Placed, seriesOf } from "../cast.ts";
import { formatCount } from "../format.ts";
import { gatherLines } from "../gather.ts";
import type { Picture } from "../picture.ts";
import { SIZE } from "../theme.ts";
import { nameLayer } from "./line-names.ts";
import type { Mark, Need } from "./mark.ts";
import {
  axisTitle,
  captionOf,
  colour,
  legendFor,
  numberExpression,
  rowsOf,
  type Tools,
} from "./parts.ts";
import { continuous, extent, upDomain, ZERO } from "./scales.ts";
import { extremesOf, seriesSentence, seriesWays, wayOf } from "./told.ts";
import { trendLayer } from "./trend.ts";

const DOTS_MAX = 24;
const NUMBERS_MAX = 12;

/** Lines and areas stand over the same. */
export function placeAlong(cast: Cast): Placed | Need {
  const { time, categories, measures } = cast;
  const x = time ?? categories.find((category) => category.ordered && category.distinct > 1);
  if (!x) return "order";
  const series = seriesOf(cast, x, isKey(cast, [x]));
  return { x, values: series ? [measures[0]] : alike(measures), series };
}

export const line: Mark = {
  name: "line",
  across: "along",
  place: placeAlong,
  suits(cast, { x }) {
    const { time, wish, categories } = cast;
    if (!time || x?.kind !== "time") return isKey(cast, categories) ? 55 : 0;
    if (wish.hint === "point") return 40;
    return wish.hint === "line" || isKey(cast, [time, ...categories]) ? 80 : 40;
  },
  gather: gatherLines,
  draw(picture, tools) {
    const { y, points, names, log } = picture;
    const domain = upDomain(
      picture,
      points.map((point) => point.y),
      ZERO.cheap,
    );
    const across = acrossOf(picture, tools);
    const up = continuous(y, domain, tools, log);
    const labels =
      names.length > 1 && !tools.small
        ? [nameLayer(picture, domain, { x: across, y: up }, tools.typeface.width)]
        : [];
    const perLine = points.length / Math.max(1, names.length);
    const dots = perLine <= DOTS_MAX ? { point: { filled: true, size: 28, fillOpacity: 1 } } : {};
    const legend = tools.small ? { ...legendFor(names, tools), symbolType: "circle" } : null;
    return {
      height: tools.small ? SIZE.smallHeight : SIZE.plotHeight,
      caption: captionOf(picture, tools.language),
      body: {
        data: { values: rowsOf(points, picture) },
        layer: [
          {
            mark: { type: "line", ...dots },
            encoding: {
              x: withTitle(across, picture, tools),
              y: { ...up, axis: { ...up.axis, title: null } },
              ...colour(picture, tools.theme, legend),
            },
          },
          ...numbersAt(picture, across, up, tools),
          ...labels,
          ...(picture.trend && !tools.small
            ? trendLayer(picture, { x: across, y: up }, tools)
            : []),
        ],
      },
    };
  },
  describe(picture, language) {
    if (picture.names.length > 1) {
      return [seriesSentence(picture, language), ...seriesWays(picture, language)];
    }
    const told = [picture.panel ? "" : wayOf(picture, language), extremesOf(picture, language)];
    return told.filter((text) => text !== "");
  },
  poor({ names, namesInAll, series }, language) {
    if (!series || names.length < 8 || namesInAll <= names.length) return null;
    const { poor, ask } = language.say;
    return {
      why: poor.manyLines(formatCount(namesInAll, language)),
      better: [ask.top(5), ask.panels],
    };
  },
};

export function acrossOf(picture: Picture, tools: Tools) {
  const { x, points } = picture;
  if (x.kind === "category") return ordinal(picture);
  const places = points.map((point) => point.x).filter((at) => typeof at === "number");
  return continuous(x, extent(places), tools);
}

export function withTitle(across: ReturnType<typeof acrossOf>, picture: Picture, tools: Tools) {
  const title = tools.small ? null : acrossTitle(picture);
  return { ...across, axis: { ...across.axis, title, grid: false } };
}

function ordinal({ x, categories }: Picture) {
  return {
    field: x.key,
    type: "nominal",
    sort: null,
    scale: { type: "point", padding: 0.3, domain: categories },
    axis: { labelAngle: 0, labelOverlap: "greedy", labelFlush: false },
  };
}

/** A time says itself what it is; a number or a name has to be told. */
function acrossTitle({ x, title }: Picture): string | null {
  if (x.kind === "time" || x.kind === "year") return null;
  return title.toLowerCase().includes(x.label.toLowerCase()) && x.unit === "" ? null : axisTitle(x);
}

/** Asked for, and few enough to be read: the number over each point. */
function numbersAt(picture: Picture, x: object, y: object, tools: Tools): object[] {
  const { numbers, points, names } = picture;
  if (!numbers || points.length > NUMBERS_MAX || names.length > 1 || tools.small) return [];
  const value = `datum[${JSON.stringify(picture.y.key)}]`;
  const text = { expr: numberExpression(value, picture.y.style, false) };
  return [{ mark: { type: "text", text, dy: -12 }, encoding: { x, y } }];
}
