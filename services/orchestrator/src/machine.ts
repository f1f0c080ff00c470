/**
 * Decides what happens next. Pure: a state and an input give the events of one transition; time
 * comes in as an argument, nothing goes out but events. An input that no longer applies (a second
 * delivery, a late outcome, a cancel after the end) gives no events, and so writes nothing.
 */
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { durationMs, timestampFromMs } from "@bufbuild/protobuf/wkt";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { Effect } from "@keiko/gen/keiko/option/v1/option_pb.js";
import { type Problem, ProblemSchema, Stage, type Step } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import type {
  Created,
  EventSchema,
  StepFailed,
  StepOutcome,
} from "@keiko/gen/keiko/task/v1/journal_pb.js";
import { State } from "@keiko/gen/keiko/task/v1/task_pb.js";
import { limits } from "./limits.ts";
import { isFinal, type StepState, type TaskState } from "./state.ts";

export type NewEvent = MessageInitShape<typeof EventSchema>;

export type Input =
  | { kind: "outcome"; outcome: StepOutcome }
  | { kind: "cancel"; by: string }
  /** Time passed: are there deadlines that did too? */
  | { kind: "tick" };

/** The first transition. With problems the task ends in the same write that creates it. */
export function begin(created: Created, problems: Problem[]): NewEvent[] {
  const first: NewEvent = { kind: { case: "created", value: created } };
  if (problems.length > 0) return [first, ended(State.FAILED, problems)];
  const steps = created.plan?.steps ?? [];
  const ready = steps.filter((step) => needs(step).length === 0);
  return [first, ...ready.map(({ id }) => scheduled(id, 1))];
}

export function next(task: TaskState, input: Input, now: number): NewEvent[] {
  if (isFinal(task)) return [];
  switch (input.kind) {
    case "outcome":
      return onOutcome(task, input.outcome, now);
    case "cancel":
      return [
        { kind: { case: "cancelRequested", value: { by: input.by } } },
        ended(State.CANCELLED, []),
      ];
    case "tick":
      return onTick(task, now);
  }
}

function onOutcome(task: TaskState, { result }: StepOutcome, now: number): NewEvent[] {
  if (result.case === undefined) return [];
  const { step: id, attempt } = result.value;
  const step = task.steps.get(id);
  // Not the attempt that is awaited: a second delivery, or one that was given up.
  if (step?.state !== State.RUNNING || step.attempts !== attempt) return [];
  if (result.case === "failed") return onFailure(task, step, result.value, now);
  const event: NewEvent = { kind: { case: "stepSucceeded", value: result.value } };
  const done = new Set([id]);
  for (const other of task.steps.values()) {
    if (other.state === State.SUCCEEDED) done.add(other.id);
  }
  if (done.size === task.steps.size) return [event, ended(State.SUCCEEDED, [])];
  const ready = planSteps(task).filter(
    (candidate) =>
      task.steps.get(candidate.id)?.state === State.QUEUED &&
      candidate.id !== id &&
      needs(candidate).every((need) => done.has(need)),
  );
  return [event, ...ready.map((candidate) => scheduled(candidate.id, 1))];
}

function onFailure(task: TaskState, step: StepState, failed: StepFailed, now: number): NewEvent[] {
  const event: NewEvent = { kind: { case: "stepFailed", value: failed } };
  const plan = planSteps(task).find(({ id }) => id === step.id);
  if (failed.retryable && repeatable(plan) && failed.attempt < limits.attempts_max) {
    const asked = Number(failed.problem?.metadata.retry_after_ms ?? 0);
    const wait = Math.max(asked, limits.retry_ms_base * 2 ** (failed.attempt - 1));
    return [event, scheduled(step.id, failed.attempt + 1, now + wait)];
  }
  const problems = failed.problem ? [failed.problem] : [];
  return [event, ended(State.FAILED, problems)];
}

function onTick(task: TaskState, now: number): NewEvent[] {
  if (now >= taskDeadline(task)) {
    const text = "the task ran out of the time that it was given";
    return [ended(State.FAILED, [timeProblem("limits.time_max", text)])];
  }
  for (const step of task.steps.values()) {
    if (step.state !== State.RUNNING || now < attemptDeadline(task, step)) continue;
    const problem = timeProblem(step.id, `step "${step.id}" did not answer in time`);
    const failed = { step: step.id, attempt: step.attempts, problem, retryable: true };
    const value = { ...failed, workload: step.workload };
    return onFailure(task, step, value as StepFailed, now);
  }
  return [];
}

/** Steps that are handed out and not finished: what must be dispatched, derived, never remembered. */
export function running(task: TaskState): StepState[] {
  if (isFinal(task)) return [];
  return [...task.steps.values()].filter(({ state }) => state === State.RUNNING);
}

export function taskDeadline(task: TaskState): number {
  const { timeMax } = task.created.limits ?? {};
  return task.createTime + (timeMax ? durationMs(timeMax) : limits.task_time_ms_default);
}

/** When the attempt is given up: its own time, counted from when it could start, and some grace. */
export function attemptDeadline(task: TaskState, step: StepState): number {
  return attemptEnd(task, step) + limits.outcome_grace_ms;
}

/** When the worker must have ended. */
export function attemptEnd(task: TaskState, step: StepState): number {
  const plan = planSteps(task).find(({ id }) => id === step.id);
  const time = plan?.timeMax ? durationMs(plan.timeMax) : limits.step_time_ms_default;
  const start = Math.max(step.scheduled ?? task.createTime, step.notBefore ?? 0);
  return Math.min(start + time, taskDeadline(task));
}

/** Ids of the steps that must have succeeded before this one. */
export function needs(step: Step): string[] {
  const inputs = step.inputs.flatMap(({ value }) =>
    value.case === "output" ? [value.value.step] : [],
  );
  return [...new Set([...inputs, ...step.after])];
}

// A repeated call is only harmless where the contract says so.
function repeatable(step: Step | undefined): boolean {
  return step?.effect === Effect.READ_ONLY || step?.effect === Effect.IDEMPOTENT;
}

function planSteps(task: TaskState): Step[] {
  return task.created.plan?.steps ?? [];
}

function scheduled(step: string, attempt: number, notBefore?: number): NewEvent {
  const later = notBefore === undefined ? {} : { notBefore: timestampFromMs(notBefore) };
  return { kind: { case: "stepScheduled", value: { step, attempt, ...later } } };
}

function ended(state: State, problems: Problem[]): NewEvent {
  return { kind: { case: "ended", value: { state, problems } } };
}

function timeProblem(field: string, message: string): Problem {
  return create(ProblemSchema, {
    stage: Stage.RUN,
    field,
    reason: Reason.DEADLINE_EXCEEDED,
    message,
    remedy: "allow more time or ask for less",
  });
}
