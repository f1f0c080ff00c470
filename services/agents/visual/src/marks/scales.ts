// Axes for numbers, years and times: round domains, a true zero where it belongs, logarithms.

import { formatNumber, numberStyle } from "../format.ts";
import type { Axis, Picture } from "../picture.ts";
import { numberExpression, type Tools } from "./parts.ts";

const TICKS = 5;

/** Type, scale and axis of a number, year or time; `domain` in data units. */
export function continuous(
  axis: Axis,
  domain: readonly [number, number],
  tools: Tools,
  log = false,
) {
  if (axis.kind === "time") {
    return {
      field: axis.key,
      type: "temporal",
      scale: { type: "utc" },
      axis: {
        format: tools.language.ticks,
        grid: false,
        labelOverlap: "greedy",
        labelFlush: false,
        tickCount: tools.small ? 2 : 6,
      },
    };
  }
  if (log) return logarithmic(axis, domain);
  const labels =
    axis.kind === "year"
      ? { format: "d", tickMinStep: 1 }
      : axis.style.suffix !== ""
        ? { labelExpr: numberExpression("datum.value", { ...axis.style, decimals: 2 }, true) }
        : {};
  return {
    field: axis.key,
    type: "quantitative",
    scale: { domain, nice: false, zero: false },
    axis: {
      tickCount: tools.small ? 3 : TICKS,
      labelFlush: false,
      labelOverlap: "greedy",
      ...labels,
    },
  };
}

function logarithmic(axis: Axis, domain: readonly [number, number]) {
  const values = logTicks(domain);
  const style = { ...axis.style, decimals: 6 };
  return {
    field: axis.key,
    type: "quantitative",
    scale: { type: "log", domain, nice: false },
    axis: {
      values,
      labelFlush: false,
      labelOverlap: "greedy",
      labelExpr: numberExpression("datum.value", style, true),
    },
  };
}

/** Powers of ten, with 2 and 5 times them where there are few. */
export function logTicks([low, high]: readonly [number, number]): number[] {
  const powers = steps(low, high, [1]);
  const few = powers.length < 4;
  const some = few ? steps(low, high, [1, 2, 5]) : powers;
  const every = Math.ceil(some.length / 7);
  return some.filter((_, i) => i % every === 0);
}

function steps(low: number, high: number, factors: readonly number[]): number[] {
  const from = Math.floor(Math.log10(low));
  const to = Math.ceil(Math.log10(high));
  return Array.from({ length: to - from + 1 }, (_, i) => from + i)
    .flatMap((power) => factors.map((factor) => Number((factor * 10 ** power).toPrecision(6))))
    .filter((value) => value >= low * 0.999 && value <= high * 1.001);
}

/** A domain for logarithms around positive values: 1, 2 or 5 times a power of ten at each end. */
export function logDomain(values: readonly number[]): [number, number] {
  const positive = values.filter((value) => value > 0);
  const low = positive.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = positive.reduce((a, b) => Math.max(a, b), 0);
  if (high === 0) return [1, 10];
  const all = steps(low / 10, high * 10, [1, 2, 5]);
  const down = all.filter((value) => value <= low).at(-1) ?? low;
  const up = all.find((value) => value >= high) ?? high;
  return down < up ? [down, up] : [down / 2, up * 2];
}

const MARGIN = 0.04;

/** Zero belongs on the axis when the least value is below this share of the greatest. */
export const ZERO = { always: 1, cheap: 0.35, near: 0.12, never: 0 } as const;

/** The domain of the numbers that are drawn up, as the picture asks for it. */
export function upDomain(picture: Picture, values: readonly number[], usual: number) {
  if (picture.log) return logDomain(values);
  const zeroBelow = picture.zero === undefined ? usual : picture.zero ? ZERO.always : ZERO.never;
  return roundDomain(values, zeroBelow);
}

/** A round domain around values; from zero where that costs little or is asked for. */
export function roundDomain(values: readonly number[], zeroBelow: number): [number, number] {
  let low = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  let high = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  if (low > high) return [0, 1];
  if (zeroBelow === ZERO.always || (low > 0 && low < high * zeroBelow)) low = Math.min(0, low);
  if (zeroBelow === ZERO.always) high = Math.max(0, high);
  if (low === high) {
    const half = low === 0 ? 1 : Math.abs(low) / 10;
    return zeroBelow === ZERO.always ? [0, 1] : [low - half, high + half];
  }
  const step = stepFor(high - low);
  const room = (high - low) * MARGIN;
  const down = low === 0 ? 0 : Math.floor((low - room) / step) * step;
  const up = high === 0 ? 0 : Math.ceil((high + room) / step) * step;
  return [Number(down.toPrecision(12)), Number(up.toPrecision(12))];
}

function stepFor(range: number): number {
  const power = 10 ** Math.floor(Math.log10(range / 5));
  return ([1, 2, 5].find((factor) => (factor * power * 5) / range >= 0.8) ?? 10) * power;
}

export function extent(values: readonly number[]): [number, number] {
  const low = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  return low < high ? [low, high] : [low - 1, low + 1];
}

/** Labels of a number axis in the scale of its numbers. */
export function numberLabels({ y }: Picture): { labelExpr?: string } {
  if (y.style.suffix === "") return {};
  return { labelExpr: numberExpression("datum.value", { ...y.style, decimals: 2 }, true) };
}

/** About as wide as the labels of an axis from `domain` will be. */
export function labelWidth(domain: readonly [number, number], tools: Tools): number {
  const style = numberStyle(domain, tools.language, "largest");
  const texts = domain.map((value) => formatNumber(value, style, tools.language));
  return Math.max(...texts.map((text) => tools.typeface.width(text, 13, 400)));
}
