// Points for two numbers of the same rows; what is up is named above the plot, what is across below.

import { seriesOf } from "../cast.ts";
import { formatCount, formatNumber } from "../format.ts";
import { gatherCloud } from "../gather.ts";
import type { Language } from "../language/language.ts";
import type { Picture, Point } from "../picture.ts";
import { SIZE } from "../theme.ts";
import type { Mark } from "./mark.ts";
import { axisTitle, colour, legendFor, rowsOf, type Tools } from "./parts.ts";
import { continuous, extent, roundDomain, upDomain, ZERO } from "./scales.ts";
import { rangeOf, SERIES_TOLD_MAX, write } from "./told.ts";
import { correlation, trendLayer } from "./trend.ts";

const CROWDED = 400;
const ROWS_MIN = 3;
const WEAK_FROM = 0.2;
const CLEAR_FROM = 0.5;
const STRONG_FROM = 0.8;

export const point: Mark = {
  name: "point",
  across: "along",
  place(cast) {
    const { time, measures, wish } = cast;
    const [first, second] = measures;
    if (!second && !time) return "twoNumbers";
    if (cast.profile.rows.length < ROWS_MIN) return "numbers";
    const series = seriesOf(cast, null, true);
    if (second) {
      const [x, y] = wish.against ? [second, first] : [first, second];
      return { x, values: [y], series };
    }
    return time ? { x: time, values: [first], series } : "twoNumbers";
  },
  suits({ profile, measures }) {
    return measures.length > 1 && profile.rows.length > 2 ? 50 : 0;
  },
  gather: gatherCloud,
  draw(picture, tools) {
    const { x, y, points, names, log } = picture;
    const numbers = points.map(({ x: at }) => (typeof at === "number" ? at : 0));
    const crowded = points.length > CROWDED;
    const legend = { ...legendFor(names, tools), symbolType: "circle", symbolOpacity: 1 };
    const domain = x.kind === "number" ? roundDomain(numbers, ZERO.near) : extent(numbers);
    const across = continuous(x, domain, tools);
    const ys = points.map((at) => at.y);
    const up = continuous(y, upDomain(picture, ys, ZERO.near), tools, log);
    const title = tools.small ? null : `${axisTitle(x)} →`;
    return {
      height: tools.small ? SIZE.smallHeight : SIZE.plotHeight + 30,
      caption: tools.small ? `↑ ${axisTitle(y)}  → ${axisTitle(x)}` : `↑ ${axisTitle(y)}`,
      body: {
        data: { values: rowsOf(points, picture) },
        layer: [
          {
            mark: {
              type: "point",
              size: sizeOf(crowded, tools),
              fillOpacity: crowded ? 0.4 : 0.65,
            },
            encoding: {
              x: { ...across, axis: { ...across.axis, title, titleAnchor: "end" } },
              y: { ...up, axis: { ...up.axis, title: null } },
              ...colour(picture, tools.theme, names.length > 1 ? legend : null),
            },
          },
          ...(picture.trend && !tools.small
            ? trendLayer(picture, { x: across, y: up }, tools)
            : []),
        ],
      },
    };
  },
  describe(picture, language) {
    const { points, names, x, y } = picture;
    const { alternative } = language.say;
    const numbers = points.map((at) => Number(at.x));
    const r = correlation(points);
    const written = formatNumber(r, { decimals: 2, divisor: 1, suffix: "" }, language);
    return [
      alternative.points(formatCount(points.length, language)),
      ...(Number.isNaN(r) ? [] : [alternative.correlation(strengthOf(r), r > 0, written)]),
      rangeOf(numbers, x, language),
      rangeOf(
        points.map((at) => at.y),
        y,
        language,
      ),
      ...(names.length > 1 ? middles(picture, language) : []),
    ];
  },
  poor: () => null,
};

function sizeOf(crowded: boolean, tools: Tools): number {
  return tools.small ? 14 : crowded ? 18 : 36;
}

function strengthOf(r: number) {
  const size = Math.abs(r);
  if (size < WEAK_FROM) return "none";
  if (size < CLEAR_FROM) return "weak";
  return size < STRONG_FROM ? "clear" : "strong";
}

function middles({ points, names, x, y }: Picture, language: Language): string[] {
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  return names.slice(0, SERIES_TOLD_MAX).map((name) => {
    const own: Point[] = points.filter((at) => at.series === name);
    const [across, up] = [mean(own.map((at) => Number(at.x))), mean(own.map((at) => at.y))];
    const { groupMiddle } = language.say.alternative;
    return groupMiddle(name, write(across, x, language), write(up, y, language));
  });
}
