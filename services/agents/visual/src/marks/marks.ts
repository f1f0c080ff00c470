// All marks there are. A new one is a file beside this, a line here, its name in `mark.ts`, and
// its words in each language.

import { area } from "./area.ts";
import { bar } from "./bar.ts";
import { box } from "./box.ts";
import { dot } from "./dot.ts";
import { heatmap } from "./heatmap.ts";
import { histogram } from "./histogram.ts";
import { line } from "./line.ts";
import type { Mark, MarkName } from "./mark.ts";
import { donut, pie } from "./pie.ts";
import { point } from "./point.ts";
import { range } from "./range.ts";

export const marks: readonly Mark[] = [
  bar,
  line,
  area,
  point,
  histogram,
  box,
  heatmap,
  pie,
  donut,
  dot,
  range,
];

const byName = new Map(marks.map((mark) => [mark.name, mark]));

export function markOf(name: MarkName): Mark {
  const mark = byName.get(name);
  if (!mark) throw new Error(`no mark is called ${name}`);
  return mark;
}
