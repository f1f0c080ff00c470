// Says in words what the chart says in marks: extremes, the way from first to last, how two numbers
// hang together, where values gather. Made from the same numbers that are drawn.

import { formatCount, formatNumber, formatTime, numberStyle } from "./format.ts";
import { quantile } from "./histogram.ts";
import type { Language } from "./language/language.ts";
import type { Axis, Picture, Point } from "./picture.ts";

const STEADY_SHARE = 0.05;
const WEAK_FROM = 0.2;
const CLEAR_FROM = 0.5;
const STRONG_FROM = 0.8;
const SERIES_TOLD_MAX = 4;
const SKEW_FROM = 0.15;

/** Two to six sentences in the language of the chart. */
export function describe(picture: Picture, language: Language): string {
  const { say } = language;
  const opening = say.alternative.opening(say.markNames[picture.mark], picture.title);
  const body = {
    bar: describeBars,
    line: describeLines,
    point: describePoints,
    histogram: describeHistogram,
  }[picture.mark](picture, language);
  const remarks = picture.remarks.map((remark) => `${remark}.`);
  const text = [opening, ...body, ...remarks].join(" ").replaceAll("..", ".");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function describeBars(picture: Picture, language: Language): string[] {
  const { alternative } = language.say;
  const { points, series, names } = picture;
  const count = alternative.bars(formatCount(points.length, language));
  if (series && names.length > 1) {
    const peaks = names.slice(0, SERIES_TOLD_MAX).map((name) => peakOf(name, picture, language));
    return [seriesSentence(picture, language), ...peaks, count];
  }
  return [extremesOf(picture, language), ...(points.length > 1 ? [count] : [])];
}

function describeLines(picture: Picture, language: Language): string[] {
  const { alternative } = language.say;
  const { points, names } = picture;
  if (names.length > 1) {
    const changes = names.slice(0, SERIES_TOLD_MAX).map((name) => {
      const own = points.filter((point) => point.series === name);
      const [first, last] = [own[0], own.at(-1)];
      if (!first || !last) return "";
      return alternative.seriesChange(
        name,
        up(first, picture, language),
        up(last, picture, language),
      );
    });
    return [seriesSentence(picture, language), ...changes];
  }
  return [wayOf(picture, language), extremesOf(picture, language)].filter((text) => text !== "");
}

function describePoints(picture: Picture, language: Language): string[] {
  const { alternative } = language.say;
  const { points, names, x, y } = picture;
  const numbers = (group: readonly Point[]) => group.map((point) => Number(point.x));
  const r = correlation(points);
  const size = Math.abs(r);
  const strength =
    size < WEAK_FROM
      ? "none"
      : size < CLEAR_FROM
        ? "weak"
        : size < STRONG_FROM
          ? "clear"
          : "strong";
  const written = formatNumber(r, { decimals: 2, divisor: 1, suffix: "" }, language);
  const groups = names.slice(0, SERIES_TOLD_MAX).map((name) => {
    const own = points.filter((point) => point.series === name);
    const middle = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    const [acrossMean, upMean] = [middle(numbers(own)), middle(own.map((point) => point.y))];
    return alternative.groupMiddle(
      name,
      write(acrossMean, x, language),
      write(upMean, y, language),
    );
  });
  return [
    alternative.points(formatCount(points.length, language)),
    ...(Number.isNaN(r) ? [] : [alternative.correlation(strength, r > 0, written)]),
    rangeOf(numbers(points), x, language),
    rangeOf(
      points.map((point) => point.y),
      y,
      language,
    ),
    ...(names.length > 1 ? groups : []),
  ];
}

function describeHistogram({ bins, values, x }: Picture, language: Language): string[] {
  const { alternative } = language.say;
  const count = (n: number) => formatCount(n, language);
  const [low, high] = [values[0] ?? 0, values.at(-1) ?? 0];
  const median = quantile(values, 0.5);
  const peak = bins.reduce((most, bin) => (bin.count > most.count ? bin : most), bins[0] ?? NO_BIN);
  const share = formatNumber(
    (peak.count / values.length) * 100,
    { decimals: 0, divisor: 1, suffix: "" },
    language,
  );
  // Where the middle half lies off centre between the outer tenths, one tail is longer.
  const [lower, upper] = [quantile(values, 0.1), quantile(values, 0.9)];
  const lean = upper > lower ? (upper + lower - 2 * median) / (upper - lower) : 0;
  const write_ = (value: number) => write(value, x, language);
  return [
    alternative.histogram(count(values.length), write_(low), write_(high), write_(median)),
    alternative.peak(
      write_(peak.from),
      write_(peak.to),
      count(peak.count),
      language.withUnit(share, "%"),
    ),
    ...(Math.abs(lean) >= SKEW_FROM ? [alternative.skew(lean > 0)] : []),
  ];
}

const NO_BIN = { from: 0, to: 0, count: 0 };

function extremesOf(picture: Picture, language: Language): string {
  const { alternative } = language.say;
  const { points } = picture;
  const [only] = points;
  if (!only) return "";
  const most = points.reduce((best, point) => (point.y > best.y ? point : best), only);
  const least = points.reduce((best, point) => (point.y < best.y ? point : best), only);
  if (points.length === 1)
    return alternative.single(across(only, picture, language), up(only, picture, language));
  if (most.y === least.y) return alternative.allEqual(up(only, picture, language));
  const [a, b] = [most, least].map((point) => across(point, picture, language));
  return alternative.extremes(
    a ?? "",
    up(most, picture, language),
    b ?? "",
    up(least, picture, language),
  );
}

function wayOf(picture: Picture, language: Language): string {
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

function seriesSentence({ names }: Picture, language: Language): string {
  return language.say.alternative.series(formatCount(names.length, language), language.join(names));
}

function peakOf(name: string, picture: Picture, language: Language): string {
  const own = picture.points.filter((point) => point.series === name);
  const [first] = own;
  if (!first) return "";
  const most = own.reduce((best, point) => (point.y > best.y ? point : best), first);
  const [where, value] = [across(most, picture, language), up(most, picture, language)];
  return language.say.alternative.seriesPeak(name, where, value);
}

function rangeOf(values: readonly number[], axis: Axis, language: Language): string {
  const low = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const { range } = language.say.alternative;
  return range(axis.label, write(low, axis, language), write(high, axis, language));
}

function up(point: Point, { y }: Picture, language: Language): string {
  return write(point.y, y, language);
}

function across(point: Point, { x }: Picture, language: Language): string {
  return typeof point.x === "string" ? point.x : write(point.x, x, language);
}

function write(value: number, axis: Axis, language: Language): string {
  if (axis.kind === "time") return formatTime(value, axis.grain, language);
  if (axis.kind === "year") return String(Math.round(value));
  // In a sentence each number takes the scale that suits it: 71 million beside 1.3 billion.
  const style = axis.style.suffix === "" ? axis.style : numberStyle([value], language, "largest");
  return language.withUnit(formatNumber(value, style, language), axis.unit);
}

/** Pearson's r; NaN when one side does not vary. */
function correlation(points: readonly Point[]): number {
  const n = points.length;
  const xs = points.map((point) => Number(point.x));
  const ys = points.map((point) => point.y);
  const [mx, my] = [xs, ys].map((values) => values.reduce((a, b) => a + b, 0) / n) as [
    number,
    number,
  ];
  let [xy, xx, yy] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const [dx, dy] = [(xs[i] ?? 0) - mx, (ys[i] ?? 0) - my];
    xy += dx * dy;
    xx += dx * dx;
    yy += dy * dy;
  }
  return xy / Math.sqrt(xx * yy);
}
