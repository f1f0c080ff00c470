/** The queues of a home, by name: checks the arguments, then leaves it to the work queue. */
import {
  assertInteger,
  assertLimit,
  assertName,
  assertPayload,
  assertPrefix,
  assertQueueConfig,
  concurrency_max,
  delay_ms_max,
} from "../limits.ts";
import { type Queue, type QueueConfig, SubstrateError } from "../substrate.ts";
import type { Context } from "./context.ts";
import { operation } from "./operations.ts";
import { diskStorage, keptQueues, memoryStorage, type QueueStorage } from "./queue-storage.ts";
import { WorkQueue } from "./work-queue.ts";

interface Declared {
  work: WorkQueue;
  storage: QueueStorage;
}

export function createQueue(context: Context): Queue {
  const { life, store } = context;
  const queues = new Map<string, Declared>();

  const add = (name: string, config: QueueConfig): WorkQueue => {
    const storage = config.storage === "disk" ? diskStorage(context, name) : memoryStorage(name);
    const work = new WorkQueue(name, config, storage);
    queues.set(name, { work, storage });
    return work;
  };
  for (const { name, config, messages } of keptQueues(context)) add(name, config).restore(messages);
  life.onClose((closed) => {
    for (const { work } of queues.values()) work.close(closed);
  });

  const find = (name: string): Declared => {
    life.assertOpen();
    assertName("queue", name);
    const declared = queues.get(name);
    if (declared) return declared;
    throw new SubstrateError("NOT_FOUND", `There is no queue ${name}.`, {
      remedy: "Declare it first.",
    });
  };

  return {
    async declare(name, config) {
      life.assertOpen();
      assertName("queue", name);
      assertQueueConfig(config);
      const known = queues.get(name)?.work;
      if (known && known.config.storage !== config.storage)
        throw new SubstrateError(
          "CONFLICT",
          `The queue ${name} has storage "${known.config.storage}", not "${config.storage}".`,
          { remedy: "Use another name for the other storage." },
        );
      const kept = { ...config };
      if (config.storage === "disk")
        await store.request(operation.queueDeclare, [name, JSON.stringify(kept)]);
      const work = queues.get(name)?.work ?? add(name, kept);
      work.config = kept;
    },
    async send(name, { id, payload, after_ms = 0 }) {
      const { work } = find(name);
      assertName("id", id);
      assertPayload("payload", payload);
      assertInteger("after_ms", after_ms, 0, delay_ms_max);
      await work.send(id, payload, after_ms);
    },
    async consume(name, { concurrency, signal }, handler) {
      const { work } = find(name);
      assertInteger("concurrency", concurrency, 1, concurrency_max);
      await work.consume(concurrency, signal, handler);
    },
    async depth(name) {
      return find(name).work.depth();
    },
    async deadLetters(name, { after, limit }) {
      if (after !== undefined) assertPrefix("after", after);
      assertLimit(limit);
      return find(name).storage.deadLetters(after, limit);
    },
    async revive(name, id) {
      assertName("id", id);
      await find(name).work.revive(id);
    },
  };
}
