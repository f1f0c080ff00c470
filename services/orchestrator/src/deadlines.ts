/** Until when what may take how long. Pure. */
import { durationMs } from "@bufbuild/protobuf/wkt";
import type { Step } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { limits } from "./limits.ts";
import type { Run, TaskState } from "./task-state.ts";

/**
 * Time in which the task waited for a person's word does not count, also while it still does. While
 * nothing runs but plans within it, their own deadlines hold: only they know whether a person is asked.
 */
export function taskDeadline(task: TaskState): number {
  const plansOnly = task.active.size > 0 && [...task.active].every((key) => isPlan(task, key));
  return plansOnly ? Number.POSITIVE_INFINITY : timeUp(task);
}

function isPlan(task: TaskState, key: string): boolean {
  const run = task.runs.get(key);
  return run?.child !== undefined && task.graph.steps.get(run.step)?.subPlan !== undefined;
}

/** When its time is over, if it does not wait for a person from now on. */
function timeUp(task: TaskState): number {
  if (task.waitingSince !== undefined) return Number.POSITIVE_INFINITY;
  const { timeMax } = task.created.limits ?? {};
  const given = timeMax ? durationMs(timeMax) : limits.task_time_ms_default;
  return task.createTime + given + task.waited;
}

/** When the attempt is given up: its own time, counted from when it could start, and some grace. */
export function attemptDeadline(task: TaskState, run: Run): number {
  // Its own task ends in its own time, and says so.
  if (isPlan(task, run.key)) return Number.POSITIVE_INFINITY;
  return attemptEnd(task, run) + limits.outcome_grace_ms;
}

/** When the worker must have ended. Taking back has its time also when that of the task is over. */
export function attemptEnd(task: TaskState, run: Run): number {
  const step = task.graph.steps.get(run.step);
  const own = run.undo ? step?.undo?.timeMax : step?.timeMax;
  const time = own ? durationMs(own) : limits.step_time_ms_default;
  const start = Math.max(run.scheduled ?? task.createTime, run.notBefore ?? 0);
  return run.undo ? start + time : Math.min(start + time, timeUp(task));
}

/** Whether a tick would find something whose time is over. */
export function due(task: TaskState, now: number): boolean {
  if (!task.stopping && now >= taskDeadline(task)) return true;
  for (const key of task.active) {
    const run = task.runs.get(key)!;
    if (run.asked ? now >= run.asked.expires : now >= attemptDeadline(task, run)) return true;
  }
  return false;
}

/** How long to wait after the attempt of this number failed. */
export function backoff(step: Step, attempt: number): number {
  const first = step.retryWait ? durationMs(step.retryWait) : limits.retry_ms_base;
  return Math.min(first * 2 ** (attempt - 1), limits.retry_ms_max);
}
