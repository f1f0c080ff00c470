/** Sends into queues of one kind, each of which this process declares once, before its first message. */
import type { Queue, QueueConfig } from "./substrate/substrate.ts";

export type QueueSender = (
  queue: string,
  message: { id: string; payload: Uint8Array; after_ms?: number },
) => Promise<void>;

export function createQueueSender(queue: Queue, config: QueueConfig): QueueSender {
  const declared = new Map<string, Promise<void>>();
  return async (name, message) => {
    const known = declared.get(name) ?? queue.declare(name, config);
    declared.set(name, known);
    await known.catch((error) => {
      declared.delete(name);
      throw error;
    });
    await queue.send(name, message);
  };
}
