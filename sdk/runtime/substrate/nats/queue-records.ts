/**
 * What a queue is made of: one stream for each queue, in it one message for each id, the record. A
 * record says in a header whether it is ready, leased, dead or done, and carries the payload. Every
 * step of a message's life replaces its record and expects the one before, so of two who act at the
 * same time one is refused, whatever either believes about leases: this is the fence.
 */
import { createHash } from "node:crypto";
import { type QueueConfig, SubstrateError } from "../substrate.ts";
import type { Context } from "./context.ts";
import { fault } from "./faults.ts";
import { Fence } from "./fence.ts";
import { Mismatch, type Stored } from "./jetstream.ts";
import { fresh_ms_max, lease_grace_ms } from "./limits.ts";
import { decodeName, encodeName } from "./names.ts";
import { StreamReader } from "./streams.ts";

export type State = "ready" | "leased" | "dead" | "done";

export interface Record {
  id: string;
  state: State;
  /** Deliveries so far. */
  attempt: number;
  /** ready: not before so long after `time_ms`; leased: the length of the lease. */
  after_ms: number;
  /** Why the last delivery failed. */
  reason: string;
  payload: Uint8Array;
  sequence: number;
  /** When it was written, by the server's clock. */
  time_ms: number;
}

export type NewRecord = Pick<Record, "id" | "state" | "attempt" | "after_ms" | "payload"> & {
  reason?: string;
};

const state_header = "Keiko-State";
const reason_header = "Keiko-Reason";

/** Names of a queue's stream and subjects: the name's hash, because streams allow few characters. */
export function queueNames(context: Context, queue: string) {
  const hash = createHash("sha256").update(queue).digest("hex").slice(0, 20);
  const base = `${context.store}.queue.${hash}`;
  return {
    stream: `${context.store}_queue_${hash}`,
    base: `${base}.m.`,
    fence: `${base}.fence`,
    all: `${base}.>`,
    worker: "workers",
  };
}

export class Records {
  readonly queue: string;
  readonly names: ReturnType<typeof queueNames>;
  readonly reader: StreamReader;
  readonly #context: Context;
  readonly #inMemory: boolean;
  readonly #unwritten: boolean;
  readonly #fence: Fence;
  readonly #removing = new Set<Promise<void>>();
  /** Removals of records, by the sequence of what replaced them. */
  readonly #outdated = new Map<number, Promise<void>>();

  constructor(context: Context, queue: string, storage: QueueConfig["storage"]) {
    this.#context = context;
    this.#inMemory = storage === "memory";
    this.#unwritten = leasesUnwritten(context, storage);
    this.queue = queue;
    this.names = queueNames(context, queue);
    this.reader = new StreamReader(context.jetstream, this.names.stream, context.replicas);
    this.#fence = new Fence(context.jetstream, this.reader, this.names.fence);
  }

  subject(id: string): string {
    return this.names.base + encodeName(id);
  }

  parse(stored: Stored): Record {
    const [state, attempt, after_ms] = stored.header(state_header).split(" ");
    return {
      id: decodeName(stored.subject.slice(this.names.base.length)),
      state: state as State,
      attempt: Number(attempt),
      after_ms: Number(after_ms),
      reason: decodeURIComponent(stored.header(reason_header)),
      payload: stored.payload,
      sequence: stored.sequence,
      time_ms: stored.time_ms,
    };
  }

  /** As it was sent, to be handled at once, where the server alone counts how often it is handed out. */
  isUntouched({ state, attempt, after_ms }: Record): boolean {
    return this.#unwritten && state === "ready" && attempt === 0 && after_ms === 0;
  }

  async last(id: string): Promise<Record | undefined> {
    const stored = await this.reader.last(`The queue ${this.queue}`, this.subject(id));
    return stored && this.parse(stored);
  }

  /** `last` that something may be decided by. */
  async decided(id: string): Promise<Record | undefined> {
    const what = `The queue ${this.queue}`;
    try {
      const stored = await this.#fence.last(what, this.subject(id));
      return stored && this.parse(stored);
    } catch (error) {
      throw fault(what, error);
    }
  }

