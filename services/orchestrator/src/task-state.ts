/** What is known of a task: its steps, their runs, its money and its time. `state.ts` makes it of a journal. */
import type { Plan, Problem } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import type { Created, Stopping } from "@keiko/gen/keiko/task/v1/journal_pb.js";
import { State } from "@keiko/gen/keiko/task/v1/task_pb.js";
import type { Graph } from "./graph.ts";

/** One execution of a step: of a plain one, of an element of a loop, or of what takes one back. */
export interface Run {
  readonly key: string;
  readonly step: string;
  /** Of an element of a loop: its number from 0. */
  readonly index: number | undefined;
  /** Takes another run back. */
  readonly undo: boolean;
  state: State;
  /** Attempts handed out. */
  attempts: number;
  /** Times in milliseconds since the epoch; undefined: not yet. */
  scheduled?: number;
  notBefore?: number;
  started?: number;
  ended?: number;
  workload: string;
  /** Workloads that failed on it. */
  avoid: string[];
  /** The encoded response; of a question the encoded Reply. */
  response?: Uint8Array;
  problem?: Problem;
  /** It may have had its effect although it did not succeed. */
  uncertain: boolean;
  /** Millionths of a euro: what the attempt that runs may cost, and what all before it did. */
  reserved: number;
  cost: number;
  /** What tasks that it asked for may spend of what is reserved. */
  granted: number;
  /** What is held for taking it back. */
  held: number;
  /** Whom it waits for. */
  asked?: Asked;
  /** Who agreed, declined or answered; empty: nobody in time. */
  decidedBy?: string;
  /** `tasks/{id}` that does the work, or that it asked for last. */
  child?: string;
  /** All that it asked for. */
  children: string[];
}

export interface Asked {
  approval: boolean;
  text: string;
  deciders: string[];
  since: number;
  expires: number;
}

export interface StepState {
  readonly id: string;
  state: State;
  /** Elements of a loop; undefined: it is none, or has not begun. */
  count?: number;
  /** Runs of a loop that were begun, that have not ended, and that succeeded. */
  begun: number;
  open: number;
  done: number;
  /** The step for whose sake it was skipped. */
  because?: string;
}

export interface TaskState {
  created: Created;
  /** As it is followed now: a task may have been planned anew. */
  plan: Plan | undefined;
  graph: Graph;
  createTime: number;
  /** In the order of the plan. */
  steps: Map<string, StepState>;
  runs: Map<string, Run>;
  /** Keys of the runs that are RUNNING or WAITING. */
  active: Set<string>;
  /** Keys of the runs that a person agreed to and that have not been handed out since. */
  approved: Set<string>;
  /** Keys of the runs whose effect may have to be taken back, in the order in which they ended. */
  effects: Set<string>;
  state: State;
  paused: boolean;
  stopping?: Stopping;
  /** When it stopped, and by whose word. */
  stoppedAt?: number;
  cancelledBy?: string;
  /** The run of the task around it that takes it back, and what it had spent when it had succeeded. */
  takenBack?: { step: string; attempt: number; spent: number | undefined };
  replans: number;
  /** Millionths of a euro. */
  spent: number;
  reserved: number;
  held: number;
  /** Milliseconds in which nothing could run but by a person's word; they do not count. */
  waited: number;
  waitingSince?: number;
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

/** Nothing will ever be written about it any more: it is no step of a task that may take it back. */
export function isSettled(task: TaskState): boolean {
  return isFinal(task) && !(task.state === State.SUCCEEDED && task.created.parent?.asStep);
}

export function runOf(task: TaskState, key: string): Run {
  const run = task.runs.get(key);
  if (!run) throw new Error(`${task.created.name} has no run "${key}"`);
  return run;
}
