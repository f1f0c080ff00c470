// The names of lines at their ends, pushed apart from above to below and back into the plot.

import type { Picture, Point } from "../picture.ts";
import { shorten } from "../text.ts";
import { SIZE } from "../theme.ts";
import type { Typeface } from "../typeface.ts";
import { isoTime } from "./parts.ts";

const NAME_WIDTH_MAX = 130;
const NAME_HEIGHT = 17;
const NAME_GAP = 8;
const DOT_WIDTH = 16;

interface EndLabel {
  readonly point: Point;
  readonly text: string;
  /** Where the name stands, in data units. */
  readonly at: number;
}

function endLabels(picture: Picture, [low, high]: readonly [number, number], width: Width) {
  const { log, points } = picture;
  const scale = log ? Math.log10 : (value: number) => value;
  const back = log ? (value: number) => 10 ** value : (value: number) => value;
  const [bottom, top] = [scale(low), scale(high)];
  const pixel = (value: number) => ((top - scale(value)) / (top - bottom)) * SIZE.plotHeight;
  const last = new Map(points.map((point) => [point.series, point]));
  const ends = [...last.values()].sort((a, b) => b.y - a.y);
  const places = ends.map((point) => pixel(point.y));
  for (let i = 1; i < places.length; i++) {
    places[i] = Math.max(places[i] ?? 0, (places[i - 1] ?? 0) + NAME_HEIGHT);
  }
  for (let i = places.length - 1; i >= 0; i--) {
    const limit = i === places.length - 1 ? SIZE.plotHeight : (places[i + 1] ?? 0) - NAME_HEIGHT;
    places[i] = Math.min(places[i] ?? 0, limit);
  }
  const fit = { size: SIZE.label, weight: 400, width: NAME_WIDTH_MAX };
  return ends.map(
    (point, i): EndLabel => ({
      point,
      text: shorten(point.series, fit, { width }),
      at: back(top - ((places[i] ?? 0) / SIZE.plotHeight) * (top - bottom)),
    }),
  );
}

type Width = Typeface["width"];

export function nameLayer(
  picture: Picture,
  domain: readonly [number, number],
  encoding: { x: object; y: object },
  width: Width,
) {
  const { x, y, series, points } = picture;
  const labels = endLabels(picture, domain, width);
  const lastX = points.reduce(
    (most, point) => (typeof point.x === "number" ? Math.max(most, point.x) : most),
    Number.NEGATIVE_INFINITY,
  );
  const end = x.kind === "category" ? picture.categories.at(-1) : lastX;
  return {
    data: {
      values: labels.map(({ point, text, at }) => ({
        [x.key]: x.kind === "time" ? isoTime(Number(end)) : end,
        [series?.key ?? "series"]: point.series,
        [y.key]: at,
        name: text,
      })),
    },
    encoding: { x: encoding.x, y: encoding.y },
    layer: [
      {
        mark: { type: "text", text: "●", ...beside(NAME_GAP) },
        encoding: { color: { field: series?.key, type: "nominal" } },
      },
      {
        mark: { type: "text", ...beside(NAME_GAP + DOT_WIDTH) },
        encoding: { text: { field: "name", type: "nominal" } },
      },
    ],
  };
}

function beside(dx: number) {
  return { align: "left", baseline: "middle", dx };
}
