/** Plans the rest of a task another way when a step cannot be done. Pure. */
import { clone, equals } from "@bufbuild/protobuf";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import {
  type Plan,
  PlanSchema,
  type Problem,
  type Step,
  StepSchema,
} from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { State } from "@keiko/gen/keiko/task/v1/task_pb.js";
import { replannable } from "./machine.ts";
import type { TaskState } from "./task-state.ts";

/** The methods to do without; undefined: another plan would not help, or is not wanted. */
export function without(task: TaskState, problem: Problem): Set<string> | undefined {
  // Who wrote a plan by hand meant it so; what the input lacks, another skill lacks too.
  if (task.plan?.planner !== "contract" || !mayHelp.has(problem.reason)) return undefined;
  const step = task.graph.steps.get(problem.field);
  return step?.method && replannable(task) ? new Set([step.method]) : undefined;
}

const mayHelp: ReadonlySet<Reason> = new Set([
  Reason.UNAVAILABLE,
  Reason.UNKNOWN_METHOD,
  Reason.INTERNAL,
  Reason.OVERLOADED,
]);

/** The plan with the steps that succeeded under their own ids, and new ids for others that have theirs. */
export function merged(task: TaskState, plan: Plan): Plan {
  const result = clone(PlanSchema, plan);
  const renamed = new Map<string, string>();
  for (const step of result.steps) {
    const before = task.graph.steps.get(step.id);
    const kept = task.steps.get(step.id)?.state === State.SUCCEEDED;
    if (before && kept && !equals(StepSchema, before, step)) {
      renamed.set(step.id, `${step.id}-${task.replans + 2}`);
    }
  }
  for (const step of result.steps) rename(step, renamed);
  return result;
}

function rename(step: Step, names: ReadonlyMap<string, string>): void {
  const name = (id: string) => names.get(id) ?? id;
  step.id = name(step.id);
  step.after = step.after.map(name);
  const outputs = [
    ...step.inputs.flatMap(({ value }) => (value.case === "output" ? [value.value] : [])),
    ...step.when.flatMap(({ output }) => (output ? [output] : [])),
    ...(step.forEach?.over.case === "output" ? [step.forEach.over.value] : []),
  ];
  for (const output of outputs) output.step = name(output.step);
}
