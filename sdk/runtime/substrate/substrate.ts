/**
 * The substrate: the only place that knows where state lives. Everything in Keiko that outlives a
 * call goes through this port, so that one conformance suite decides whether an adapter is sound.
 *
 * What every adapter promises: a promise that resolved is on disk (memory queues excepted, they say
 * so in their name) and survives kill -9 of the process; writes to one key or one stream are linear;
 * nothing is bounded by luck: every list is a page, every buffer has a limit (limits.ts). A read
 * sees every write that was acknowledged before it was called; of several replicas only while they
 * can talk, except where it `decides`. Byte arrays are copied on the way in; those that come out
 * belong to the caller, except that all subscribers of one bus message share its payload. Arguments
 * outside the limits fail with INVALID or TOO_LARGE, and every call after `close` with CLOSED; loops
 * over `watch`, `follow`, `subscribe` and `get` end quietly when their signal aborts and fail with
 * CLOSED when the substrate closes under them.
 */

export interface Substrate {
  /** Other processes may use the same store at the same time. */
  readonly shared: boolean;
  readonly kv: KeyValue;
  readonly log: Log;
  readonly queue: Queue;
  readonly bus: Bus;
  readonly blobs: Blobs;
  /** Flushes what was accepted, then releases files and threads. A second call is harmless. */
  close(): Promise<void>;
}

// ---------------------------------------------------------------- key-value

export interface Entry {
  key: string;
  value: Uint8Array;
  /** Grows with every write to any key; never reused, also not after a delete. */
  revision: number;
}

export type Change =
  | { kind: "put"; entry: Entry }
  | { kind: "delete"; key: string; revision: number }
  /** Sent once: everything that existed when the watch began has been delivered. */
  | { kind: "current" };

export interface KeyValue {
  /**
   * `decides`: something is done, refused or left undone because of the answer, so it must not come
   * from a replica that was cut off from the others and does not know it yet, as any other read may.
   * Costs a write where there are several replicas; without their majority it fails with UNAVAILABLE.
   */
  get(key: string, options?: { decides?: boolean }): Promise<Entry | undefined>;
  /** Entries whose key starts with `prefix`, by the UTF-8 bytes of the key, those after `after`. */
  list(prefix: string, page: { after?: string; limit: number }): Promise<Entry[]>;
  /**
   * Resolves to the new revision. `expect`: the revision that must be the current one (0: the key
   * must not exist); anything else fails with CONFLICT, and nothing is written.
   */
  put(key: string, value: Uint8Array, options?: { expect?: number }): Promise<number>;
  /** `expect` as in `put`. Deleting a key that does not exist changes nothing and succeeds. */
  delete(key: string, options?: { expect?: number }): Promise<void>;
  /**
   * What exists (in the order of `list`), then `current`, then the changes by revision. No change
   * is lost between the two; of several changes to one key a watcher that lags may see only the
   * last, and one that lags beyond the adapter's limit ends with TOO_SLOW: watch again.
   */
  watch(prefix: string, options: { signal: AbortSignal }): AsyncIterable<Change>;
}

// ---------------------------------------------------------------- log

export interface LogRecord {
  stream: string;
  /** Grows over all streams of the log; not dense within one stream. */
  position: number;
  payload: Uint8Array;
  time_ms: number;
}

export interface Log {
  /**
   * One durable record; resolves to its position. `expect`: the position of the stream's last
   * record (0: stream is empty); any other last record fails with CONFLICT, nothing is written.
   * `within_ms`: how long it may wait to share a sync with others, for what nobody waits for; 0
   * (also when left out): not at all.
   */
  append(
    stream: string,
    payload: Uint8Array,
    options?: { expect?: number; within_ms?: number },
  ): Promise<number>;
  read(stream: string, page: { after?: number; limit: number }): Promise<LogRecord[]>;
  /** Newest first, those before position `before` only; for lists that show the latest. */
  readBack(stream: string, page: { before?: number; limit: number }): Promise<LogRecord[]>;
  /** Records of every stream whose name starts with `prefix`, by position. */
  scan(prefix: string, page: { after?: number; limit: number }): Promise<LogRecord[]>;
  /** What is there after `after`, then what comes: every record once, by position. */
  follow(
    prefix: string,
    options: { after?: number; signal: AbortSignal },
  ): AsyncIterable<LogRecord>;
}

// ---------------------------------------------------------------- work queue

export interface QueueConfig {
  /** `memory` dies with the process: for work that a journal can derive again. */
  storage: "memory" | "disk";
  lease_ms: number;
  /** The message whose delivery of this number ends without an ack becomes a dead letter. */
  deliveries_max: number;
  /** Ready, leased and dead together. A full queue refuses with FULL, it never drops. */
  messages_max: number;
}

