// Bars: upright where their names fit beneath them, lying down where they need more room, side by
// side where there are series. Bars start at zero. Where every bar can carry its number, the axis
// of numbers is left out, because it would say the same less exactly.

import { shortName } from "../language/language.ts";
import type { Picture } from "../picture.ts";
import { wrap } from "../text.ts";
import { SIZE } from "../theme.ts";
import {
  axisTitle,
  captionOf,
  colour,
  legendFor,
  type MarkParts,
  numberExpression,
  roundDomain,
  rowsOf,
  type Tools,
  widest,
  writeNumber,
  ZERO,
} from "./parts.ts";

const ROOM = SIZE.width - 2 * SIZE.padding;
const AXIS_ROOM = 44;
const UPRIGHT_MAX = 24;
const NAME_WIDTH_MAX = 180;
const NUMBER_GAP = 6;
const GROUPED_BAR = 13;
const GROUP_GAP = 12;
const SLIM_BELOW = 5;
const SLIM_WIDTH = 56;

export function bar(picture: Picture, tools: Tools): MarkParts {
  const names = uprightNames(picture, tools);
  return names ? upright(picture, names, tools) : lying(picture, tools);
}

/** The texts under upright bars, or null when the bars had better lie down. */
function uprightNames(picture: Picture, tools: Tools): readonly string[] | null {
  const { categories, orientation, ordered, names, x } = picture;
  if (orientation === "horizontal" || (!ordered && orientation !== "vertical")) return null;
  const bars = categories.length * Math.max(1, names.length);
  const step = (ROOM - AXIS_ROOM) / Math.max(1, categories.length);
  const fits = (texts: readonly string[]) => widest(texts, SIZE.label, tools) <= step - 4;
  const short = categories.map((name) => shortName(tools.language, name) ?? name);
  if (fits(categories) && (ordered || bars <= UPRIGHT_MAX)) return categories;
  if (fits(short) && bars <= 2 * UPRIGHT_MAX) return short;
  if (x.kind !== "category" || orientation === "vertical" || bars > UPRIGHT_MAX * 2) {
    return ordered || orientation === "vertical" ? thinOut(categories, step, tools) : null;
  }
  return null;
}

/** A few upright bars stay bars and do not become blocks. */
function slim({ categories, series }: Picture) {
  return !series && categories.length <= SLIM_BELOW ? { width: SLIM_WIDTH } : {};
}

/** Keeps every n-th name, so that those that stay do not touch. */
function thinOut(names: readonly string[], step: number, tools: Tools): readonly string[] {
  const every = Math.max(1, Math.ceil((widest(names, SIZE.label, tools) + 10) / step));
  return names.map((name, i) => (i % every === 0 ? name : ""));
}

function upright(picture: Picture, names: readonly string[], tools: Tools): MarkParts {
  const { x, y, series, categories, points } = picture;
  const step = ROOM / Math.max(1, categories.length);
  const numbers = points.map((point) => writeNumber(point.y, y, tools));
  const numbered = !series && widest(numbers, SIZE.label, tools) <= step - 4;
  const place = {
    x: {
      field: x.key,
      type: "nominal",
      sort: null,
      scale: { paddingInner: 0.28, paddingOuter: 0.14 },
      axis: {
        title: nameTitle(picture),
        labelAngle: 0,
        ticks: false,
        labelOverlap: false,
        ...namesExpression(
          categories,
          names.map((name) => [name]),
        ),
      },
    },
    y: {
      field: y.key,
      type: "quantitative",
      scale: { domain: domainOf(picture, numbered), nice: false },
      axis: numbered ? null : { title: null, tickCount: 5, ...numberLabels(picture) },
    },
  };
  const offset = series && { xOffset: { field: series.key, type: "nominal", sort: null } };
  return {
    height: SIZE.plotHeight,
    caption: captionOf(picture, tools.language),
    body: {
      data: { values: rowsOf(inOrder(picture), picture) },
      encoding: { ...place, ...offset, ...colour(picture, tools.theme, legend(picture, tools)) },
      layer: [
        { mark: { type: "bar", cornerRadiusEnd: 2, ...slim(picture) } },
        ...(numbered ? [numberLayer(picture, "upright")] : []),
        ...(points.some((point) => point.y < 0) ? [zeroLine("y", tools)] : []),
      ],
    },
  };
}

