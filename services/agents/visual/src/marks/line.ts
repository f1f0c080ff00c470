// Lines over a time, a number or categories in order. Several lines carry their names at their ends
// instead of in a legend, moved apart where they would touch: a dot in the colour, the name in that
// of all text, because not every colour can be read as text.

import type { Picture, Point } from "../picture.ts";
import { shorten } from "../text.ts";
import { SIZE } from "../theme.ts";
import {
  axisTitle,
  captionOf,
  colour,
  continuous,
  isoTime,
  type MarkParts,
  roundDomain,
  rowsOf,
  type Tools,
  ZERO,
} from "./parts.ts";

const NAME_WIDTH_MAX = 130;
const NAME_HEIGHT = 17;
const DOTS_MAX = 24;
const NAME_GAP = 8;
const DOT_WIDTH = 16;

export function line(picture: Picture, tools: Tools): MarkParts {
  const { x, y, points, names } = picture;
  const domain = roundDomain(
    points.map((point) => point.y),
    ZERO.cheap,
  );
  const across = points.map((point) => point.x).filter((at) => typeof at === "number");
  const up = continuous(y, domain, tools);
  const encoding = {
    x: x.kind === "category" ? ordinal(picture) : { ...continuous(x, range(across), tools) },
    y: { ...up, axis: { ...up.axis, title: null } },
  };
  const labels = names.length > 1 ? endLabels(picture, domain, tools) : [];
  const perLine = points.length / Math.max(1, names.length);
  const dots = perLine <= DOTS_MAX ? { point: { filled: true, size: 28, fillOpacity: 1 } } : {};
  return {
    height: SIZE.plotHeight,
    caption: captionOf(picture, tools.language),
    body: {
      data: { values: rowsOf(points, picture) },
      layer: [
        {
          mark: { type: "line", ...dots },
          encoding: {
            x: {
              ...encoding.x,
              axis: { ...encoding.x.axis, title: acrossTitle(picture), grid: false },
            },
            y: encoding.y,
            ...colour(picture, tools.theme, null),
          },
        },
        ...(labels.length > 0 ? [nameLayer(picture, labels, encoding)] : []),
      ],
    },
  };
}

interface EndLabel {
  readonly point: Point;
  readonly text: string;
  /** Where the name stands, in data units. */
  readonly at: number;
}

/** A name per series at its last point, pushed apart from above to below and back into the plot. */
function endLabels(picture: Picture, [low, high]: [number, number], tools: Tools): EndLabel[] {
  const last = new Map(picture.points.map((point) => [point.series, point]));
  const pixel = (value: number) => ((high - value) / (high - low)) * SIZE.plotHeight;
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
  return ends.map((point, i) => ({
    point,
    text: shorten(point.series, fit, tools.typeface),
    at: high - ((places[i] ?? 0) / SIZE.plotHeight) * (high - low),
  }));
}

function nameLayer(
  picture: Picture,
  labels: readonly EndLabel[],
  encoding: { x: object; y: object },
) {
  const { x, y, series, points } = picture;
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

function ordinal({ x }: Picture) {
  return {
    field: x.key,
    type: "nominal",
    sort: null,
    scale: { type: "point", padding: 0.3 },
    axis: { labelAngle: 0, labelOverlap: "greedy" },
  };
}

/** A time says itself what it is; a number or a name has to be told. */
function acrossTitle({ x, title }: Picture): string | null {
  if (x.kind === "time" || x.kind === "year") return null;
  return title.toLowerCase().includes(x.label.toLowerCase()) && x.unit === "" ? null : axisTitle(x);
}

function range(values: readonly number[]): [number, number] {
  const low = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  return low < high ? [low, high] : [low - 1, low + 1];
}
