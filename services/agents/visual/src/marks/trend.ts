// The straight line that comes closest to all points (least squares), and how well it fits.

import type { Picture, Point } from "../picture.ts";
import { isoTime, type Tools } from "./parts.ts";

export interface Trend {
  readonly slope: number;
  readonly at: (x: number) => number;
  readonly from: number;
  readonly to: number;
}

/** Null without two places to lie between. */
export function trendOf(points: readonly Point[]): Trend | null {
  const { n, mx, my, xy, xx } = moments(points);
  if (n < 2 || xx === 0) return null;
  const slope = xy / xx;
  const xs = points.map((point) => Number(point.x));
  const [from, to] = [Math.min(...xs), Math.max(...xs)];
  return { slope, at: (x) => my + slope * (x - mx), from, to };
}

/** Pearson's r; NaN when one side does not vary. */
export function correlation(points: readonly Point[]): number {
  const { xy, xx, yy } = moments(points);
  return xy / Math.sqrt(xx * yy);
}

function moments(points: readonly Point[]) {
  const n = points.length;
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / n;
  const mx = mean(points.map((point) => Number(point.x)));
  const my = mean(points.map((point) => point.y));
  let [xy, xx, yy] = [0, 0, 0];
  for (const point of points) {
    const [dx, dy] = [Number(point.x) - mx, point.y - my];
    xy += dx * dy;
    xx += dx * dx;
    yy += dy * dy;
  }
  return { n, mx, my, xy, xx, yy };
}

/** Drawn over the marks in the colour of text; nothing where there is no trend. */
export function trendLayer(
  picture: Picture,
  encoding: { x: object; y: object },
  tools: Tools,
): object[] {
  const { x, y, log } = picture;
  const trend = trendOf(picture.points);
  if (!trend || log) return [];
  const values = [trend.from, trend.to].map((at) => ({
    [x.key]: x.kind === "time" ? isoTime(at) : at,
    [y.key]: trend.at(at),
  }));
  return [
    {
      data: { values },
      mark: { type: "line", color: tools.theme.text, strokeWidth: 1.5, strokeDash: [5, 4] },
      encoding: { x: encoding.x, y: encoding.y },
    },
  ];
}
