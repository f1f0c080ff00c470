// A plan as a graph of steps in columns that may run at the same time, and the types that pass
// between them.

import type { Binding, Step } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import type { Skill } from "@keiko/gen/keiko/registry/v1/registry_pb.js";
import type { StepRun, Task } from "@keiko/gen/keiko/task/v1/task_pb.js";

export interface PlanNode {
  step: Step;
  /** Unset before the task has one. */
  run?: StepRun;
  title: string;
}

export interface PlanEdge {
  /** Id of a step, or the name of an attachment with `attachment:` before it. */
  from: string;
  to: string;
  /** Names of types without package; empty: only the order is given. */
  types: string[];
}

export interface PlanGraph {
  columns: PlanNode[][];
  edges: PlanEdge[];
  /** The attachments that steps read, by their index. */
  files: { id: string; filename: string }[];
  /** What the last column makes. */
  outgoing: string[];
}

/** "keiko.artifact.v1.Table" is "Table". */
export const shortType = (type: string): string => type.slice(type.lastIndexOf(".") + 1);

const fileId = (index: number): string => `attachment:${index}`;

export function planGraph(task: Task, skills: readonly Skill[]): PlanGraph {
  const steps = task.plan?.steps ?? [];
  const byMethod = new Map(skills.map((skill) => [skill.method, skill]));
  const runs = new Map(task.steps.map((run) => [run.id, run]));
  const byId = new Map(steps.map((step) => [step.id, step]));
  const depths = new Map<string, number>();
  const columns: PlanNode[][] = [];
  const edges = new Map<string, PlanEdge>();
  const files = new Set<number>();
  const join = (from: string, to: string, type?: string) => {
    const key = `${from} ${to}`;
    const edge = edges.get(key) ?? { from, to, types: [] };
    edges.set(key, edge);
    if (type && !edge.types.includes(type)) edge.types.push(type);
  };
  // The contract promises that each step stands after those it needs.
  for (const step of steps) {
    const depth = 1 + Math.max(-1, ...needsOf(step).map((id) => depths.get(id) ?? -1));
    depths.set(step.id, depth);
    const run = runs.get(step.id);
    const title = run?.title || step.title || shortType(step.method.replace("/", "."));
    columns[depth] ??= [];
    columns[depth].push(run ? { step, run, title } : { step, title });
    for (const id of step.after) join(id, step.id);
    for (const { value } of step.inputs) {
      if (value.case === "attachment") {
        files.add(value.value);
        join(fileId(value.value), step.id, "File");
      } else if (value.case === "output") {
        const type = typeOf(value.value, byId, byMethod, byMethod.get(step.method));
        join(value.value.step, step.id, type);
      }
    }
  }
  const last = columns.at(-1) ?? [];
  const outgoing = last.flatMap(({ step }) => byMethod.get(step.method)?.outputTypes ?? []);
  return {
    columns,
    edges: [...edges.values()],
    files: [...files].map((index) => ({
      id: fileId(index),
      filename: task.attachments[index]?.filename ?? "",
    })),
    outgoing: [...new Set(outgoing.map(shortType))],
  };
}

export const needsOf = (step: Step): string[] => [
  ...step.after,
  ...step.inputs.flatMap(({ value }) => (value.case === "output" ? [value.value.step] : [])),
];

type Output = Extract<Binding["value"], { case: "output" }>["value"];

function typeOf(
  { step, field }: Output,
  steps: ReadonlyMap<string, Step>,
  skills: ReadonlyMap<string, Skill>,
  consumer: Skill | undefined,
): string {
  const made = skills.get(steps.get(step)?.method ?? "")?.outputTypes ?? [];
  const named = made.find((type) => shortType(type).toLowerCase() === field.toLowerCase());
  const shared = made.find((type) => consumer?.inputTypes.includes(type));
  const type = named ?? shared ?? made[0];
  // Without the contracts at hand the name of the field is the best there is.
  return type ? shortType(type) : field.slice(0, 1).toUpperCase() + field.slice(1);
}
