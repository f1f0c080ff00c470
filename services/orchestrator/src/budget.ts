/**
 * Money, in millionths of a euro. What an attempt may cost is reserved before it starts and settled by
 * what it did cost; what taking it back may cost is held beside it until the task ends. So a task never
 * spends more than it was granted, whatever runs at a time and whatever is not answered.
 */
import type { Step } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { bug } from "./bugs.ts";
import { limits } from "./limits.ts";
import type { TaskState } from "./task-state.ts";

export function attemptPrice(step: Step, undo: boolean): number {
  return Number(undo ? (step.undo?.costMicrosMax ?? 0n) : step.costMicrosMax);
}

/** What must be there before a run begins: its first attempt, and taking it back. */
export function startPrice(step: Step): number {
  const back = bug("no money is held to take back") ? 0 : undoPrice(step);
  return attemptPrice(step, false) + back;
}

/** How often taking the step back is tried. */
export function undoAttempts({ undo }: Step): number {
  return undo?.attemptsMax || limits.undo_attempts_max;
}

/** What taking the step back may cost at worst. */
export function undoPrice(step: Step | undefined): number {
  if (!step?.undo) return 0;
  return Number(step.undo.costMicrosMax) * undoAttempts(step);
}

/** What is neither spent, nor reserved for attempts, nor held to take something back. */
export function available(task: TaskState): number {
  const granted = Number(task.created.limits?.costMicrosMax ?? 0n);
  const reserved = bug("parallel steps forget each other's cost") ? 0 : task.reserved;
  const held = bug("no money is held to take back") ? 0 : task.held;
  return granted - task.spent - reserved - held;
}
