// Sentences that several marks share: extremes, the way from first to last, ranges.

import { formatCount, formatNumber, formatTime, numberStyle } from "../format.ts";
import type { Language } from "../language/language.ts";
import type { Axis, Picture, Point } from "../picture.ts";

const STEADY_SHARE = 0.05;
export const SERIES_TOLD_MAX = 4;

export function extremesOf(picture: Picture, language: Language): string {
  const { alternative } = language.say;
  const { points } = picture;
  const [only] = points;
  if (!only) return "";
  const most = points.reduce((best, point) => (point.y > best.y ? point : best), only);
  const least = points.reduce((best, point) => (point.y < best.y ? point : best), only);
  if (points.length === 1)
    return alternative.single(across(only, picture, language), up(only, picture, language));
  if (most.y === least.y) return alternative.allEqual(up(only, picture, language));
  return alternative.extremes(
    placeOf(most, picture, language),
    up(most, picture, language),
    placeOf(least, picture, language),
    up(least, picture, language),
  );
}

/** Where a point stands, with its series and panel where there are some. */
export function placeOf(point: Point, picture: Picture, language: Language): string {
  const parts = [point.panel, across(point, picture, language), point.series];
  return parts.filter((part) => part !== "").join(", ");
}

export function wayOf(picture: Picture, language: Language): string {
  const { alternative } = language.say;
  const { points } = picture;
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last || points.length < 2) return "";
  const values = points.map((point) => point.y);
  const range = Math.max(...values) - Math.min(...values);
  const change = last.y - first.y;
  const way = Math.abs(change) <= range * STEADY_SHARE ? "steady" : change > 0 ? "rises" : "falls";
  return alternative[way](
    across(first, picture, language),
    up(first, picture, language),
    across(last, picture, language),
    up(last, picture, language),
  );
}

export function seriesSentence({ names }: Picture, language: Language): string {
  return language.say.alternative.series(formatCount(names.length, language), language.join(names));
}

/** From which value to which each of the first series goes. */
export function seriesWays(picture: Picture, language: Language): string[] {
  return picture.names.slice(0, SERIES_TOLD_MAX).flatMap((name) => {
    const own = picture.points.filter((point) => point.series === name);
    const [first, last] = [own[0], own.at(-1)];
    if (!first || !last) return [];
    const [from, to] = [up(first, picture, language), up(last, picture, language)];
    return [language.say.alternative.seriesChange(name, from, to)];
  });
}

export function seriesPeaks(picture: Picture, language: Language): string[] {
  return picture.names.slice(0, SERIES_TOLD_MAX).flatMap((name) => {
    const own = picture.points.filter((point) => point.series === name);
    const [first] = own;
    if (!first) return [];
    const most = own.reduce((best, point) => (point.y > best.y ? point : best), first);
    const [where, value] = [across(most, picture, language), up(most, picture, language)];
    return [language.say.alternative.seriesPeak(name, where, value)];
  });
}

export function rangeOf(values: readonly number[], axis: Axis, language: Language): string {
  const low = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const { range } = language.say.alternative;
  return range(axis.label, write(low, axis, language), write(high, axis, language));
}

export function up(point: Point, { y }: Picture, language: Language): string {
  return write(point.y, y, language);
}

export function across(point: Point, { x }: Picture, language: Language): string {
  return typeof point.x === "string" ? point.x : write(point.x, x, language);
}

export function write(value: number, axis: Axis, language: Language): string {
  if (axis.kind === "time") return formatTime(value, axis.grain, language);
  if (axis.kind === "year") return String(Math.round(value));
  // In a sentence each number takes the scale that suits it: 71 million beside 1.3 billion.
  const style = axis.style.suffix === "" ? axis.style : numberStyle([value], language, "largest");
  return language.withUnit(formatNumber(value, style, language), axis.unit);
}

export function percent(share: number, language: Language): string {
  const style = { decimals: share < 0.1 ? 1 : 0, divisor: 1, suffix: "" };
  return language.withUnit(formatNumber(share * 100, style, language), "%");
}
