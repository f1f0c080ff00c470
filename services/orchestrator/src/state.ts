/** A task as its journal tells it: a fold over transitions, and nothing that the fold did not see. */
import { timestampMs } from "@bufbuild/protobuf/wkt";
import type { Problem } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import type { Created, Event, Transition } from "@keiko/gen/keiko/task/v1/journal_pb.js";
import { State } from "@keiko/gen/keiko/task/v1/task_pb.js";

export interface StepState {
  id: string;
  state: State;
  /** Attempts handed out. */
  attempts: number;
  /** Times in milliseconds since the epoch; undefined: not yet. */
  scheduled?: number;
  notBefore?: number;
  started?: number;
  ended?: number;
  workload: string;
  /** The encoded response of a step that succeeded. */
  response?: Uint8Array;
  problem?: Problem;
}

export interface TaskState {
  created: Created;
  createTime: number;
  /** In the order of the plan. */
  steps: Map<string, StepState>;
  state: State;
  problems: Problem[];
  endTime?: number;
  /** Position of the last transition in the log: the fence for the next one. */
  position: number;
  /** How many transitions there were. */
  revision: number;
}

export const finalStates: ReadonlySet<State> = new Set([
  State.SUCCEEDED,
  State.FAILED,
  State.CANCELLED,
  State.COMPENSATED,
]);

export function isFinal(task: TaskState): boolean {
  return finalStates.has(task.state);
}

/** The state after one more transition. Undefined before the first. */
export function apply(
  before: TaskState | undefined,
  transition: Transition,
  position: number,
): TaskState {
  const time = transition.time ? timestampMs(transition.time) : 0;
  let task = before;
  for (const { kind } of transition.events) {
    if (kind.case === "created") task = opened(kind.value, time);
    else if (task) applyEvent(task, kind, time);
    else throw new Error(`a journal begins with "${kind.case}" instead of "created"`);
  }
  if (!task) throw new Error("a journal begins with an empty transition");
  task.position = position;
  task.revision++;
  return task;
}

function opened(created: Created, time: number): TaskState {
  const steps = new Map<string, StepState>();
  for (const { id } of created.plan?.steps ?? []) {
    steps.set(id, { id, state: State.QUEUED, attempts: 0, workload: "" });
  }
  const empty = { problems: [], position: 0, revision: 0 };
  return { created, createTime: time, steps, state: State.QUEUED, ...empty };
}

function applyEvent(task: TaskState, kind: Event["kind"], time: number): void {
  switch (kind.case) {
    case "stepScheduled": {
      const step = stepOf(task, kind.value.step);
      const { attempt, notBefore } = kind.value;
      Object.assign(step, { state: State.RUNNING, attempts: attempt, scheduled: time });
      if (notBefore) step.notBefore = timestampMs(notBefore);
      delete step.ended;
      delete step.problem;
      task.state = State.RUNNING;
      return;
    }
    case "stepSucceeded": {
      const { step: id, response, workload, startTime } = kind.value;
      const step = stepOf(task, id);
      Object.assign(step, { state: State.SUCCEEDED, response, workload, ended: time });
      if (startTime) step.started ??= timestampMs(startTime);
      return;
    }
    case "stepFailed": {
      const { step: id, problem, workload, startTime } = kind.value;
      const step = stepOf(task, id);
      Object.assign(step, { state: State.FAILED, problem, workload, ended: time });
      if (startTime) step.started ??= timestampMs(startTime);
      return;
    }
    case "ended": {
      task.state = kind.value.state as State;
      task.problems = kind.value.problems;
      task.endTime = time;
      for (const step of task.steps.values()) {
        if (step.state === State.RUNNING || step.state === State.QUEUED) {
          step.state = State.CANCELLED;
          step.ended = time;
        }
      }
      return;
    }
  }
}

function stepOf(task: TaskState, id: string): StepState {
  const step = task.steps.get(id);
  if (!step) throw new Error(`${task.created.name} has no step "${id}"`);
  return step;
}