  /**
   * The record's new sequence, or undefined when another one is there than the one expected.
   * In memory the server keeps one message for each subject. On disk the one that was replaced is
   * removed behind it, one by one and by its own number: what the bound of a subject's messages
   * removes is written down nowhere (2.14), so after kill -9 of the server it would be back as soon
   * as its successor was deleted, and an acknowledged message with it.
   */
  async replace(record: NewRecord, expect: number): Promise<number | undefined> {
    const { id, state, attempt, after_ms, payload, reason } = record;
    const what = `The queue ${this.queue}`;
    try {
      const sequence = await this.#context.jetstream.write(what, this.names.stream, {
        subject: this.subject(id),
        payload,
        expect,
        headers: {
          [state_header]: `${state} ${attempt} ${after_ms}`,
          ...(reason ? { [reason_header]: encodeURIComponent(reason) } : {}),
        },
      });
      if (expect > 0 && !this.#inMemory) this.#outdate(expect, sequence);
      return sequence;
    } catch (error) {
      if (error instanceof Mismatch) return undefined;
      throw fault(what, error);
    }
  }

  /** Whether the record with this sequence was there, and is gone now. Undefined: nobody answered. */
  async take(sequence: number): Promise<boolean | undefined> {
    const { jetstream } = this.#context;
    return jetstream.removed(this.names.stream, sequence).catch(() => undefined);
  }

  remove(sequence: number): Promise<void> {
    return this.#context.jetstream.remove(`The queue ${this.queue}`, this.names.stream, sequence);
  }

  #outdate(old: number, successor: number): void {
    const earlier = this.#outdated.get(old) ?? Promise.resolve();
    const own = Promise.all([earlier, this.remove(old)]).then(() => undefined);
    const removed = own.finally(() => this.#outdated.delete(successor));
    this.#outdated.set(successor, removed);
    this.#track(removed);
  }

  /** The last that there is of a message: only when nothing older is left that it would uncover. */
  removeMark(id: string, mark: number): void {
    this.#track(this.#inMemory ? this.remove(mark) : this.#removeUpTo(id, mark));
  }

  async #removeUpTo(id: string, mark: number): Promise<void> {
    await this.#outdated.get(mark);
    // A process that was killed may have left what it replaced.
    const what = `The queue ${this.queue}`;
    const oldest = { seq: 1, next_by_subj: this.subject(id) };
    for (let older = await this.reader.get(what, oldest); older && older.sequence < mark; ) {
      await this.remove(older.sequence);
      older = await this.reader.get(what, oldest);
    }
    await this.remove(mark);
  }

  #track(removal: Promise<void>): void {
    // What could not be removed is found again by who meets the mark.
    const done = removal.catch(() => undefined).finally(() => this.#removing.delete(done));
    this.#removing.add(done);
  }

  /** Resolves when what is being removed now is gone. */
  async removed(): Promise<void> {
    await Promise.all(this.#removing);
  }

  /** A message beside the records: its sequence, and when the server wrote it. */
  async writeFence(): Promise<number> {
    const what = `The queue ${this.queue}`;
    try {
      const { jetstream } = this.#context;
      const before = jetstream.replaces ? undefined : await this.lastFence();
      const empty = { subject: this.names.fence, payload: new Uint8Array(), replaces: true };
      const sequence = await jetstream.write(what, this.names.stream, empty);
      // Where it cannot take the place of the one before, that one is taken away.
      if (before) await this.remove(before.sequence);
      return sequence;
    } catch (error) {
      throw fault(what, error);
    }
  }

  lastFence(): Promise<Stored | undefined> {
    return this.reader.last(`The queue ${this.queue}`, this.names.fence);
  }
}

/**
 * Whether first leases of fresh messages need not be written: of a queue in the memory of one server. On
 * disk the count of deliveries must outlive the server, and of several servers one may remove a record
 * that another, at the same time, finds in its place to be replaced. Servers before 2.10 number a stream
 * that is made again from one, and a record must not be taken by the number of another.
 */
const leasesUnwritten = ({ jetstream, replicas }: Context, storage: QueueConfig["storage"]) =>
  storage === "memory" && replicas === 1 && jetstream.since(2, 10);

/** How long after its sending a message may come to be handled without a written lease. */
export const fresh_ms = (context: Context, { storage, lease_ms }: QueueConfig) =>
  leasesUnwritten(context, storage) ? Math.min(fresh_ms_max, lease_ms / 4) : 0;

/** After so long without a word the server hands a record out again. */
export const patience_ms = (context: Context, config: QueueConfig) =>
  config.lease_ms + Math.max(lease_grace_ms, fresh_ms(context, config));

/** Kept with the stream, so that every process knows the queue. */
export interface KeptConfig extends QueueConfig {
  queue: string;
}

export function notDeclared(queue: string): SubstrateError {
  return new SubstrateError("NOT_FOUND", `There is no queue ${queue}.`, {
    remedy: "Declare it first.",
  });
}

const reason_length_max = 2_000;

/** A reason as it is kept: short, and text that every encoding takes. */
export function boundedReason(reason: string): string {
  return String(reason).slice(0, reason_length_max).toWellFormed();
}
