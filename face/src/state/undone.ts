// Which runs of a task are being, or have been, taken back.

import { timestampMs } from "@bufbuild/protobuf/wkt";
import { State, type Task } from "@keiko/gen/keiko/task/v1/task_pb.js";

export interface UndoneRun {
  id: string;
  title: string;
  /** Where taking it back stands. */
  state: State;
}

/** The one that ended last first: that is the order in which it happens. */
export function undoneSteps(task: Task): UndoneRun[] {
  const runs = task.steps.flatMap((run) =>
    [run, ...run.items].flatMap((one, index) =>
      one.undoState === State.UNSPECIFIED
        ? []
        : {
            id: one.id,
            title: index > 0 ? `${run.title || run.id} ${index}` : run.title || run.id,
            state: one.undoState,
            end: one.endTime ? timestampMs(one.endTime) : 0,
          },
    ),
  );
  return runs.sort((a, b) => b.end - a.end).map(({ id, title, state }) => ({ id, title, state }));
}
