/**
 * Lists of tasks, for showing only, and of whom they wait for. Entries are written back lazily and
 * without waiting, by whoever leads the task's partition; a checkpoint for each partition says up to
 * which journal record they are true, and what came after is folded in again by the next leader.
 */
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { type TaskSummary, TaskSummarySchema } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import type { KeyValue, Log } from "@keiko/runtime/substrate/substrate.ts";
import { journalPrefix } from "./journal.ts";
import { limits } from "./limits.ts";
import { finalStates } from "./task-state.ts";

const listPrefix = "task-list/";
const conversationPrefix = "task-conversation/";
const openPrefix = "task-open/";
const waitsPrefix = "task-waits/";
const checkpointPrefix = "task-checkpoint/";
const page_max = 1000;

/** Of several transitions before the entries are written only the last counts. */
export interface ListedTask {
  owner: string;
  name: string;
  partition: number;
  /** `conversations/{id}`; empty: none. */
  conversation: string;
  summary: TaskSummary;
  /** Whom it waits for: `users/{id}`. */
  waitsFor: string[];
  /** Position of the journal record that it reflects. */
  position: number;
  /** A former leader may have written just this: what stands already is not written again. */
  mayStand: boolean;
}

/** Whose tasks are listed. */
export interface TaskListOf {
  owner: string;
  /** `conversations/{id}`; empty: all of the owner's. */
  conversation: string;
}

