// Ways to show fewer marks without saying something else. All are deterministic and keep order.

import type { Point } from "./picture.ts";
import type { Sort } from "./wish.ts";

/** One point per place, series and panel: the mean, or the total, of those that share them. */
export function average(points: readonly Point[], total = false): Point[] {
  const groups = new Map<string, { point: Point; sum: number; n: number }>();
  for (const point of points) {
    const key = JSON.stringify([point.x, point.series, point.panel]);
    const group = groups.get(key);
    if (group) {
      group.sum += point.y;
      group.n += 1;
    } else {
      groups.set(key, { point, sum: point.y, n: 1 });
    }
  }
  return [...groups.values()].map(({ point, sum, n }) => ({ ...point, y: total ? sum : sum / n }));
}

/** Keeps the series that end highest, or lowest. Takes points in order of x. */
export function dropRareSeries(points: readonly Point[], max: number, lowest = false): Point[] {
  const last = new Map(points.map((point) => [point.series, point.y]));
  if (last.size <= max) return [...points];
  const best = [...last].sort((a, b) => (lowest ? a[1] - b[1] : b[1] - a[1])).slice(0, max);
  const kept = new Set(best.map(([series]) => series));
  return points.filter((point) => kept.has(point.series));
}

/** Every n-th point, so that at most `max` are left. */
export function pickEvenly<T>(points: readonly T[], max: number): T[] {
  if (points.length <= max) return [...points];
  return Array.from({ length: max }, (_, i) => points[Math.floor((i * points.length) / max)] as T);
}

/** Of each stretch of a series its lowest and highest point, which is what a line shows of it. */
export function keepExtremes(points: readonly Point[], max: number): Point[] {
  const bySeries = Map.groupBy(points, (point) => JSON.stringify([point.panel, point.series]));
  return [...bySeries.values()].flatMap((series) => {
    if (series.length <= max) return series;
    const stretch = Math.ceil(series.length / (max / 2));
    const kept = new Set<Point>([series[0] as Point, series.at(-1) as Point]);
    for (let from = 0; from < series.length; from += stretch) {
      const part = series.slice(from, from + stretch);
      kept.add(part.reduce((low, point) => (point.y < low.y ? point : low)));
      kept.add(part.reduce((high, point) => (point.y > high.y ? point : high)));
    }
    return series.filter((point) => kept.has(point));
  });
}

/**
 * Categories in reading order: as asked, else their own where they have one, else the largest total
 * first, or the smallest where the rows already came that way ("the five lowest").
 */
export function sortCategories(
  points: readonly Point[],
  ownOrder: boolean,
  sort?: Sort,
  tag = "en",
  counting = false,
) {
  const totals = new Map<string, number>();
  for (const { x, y } of points) totals.set(String(x), (totals.get(String(x)) ?? 0) + y);
  const entries = [...totals];
  const came = entries.map(([name]) => name);
  const given = { categories: counting ? inNumbers(came, tag) : came, ascending: false };
  if (sort?.by === "given" || (ownOrder && !sort)) return given;
  if (sort?.by === "name") {
    const sign = sort.descending ? -1 : 1;
    const names = ownOrder
      ? sort.descending
        ? given.categories.toReversed()
        : given.categories
      : given.categories.toSorted((a, b) => sign * a.localeCompare(b, tag, { numeric: true }));
    return { categories: names, ascending: false };
  }
  const rising = entries.every(
    ([, total], i) => i === 0 || total >= (entries[i - 1]?.[1] ?? total),
  );
  const already = entries.length > 2 && rising && entries[0]?.[1] !== entries.at(-1)?.[1];
  const ascending = sort ? !sort.descending : already;
  const sorted = entries.sort((a, b) => (ascending ? a[1] - b[1] : b[1] - a[1]));
  return { categories: sorted.map(([name]) => name), ascending };
}

/** Names that are numbers, from the least. */
export function inNumbers(names: readonly string[], tag: string): string[] {
  return names.toSorted((a, b) => a.localeCompare(b, tag, { numeric: true }));
}

/** By category, then by series; points of the same place keep their order. */
export function inReadingOrder(
  points: readonly Point[],
  categories: readonly string[],
  names: readonly string[],
): Point[] {
  const rank = new Map(categories.map((name, i) => [name, i]));
  const seriesRank = new Map(names.map((name, i) => [name, i]));
  const at = (x: number | string) => rank.get(String(x)) ?? 0;
  const by = (series: string) => seriesRank.get(series) ?? 0;
  return [...points].sort((a, b) => at(a.x) - at(b.x) || by(a.series) - by(b.series));
}
