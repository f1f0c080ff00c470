/** A task's journal in the log: read whole, appended with the fence, one durable write a transition. */
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { type Transition, TransitionSchema } from "@keiko/gen/keiko/task/v1/journal_pb.js";
import type { Log } from "@keiko/runtime/substrate/substrate.ts";
import { bug } from "./bugs.ts";
import type { NewEvent } from "./draft.ts";
import { apply, written } from "./state.ts";
import type { TaskState } from "./task-state.ts";

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
    /** As it was written. */
    async transitions(task: string): Promise<Transition[]> {
      const all: Transition[] = [];
      for (let after = 0; ; ) {
        const records = await log.read(task, { after, limit: 500 });
        all.push(...records.map(({ payload }) => fromBinary(TransitionSchema, payload)));
        after = records.at(-1)?.position ?? after;
        if (records.length < 500) return all;
      }
    },
    /** Folds in what others wrote since. */
    async catchUp(task: TaskState): Promise<void> {
      for (;;) {
        const page = { after: task.position, limit: 500 };
        const records = await log.read(task.created.name, page);
        for (const { payload, position } of records) {
          apply(task, fromBinary(TransitionSchema, payload), position);
        }
        if (records.length < 500) return;
      }
    },
    /** Writes the events that led to the state. Fails with CONFLICT when somebody else wrote meanwhile. */
    async append(task: TaskState, events: NewEvent[], now: number): Promise<void> {
      const transition = create(TransitionSchema, { time: timestampFromMs(now), events });
      const payload = toBinary(TransitionSchema, transition);
      const fence = bug("the fence is not held") ? {} : { expect: task.position };
      const position = await log.append(task.created.name, payload, fence);
      written(task, position);
    },
  };
}

export type Journal = ReturnType<typeof createJournal>;
