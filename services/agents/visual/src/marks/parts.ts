// What the marks have in common: the shape of their contribution and the encodings of an axis.

import { formatNumber } from "../format.ts";
import type { Language, NumberStyle } from "../language/language.ts";
import type { Axis, Picture, Point } from "../picture.ts";
import type { Theme } from "../theme.ts";
import type { Typeface } from "../typeface.ts";

export interface Tools {
  readonly language: Language;
  readonly theme: Theme;
  readonly typeface: Pick<Typeface, "width">;
}

/** What a mark adds to the specification. */
export interface MarkParts {
  readonly height: number;
  /** First line under the title: what is drawn up, and its unit. */
  readonly caption: string;
  /** `data`, and `mark` with `encoding` or `layer`. */
  readonly body: Record<string, unknown>;
}

/** What the numbers are, unless the title says so already; then only the unit. */
export function captionOf({ title, y }: Picture, language: Language): string {
  const words = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const told = words(title);
  if (!words(y.label).every((word) => told.includes(word))) return axisTitle(y);
  return y.unit === "" ? "" : language.say.inUnit(y.unit);
}

export function axisTitle(axis: Axis): string {
  return axis.unit === "" ? axis.label : `${axis.label} (${axis.unit})`;
}

/** Rows of the specification's data; a time is written as ISO 8601 in UTC. */
export function rowsOf(points: readonly Point[], { x, y, series }: Picture) {
  return points.map((point) => ({
    [x.key]: x.kind === "time" ? isoTime(Number(point.x)) : point.x,
    ...(series && { [series.key]: point.series }),
    [y.key]: point.y,
  }));
}

export function isoTime(time: number): string {
  return new Date(time).toISOString().replace(".000Z", "Z").replace("T00:00:00Z", "");
}

/** A Vega expression that writes a number in the style of its axis. */
export function numberExpression(operand: string, style: NumberStyle, trim: boolean): string {
  const scaled = style.divisor === 1 ? operand : `${operand} / ${style.divisor}`;
  const number = `format(${scaled}, ${JSON.stringify(`,.${style.decimals}${trim ? "~" : ""}f`)})`;
  if (style.suffix === "") return number;
  return `${operand} === 0 ? "0" : ${number} + ${JSON.stringify(style.suffix)}`;
}

/** Type, scale and axis of a number, year or time; `domain` in data units. */
export function continuous(axis: Axis, domain: readonly [number, number], tools: Tools) {
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
        tickCount: 6,
      },
    };
  }
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
    axis: { tickCount: 5, labelFlush: false, ...labels },
  };
}

const ROOM = 0.04;

/** Zero belongs on the axis when the least value is below this share of the greatest. */
export const ZERO = { always: 1, cheap: 0.35, near: 0.12 } as const;

/** A round domain around values; from zero where that costs little or is asked for. */
export function roundDomain(values: readonly number[], zeroBelow: number): [number, number] {
  let low = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  let high = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  if (low > high) return [0, 1];
  if (zeroBelow === ZERO.always || (low > 0 && low < high * zeroBelow)) low = Math.min(0, low);
  if (zeroBelow === ZERO.always) high = Math.max(0, high);
  if (low === high) return [low - 1, high + 1];
  const step = stepFor(high - low);
  const room = (high - low) * ROOM;
  const down = low === 0 ? 0 : Math.floor((low - room) / step) * step;
  const up = high === 0 ? 0 : Math.ceil((high + room) / step) * step;
  return [Number(down.toPrecision(12)), Number(up.toPrecision(12))];
}

function stepFor(range: number): number {
  const power = 10 ** Math.floor(Math.log10(range / 5));
  return ([1, 2, 5].find((factor) => (factor * power * 5) / range >= 0.8) ?? 10) * power;
}

/** Colours by the names of the series, always the same for the same order. */
export function colour(picture: Picture, theme: Theme, legend: unknown) {
  if (!picture.series) return {};
  const scale = { domain: picture.names, range: theme.palette.slice(0, picture.names.length) };
  return {
    color: { field: picture.series.key, type: "nominal", sort: null, scale, legend },
  };
}

/** A legend above the plot, in as many columns as its texts leave room for. */
export function legendFor(names: readonly string[], width: number, tools: Tools) {
  const symbol = 30;
  const widest = Math.max(...names.map((name) => tools.typeface.width(name, 13, 400)));
  const columns = Math.max(1, Math.min(names.length, Math.floor(width / (widest + symbol))));
  return { columns, labelLimit: width - symbol };
}

export function widest(texts: readonly string[], size: number, tools: Tools): number {
  return texts.reduce((most, text) => Math.max(most, tools.typeface.width(text, size, 400)), 0);
}

export function writeNumber(value: number, axis: Axis, tools: Tools): string {
  return formatNumber(value, axis.style, tools.language);
}
