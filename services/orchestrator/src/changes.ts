/** Tells of what a transition changed, once it is written: never of what may still be undone. */
import { State } from "@keiko/gen/keiko/task/v1/task_pb.js";
import type { Emitter, EventChange } from "@keiko/runtime/events.ts";
import type { NewEvent } from "./draft.ts";
import type { TaskState } from "./task-state.ts";

export function tellChanges(emit: Emitter, task: TaskState, events: readonly NewEvent[]): void {
  const { name, owner, traceId } = task.created;
  const tell = (change: EventChange) => emit(change, { owner, traceId });
  const runs = events.some(({ kind }) => kind?.case === "stepScheduled");
  for (const { kind } of events) {
    const change = kind && changeOf(name, kind, task);
    if (change) tell(change);
    if (kind?.case === "created" && runs) {
      tell({ case: "taskChanged", value: { name, state: State.RUNNING } });
    }
  }
}

function changeOf(
  name: string,
  kind: NonNullable<NewEvent["kind"]>,
  task: TaskState,
): EventChange | undefined {
  const step = (id = "", state: State, attempt = 0): EventChange => ({
    case: "stepChanged",
    value: { task: name, step: id, state, attempt },
  });
  switch (kind.case) {
    case "created":
      return { case: "taskChanged", value: { name, state: State.QUEUED } };
    case "stepScheduled":
      return step(kind.value.step, State.RUNNING, kind.value.attempt);
    case "stepSucceeded":
      return step(kind.value.step, State.SUCCEEDED, kind.value.attempt);
    case "stepFailed":
      return step(kind.value.step, State.FAILED, kind.value.attempt);
    case "stepSkipped":
      return step(kind.value.step, State.SKIPPED);
    case "personAsked":
      return step(kind.value.step, State.WAITING);
    case "personAnswered":
      return step(kind.value.step, kind.value.agreed ? State.QUEUED : State.FAILED);
    case "paused":
      return { case: "taskChanged", value: { name, state: State.PAUSED } };
    case "resumed":
      return { case: "taskChanged", value: { name, state: State.RUNNING } };
    case "stopping":
    case "takenBack":
      return { case: "taskChanged", value: { name, state: State.STOPPING } };
    case "ended":
      return { case: "taskChanged", value: { name, state: task.state } };
    default:
      return undefined;
  }
}
