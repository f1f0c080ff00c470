/** Where the messages of one queue are kept: in this process, or in the database as well. */
import type { DeadLetter, QueueConfig } from "../substrate.ts";
import { type Context, reading } from "./context.ts";
import { operation } from "./operations.ts";

/** Nothing to wait for, or the fsync. */
export type Stored = undefined | Promise<void>;

export interface QueueStorage {
  insert(id: string, payload: Uint8Array, due_ms: number): Stored;
  payload(id: string): Uint8Array;
  delivered(id: string, attempt: number): Stored;
  remove(id: string): Stored;
  /** Back to the ready messages, also from the dead letters; `due_ms` is a time of Date.now(). */
  due(id: string, due_ms: number, attempt: number): Stored;
  dead(id: string, attempts: number, dead_ms: number, reason: string): Stored;
  /** By UTF-8 bytes of the id, those after `after`. */
  deadLetters(after: string | undefined, limit: number): DeadLetter[];
}

export function memoryStorage(queue: string): QueueStorage {
  const payloads = new Map<string, Uint8Array>();
  const dead = new Map<string, DeadLetter>();
  return {
    insert(id, payload) {
      payloads.set(id, new Uint8Array(payload));
      return undefined;
    },
    payload: (id) => new Uint8Array(payloads.get(id)!),
    delivered: () => undefined,
    remove(id) {
      payloads.delete(id);
      return undefined;
    },
    due(id) {
      dead.delete(id);
      return undefined;
    },
    dead(id, attempts, time_ms, reason) {
      dead.set(id, { id, queue, payload: payloads.get(id)!, attempts, reason, time_ms });
      return undefined;
    },
    deadLetters(after, limit) {
      const order = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
      return [...dead.values()]
        .filter(({ id }) => after === undefined || order(id, after) > 0)
        .sort((a, b) => order(a.id, b.id))
        .slice(0, limit)
        .map((letter) => ({ ...letter, payload: new Uint8Array(letter.payload) }));
    },
  };
}

export function diskStorage(context: Context, queue: string): QueueStorage {
  const { reader, store } = context;
  const one = reader.prepare("SELECT payload FROM message WHERE queue = ? AND id = ?");
  const dead = reader.prepare(`SELECT id, queue, payload, attempt AS attempts, reason,
    dead_ms AS time_ms FROM message WHERE queue = ? AND id > ? AND dead_ms IS NOT NULL
    ORDER BY id LIMIT ?`);
  return {
    insert: (id, payload, due_ms) =>
      store.request(operation.messageInsert, [queue, id, due_ms, payload]),
    payload: (id) =>
      reading(context, () => (one.get(queue, id) as { payload: Uint8Array }).payload),
    delivered: (id, attempt) => store.request(operation.messageDelivered, [queue, id, attempt]),
    remove: (id) => store.request(operation.messageRemove, [queue, id]),
    due: (id, due_ms, attempt) => store.request(operation.messageDue, [queue, id, due_ms, attempt]),
    dead: (id, _attempts, dead_ms, reason) =>
      store.request(operation.messageDead, [queue, id, dead_ms, reason]),
    deadLetters: (after, limit) =>
      reading(context, () => dead.all(queue, after ?? "", limit) as unknown as DeadLetter[]),
  };
}

/** What a disk queue held when its home was opened. */
export interface KeptMessage {
  id: string;
  due_ms: number;
  attempt: number;
  dead: boolean;
}

export interface KeptQueue {
  name: string;
  config: QueueConfig;
  messages: KeptMessage[];
}

export function keptQueues(context: Context): KeptQueue[] {
  const { reader } = context;
  const queues = reader.prepare("SELECT name, config FROM queue ORDER BY name");
  const messages = reader.prepare(`SELECT id, due_ms, attempt, dead_ms IS NOT NULL AS dead
    FROM message WHERE queue = ? ORDER BY sequence`);
  return reading(context, () =>
    (queues.all() as { name: string; config: string }[]).map(({ name, config }) => ({
      name,
      config: JSON.parse(config) as QueueConfig,
      messages: messages.all(name).map((row) => {
        const { id, due_ms, attempt, dead } = row as unknown as KeptMessage;
        return { id, due_ms, attempt, dead: Boolean(dead) };
      }),
    })),
  );
}