export function createProjection(
  kv: KeyValue,
  leads: (partition: number) => boolean,
  now: () => number,
) {
  const dirty = new Map<string, ListedTask>();
  const waiting = new Map<string, Set<string>>();
  // Tasks that may stand in the list of open ones: what ends before it is written there never does.
  const opened = new Set<string>();
  // What an append that is under way will get as its position is above what was seen when it began.
  const under = new Map<symbol, number>();
  const checkpoints = new Map<number, number>();
  // Partitions of which not all is known yet that came after their checkpoint: it must not move on.
  const recovering = new Set<number>();
  /** Partitions whose checkpoint is to be written. */
  const touched = new Set<number>();
  let next_checkpoints = 0;
  let seen = 0;
  let flushing: Promise<void> = Promise.resolve();

  type Place = (key: string, value: Uint8Array) => Promise<unknown>;
  const place: Place = (key, value) => kv.put(key, value);
  // Ten thousand that wait are read in a moment; to write them takes the store seconds.
  const placeUnlessThere: Place = async (key, value) => {
    const found = await kv.get(key);
    if (!found || Buffer.compare(found.value, value) !== 0) await kv.put(key, value);
  };

  const writeWaits = async (name: string, users: readonly string[], put: Place) => {
    const before = waiting.get(name) ?? new Set();
    const gone = [...before].filter((user) => !users.includes(user));
    const come = users.filter((user) => !before.has(user));
    // What is not answered may have been done: an entry too many is found out by whoever reads it.
    waiting.set(name, new Set([...before].filter((user) => users.includes(user))));
    await Promise.all([
      ...come.map((user) => put(waitsOf(user, name), new Uint8Array())),
      ...gone.map((user) => kv.delete(waitsOf(user, name))),
    ]);
    if (users.length > 0) waiting.set(name, new Set(users));
    else waiting.delete(name);
  };

  const write = async (task: ListedTask) => {
    const { owner, name, conversation, summary } = task;
    const open = openOf(task.partition, name);
    const put = task.mayStand ? placeUnlessThere : place;
    await writeWaits(name, task.waitsFor, put);
    if (!finalStates.has(summary.state)) {
      opened.add(name);
      await put(open, new Uint8Array());
    } else if (opened.has(name)) {
      await kv.delete(open);
      opened.delete(name);
    }
    const entry = toBinary(TaskSummarySchema, summary);
    await put(`${listOf(owner)}${newestFirst(name)}`, entry);
    if (conversation) {
      await put(`${conversationOf(owner, conversation)}${newestFirst(name)}`, entry);
    }
  };

  const writeCheckpoint = async (partition: number, position: number) => {
    if ((checkpoints.get(partition) ?? 0) >= position) return;
    checkpoints.set(partition, position);
    await kv.put(`${checkpointPrefix}${partition}`, new TextEncoder().encode(String(position)));
  };

  const flushOnce = async () => {
    const batch = [...dirty.values()];
    const safe = Math.min(seen, ...under.values());
    for (const { partition } of batch) touched.add(partition);
    // A partition in which nothing happens moves on too, in strides, so that nobody reads all again.
    for (const [partition, at] of checkpoints) {
      if (safe - at > limits.checkpoint_stride || (at === 0 && safe > 0)) touched.add(partition);
    }
    if (batch.length === 0 && touched.size === 0) return;
    dirty.clear();
    await Promise.all(batch.map(write)).catch((error) => {
      // Not written, so still to be written, unless something newer waits already.
      for (const task of batch) if (!dirty.has(task.name)) dirty.set(task.name, task);
      throw error;
    });
    // Only after its entries: a crash in between folds some records twice, which changes nothing. So
    // does a checkpoint that is a little old: one now and then is enough.
    if (now() < next_checkpoints) return;
    next_checkpoints = now() + limits.checkpoint_ms;
    // Whoever leads it knows what came; a recovery that outlived its lead does not.
    const known = [...touched].filter((one) => leads(one) && !recovering.has(one));
    touched.clear();
    await Promise.all(known.map((partition) => writeCheckpoint(partition, safe)));
  };

  async function* keys(prefix: string): AsyncGenerator<string> {
    for (let after: string | undefined; ; ) {
      const page = after === undefined ? { limit: page_max } : { after, limit: page_max };
      const entries = await kv.list(prefix, page);
      for (const { key } of entries) yield key.slice(prefix.length);
      after = entries.at(-1)?.key;
      if (entries.length < page_max) return;
    }
  }

  return {
    /** Call before an append; what it returns, after its task was `put` or the append failed. */
    begin(): () => void {
      const token = Symbol();
      under.set(token, seen);
      return () => under.delete(token);
    },
    put(task: ListedTask): void {
      this.saw(task.position);
      dirty.set(task.name, task);
    },
    /** Every record up to here was `put`, or is of a partition that is not led. */
    saw(position: number): void {
      seen = Math.max(seen, position);
    },
    flush(): Promise<void> {
      flushing = flushing.then(flushOnce, flushOnce);
      return flushing;
    },
    /** Of partitions that somebody else leads now, nothing is written any more. */
    forget(partition: number): void {
      checkpoints.delete(partition);
      recovering.delete(partition);
      // Others write and delete entries from now on; one that is too many is found out by its reader.
      waiting.clear();
      for (const [name, task] of dirty) if (task.partition === partition) dirty.delete(name);
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
    /** Names of tasks that may wait for the user, by name; some may not do so any more. */
    async waitingFor(user: string, after: string | undefined, limit: number): Promise<string[]> {
      await this.flush();
      const prefix = waitsOf(user, "");
      const page = after === undefined ? {} : { after: `${prefix}${after}` };
      const entries = await kv.list(prefix, { ...page, limit });
      return entries.map(({ key }) => key.slice(prefix.length));
    },
    /** All that `recover` named was `put`. */
    recovered(partition: number): void {
      recovering.delete(partition);
    },
    async *unfinished(partitions: number): AsyncGenerator<string> {
      await this.flush();
      for (let one = 0; one < partitions; one++) yield* keys(openOf(one, ""));
    },
    /** It does not wait for the user, whatever the list says. */
    async waitsNot(user: string, name: string): Promise<void> {
      await kv.delete(waitsOf(user, name));
    },
    /** Up to which record the lists of all partitions are true. */
    async oldest(partitions: number): Promise<number> {
      const keys = Array.from({ length: partitions }, (_, n) => `${checkpointPrefix}${n}`);
      const entries = await Promise.all(keys.map((key) => kv.get(key)));
      return Math.min(
        ...entries.map((one) => (one ? Number(new TextDecoder().decode(one.value)) : 0)),
      );
    },
    /** Names of tasks of the partition that may be unfinished, or whose entries may be out of date. */
    async recover(
      partition: number,
      log: Log,
      partitionOf: (task: string) => number,
    ): Promise<{ names: Set<string>; position: number }> {
      recovering.add(partition);
      const stored = await kv.get(`${checkpointPrefix}${partition}`);
      const checkpoint = stored ? Number(new TextDecoder().decode(stored.value)) : 0;
      checkpoints.set(partition, checkpoint);
      const names = new Set<string>();
      for await (const name of keys(openOf(partition, ""))) names.add(name);
      for (let after = checkpoint; ; ) {
        const records = await log.scan(journalPrefix, { after, limit: page_max });
        for (const { stream } of records) if (partitionOf(stream) === partition) names.add(stream);
        after = records.at(-1)?.position ?? after;
        if (records.length < page_max) {
          for (const name of names) opened.add(name);
          return { names, position: after };
        }
      }
    },
  };
}

export type Projection = ReturnType<typeof createProjection>;

const listOf = (owner: string) => `${listPrefix}${owner}/`;
const conversationOf = (owner: string, conversation: string) =>
  `${conversationPrefix}${owner}/${conversation}/`;
const waitsOf = (user: string, name: string) => `${waitsPrefix}${user}/${name}`;
const openOf = (partition: number, name: string) => `${openPrefix}${partition}/${name}`;

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
