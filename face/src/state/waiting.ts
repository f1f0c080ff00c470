// What waits for a person's word: the same whether a task shows it or the inbox.

import type { Timestamp } from "@bufbuild/protobuf/wkt";
import {
  type PersonWaitedFor,
  State,
  type StepRun,
  type Task,
} from "@keiko/gen/keiko/task/v1/task_pb.js";
import type { Decision } from "@keiko/gen/keiko/task/v1/task_service_pb.js";

export interface Asking {
  /** `tasks/{id}`. */
  task: string;
  /** The run that waits: "send", or "send:4" of a loop. */
  step: string;
  title: string;
  asked: PersonWaitedFor;
  goal: string;
  /** `users/{id}`. */
  owner: string;
  /** Since when; unset: not known. */
  since?: Timestamp;
}

/** Where a run stands: whoever waits for a person waits, whatever else goes on in it. */
export function standingOf(run: StepRun | undefined): State | undefined {
  const waits = run?.waitsFor || run?.items.some(({ waitsFor }) => waitsFor);
  return waits ? State.WAITING : run?.state;
}

/** In the order of the plan. */
export function askingsOf(task: Task): Asking[] {
  const { name, goal, owner } = task;
  return task.steps.flatMap((run) =>
    [run, ...run.items].flatMap(({ id, title, waitsFor: asked }) =>
      asked ? [{ task: name, step: id, title: title || run.title || id, asked, goal, owner }] : [],
    ),
  );
}

export function askingOf(decision: Decision): Asking[] {
  const { task, step, title, goal, owner, asked, createTime } = decision;
  if (!asked) return [];
  const since = createTime ? { since: createTime } : {};
  return [{ task, step, title: title || step, asked, goal, owner, ...since }];
}

export const askingKey = ({ task, step }: Asking): string => `${task} ${step}`;
