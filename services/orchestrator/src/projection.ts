/**
 * Lists of tasks, for showing only. Entries are written back lazily and without waiting; a checkpoint
 * says up to which journal record they are true, and what came after is folded in again at start.
 */
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { type TaskSummary, TaskSummarySchema } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import type { KeyValue, Log } from "@keiko/runtime/substrate/substrate.ts";
import { journalPrefix } from "./journal.ts";
import { finalStates } from "./state.ts";

const listPrefix = "task-list/";
const conversationPrefix = "task-conversation/";
const openPrefix = "task-open/";
const checkpointKey = "task-checkpoint";

export interface ListedTask {
  owner: string;
  name: string;
  /** `conversations/{id}`; empty: none. */
  conversation: string;
  /** Asked for when the entry is written: of several transitions in between only the last counts. */
  summary: () => TaskSummary;
  /** Position of the journal record that it reflects. */
  position: number;
}

/** Whose tasks are listed. */
export interface TaskListOf {
  owner: string;
  /** `conversations/{id}`; empty: all of the owner's. */
  conversation: string;
}

export function createProjection(kv: KeyValue) {
  const dirty = new Map<string, ListedTask>();
  // What an append that is under way will get as its position is above what was seen when it began.
  const under = new Map<symbol, number>();
  let seen = 0;
  let checkpoint = 0;
  let flushing: Promise<void> = Promise.resolve();

  const writeAll = async (batch: readonly ListedTask[]) => {
    await Promise.all(
      batch.map(async ({ owner, name, conversation, summary: summarise }) => {
        const open = `${openPrefix}${name}`;
        const summary = summarise();
        if (finalStates.has(summary.state)) await kv.delete(open);
        else await kv.put(open, new Uint8Array());
        const entry = toBinary(TaskSummarySchema, summary);
        await kv.put(`${listOf(owner)}${newestFirst(name)}`, entry);
        if (conversation) {
          await kv.put(`${conversationOf(owner, conversation)}${newestFirst(name)}`, entry);
        }
      }),
    );
  };

  const flushOnce = async () => {
    const batch = [...dirty.values()];
    if (batch.length === 0) return;
    dirty.clear();
    const safe = Math.min(seen, ...under.values());
    await writeAll(batch).catch((error) => {
      // Not written, so still to be written, unless something newer waits already.
      for (const task of batch) if (!dirty.has(task.name)) dirty.set(task.name, task);
      throw error;
    });
    // Only after its entries: a crash in between folds some records twice, which changes nothing.
    checkpoint = Math.max(checkpoint, safe);
    await kv.put(checkpointKey, new TextEncoder().encode(String(checkpoint)));
  };
  return {
    /** Call before an append; what it returns, after its task was `put` or the append failed. */
    begin(): () => void {
      const token = Symbol();
      under.set(token, seen);
      return () => under.delete(token);
    },
    put(task: ListedTask): void {
      seen = Math.max(seen, task.position);
      dirty.set(task.name, task);
    },
    flush(): Promise<void> {
      flushing = flushing.then(flushOnce, flushOnce);
      return flushing;
    },
    /**
     * Newest first. `after`: the name of the last one of the page before; `conversation`: only its
     * tasks; empty: all.
     */
    async list(
      { owner, conversation }: TaskListOf,
      after: string | undefined,
      limit: number,
    ): Promise<TaskSummary[]> {
      await this.flush();
      const prefix = conversation ? conversationOf(owner, conversation) : listOf(owner);
      const page = after === undefined ? {} : { after: `${prefix}${newestFirst(after)}` };
      const entries = await kv.list(prefix, { ...page, limit });
      return entries.map(({ value }) => fromBinary(TaskSummarySchema, value));
    },
    /** Names of tasks that may be unfinished, and of those whose entries may be out of date. */
    async recover(log: Log): Promise<Set<string>> {
      const stored = await kv.get(checkpointKey);
      checkpoint = stored ? Number(new TextDecoder().decode(stored.value)) : 0;
      seen = checkpoint;
      const names = new Set<string>();
      for (let after: string | undefined; ; ) {
        const page = after === undefined ? { limit: 1000 } : { after, limit: 1000 };
        const entries = await kv.list(openPrefix, page);
        for (const { key } of entries) names.add(key.slice(openPrefix.length));
        after = entries.at(-1)?.key;
        if (entries.length < 1000) break;
      }
      for (let after = checkpoint; ; ) {
        const records = await log.scan(journalPrefix, { after, limit: 1000 });
        for (const { stream } of records) names.add(stream);
        after = records.at(-1)?.position ?? after;
        if (records.length < 1000) return names;
      }
    },
  };
}

export type Projection = ReturnType<typeof createProjection>;

const listOf = (owner: string) => `${listPrefix}${owner}/`;
const conversationOf = (owner: string, conversation: string) =>
  `${conversationPrefix}${owner}/${conversation}/`;

// Names sort by creation time; keys are listed ascending, so newest first needs the complement.
function newestFirst(name: string): string {
  const id = name.slice("tasks/".length);
  const digits = "0123456789abcdefghijklmnopqrstuvwxyz";
  const complement = [...id].map((char) => {
    const index = digits.indexOf(char);
    return index < 0 ? char : digits[digits.length - 1 - index]!;
  });
  return complement.join("");
}
