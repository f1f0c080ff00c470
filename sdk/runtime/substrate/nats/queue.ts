/** The queues: declared as streams, sent to with one write, consumed by workers. */
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
import { type DeadLetter, type Queue, type QueueConfig, SubstrateError } from "../substrate.ts";
import type { Context } from "./context.ts";
import { fault } from "./faults.ts";
import {
  headroom_bytes,
  headroom_messages,
  pulls_waiting_max,
  queue_refresh_ms,
} from "./limits.ts";
import { compareNames } from "./names.ts";
import { type KeptConfig, notDeclared, patience_ms, queueNames, Records } from "./queue-records.ts";
import { scan } from "./queue-scan.ts";
import { Worker } from "./queue-worker.ts";
import { message_overhead, Room, type RoomLimits } from "./room.ts";
import { ensureStream, streamInfo } from "./streams.ts";

/** A queue as this process knows it. */
interface Known {
  records: Records;
  config: KeptConfig;
  /** What must be added to this process's time to get the server's. */
  clock_ms: number;
  room: Room;
}

export function createQueue(context: Context): Queue {
  const { calls, life } = context;
  const known = new Map<string, Known>();

  /** Reads the queue's limits, for those who need them; fails when it was never declared. */
  const find = async (name: string): Promise<Known> => {
    const config = await keptConfig(context, name);
    if (!config) {
      known.delete(name);
      throw notDeclared(name);
    }
    return remember(name, config);
  };
  const remember = (name: string, config: KeptConfig): Known => {
    const queue = known.get(name);
    if (!queue) {
      const records = new Records(context, name, config.storage);
      const limits = () => roomOf(context, made.config);
      const room = new Room(context.jetstream, records.names.stream, limits);
      const made: Known = { records, config, clock_ms: 0, room };
      known.set(name, made);
      return made;
    }
    queue.config = config;
    queue.room.forget();
    return queue;
  };

  // Queues in memory end with their servers. Who declared one makes it again, empty, so that those
  // who send and consume go on.
  const declared = new Map<string, KeptConfig>();
  const restore = () => {
    for (const config of declared.values())
      void calls
        .run(async () => {
          await declare(context, config);
          await readClock(remember(config.queue, config));
        })
        .catch(() => undefined);
  };
  life.onClose(context.connection.onReconnect(restore));

  return {
    declare: (name, config) =>
      calls.run(async () => {
        assertName("queue", name);
        assertQueueConfig(config);
        const { storage, lease_ms, deliveries_max, messages_max } = config;
        const kept = { queue: name, storage, lease_ms, deliveries_max, messages_max };
        await declare(context, kept);
        await readClock(remember(name, kept));
        if (storage === "memory") declared.set(name, kept);
      }),
    send: (name, { id, payload, after_ms = 0 }) =>
      calls.run(async () => {
        assertName("queue", name);
        assertName("id", id);
        assertPayload("payload", payload);
        assertInteger("after_ms", after_ms, 0, delay_ms_max);
        const kept = new Uint8Array(payload);
        const queue = known.get(name) ?? (await find(name));
        await send(queue, id, kept, after_ms);
      }),
    consume: async (name, { concurrency, signal }, handler) => {
      life.assertOpen();
      assertName("queue", name);
      assertInteger("concurrency", concurrency, 1, concurrency_max);
      const queue = await calls.run(async () => {
        const found = await find(name);
        if (!signal.aborted) await ensureWorkers(context, found.config);
        if (!signal.aborted) await readClock(found);
        return found;
      });
      if (signal.aborted) return;
      life.assertOpen();
      const work = {
        records: queue.records,
        config: () => queue.config,
        now: () => performance.now() + queue.clock_ms,
        onDone: (id: string, mark: number) => queue.records.removeMark(id, mark),
      };
      const worker = new Worker(context, work, concurrency, handler);
      const stop = () => worker.stop(new Error(`A consumer of ${name} stopped.`));
      const forget = life.onClose((closed) => worker.stop(closed));
      const refresh = async () => {
        await find(name);
        await readClock(queue);
      };
      const timer = setInterval(() => void refresh().catch(() => undefined), queue_refresh_ms);
      signal.addEventListener("abort", stop);
      try {
        await worker.finished();
      } finally {
        clearInterval(timer);
        signal.removeEventListener("abort", stop);
        forget();
      }
    },
    depth: (name) =>
      calls.run(async () => {
        assertName("queue", name);
        return depth(context, await find(name));
      }),
    deadLetters: (name, { after, limit }) =>
      calls.run(async () => {
        assertName("queue", name);
        if (after !== undefined) assertPrefix("after", after);
        assertLimit(limit);
        return deadLetters(context, await find(name), after, limit);
      }),
    revive: (name, id) =>
      calls.run(async () => {
        assertName("queue", name);
        assertName("id", id);
        await revive(await find(name), id);
      }),
  };
}

