// The plan that is being written as cards with what goes in and what comes out, and the wires
// between them. Pure.

import { create } from "@bufbuild/protobuf";
import { type Plan, type Step, StepSchema } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { needs, reference } from "./plan-edit.ts";
import type { PlanGraph, PlanNode } from "./plan-graph.ts";
import {
  type Contracts,
  outputsOf,
  type Slot,
  type Source,
  slotAt,
  slotsOf,
  sourceType,
} from "./plan-shapes.ts";

/** No id of a step holds a colon. */
export const parametersId = "plan:parameters";

export interface Port {
  path: string;
  type: string;
  /** Of what comes out. */
  source?: Source;
  /** Of what goes in. */
  filled: boolean;
  required: boolean;
}

export interface Card {
  id: string;
  /** Unset: the parameters of the plan. */
  step?: Step;
  title: string;
  inputs: Port[];
  outputs: Port[];
}

export interface Wire {
  from: string;
  /** Path of the field; empty: the step as such. */
  output: string;
  to: string;
  input: string;
  kind: "value" | "order" | "condition" | "each";
}

export interface EditGraph {
  cards: Map<string, Card>;
  wires: Wire[];
  graph: PlanGraph;
}

export const headPx = 46;
export const rowPx = { fine: 26, coarse: 38 };
const footPx = 8;
const inputsMax = 12;
const outputsMax = 9;

/** `row`: the height of a field. */
export const heightOf = ({ inputs, outputs }: Card, row: number): number => {
  const rows = Math.max(inputs.length, outputs.length);
  return headPx + (rows > 0 ? rows * row + footPx : 0);
};

interface Look {
  /** Each step below the one before, for narrow places. */
  upright: boolean;
  /** Without fields: there are too many steps. */
  bare: (id: string) => boolean;
  titleOf: (step: Step) => string;
  parametersTitle: string;
}

export function editGraph(plan: Plan, contracts: Contracts, look: Look): EditGraph {
  const wires = plan.steps.flatMap(wiresTo);
  const cards = new Map<string, Card>();
  if (plan.parameters.length > 0) {
    cards.set(parametersId, parametersCard(plan, wires, look));
  }
  for (const step of plan.steps) cards.set(step.id, stepCard(step, wires, contracts, look));
  const known = wires.filter(({ from, to }) => cards.has(from) && cards.has(to));
  return { cards, wires: known, graph: graphOf(plan, cards, known, look) };
}

function parametersCard({ parameters }: Plan, wires: Wire[], look: Look): Card {
  const outputs = parameters.map(({ name, type }): Port => {
    const source = { case: "parameter" as const, name, parameter: type };
    const filled = wires.some(({ from, output }) => from === parametersId && output === name);
    return { path: name, type: sourceType(source), source, filled, required: false };
  });
  const title = look.parametersTitle;
  return { id: parametersId, title, inputs: [], outputs: look.bare(parametersId) ? [] : outputs };
}

function stepCard(step: Step, wires: Wire[], contracts: Contracts, look: Look): Card {
  const { id } = step;
  const card = { id, step, title: look.titleOf(step) };
  if (look.bare(id)) return { ...card, inputs: [], outputs: [] };
  const slots = slotsOf(step, contracts);
  const filled = step.inputs.map(({ field }) => field);
  const shown = slots.filter(
    (slot, index) => slot.required || index < inputsMax || filled.includes(slot.path),
  );
  // A part of a field that is filled by itself stands below the field.
  const inner = filled
    .filter((path) => !slots.some((slot) => slot.path === path))
    .flatMap((path) => slotAt(step, path, contracts) ?? []);
  const inputs = shown.flatMap((slot) => [
    portOf(slot, filled),
    ...inner
      .filter(({ path }) => path.startsWith(`${slot.path}.`))
      .map((one) => portOf(one, filled)),
  ]);
  const used = new Set(wires.flatMap(({ from, output }) => (from === id ? output : [])));
  const given = outputsOf(step, contracts);
  const outer = given.filter(({ field }) => !field.includes("."));
  const outputs = given
    .filter((source) => used.has(source.field) || outer.indexOf(source) >= 0)
    .filter((source) => used.has(source.field) || outer.indexOf(source) < outputsMax)
    .map((source): Port => {
      const type = sourceType(source);
      return { path: source.field, type, source, filled: used.has(source.field), required: false };
    });
  return { ...card, inputs, outputs };
}

