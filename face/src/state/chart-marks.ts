// Which figure of a chart a pointer or a key means.

import type { ChartMark, ChartMarks } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";

// Above a bar, or below a point of a line, that bar or point is meant: the way along the axis of the
// figures counts less.
const slack = 0.05;

/** The mark under the point, else the nearest, else the one in whose column (or row, where bars lie)
 * it is; in units of the picture. Nothing that is farther away than `reach`. */
export function markAt(
  { marks }: ChartMarks,
  point: { x: number; y: number },
  reach: number,
): number | undefined {
  const lying = marks.length > 1 && marks.every(({ x }) => Math.abs(x - (marks[0]?.x ?? 0)) < 1);
  const loosely = (dx: number, dy: number) =>
    lying ? Math.hypot(dx * slack, dy) : Math.hypot(dx, dy * slack);
  const close = nearest(marks, reach / 2, Math.hypot, point);
  return close ?? nearest(marks, reach, loosely, point);
}

function nearest(
  marks: readonly ChartMark[],
  reach: number,
  measure: (dx: number, dy: number) => number,
  { x, y }: { x: number; y: number },
): number | undefined {
  let best: number | undefined;
  let least = reach;
  let area = Number.POSITIVE_INFINITY;
  marks.forEach((mark, index) => {
    const dx = Math.max(mark.x - x, 0, x - mark.x - mark.width);
    const dy = Math.max(mark.y - y, 0, y - mark.y - mark.height);
    const away = measure(dx, dy);
    const size = mark.width * mark.height;
    // Where boxes lie over each other the smaller one is meant.
    if (away < least || (away === least && size < area)) {
      best = index;
      least = away;
      area = size;
    }
  });
  return best;
}

/** Where a key leads in reading order; unset for keys that do not move. */
export function markAfter(key: string, at: number | undefined, count: number): number | undefined {
  if (count === 0) return undefined;
  const last = count - 1;
  const target = {
    ArrowRight: at === undefined ? 0 : at + 1,
    ArrowDown: at === undefined ? 0 : at + 1,
    ArrowLeft: at === undefined ? last : at - 1,
    ArrowUp: at === undefined ? last : at - 1,
    Home: 0,
    End: last,
  }[key];
  return target === undefined ? undefined : Math.max(0, Math.min(last, target));
}
