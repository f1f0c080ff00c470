/** What of a plan is asked for at every transition, worked out once. Pure. */
import type { Plan, Step } from "@keiko/gen/keiko/plan/v1/plan_pb.js";

export interface Graph {
  readonly steps: ReadonlyMap<string, Step>;
  /** Ids of the steps that must have ended before one starts. */
  readonly needs: ReadonlyMap<string, readonly string[]>;
  /** Those of them without whose result it cannot run. */
  readonly values: ReadonlyMap<string, readonly string[]>;
}

const known = new WeakMap<Plan, Graph>();
const empty: Graph = { steps: new Map(), needs: new Map(), values: new Map() };

export function graphOf(plan: Plan | undefined): Graph {
  if (!plan) return empty;
  const before = known.get(plan);
  if (before) return before;
  const graph: Graph = {
    steps: new Map(plan.steps.map((step) => [step.id, step])),
    needs: new Map(plan.steps.map((step) => [step.id, needs(step)])),
    values: new Map(plan.steps.map((step) => [step.id, valueNeeds(step)])),
  };
  known.set(plan, graph);
  return graph;
}

/** Ids of the steps that must have ended before this one starts. */
export function needs(step: Step): string[] {
  const inputs = step.inputs.flatMap(({ value }) =>
    value.case === "output" ? [value.value.step] : [],
  );
  const texts = [step.approval?.text ?? "", step.question?.text ?? ""];
  const shown = texts.flatMap((text) => [...text.matchAll(reference)].map(([, id = ""]) => id));
  return [...new Set([...inputs, ...conditions(step), ...shown, ...step.after])];
}

function valueNeeds(step: Step): string[] {
  const inputs = step.inputs.flatMap(({ value, fallback }) =>
    value.case === "output" && !fallback ? [value.value.step] : [],
  );
  return [...new Set([...inputs, ...conditions(step)])];
}

function conditions(step: Step): string[] {
  const tested = step.when.flatMap(({ output }) => (output ? [output.step] : []));
  const over = step.forEach?.over;
  return over?.case === "output" ? [...tested, over.value.step] : tested;
}

/** `{step.field}` in a text. */
export const reference = /\{([a-z][a-z0-9_-]*)\.([a-z][a-z0-9_.]*)\}/g;