const portOf = ({ path, type, required }: Slot, filled: readonly string[]): Port => ({
  path,
  type,
  required,
  filled: filled.some((one) => one === path || one.startsWith(`${path}.`)),
});

function wiresTo(step: Step): Wire[] {
  const to = step.id;
  const wires: Wire[] = [];
  for (const { field, value } of step.inputs) {
    if (value.case === "output") {
      const { step: from, field: output } = value.value;
      wires.push({ from, output, to, input: field, kind: "value" });
    } else if (value.case === "parameter") {
      wires.push({ from: parametersId, output: value.value, to, input: field, kind: "value" });
    }
  }
  const { over } = step.forEach ?? {};
  if (over?.case === "output") {
    const { step: from, field: output } = over.value;
    wires.push({ from, output, to, input: "", kind: "each" });
  } else if (over?.case === "parameter") {
    wires.push({ from: parametersId, output: over.value, to, input: "", kind: "each" });
  }
  for (const { output } of step.when) {
    if (!output) continue;
    wires.push({ from: output.step, output: output.field, to, input: "", kind: "condition" });
  }
  for (const from of step.after) wires.push({ from, output: "", to, input: "", kind: "order" });
  for (const text of [step.approval?.text ?? "", step.question?.text ?? ""]) {
    for (const [, from = "", output = ""] of text.matchAll(reference)) {
      wires.push({ from, output, to, input: "", kind: "order" });
    }
  }
  return wires;
}

function graphOf(
  plan: Plan,
  cards: ReadonlyMap<string, Card>,
  wires: readonly Wire[],
  { upright }: Look,
): PlanGraph {
  const columns: PlanNode[][] = [];
  const depths = new Map<string, number>();
  const put = (depth: number, node: PlanNode) => {
    columns[depth] ??= [];
    columns[depth].push(node);
  };
  const parameters = cards.has(parametersId);
  if (parameters) put(0, { id: parametersId, step: create(StepSchema), title: "" });
  for (const step of plan.steps) {
    const before = needs(step).map((id) => depths.get(id) ?? -1);
    const depth = upright
      ? columns.length
      : Math.max(parameters ? 1 : 0, ...before.map((d) => d + 1));
    depths.set(step.id, depth);
    put(depth, { id: step.id, step, title: "" });
  }
  const edges = wires.map(({ from, to }) => ({ from, to, types: [] }));
  return { columns, edges, files: [], outgoing: [] };
}

/** Where in its card a field is, from the top. */
export function portY(ports: readonly Port[], path: string, row: number): number {
  const at = ports.findIndex((port) => port.path === path);
  return at < 0 ? headPx / 2 : headPx + at * row + row / 2;
}

export interface Point {
  x: number;
  y: number;
}

const clear = 10;

/** An SVG path. Sideways, a wire that would pass below a card, and seem to come from it, goes around
 * the lower edge of what stands between. */
export function wirePath(
  start: Point,
  end: Point,
  upright: boolean,
  cards: readonly { x: number; y: number; width: number; height: number }[],
): string {
  const from = `M${start.x} ${start.y}`;
  const to = `${end.x} ${end.y}`;
  if (upright) {
    const bend = Math.max(16, (end.y - start.y) / 3);
    return `${from}C${start.x} ${start.y + bend} ${end.x} ${end.y - bend} ${to}`;
  }
  const between = cards.filter(({ x, width }) => x > start.x && x + width < end.x);
  const [top, bottom] = [Math.min(start.y, end.y), Math.max(start.y, end.y)];
  if (!between.some(({ y, height }) => y < bottom && y + height > top)) {
    const bend = Math.max(28, Math.abs(end.x - start.x) / 2);
    return `${from}C${start.x + bend} ${start.y} ${end.x - bend} ${end.y} ${to}`;
  }
  const low = Math.max(...between.map(({ y, height }) => y + height)) + clear;
  const [first, last] = [
    Math.min(...between.map(({ x }) => x)),
    Math.max(...between.map(({ x, width }) => x + width)),
  ];
  const [out, back] = [(first - start.x) / 2, (end.x - last) / 2];
  const down = `C${start.x + out} ${start.y} ${first - out} ${low} ${first} ${low}`;
  return `${from}${down}L${last} ${low}C${last + back} ${low} ${end.x - back} ${end.y} ${to}`;
}
