/** The log: one stream, one subject for each stream of the log, the sequence as its position. */
import {
  assertExpect,
  assertInteger,
  assertLimit,
  assertName,
  assertPayload,
  assertPrefix,
  within_ms_max,
} from "../limits.ts";
import type { Log, LogRecord } from "../substrate.ts";
import type { Context } from "./context.ts";
import { conflict, fault } from "./faults.ts";
import { Feed } from "./feed.ts";
import { Fence, Unexpected } from "./fence.ts";
import type { Stored } from "./jetstream.ts";
import { decodeName, encodeName, prefixFilter } from "./names.ts";
import { type StreamConfig, StreamReader } from "./streams.ts";

/** The part of the log that a backwards read looks at first, for each record that is wanted. */
const window_per_record = 4;
const window_min = 64;
const window_growth = 8;

export function logConfig({ store, replicas, bounds, jetstream }: Context): StreamConfig {
  return {
    name: `${store}_log`,
    subjects: [`${store}.log.>`, `${store}.log-fence`],
    storage: "file",
    num_replicas: replicas,
    max_bytes: bounds.log_bytes_max,
    // For the fence: no record is ever replaced.
    ...(jetstream.replaces ? { allow_rollup_hdrs: true } : {}),
  };
}

export function createLog(context: Context): Log {
  const { store, replicas, jetstream, life, calls } = context;
  const reader = new StreamReader(jetstream, `${store}_log`, replicas);
  const fence = new Fence(jetstream, reader, `${store}.log-fence`);
  const base = `${store}.log.`;
  const recordOf = (stored: Stored): LogRecord => ({
    stream: decodeName(stored.subject.slice(base.length)),
    position: stored.sequence,
    payload: stored.payload,
    time_ms: stored.time_ms,
  });
  const pages = createPages(reader, base, recordOf);

  return {
    append: (stream, payload, { expect, within_ms = 0 } = {}) =>
      calls.run(async () => {
        assertName("stream", stream);
        assertPayload("payload", payload);
        assertExpect(expect);
        assertInteger("within_ms", within_ms, 0, within_ms_max);
        const kept = new Uint8Array(payload);
        const what = `Appending to ${stream}`;
        try {
          const write = { subject: base + encodeName(stream), payload: kept };
          if (expect === undefined) return await jetstream.write(what, reader.name, write);
          return await fence.write(what, { ...write, expect });
        } catch (error) {
          if (!(error instanceof Unexpected)) throw fault(what, error);
          throw conflict(`The last record of ${stream} is not at ${expect}.`);
        }
      }),
    read: (stream, { after = 0, limit }) =>
      calls.run(async () => {
        assertName("stream", stream);
        assertPage(after, limit);
        return pages.forwards(base + encodeName(stream), after, limit, () => true);
      }),
    readBack: (stream, { before = Number.MAX_SAFE_INTEGER, limit }) =>
      calls.run(async () => {
        assertName("stream", stream);
        assertInteger("before", before, 0, Number.MAX_SAFE_INTEGER);
        assertLimit(limit);
        return pages.backwards(base + encodeName(stream), before, limit);
      }),
    scan: (prefix, { after = 0, limit }) =>
      calls.run(async () => {
        assertPrefix("prefix", prefix);
        assertPage(after, limit);
        const belongs = (record: LogRecord) => record.stream.startsWith(prefix);
        return pages.forwards(base + prefixFilter(prefix), after, limit, belongs);
      }),
    follow(prefix, { after = 0, signal }) {
      assertPrefix("prefix", prefix);
      assertPage(after, 1);
      life.assertOpen();
      return follow(context, `${store}_log`, base, prefix, after, signal, recordOf);
    },
  };
}

function assertPage(after: number, limit: number): void {
  assertInteger("after", after, 0, Number.MAX_SAFE_INTEGER);
  assertLimit(limit);
}

function createPages(reader: StreamReader, base: string, recordOf: (stored: Stored) => LogRecord) {
  const what = (filter: string) => `Reading ${filter.slice(base.length)} of the log`;
  return {
    async forwards(
      filter: string,
      after: number,
      limit: number,
      belongs: (record: LogRecord) => boolean,
    ): Promise<LogRecord[]> {
      const found: LogRecord[] = [];
      for (let from = after + 1; ; ) {
        const { messages, more } = await reader.page(what(filter), filter, from, limit);
        for (const stored of messages) {
          const record = recordOf(stored);
          if (found.length < limit && belongs(record)) found.push(record);
        }
        if (!more || found.length >= limit) return found;
        from = messages.at(-1)!.sequence + 1;
      }
    },
    /** Looks at the end first and further back in growing steps, until there are enough. */
    async backwards(subject: string, before: number, limit: number): Promise<LogRecord[]> {
      const newest = await reader.last(what(subject), subject);
      if (!newest) return [];
      if (limit === 1 && newest.sequence < before) return [recordOf(newest)];
      let found: Stored[] = [];
      let size = Math.max(window_min, limit * window_per_record);
      for (let end = Math.min(before, newest.sequence + 1); end > 1 && found.length < limit; ) {
        const from = Math.max(1, end - size);
        found = [...(await windowOf(subject, from, end)), ...found];
        end = from;
        size *= window_growth;
      }
      return found.slice(-limit).reverse().map(recordOf);
    },
  };

  /** From `from` to before `end`. The page may reach beyond: then nothing before `end` is missing. */
  async function windowOf(subject: string, from: number, end: number): Promise<Stored[]> {
    const found: Stored[] = [];
    for (;;) {
      const { messages, more } = await reader.page(what(subject), subject, from, 256);
      found.push(...messages.filter(({ sequence }) => sequence < end));
      const last = messages.at(-1)?.sequence ?? end;
      if (!more || last >= end) return found;
      from = last + 1;
    }
  }
}

async function* follow(
  context: Context,
  stream: string,
  base: string,
  prefix: string,
  after: number,
  signal: AbortSignal,
  recordOf: (stored: Stored) => LogRecord,
): AsyncGenerator<LogRecord> {
  if (signal.aborted) return;
  context.life.assertOpen();
  const filter = base + prefixFilter(prefix);
  const feed = new Feed(context, { stream, filter, from: after + 1 });
  const stop = () => feed.end();
  signal.addEventListener("abort", stop);
  try {
    for (let fed = await feed.next(); fed; fed = await feed.next()) {
      const record = recordOf(fed);
      if (record.stream.startsWith(prefix)) yield record;
      if (signal.aborted) return;
    }
  } finally {
    signal.removeEventListener("abort", stop);
    feed.end();
  }
}