function lying(picture: Picture, tools: Tools): MarkParts {
  const { x, y, series, names, categories, points } = picture;
  const fit = { size: SIZE.label, weight: 400, width: NAME_WIDTH_MAX, lines: 2 };
  const lines = categories.map((name) => wrap(name, fit, tools.typeface));
  const room = ROOM - widest(lines.flat(), SIZE.label, tools) - 8;
  const numbers = widest(
    points.map((point) => writeNumber(point.y, y, tools)),
    SIZE.label,
    tools,
  );
  const perGroup = series ? names.length * GROUPED_BAR + GROUP_GAP : SIZE.barStep;
  const tallest = Math.max(...lines.map((text) => text.length)) > 1 ? 36 : 0;
  const [low, high] = extremes(picture);
  const numbered = !series;
  const domain = numbered
    ? domainWithRoom(low, high, room, numbers + NUMBER_GAP)
    : roundDomain([low, high], ZERO.always);
  const place = {
    y: {
      field: x.key,
      type: "nominal",
      sort: null,
      scale: { paddingInner: 0.28, paddingOuter: 0.1 },
      axis: { title: null, labelLimit: 0, ...namesExpression(categories, lines) },
    },
    x: {
      field: y.key,
      type: "quantitative",
      scale: { domain, nice: false },
      axis: numbered
        ? null
        : { title: null, tickCount: 5, domain: false, ...numberLabels(picture) },
    },
  };
  const offset = series && { yOffset: { field: series.key, type: "nominal", sort: null } };
  return {
    height: Math.max(categories.length, 1) * Math.max(perGroup, tallest),
    caption: captionOf(picture, tools.language),
    body: {
      data: { values: rowsOf(inOrder(picture), picture) },
      encoding: { ...place, ...offset, ...colour(picture, tools.theme, legend(picture, tools)) },
      layer: [
        { mark: { type: "bar", cornerRadiusEnd: 2 } },
        ...(numbered ? [numberLayer(picture, "lying")] : []),
        ...(low < 0 ? [zeroLine("x", tools)] : []),
      ],
    },
  };
}

/** The numbers at the ends of the bars, on the far side of zero. */
function numberLayer({ y }: Picture, bars: "upright" | "lying") {
  const value = `datum[${JSON.stringify(y.key)}]`;
  const place =
    bars === "upright"
      ? { baseline: "middle", dy: { expr: `${value} < 0 ? 10 : -10` } }
      : {
          align: { expr: `${value} < 0 ? "right" : "left"` },
          dx: { expr: `${value} < 0 ? -${NUMBER_GAP} : ${NUMBER_GAP}` },
        };
  return {
    mark: { type: "text", text: { expr: numberExpression(value, y.style, false) }, ...place },
  };
}

function zeroLine(channel: "x" | "y", tools: Tools) {
  return {
    mark: { type: "rule", color: tools.theme.textSoft, strokeWidth: 1 },
    encoding: {
      x: null,
      y: null,
      color: null,
      xOffset: null,
      yOffset: null,
      [channel]: { datum: 0 },
    },
  };
}

function domainOf(picture: Picture, numbered: boolean): readonly [number, number] {
  const [low, high] = extremes(picture);
  if (!numbered) return roundDomain([low, high], ZERO.always);
  return low === 0 && high === 0 ? [0, 1] : [low, high];
}

/** Leaves `label` of `room` pixels free beyond the bars, on each side that has some. */
function domainWithRoom(low: number, high: number, room: number, label: number) {
  if (low === 0 && high === 0) return [0, 1];
  const sides = (low < 0 ? 1 : 0) + (high > 0 ? 1 : 0);
  const perPixel = (high - low) / Math.max(room - sides * label, room / 3);
  return [low < 0 ? low - label * perPixel : 0, high > 0 ? high + label * perPixel : 0];
}

function extremes({ points }: Picture): readonly [number, number] {
  const values = points.map((point) => point.y);
  return [Math.min(0, ...values), Math.max(0, ...values)];
}

function inOrder({ points, categories, names }: Picture) {
  const rank = new Map(categories.map((name, i) => [name, i]));
  const seriesRank = new Map(names.map((name, i) => [name, i]));
  const at = (x: number | string) => rank.get(String(x)) ?? 0;
  const by = (series: string) => seriesRank.get(series) ?? 0;
  return [...points].sort((a, b) => at(a.x) - at(b.x) || by(a.series) - by(b.series));
}

/** What the names are, unless the title says so. */
function nameTitle({ title, x }: Picture): string | null {
  const known = title.toLowerCase().includes(x.label.toLowerCase()) || x.key === "measure";
  return known ? null : axisTitle(x);
}

/**
 * Shows other texts than the data has: short names, wrapped names, every n-th name. They stand in
 * one literal and are found by position, because a literal that is itself a word of JavaScript, such
 * as "constructor", is taken for a reference by Vega's parser.
 */
function namesExpression(names: readonly string[], texts: readonly (readonly string[])[]) {
  if (texts.every((text, i) => text.length === 1 && text[0] === names[i])) return {};
  const plain = (line: string) => line.replace(/\s+/g, " ");
  const literal = JSON.stringify(texts.map((text) => `\n${text.map(plain).join("\t")}`).join(""));
  const position = `1 + round(datum.index * ${texts.length - 1})`;
  return { labelExpr: `split(split(${literal}, "\\n")[${position}], "\\t")` };
}

function numberLabels({ y }: Picture) {
  if (y.style.suffix === "") return {};
  return { labelExpr: numberExpression("datum.value", { ...y.style, decimals: 2 }, true) };
}

function legend(picture: Picture, tools: Tools) {
  return { ...legendFor(picture.names, ROOM, tools), symbolType: "square" };
}