async function keptConfig(context: Context, name: string): Promise<KeptConfig | undefined> {
  const info = await streamInfo(context.jetstream, queueNames(context, name).stream);
  return info && (JSON.parse(info.config.description!) as KeptConfig);
}

async function declare(context: Context, wanted: KeptConfig): Promise<void> {
  const { queue, storage } = wanted;
  const names = queueNames(context, queue);
  const { jetstream, replicas } = context;
  const found = await keptConfig(context, queue);
  if (found && found.storage !== storage)
    throw new SubstrateError(
      "CONFLICT",
      `The queue ${queue} has storage "${found.storage}", not "${storage}".`,
      { remedy: "Use another name for the other storage." },
    );
  await ensureStream(jetstream, {
    name: names.stream,
    subjects: [`${names.base}>`, names.fence],
    storage: storage === "disk" ? "file" : "memory",
    num_replicas: replicas,
    max_bytes: roomOf(context, wanted).bytes + headroom_bytes,
    max_msgs: 2 * wanted.messages_max + headroom_messages,
    // On disk replaced records are removed by number (queue-records.ts).
    max_msgs_per_subject: storage === "memory" ? 1 : -1,
    allow_rollup_hdrs: true,
    description: JSON.stringify(wanted),
  });
  await ensureWorkers(context, wanted);
}

/** The fence is one message beside the records. */
function roomOf({ bounds }: Context, { storage, messages_max }: KeptConfig): RoomLimits {
  return {
    bytes: storage === "disk" ? bounds.disk_queue_bytes_max : bounds.memory_queue_bytes_max,
    messages: messages_max + 1,
  };
}

/** The consumer that all workers share. It hands out records; what they mean is in the records. */
async function ensureWorkers(context: Context, config: KeptConfig): Promise<void> {
  const { queue } = config;
  const { stream, worker, base } = queueNames(context, queue);
  const wanted = {
    durable_name: worker,
    name: worker,
    ack_policy: "explicit",
    ack_wait: patience_ms(context, config) * 1_000_000,
    deliver_policy: "all",
    filter_subject: `${base}>`,
    max_ack_pending: -1,
    max_deliver: -1,
    max_waiting: pulls_waiting_max,
    replay_policy: "instant",
  };
  const subject = `CONSUMER.DURABLE.CREATE.${stream}.${worker}`;
  await context.jetstream
    .api(`The queue ${queue}`, subject, { stream_name: stream, config: wanted })
    .catch((error: unknown) => {
      throw fault(`The queue ${queue}`, error);
    });
}

/** A message that the server stamps, half a round trip ago: good to about a millisecond. */
async function readClock(queue: Known): Promise<void> {
  const before = performance.now();
  await queue.records.writeFence();
  const between = (before + performance.now()) / 2;
  const fence = await queue.records.lastFence();
  if (fence) queue.clock_ms = fence.time_ms - between;
}