export interface Delivery {
  id: string;
  payload: Uint8Array;
  /** 1 for the first delivery. */
  attempt: number;
  /** Aborts when the lease was lost (expired) or the consumer stopped. */
  signal: AbortSignal;
  /** A fresh lease from now on. All four fail with CONFLICT once lost or settled. */
  extend(): Promise<void>;
  /** Done: the message is gone, its id may be used again. */
  ack(): Promise<void>;
  retry(options: { after_ms: number }): Promise<void>;
  /** Straight to the dead letters, with the reason. */
  reject(reason: string): Promise<void>;
}

export interface DeadLetter {
  id: string;
  queue: string;
  payload: Uint8Array;
  attempts: number;
  reason: string;
  time_ms: number;
}

export interface Queue {
  /**
   * Idempotent; other limits replace the old ones, another storage fails with CONFLICT. A `disk`
   * queue stays declared across restarts; any call for an undeclared queue fails with NOT_FOUND.
   */
  declare(queue: string, config: QueueConfig): Promise<void>;
  /** `id` removes duplicates: a message with the id of one still queued, leased or dead is a no-op. */
  send(
    queue: string,
    message: { id: string; payload: Uint8Array; after_ms?: number },
  ): Promise<void>;
  /**
   * Hands messages to `handler`, at most `concurrency` at a time, until the signal aborts; resolves
   * when running handlers have returned. A handler that returns without ack, retry or reject has
   * failed: the message comes again after its lease; one that throws, after `backoff_ms` (limits.ts).
   * What was leased when the process died comes again, at the latest after its lease.
   */
  consume(
    queue: string,
    options: { concurrency: number; signal: AbortSignal },
    handler: (delivery: Delivery) => Promise<void>,
  ): Promise<void>;
  /** `ready` counts what waits for its `after_ms` as well. */
  depth(queue: string): Promise<{ ready: number; leased: number; dead: number }>;
  /** By id ascending, those after `after`. */
  deadLetters(queue: string, page: { after?: string; limit: number }): Promise<DeadLetter[]>;
  /** Puts a dead letter back with a fresh delivery count; NOT_FOUND when there is none. */
  revive(queue: string, id: string): Promise<void>;
}

// ---------------------------------------------------------------- publish/subscribe

export interface BusMessage {
  subject: string;
  payload: Uint8Array;
}

/** At most once, in order per publisher, to whoever listens now. */
export interface Bus {
  publish(subject: string, payload: Uint8Array): Promise<void>;
  /**
   * Listens from the call on, not from the first read. Tokens are separated by dots; `*` matches
   * one token, `>` the rest (one or more). A subscriber that falls more than `pending_max` messages
   * behind ends with TOO_SLOW, without what was pending, rather than growing without bound.
   */
  subscribe(
    pattern: string,
    options: { signal: AbortSignal; pending_max: number },
  ): AsyncIterable<BusMessage>;
}

// ---------------------------------------------------------------- blobs

export interface BlobInfo {
  /** Lower-case hex, 64 characters. */
  sha256: string;
  size: number;
}

export interface Blobs {
  /**
   * Durable when resolved; the same bytes twice are one blob. More than `size_max` bytes fail with
   * TOO_LARGE; then, and when the source fails, nothing is kept.
   */
  put(source: AsyncIterable<Uint8Array>, options: { size_max: number }): Promise<BlobInfo>;
  stat(sha256: string): Promise<BlobInfo | undefined>;
  /** Fails with NOT_FOUND, or before the last bytes with CORRUPT when they do not give the hash. */
  get(sha256: string, options?: { signal?: AbortSignal }): AsyncIterable<Uint8Array>;
  /** A local file with the blob's bytes, read-only, for engines that read files themselves. */
  file(sha256: string): Promise<string>;
  /** Deleting what does not exist succeeds. */
  delete(sha256: string): Promise<void>;
}

// ---------------------------------------------------------------- errors

export type SubstrateErrorCode =
  | "CONFLICT"
  | "NOT_FOUND"
  | "TOO_LARGE"
  | "TOO_SLOW"
  | "FULL"
  | "READ_ONLY"
  | "LOCKED"
  | "CORRUPT"
  | "CLOSED"
  /** The storage failed or went away: whether the call took effect is not known. */
  | "UNAVAILABLE"
  | "INVALID";

/** The message names what was asked; `remedy` says what a person can do about it. */
export class SubstrateError extends Error {
  readonly code: SubstrateErrorCode;
  readonly remedy: string;

  constructor(
    code: SubstrateErrorCode,
    message: string,
    options: { remedy?: string; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "SubstrateError";
    this.code = code;
    this.remedy = options.remedy ?? "";
  }
}

/** Somebody else wrote first: what was expected is not so any more. */
export function isConflict(error: unknown): error is SubstrateError {
  return error instanceof SubstrateError && error.code === "CONFLICT";
}
