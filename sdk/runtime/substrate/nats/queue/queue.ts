/** The work queue: one stream for each queue, one record for each message. */
import type { StreamConfig } from "@nats-io/jetstream";
import {
  assertInteger,
  assertLimit,
  assertName,
  assertPayload,
  concurrency_max,
  delay_ms_max,
} from "../../limits.ts";
import { type DeadLetter, type Queue, type QueueConfig, SubstrateError } from "../../substrate.ts";
import { type Context, calling } from "../connection.ts";
import { isStreamMissing } from "../faults.ts";
import { compareNames } from "../names.ts";
import { ensureStream, type Stream, streamConfig, Unexpected } from "../stream.ts";
import { Dispatcher } from "./dispatcher.ts";
import {
  describeQueue,
  readDescription,
  readRecord,
  recordHeaders,
  recordSubject,
  recordSubjects,
  streamName,
} from "./record.ts";

interface Opened {
  stream: Stream;
  config: QueueConfig;
  dispatcher: Dispatcher | undefined;
  /** How many more messages it takes, as far as is known; looked up when it seems to be none. */
  room: number;
}

export function createQueue(context: Context): Queue {
  const { life } = context;
  const queues = new Map<string, Opened>();

  const opened = async (queue: string): Promise<Opened> => {
    life.assertOpen();
    assertName("queue", queue);
    const known = queues.get(queue);
    if (known) return known;
    const config = await declaredConfig(context, queue);
    if (!config) throw undeclared(queue);
    return keep(queue, config);
  };

  const keep = async (queue: string, config: QueueConfig): Promise<Opened> => {
    const stream = await ensureStream(context, settingsOf(context, queue, config));
    const again = queues.get(queue);
    if (again) return again;
    const made: Opened = { stream, config, dispatcher: undefined, room: 0 };
    queues.set(queue, made);
    return made;
  };

  const dispatcherOf = async (queue: string): Promise<Dispatcher> => {
    const made = await opened(queue);
    made.dispatcher ??= new Dispatcher({
      context,
      stream: made.stream,
      lease_ms: () => made.config.lease_ms,
      deliveries_max: () => made.config.deliveries_max,
    });
    await made.dispatcher.loaded;
    life.assertOpen();
    return made.dispatcher;
  };

  return {
    async declare(queue, config) {
      life.assertOpen();
      assertName("queue", queue);
      assertConfig(config);
      const before = await declaredConfig(context, queue);
      if (before && before.storage !== config.storage) throw otherStorage(queue, before.storage);
      const made = await keep(queue, config);
      made.config = config;
      made.room = 0;
      if (before && describeQueue(queue, before) !== describeQueue(queue, config)) {
        const changed = streamConfig(context, settingsOf(context, queue, config));
        await calling(context, `declare ${queue}`, () =>
          context.manager.streams.update(made.stream.name, changed as StreamConfig),
        );
      }
    },
    async send(queue, { id, payload, after_ms = 0 }) {
      life.assertOpen();
      assertName("id", id);
      assertPayload("payload", payload);
      assertInteger("after_ms", after_ms, 0, delay_ms_max);
      const copy = payload.slice();
      const made = await opened(queue);
      const subject = recordSubject(made.stream.name, id);
      if (made.room <= 0) {
        made.room = made.config.messages_max - (await made.stream.state()).count;
        if (made.room <= 0) {
          if (await made.stream.last(subject)) return;
          throw full(queue, made.config.messages_max);
        }
      }
      made.room--;
      try {
        const headers = recordHeaders({ state: "ready", attempts: 0, after_ms });
        const sequence = await made.stream.write(subject, copy, { expect: 0, headers });
        const record = { id, sequence, state: "ready", attempts: 0, after_ms } as const;
        const told = { ...record, reason: "", time_ms: Date.now(), payload: copy };
        made.dispatcher?.mirror.put(told);
        made.dispatcher?.pump();
      } catch (error) {
        // One with the same id is there: queued, leased or dead.
        if (!(error instanceof Unexpected)) throw error;
        made.room++;
      }
    },
    async consume(queue, options, handler) {
      await opened(queue);
      assertInteger("concurrency", options.concurrency, 1, concurrency_max);
      const dispatcher = await dispatcherOf(queue);
      await dispatcher.consume(options, handler);
    },
    async depth(queue) {
      return (await dispatcherOf(queue)).mirror.depth;
    },
    async deadLetters(queue, { after, limit }) {
      const { mirror } = await dispatcherOf(queue);
      assertLimit(limit);
      const { stream } = await opened(queue);
      const dead = mirror
        .dead()
        .filter(({ id }) => after === undefined || compareNames(id, after) > 0)
        .sort((a, b) => compareNames(a.id, b.id))
        .slice(0, limit);
      const letters = await Promise.all(dead.map(({ id }) => deadLetter(queue, stream, id)));
      return letters.filter((letter) => letter !== undefined);
    },
    async revive(queue, id) {
      const dispatcher = await dispatcherOf(queue);
      assertName("id", id);
      const { stream } = await opened(queue);
      const subject = recordSubject(stream.name, id);
      const message = await stream.last(subject);
      const record = message && readRecord(stream.name, message, message.time.getTime());
      if (record?.state !== "dead") throw noDeadLetter(queue, id);
      try {
        const headers = recordHeaders({ state: "ready", attempts: 0 });
        const options = { expect: record.sequence, headers };
        const sequence = await stream.write(subject, record.payload, options);
        const fresh = { state: "ready", attempts: 0, after_ms: 0, reason: "" } as const;
        dispatcher.mirror.put({ ...record, ...fresh, sequence, time_ms: Date.now() });
        dispatcher.pump();
      } catch (error) {
        throw error instanceof Unexpected ? noDeadLetter(queue, id) : error;
      }
    },
  };
}

