// Where the cards of a plan stand and how its edges run. Pure; in pixels at full size.

import type { PlanEdge, PlanGraph, PlanNode } from "./plan-graph.ts";

export interface Placed {
  id: string;
  x: number;
  y: number;
  width: number;
  height: number;
  node?: PlanNode;
  /** An attachment instead of a step. */
  filename?: string;
}

export interface PlacedEdge {
  edge: PlanEdge;
  /** An SVG path. */
  path: string;
  /** Where the type stands. */
  label: { x: number; y: number };
  box: { left: number; top: number; right: number; bottom: number };
}

export interface PlanLayout {
  places: Map<string, Placed>;
  edges: PlacedEdge[];
  /** In columns from the start to the end, each from first to last. */
  order: string[][];
  width: number;
  height: number;
}

export interface LayoutOptions {
  /** From top to bottom, instead of from left to right. */
  upright: boolean;
  cardWidth: number;
  /** Where cards are not all as high. */
  heightOf?: (node: PlanNode) => number;
}

const cardHeight = 58;
const fileHeight = 30;
const gap = {
  along: 64,
  across: 14,
  alongUpright: 40,
  acrossUpright: 12,
  /** Beside a condition, for each letter of it, and at most. */
  beside: 48,
  perLetter: 6.5,
  alongMax: 180,
};

export function planLayout(
  graph: PlanGraph,
  { upright, cardWidth, heightOf = () => cardHeight }: LayoutOptions,
): PlanLayout {
  const files = graph.files.map<Placed>(({ id, filename }) => ({
    id,
    filename,
    x: 0,
    y: 0,
    width: Math.min(cardWidth, Math.max(90, Math.min(24, filename.length) * 7 + 40)),
    height: fileHeight,
  }));
  const cards = graph.columns.map((column) =>
    column.map<Placed>((node) => ({
      id: node.id,
      node,
      x: 0,
      y: 0,
      width: cardWidth,
      height: heightOf(node),
    })),
  );
  const columns = arranged(files.length > 0 ? [files, ...cards] : cards, graph.edges);
  // What a condition says needs more room than a type does.
  const said = Math.max(0, ...graph.edges.map(({ condition = "" }) => condition.length));
  const needed = Math.min(gap.alongMax, said * gap.perLetter + gap.beside);
  const along = upright ? gap.alongUpright : Math.max(gap.along, said > 0 ? needed : 0);
  const across = upright ? gap.acrossUpright : gap.across;
  const [long, wide] = upright ? (["height", "width"] as const) : (["width", "height"] as const);
  const extent = (column: Placed[]) =>
    column.reduce((sum, place) => sum + place[wide], 0) + (column.length - 1) * across;
  const widest = Math.max(0, ...columns.map(extent));
  let at = 0;
  for (const column of columns) {
    const depth = Math.max(...column.map((place) => place[long]));
    // Upright, cards stand below each other at the left; sideways, each column in the middle.
    let side = upright ? 0 : (widest - extent(column)) / 2;
    for (const place of column) {
      const inset = upright ? 0 : depth - place[long];
      if (upright) Object.assign(place, { x: side, y: at });
      else Object.assign(place, { x: at + inset, y: side });
      side += place[wide] + across;
    }
    at += depth + along;
  }
  const length = Math.max(0, at - along);
  const places = new Map(columns.flat().map((place) => [place.id, place]));
  return {
    places,
    edges: graph.edges.flatMap((edge) => placeEdge(edge, places, upright)),
    order: columns.map((column) => column.map(({ id }) => id)),
    width: upright ? widest : length,
    height: upright ? length : widest,
  };
}

/** Each column in the order of what its cards come from, so that few edges cross. */
function arranged(columns: Placed[][], edges: readonly PlanEdge[]): Placed[][] {
  const sources = new Map<string, string[]>();
  for (const { from, to } of edges) sources.set(to, [...(sources.get(to) ?? []), from]);
  const rank = new Map<string, number>();
  return columns.map((column) => {
    const middle = ({ id }: Placed) => {
      const ranks = (sources.get(id) ?? []).flatMap((from) => rank.get(from) ?? []);
      return ranks.length > 0 ? ranks.reduce((sum, one) => sum + one, 0) / ranks.length : 0;
    };
    const sorted = column.map((place, index) => ({ place, index, middle: middle(place) }));
    sorted.sort((a, b) => a.middle - b.middle || a.index - b.index);
    return sorted.map(({ place }, index) => {
      rank.set(place.id, index / Math.max(1, column.length));
      return place;
    });
  });
}

function placeEdge(
  edge: PlanEdge,
  places: ReadonlyMap<string, Placed>,
  upright: boolean,
): PlacedEdge[] {
  const [from, to] = [places.get(edge.from), places.get(edge.to)];
  if (!from || !to) return [];
  const start = upright
    ? { x: from.x + Math.min(from.width, to.width, 168) / 2, y: from.y + from.height }
    : { x: from.x + from.width, y: from.y + from.height / 2 };
  const end = upright
    ? { x: to.x + Math.min(from.width, to.width, 168) / 2, y: to.y }
    : { x: to.x, y: to.y + to.height / 2 };
  const bend = upright ? (end.y - start.y) / 2 : (end.x - start.x) / 2;
  const curve = upright
    ? `${start.x} ${start.y + bend} ${end.x} ${end.y - bend} ${end.x} ${end.y}`
    : `${start.x + bend} ${start.y} ${end.x - bend} ${end.y} ${end.x} ${end.y}`;
  return [
    {
      edge,
      path: `M${start.x} ${start.y}C${curve}`,
      label: { x: (start.x + end.x) / 2, y: (start.y + end.y) / 2 },
      box: {
        left: Math.min(start.x, end.x),
        right: Math.max(start.x, end.x),
        top: Math.min(start.y, end.y),
        bottom: Math.max(start.y, end.y),
      },
    },
  ];
}

/** Where an arrow key leads from a step: along an edge, or to its neighbour in the column. */
export function nextStep(
  layout: PlanLayout,
  edges: readonly PlanEdge[],
  at: string,
  key: string,
  upright: boolean,
): string | undefined {
  const keys = upright
    ? { forward: "ArrowDown", back: "ArrowUp", next: "ArrowRight", previous: "ArrowLeft" }
    : { forward: "ArrowRight", back: "ArrowLeft", next: "ArrowDown", previous: "ArrowUp" };
  const isStep = (id: string) => layout.places.get(id)?.node !== undefined;
  if (key === keys.forward) return edges.find(({ from }) => from === at)?.to;
  if (key === keys.back) return edges.find(({ from, to }) => to === at && isStep(from))?.from;
  const column = layout.order.find((ids) => ids.includes(at)) ?? [];
  const index = column.indexOf(at);
  if (key === keys.next) return column[index + 1];
  if (key === keys.previous) return column[index - 1];
  const steps = layout.order.flat().filter(isStep);
  if (key === "Home") return steps[0];
  if (key === "End") return steps.at(-1);
  return undefined;
}
