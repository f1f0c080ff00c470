// The figures that are drawn as CSV: RFC 4180, numbers with a point, times as ISO 8601, UTF-8.

import type { Language } from "./language/language.ts";
import { axisTitle, isoTime } from "./marks/parts.ts";
import { type Axis, hasWhiskers, type Picture, type Point } from "./picture.ts";

type Cell = string | number;

/** A head and one line for each figure, in reading order. */
export function csvOf(picture: Picture, language: Language): string {
  const lines =
    picture.bins.length > 0 ? binLines(picture, language) : pointLines(picture, language);
  return `${lines.map((cells) => cells.map(write).join(",")).join("\r\n")}\r\n`;
}

function binLines({ bins, x, panel }: Picture, { say }: Language): Cell[][] {
  const title = axisTitle(x);
  const head = [...(panel ? [panel.label] : []), say.from(title), say.to(title), say.count];
  return [head, ...bins.map((bin) => [...(panel ? [bin.panel] : []), bin.from, bin.to, bin.count])];
}

function pointLines(picture: Picture, { say }: Language): Cell[][] {
  const { points, x, y, series, panel } = picture;
  const [first] = points;
  const named = x.key !== "measure" || points.some((point) => point.x !== "");
  const ends = hasWhiskers(picture);
  const five = ends ? say.fiveNames : say.fiveNames.slice(1, 4);
  const values = first?.five ? five : first?.low !== undefined ? (picture.ends ?? []) : [];
  const head = [
    ...(panel ? [panel.label] : []),
    ...(named ? [axisTitle(x)] : []),
    ...(series ? [series.label] : []),
    ...(values.length > 0 ? values.map((name) => unitOf(name, y)) : [axisTitle(y)]),
  ];
  return [
    head,
    ...points.map((point): Cell[] => [
      ...(panel ? [point.panel] : []),
      ...(named ? [placeOf(point, x)] : []),
      ...(series ? [point.series] : []),
      ...((ends ? point.five : point.five?.slice(1, 4)) ??
        (point.low === undefined ? [point.y] : [point.low, point.y])),
    ]),
  ];
}

function unitOf(name: string, { unit }: Axis): string {
  return unit === "" ? name : `${name} (${unit})`;
}

function placeOf({ x }: Point, axis: Axis): Cell {
  return axis.kind === "time" && typeof x === "number" ? isoTime(x) : x;
}

/** The noise of computing with binary fractions is no part of a figure. */
function write(cell: Cell): string {
  if (typeof cell === "number") return String(Number(cell.toPrecision(12)));
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
