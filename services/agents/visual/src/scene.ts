// Where the figures stand in a picture, read from Vega's scene after it was laid out: what is pointed
// at is exactly what is drawn. A figure of several marks (the whiskers and the box) takes them all.

import type { View } from "vega";

import { FIGURE } from "./marks/parts.ts";

/** In units of the picture, from its upper left corner; a point has no size. */
export interface Box {
  readonly figure: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Scene {
  readonly width: number;
  readonly height: number;
  /** One for each figure that is drawn, by its number. */
  readonly boxes: readonly Box[];
}

interface Bounds {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

interface Item {
  readonly x?: number;
  readonly y?: number;
  readonly datum?: Record<string, unknown>;
  readonly bounds?: Bounds;
  readonly items?: readonly SceneMark[];
}

interface SceneMark {
  readonly marktype: string;
  readonly items: readonly Item[];
}

const POINTS = new Set(["symbol", "line", "area", "trail"]);
const SOLID = new Set(["rect", "rule", "arc", "path"]);

/** Takes a view that has run. */
export function sceneOf(view: View, svg: string): Scene {
  const [, width = "0", height = "0"] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg) ?? [];
  const root = (view.scenegraph() as unknown as { root: SceneMark }).root;
  const [left, top] = (view as unknown as { origin(): [number, number] }).origin();
  const padding = view.padding() as { left: number; top: number };
  const found = new Map<number, Bounds>();
  visit(root, padding.left + left, padding.top + top, found);
  const boxes = [...found]
    .sort(([a], [b]) => a - b)
    .map(([figure, { x1, y1, x2, y2 }]) => ({
      figure,
      x: round(x1),
      y: round(y1),
      width: round(x2 - x1),
      height: round(y2 - y1),
    }));
  return { width: Number(width), height: Number(height), boxes };
}

function visit(mark: SceneMark, dx: number, dy: number, found: Map<number, Bounds>): void {
  for (const item of mark.items ?? []) {
    if (mark.marktype === "group") {
      for (const inner of item.items ?? [])
        visit(inner, dx + (item.x ?? 0), dy + (item.y ?? 0), found);
      continue;
    }
    const figure = item.datum?.[FIGURE];
    const bounds = typeof figure === "number" && boundsOf(mark.marktype, item);
    if (!bounds) continue;
    const moved = {
      x1: bounds.x1 + dx,
      y1: bounds.y1 + dy,
      x2: bounds.x2 + dx,
      y2: bounds.y2 + dy,
    };
    const known = found.get(figure);
    found.set(figure, known ? join(known, moved) : moved);
  }
}

function boundsOf(marktype: string, item: Item): Bounds | null {
  const { x = 0, y = 0 } = item;
  if (POINTS.has(marktype)) return { x1: x, y1: y, x2: x, y2: y };
  return SOLID.has(marktype) ? (item.bounds ?? null) : null;
}

function join(a: Bounds, b: Bounds): Bounds {
  return {
    x1: Math.min(a.x1, b.x1),
    y1: Math.min(a.y1, b.y1),
    x2: Math.max(a.x2, b.x2),
    y2: Math.max(a.y2, b.y2),
  };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
