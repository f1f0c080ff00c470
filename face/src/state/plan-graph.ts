// A plan as a graph of steps in columns that may run at the same time, and the types that pass
// between them.

import { toJson } from "@bufbuild/protobuf";
import { ValueSchema } from "@bufbuild/protobuf/wkt";
import {
  type Condition,
  type Step,
  type StepOutput,
  Test,
} from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import type { Skill } from "@keiko/gen/keiko/registry/v1/registry_pb.js";
import type { StepRun, Task } from "@keiko/gen/keiko/task/v1/task_pb.js";

export interface PlanNode {
  /** Of the step; with `consent:` before it where a person has to agree first. */
  id: string;
  step: Step;
  /** It is the consent to the step, not the step. */
  gate?: boolean;
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
  /** The step runs only if this holds: "total > 3". */
  condition?: string;
  /** The step runs once for each element of what passes here. */
  each?: boolean;
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

const gateId = (step: string): string => `consent:${step}`;

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
  const join = (from: string, to: string, type?: string): PlanEdge => {
    const key = `${from} ${to}`;
    const edge = edges.get(key) ?? { from, to, types: [] };
    edges.set(key, edge);
    if (type && !edge.types.includes(type)) edge.types.push(type);
    return edge;
  };
  const put = (depth: number, node: PlanNode) => {
    columns[depth] ??= [];
    columns[depth].push(node);
  };
  // The contract promises that each step stands after those it needs.
  for (const step of steps) {
    const first = 1 + Math.max(-1, ...needsOf(step).map((id) => depths.get(id) ?? -1));
    const depth = step.approval ? first + 1 : first;
    depths.set(step.id, depth);
    const run = runs.get(step.id);
    const title = run?.title || step.title || nameOf(step);
    // Whatever leads to the step leads to the consent first.
    const at = step.approval ? gateId(step.id) : step.id;
    const node = { step, title, ...(run ? { run } : {}) };
    if (step.approval) {
      put(first, { ...node, id: at, gate: true });
      join(at, step.id);
    }
    put(depth, { ...node, id: step.id });
    const consumer = byMethod.get(step.method);
    for (const id of step.after) join(id, at);
    for (const { value } of step.inputs) {
      if (value.case === "attachment") {
        files.add(value.value);
        join(fileId(value.value), at, "File");
      } else if (value.case === "output") {
        join(value.value.step, at, typeOf(value.value, byId, byMethod, consumer));
      }
    }
    const { over } = step.forEach ?? {};
    if (over?.case === "output") {
      join(over.value.step, at, typeOf(over.value, byId, byMethod, consumer)).each = true;
    }
    for (const condition of step.when) {
      const edge = condition.output && join(condition.output.step, at);
      if (!edge) continue;
      const text = writeCondition(condition);
      edge.condition = edge.condition ? `${edge.condition}, ${text}` : text;
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
  ...step.when.flatMap(({ output }) => (output ? [output.step] : [])),
  ...(step.forEach?.over.case === "output" ? [step.forEach.over.value.step] : []),
];

/** What a step without a title is called. */
const nameOf = (step: Step): string =>
  step.question?.text ||
  step.subPlan?.name.replace("plans/", "") ||
  shortType(step.method.replace("/", "."));

const signs: Record<Test, string> = {
  [Test.UNSPECIFIED]: "?",
  [Test.EQUALS]: "=",
  [Test.DIFFERS]: "≠",
  [Test.LESS]: "<",
  [Test.AT_MOST]: "≤",
  [Test.GREATER]: ">",
  [Test.AT_LEAST]: "≥",
  [Test.CONTAINS]: "∋",
  [Test.PRESENT]: "✓",
  [Test.ABSENT]: "✗",
};

/** "total > 3", "table ✓". */
export function writeCondition({ output, test, value }: Condition): string {
  const right = value ? ` ${JSON.stringify(toJson(ValueSchema, value))}` : "";
  return `${output?.field ?? ""} ${signs[test]}${right}`;
}

function typeOf(
  { step, field }: StepOutput,
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
