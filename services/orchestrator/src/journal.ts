/** A task's journal in the log: read whole, appended with the fence, one durable write a transition. */
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { type Transition, TransitionSchema } from "@keiko/gen/keiko/task/v1/journal_pb.js";
import type { Log } from "@keiko/runtime/substrate/substrate.ts";
import type { NewEvent } from "./machine.ts";
import { apply, type TaskState } from "./state.ts";

export const journalPrefix = "tasks/";

export function createJournal(log: Log) {
  return {
    /** Undefined: there is no such task. */
    async load(task: string): Promise<TaskState | undefined> {
      let state: TaskState | undefined;
      for (let after = 0; ; ) {
        const records = await log.read(task, { after, limit: 500 });
        for (const { payload, position } of records) {
          state = apply(state, fromBinary(TransitionSchema, payload), position);
          after = position;
        }
        if (records.length < 500) return state;
      }
    },
    /** The state after the events. Fails with CONFLICT when somebody else wrote meanwhile. */
    async append(
      task: string,
      before: TaskState | undefined,
      events: NewEvent[],
      now: number,
    ): Promise<TaskState> {
      const transition: Transition = create(TransitionSchema, {
        time: timestampFromMs(now),
        events,
      });
      const payload = toBinary(TransitionSchema, transition);
      const position = await log.append(task, payload, { expect: before?.position ?? 0 });
      return apply(before, transition, position);
    },
  };
}

export type Journal = ReturnType<typeof createJournal>;
