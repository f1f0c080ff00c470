// The two shapes of bars. Where every bar can carry its number, the axis of numbers is left out,
// because it would say the same less exactly.

import type { Picture } from "../picture.ts";
import { SIZE } from "../theme.ts";
import { namesDown } from "./name-axis.ts";
import {
  captionOf,
  colour,
  FIGURE,
  legendFor,
  type MarkParts,
  namesExpression,
  nameTitle,
  numberExpression,
  rowsOf,
  type Tools,
  widest,
  writeNumber,
} from "./parts.ts";
import { logDomain, logTicks, numberLabels, roundDomain, ZERO } from "./scales.ts";

const NUMBER_GAP = 6;
const GROUPED_BAR = 13;
const GROUPED_MIN = 9;
const GROUP_GAP = 12;
const TALLEST = 900;
const SLIM_BELOW = 5;
const SLIM_WIDTH = 56;
const BINS = /^[^\d]{0,12}-?[\d.,]+\s*(–|-|to|bis|…|and|und)|^[<≥>≤]/i;

export function upright(picture: Picture, names: readonly string[], tools: Tools): MarkParts {
  const { x, y, series, categories, points, log } = picture;
  const step = tools.room / Math.max(1, categories.length);
  const numbers = points.map((point) => writeNumber(point.y, y, tools));
  const fits = !series && widest(numbers, SIZE.label, tools) <= step - 4;
  const numbered = fits && !log && picture.numbers !== false && !tools.small;
  const gap = areBins(picture) ? 0.06 : 0.28;
  const place = {
    x: {
      field: x.key,
      type: "nominal",
      sort: null,
      scale: { domain: categories, paddingInner: gap, paddingOuter: gap / 2 },
      axis: {
        title: tools.small ? null : nameTitle(picture),
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
      ...lengths(picture, domainOf(picture, numbered)),
      axis: numbered ? null : { title: null, ...valueAxis(picture, tools) },
    },
  };
  return {
    height: tools.small ? SIZE.smallHeight : SIZE.plotHeight,
    caption: captionOf(picture, tools.language),
    body: {
      data: { values: rowsOf(points, picture) },
      encoding: { ...place, ...beside("xOffset", picture), ...coloured(picture, tools) },
      layer: [
        { mark: { type: "bar", ...ends(picture), ...slim(picture, tools) } },
        ...(numbered ? [numberLayer(picture, "upright")] : []),
        ...(points.some((point) => point.y < 0) ? [zeroLine("y", tools)] : []),
      ],
    },
  };
}

export function lying(picture: Picture, tools: Tools): MarkParts {
  const { y, series, names, categories, points, arrangement, log } = picture;
  const down = namesDown(picture, tools);
  const numbers = widest(
    points.map((point) => writeNumber(point.y, y, tools)),
    SIZE.label,
    tools,
  );
  const parted = series !== null && arrangement === "grouped";
  const perBar = Math.max(
    GROUPED_MIN,
    Math.min(GROUPED_BAR, (TALLEST / categories.length - GROUP_GAP) / names.length),
  );
  const perGroup = parted ? names.length * perBar + GROUP_GAP : 0;
  const [low, high] = extremes(picture);
  const usual = !series && picture.numbers !== false;
  const numbered = !log && (usual || (parted && picture.numbers === true));
  const domain = numbered
    ? domainWithRoom(low, high, down.room, numbers + NUMBER_GAP)
    : domainOf(picture, false);
  const place = {
    y: down.encoding,
    x: {
      field: y.key,
      type: "quantitative",
      ...lengths(picture, domain),
      axis: numbered ? null : { title: null, domain: false, ...valueAxis(picture, tools) },
    },
  };
  return {
    height: Math.max(down.height, categories.length * perGroup),
    caption: captionOf(picture, tools.language),
    body: {
      data: { values: rowsOf(points, picture) },
      encoding: { ...place, ...beside("yOffset", picture), ...coloured(picture, tools) },
      layer: [
        { mark: { type: "bar", ...ends(picture) } },
        ...(numbered ? [numberLayer(picture, "lying")] : []),
        ...(low < 0 ? [zeroLine("x", tools)] : []),
      ],
    },
  };
}

/** Scale and stacking of the lengths; on a logarithm bars begin at its lower end. */
function lengths({ arrangement, log }: Picture, domain: readonly [number, number]) {
  const stack = arrangement === "grouped" ? null : "zero";
  return {
    stack,
    scale: { domain, nice: false, ...(log && { type: "log", base: 10 }) },
  };
}

function valueAxis(picture: Picture, tools: Tools) {
  const { log } = picture;
  return {
    tickCount: tools.small ? 3 : 5,
    labelOverlap: "greedy",
    labelFlush: false,
    ...(log && { values: logTicks(domainOf(picture, false)) }),
    ...numberLabels(picture),
  };
}

function beside(channel: "xOffset" | "yOffset", { series, arrangement, names }: Picture) {
  if (!series || arrangement !== "grouped")
    return { order: { field: FIGURE, type: "quantitative" } };
  return {
    [channel]: { field: series.key, type: "nominal", sort: null, scale: { domain: names } },
  };
}

/** Only the end of a bar that stands alone is rounded. */
function ends({ arrangement, series }: Picture) {
  return series && arrangement !== "grouped" ? {} : { cornerRadiusEnd: 2 };
}

/** A few upright bars stay bars and do not become blocks. */
function slim({ categories, series, arrangement }: Picture, tools: Tools) {
  const alone = !series || arrangement !== "grouped";
  return alone && categories.length <= SLIM_BELOW && !tools.small ? { width: SLIM_WIDTH } : {};
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
    encoding: { color: null },
  };
}

