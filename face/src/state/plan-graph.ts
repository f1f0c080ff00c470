// A plan as columns of steps that may run at the same time, and the types that pass between them.

import type { Binding, Step } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import type { Skill } from "@keiko/gen/keiko/registry/v1/registry_pb.js";
import type { StepRun, Task } from "@keiko/gen/keiko/task/v1/task_pb.js";

export interface PlanNode {
  step: Step;
  /** Unset before the task has one. */
  run?: StepRun;
  title: string;
}

export interface PlanColumn {
  nodes: PlanNode[];
  /** Names of the types that enter this column: "Table"; without package. */
  incoming: string[];
}

export interface PlanGraph {
  columns: PlanColumn[];
  /** What the last column makes. */
  outgoing: string[];
}

/** "keiko.artifact.v1.Table" is "Table". */
export const shortType = (type: string): string => type.slice(type.lastIndexOf(".") + 1);

export function planGraph(task: Task, skills: readonly Skill[]): PlanGraph {
  const steps = task.plan?.steps ?? [];
  const byMethod = new Map(skills.map((skill) => [skill.method, skill]));
  const runs = new Map(task.steps.map((run) => [run.id, run]));
  const byId = new Map(steps.map((step) => [step.id, step]));
  const depths = new Map<string, number>();
  const columns: PlanColumn[] = [];
  // The contract promises that each step stands after those it needs.
  for (const step of steps) {
    const depth = 1 + Math.max(-1, ...needs(step).map((id) => depths.get(id) ?? -1));
    depths.set(step.id, depth);
    columns[depth] ??= { nodes: [], incoming: [] };
    const column = columns[depth];
    const run = runs.get(step.id);
    const title = run?.title || step.title || shortType(step.method.replace("/", "."));
    column.nodes.push(run ? { step, run, title } : { step, title });
    for (const binding of step.inputs) {
      const type = incomingType(binding, byId, byMethod, byMethod.get(step.method));
      if (type && !column.incoming.includes(type)) column.incoming.push(type);
    }
  }
  const last = columns.at(-1)?.nodes ?? [];
  const outgoing = last.flatMap(({ step }) => byMethod.get(step.method)?.outputTypes ?? []);
  return { columns, outgoing: [...new Set(outgoing.map(shortType))] };
}

const needs = (step: Step): string[] => [
  ...step.after,
  ...step.inputs.flatMap(({ value }) => (value.case === "output" ? [value.value.step] : [])),
];

function incomingType(
  { value }: Binding,
  steps: ReadonlyMap<string, Step>,
  skills: ReadonlyMap<string, Skill>,
  consumer: Skill | undefined,
): string | undefined {
  if (value.case === "attachment") return "File";
  if (value.case !== "output") return undefined;
  const { step, field } = value.value;
  const made = skills.get(steps.get(step)?.method ?? "")?.outputTypes ?? [];
  const named = made.find((type) => shortType(type).toLowerCase() === field.toLowerCase());
  const shared = made.find((type) => consumer?.inputTypes.includes(type));
  const type = named ?? shared ?? made[0];
  // Without the contracts at hand the name of the field is the best there is.
  return type ? shortType(type) : field.slice(0, 1).toUpperCase() + field.slice(1);
}
