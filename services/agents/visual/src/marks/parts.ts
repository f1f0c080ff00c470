// What the marks have in common: the shape of their contribution, their rows, captions and legends.

import { formatNumber } from "../format.ts";
import type { Language, NumberStyle } from "../language/language.ts";
import type { Axis, Picture, Point } from "../picture.ts";
import { SIZE, type Theme } from "../theme.ts";
import type { Typeface } from "../typeface.ts";

export interface Tools {
  readonly language: Language;
  readonly theme: Theme;
  readonly typeface: Pick<Typeface, "width">;
  /** Pixels for the plot and the names at its side. */
  readonly room: number;
  /** The plot is one of several small ones, which share a legend and their scales. */
  readonly small: boolean;
}

/** What a mark adds to the specification. */
export interface MarkParts {
  readonly height: number;
  /** First line under the title: what is drawn up, and its unit. */
  readonly caption: string;
  /** `data`, and `mark` with `encoding` or `layer`. */
  readonly body: Record<string, unknown>;
}

/** The room of one plot that fills the chart. */
export const ROOM = SIZE.width - 2 * SIZE.padding;
/** Names the marks that are figures of the picture, in every row of the data. */
export const FIGURE = "figure";
/** Names the value of the small multiple. */
export const PANEL = "panel";

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

/** Rows of the specification's data, one for each figure; a time is ISO 8601 in UTC. */
export function rowsOf(points: readonly Point[], { x, y, series, panel }: Picture) {
  return points.map((point, figure) => ({
    [x.key]: x.kind === "time" && typeof point.x === "number" ? isoTime(point.x) : point.x,
    ...(series && { [series.key]: point.series }),
    [y.key]: point.y,
    ...(point.low !== undefined && { low: point.low }),
    ...(point.five && fiveOf(point.five)),
    ...(panel && { [PANEL]: point.panel }),
    [FIGURE]: figure,
  }));
}

function fiveOf([low, lower, median, upper, high]: NonNullable<Point["five"]>) {
  return { low, lower, median, upper, high };
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

/** Colours by the names of the series, always the same for the same order. */
export function colour(picture: Picture, theme: Theme, legend: unknown) {
  if (!picture.series || picture.names.length === 0) return {};
  const { names, everyName } = picture;
  const stable =
    everyName.length <= theme.palette.length && names.every((n) => everyName.includes(n));
  const range = names.map((name, i) => theme.palette[stable ? everyName.indexOf(name) : i]);
  const scale = { domain: names, range };
  return {
    color: { field: picture.series.key, type: "nominal", sort: null, scale, legend },
  };
}

const SYMBOL = 30;

/** A legend above the plot, in as many columns as its texts leave room for. */
export function legendFor(names: readonly string[], tools: Tools) {
  const most = widest(names, SIZE.label, tools);
  const columns = Math.max(1, Math.min(names.length, Math.floor(ROOM / (most + SYMBOL))));
  return { columns, labelLimit: ROOM - SYMBOL };
}

export function widest(texts: readonly string[], size: number, tools: Tools): number {
  return texts.reduce((most, text) => Math.max(most, tools.typeface.width(text, size, 400)), 0);
}

export function writeNumber(value: number, axis: Axis, tools: Tools): string {
  return formatNumber(value, axis.style, tools.language);
}

/**
 * Shows other texts than the data has: short names, wrapped names, every n-th name. They stand in
 * one literal and are found by position, because a literal that is itself a word of JavaScript, such
 * as "constructor", is taken for a reference by Vega's parser.
 */
export function namesExpression(
  names: readonly string[],
  texts: readonly (readonly string[])[],
): { labelExpr?: string } {
  if (texts.every((text, i) => text.length === 1 && text[0] === names[i])) return {};
  const plain = (line: string) => line.replace(/\s+/g, " ");
  const literal = JSON.stringify(texts.map((text) => `\n${text.map(plain).join("\t")}`).join(""));
  const position = `1 + round(datum.index * ${texts.length - 1})`;
  return { labelExpr: `split(split(${literal}, "\\n")[${position}], "\\t")` };
}

/** What the names are, unless the title says so. */
export function nameTitle({ title, x }: Picture): string | null {
  const known = title.toLowerCase().includes(x.label.toLowerCase()) || x.key === "measure";
  return known ? null : axisTitle(x);
}
