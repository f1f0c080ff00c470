/** A transition in the making, and what the machine must be told to make one. Pure. */
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import type { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { type Problem, ProblemSchema, Stage, type Step } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { EventSchema } from "@keiko/gen/keiko/task/v1/journal_pb.js";
import { applyEvent } from "./state.ts";
import type { TaskState } from "./task-state.ts";

export type NewEvent = MessageInitShape<typeof EventSchema>;

/** What only results can tell, read from those that the task has. Throws when they cannot. */
export interface Values {
  /** Whether the conditions of the step hold. */
  holds(task: TaskState, step: Step): boolean;
  /** How many elements its loop has. */
  count(task: TaskState, step: Step): number;
  /** What the run will do, or what is asked, in plain words. */
  words(task: TaskState, step: Step, index: number | undefined): string;
}

export interface Environment {
  /** Milliseconds since the epoch. */
  now: number;
  values: Values;
}

/** A transition in the making: each event is applied as it is decided. */
export class Draft {
  readonly task: TaskState;
  readonly now: number;
  readonly values: Values;
  readonly events: NewEvent[] = [];

  constructor(task: TaskState, { now, values }: Environment) {
    this.task = task;
    this.now = now;
    this.values = values;
  }

  emit(kind: NonNullable<NewEvent["kind"]>): void {
    const event = create(EventSchema, { kind });
    applyEvent(this.task, event.kind, this.now);
    this.events.push(event);
  }
}

/** Why a step, or what is named by the field, failed while the task ran. */
export function runProblem(
  field: string,
  reason: Reason,
  message: string,
  remedy: string,
): Problem {
  return create(ProblemSchema, { stage: Stage.RUN, field, reason, message, remedy });
}