async function send(queue: Known, id: string, payload: Uint8Array, after_ms: number) {
  const { records, config, room } = queue;
  const record = { id, payload, state: "ready", attempt: 0, after_ms } as const;
  let expect = 0;
  for (let full = 0; ; ) {
    try {
      const waiting = room.take(payload.length + message_overhead);
      if (waiting) await waiting;
      if ((await records.replace(record, expect)) !== undefined) return;
    } catch (error) {
      if (!(error instanceof SubstrateError && error.code === "FULL")) throw error;
      // A duplicate needs no room.
      if (await isThere(records, id)) return;
      // Marks of messages that are done take their places until they are removed, a moment later.
      await records.removed();
      if (full++ >= 3) throw fullQueue(config, error);
      await new Promise((resolve) => setTimeout(resolve, 5 * full));
      continue;
    }
    const last = await records.decided(id);
    // A duplicate, unless it is done and only its mark is left.
    if (last && last.state !== "done") return;
    expect = last?.sequence ?? 0;
  }
}

async function isThere(records: Records, id: string): Promise<boolean> {
  const last = await records.decided(id);
  return last !== undefined && last.state !== "done";
}

async function depth(context: Context, queue: Known) {
  if (queue.clock_ms === 0) await readClock(queue);
  const counts = { ready: 0, leased: 0, dead: 0 };
  let [untouched, touched] = [0, 0];
  await scan(context, queue.records, (record) => {
    const { state, time_ms, after_ms } = record;
    if (queue.records.isUntouched(record)) untouched++;
    else if (state !== "dead") touched++;
    const over = performance.now() + queue.clock_ms >= time_ms + after_ms;
    // A lease that is over waits for a worker, as what is ready does.
    if (state !== "done") counts[state === "leased" && over ? "ready" : state]++;
  });
  if (untouched === 0) return counts;
  // Which of them are handed out, only the server knows.
  const { stream, worker } = queue.records.names;
  const about = await context.jetstream.api<{ num_ack_pending: number }>(
    `The queue ${queue.records.queue}`,
    `CONSUMER.INFO.${stream}.${worker}`,
  );
  const handed_out = Math.min(untouched, Math.max(0, about.num_ack_pending - touched));
  return { ...counts, ready: counts.ready - handed_out, leased: counts.leased + handed_out };
}

async function deadLetters(
  context: Context,
  { records }: Known,
  after: string | undefined,
  limit: number,
): Promise<DeadLetter[]> {
  const ids: string[] = [];
  await scan(context, records, ({ id, state }) => {
    if (state === "dead" && (after === undefined || compareNames(id, after) > 0)) ids.push(id);
  });
  const letters: DeadLetter[] = [];
  for (const id of ids.sort(compareNames)) {
    if (letters.length === limit) break;
    const record = await records.last(id);
    if (record?.state !== "dead") continue;
    const { payload, attempt: attempts, reason, time_ms } = record;
    letters.push({ id, queue: records.queue, payload, attempts, reason, time_ms });
  }
  return letters;
}

async function revive({ records }: Known, id: string): Promise<void> {
  for (;;) {
    const last = await records.decided(id);
    if (last?.state !== "dead")
      throw new SubstrateError(
        "NOT_FOUND",
        `The queue ${records.queue} has no dead letter ${id}.`,
        {
          remedy: "List its dead letters for those that can be revived.",
        },
      );
    const { payload, sequence } = last;
    const ready = { id, payload, state: "ready", attempt: 0, after_ms: 0 } as const;
    if ((await records.replace(ready, sequence)) !== undefined) return;
  }
}

function fullQueue({ queue, messages_max }: QueueConfig & { queue: string }, cause: unknown) {
  return new SubstrateError("FULL", `The queue ${queue} is full (messages_max ${messages_max}).`, {
    remedy: "Wait until some are done, or declare it with a larger messages_max.",
    cause,
  });
}
