/** How the task of a plan that is a step tells the task around it what became of it. Pure. */
import { create } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { type Problem, ProblemSchema } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import {
  StepFailedSchema,
  type StepOutcome,
  StepSucceededSchema,
} from "@keiko/gen/keiko/task/v1/journal_pb.js";
import { State } from "@keiko/gen/keiko/task/v1/task_pb.js";
import { partsOf, undoKey } from "./runs.ts";
import type { TaskState } from "./task-state.ts";

/** What a run of the task that the plan is a step of has as its outcome. */
export function resultOfPlan(task: TaskState, step: string): StepOutcome["result"] {
  if (task.takenBack) return resultOfTakingBack(task, task.takenBack);
  const common = {
    step,
    attempt: 1,
    workload: "orchestrator",
    costMicros: BigInt(task.spent),
    waited: durationFromMs(task.waited),
  };
  if (task.state === State.SUCCEEDED) {
    const last = task.plan?.result || (task.plan?.steps.at(-1)?.id ?? "");
    const response = task.runs.get(last)?.response ?? new Uint8Array();
    const value = create(StepSucceededSchema, { ...common, response });
    return { case: "succeeded", value };
  }
  const value = create(StepFailedSchema, { ...common, ...problemOf(task, task.problems[0], step) });
  return { case: "failed", value };
}

/** As the task around it sees it: about its step, and with the place within. */
function problemOf({ created }: TaskState, problem: Problem | undefined, step: string) {
  if (!problem) return {};
  const metadata = { ...problem.metadata, task: created.name, field: problem.field };
  return { problem: create(ProblemSchema, { ...problem, field: partsOf(step).step, metadata }) };
}

/** What a run has as its outcome that takes the task back; also of one that had nothing to take back. */
export function resultOfTakingBack(
  task: TaskState,
  { step, attempt, spent }: NonNullable<TaskState["takenBack"]>,
): StepOutcome["result"] {
  const costMicros = BigInt(spent === undefined ? 0 : task.spent - spent);
  const common = { step, attempt, workload: "orchestrator", costMicros };
  const stayed = [...task.effects].filter(
    (key) => task.runs.get(undoKey(key))?.state !== State.SUCCEEDED,
  );
  if (stayed.length === 0) return { case: "succeeded", value: create(StepSucceededSchema, common) };
  const problem = task.problems.find(({ field }) => stayed.includes(field)) ?? task.problems[0];
  const value = create(StepFailedSchema, { ...common, ...problemOf(task, problem, step) });
  return { case: "failed", value };
}