function settingsOf({ bounds }: Context, queue: string, config: QueueConfig) {
  const name = streamName(queue);
  const { disk_queue_bytes_max, memory_queue_bytes_max } = bounds;
  return {
    name,
    subjects: recordSubjects(name),
    storage: config.storage,
    bytes_max: config.storage === "disk" ? disk_queue_bytes_max : memory_queue_bytes_max,
    last_only: true,
    description: describeQueue(queue, config),
  };
}

async function declaredConfig(context: Context, queue: string): Promise<QueueConfig | undefined> {
  try {
    const { config } = await calling(context, `queue ${queue}`, () =>
      context.manager.streams.info(streamName(queue)),
    );
    return readDescription(config.description);
  } catch (error) {
    if (isStreamMissing(error)) return undefined;
    throw error;
  }
}

async function deadLetter(
  queue: string,
  stream: Stream,
  id: string,
): Promise<DeadLetter | undefined> {
  const message = await stream.last(recordSubject(stream.name, id));
  const record = message && readRecord(stream.name, message, message.time.getTime());
  if (record?.state !== "dead") return undefined;
  const { payload, attempts, reason, time_ms } = record;
  return { id, queue, payload, attempts, reason, time_ms };
}

function assertConfig({ storage, lease_ms, deliveries_max, messages_max }: QueueConfig): void {
  if (storage !== "memory" && storage !== "disk") {
    throw new SubstrateError("INVALID", `storage is ${JSON.stringify(storage)}.`, {
      remedy: 'Use "memory" or "disk".',
    });
  }
  assertInteger("lease_ms", lease_ms, 1, delay_ms_max);
  assertInteger("deliveries_max", deliveries_max, 1, 1_000_000);
  assertInteger("messages_max", messages_max, 1, 100_000_000);
}

function undeclared(queue: string): SubstrateError {
  return new SubstrateError("NOT_FOUND", `The queue "${queue}" was never declared.`, {
    remedy: "Declare it before using it.",
  });
}

function otherStorage(queue: string, storage: string): SubstrateError {
  return new SubstrateError("CONFLICT", `The queue "${queue}" is stored in ${storage}.`, {
    remedy: "Declare it with the same storage, or use another name.",
  });
}

function full(queue: string, messages_max: number): SubstrateError {
  return new SubstrateError("FULL", `The queue "${queue}" has ${messages_max} messages.`, {
    remedy: "Wait until some are done, or declare it with a higher messages_max.",
  });
}

function noDeadLetter(queue: string, id: string): SubstrateError {
  return new SubstrateError("NOT_FOUND", `"${queue}" has no dead letter "${id}".`, {
    remedy: "List the dead letters to see which there are.",
  });
}