function zeroLine(channel: "x" | "y", tools: Tools) {
  const none = { x: null, y: null, color: null, xOffset: null, yOffset: null, order: null };
  return {
    mark: { type: "rule", color: tools.theme.textSoft, strokeWidth: 1 },
    encoding: { ...none, [channel]: { datum: 0 } },
  };
}

function domainOf(picture: Picture, numbered: boolean): [number, number] {
  if (picture.log) return logDomain(picture.points.map((point) => point.y));
  if (picture.arrangement === "normalised") return [0, 100];
  const [low, high] = extremes(picture);
  if (!numbered) return roundDomain([low, high], ZERO.always);
  return low === 0 && high === 0 ? [0, 1] : [low, high];
}

/** Leaves `label` of `room` pixels free beyond the bars, on each side that has some. */
function domainWithRoom(low: number, high: number, room: number, label: number): [number, number] {
  if (low === 0 && high === 0) return [0, 1];
  const sides = (low < 0 ? 1 : 0) + (high > 0 ? 1 : 0);
  const perPixel = (high - low) / Math.max(room - sides * label, room / 3);
  return [low < 0 ? low - label * perPixel : 0, high > 0 ? high + label * perPixel : 0];
}

/** Zero included; of stacks, how far they reach on either side. */
function extremes({ points, arrangement }: Picture): readonly [number, number] {
  const ends = new Map<string, [number, number]>();
  for (const [i, { x, y, panel }] of points.entries()) {
    const key = arrangement === "grouped" ? String(i) : JSON.stringify([x, panel]);
    const [low, high] = ends.get(key) ?? [0, 0];
    ends.set(key, y < 0 ? [low + y, high] : [low, high + y]);
  }
  const all = [...ends.values()].flat();
  return [all.reduce((a, b) => Math.min(a, b), 0), all.reduce((a, b) => Math.max(a, b), 0)];
}

/** Names such as "10–20" in their order are bins, and bins touch. */
function areBins({ categories, ordered }: Picture): boolean {
  return ordered && categories.length > 2 && categories.every((name) => BINS.test(name));
}

function coloured(picture: Picture, tools: Tools) {
  const legend = { ...legendFor(picture.names, tools), symbolType: "square" };
  return colour(picture, tools.theme, legend);
}
