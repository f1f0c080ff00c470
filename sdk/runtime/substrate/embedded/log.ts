/** The log: appends through the store thread; pages and followers read from the database. */
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
import { afterPrefix, type Context, reading, turn } from "./context.ts";
import { operation } from "./operations.ts";

/** Positions that a scan looks at before it lets others have their turn. */
const slice_positions = 2_048;
/** Up to so many streams a scan merges them instead of looking at every position. */
const merged_streams_max = 16;
const follow_rows = 256;

interface Follower {
  prefix: string;
  wake: () => void;
}

export function createLog(context: Context): Log {
  const { store, life } = context;
  const reads = createReads(context);
  const followers = new Set<Follower>();

  return {
    async append(stream, payload, { expect, within_ms = 0 } = {}) {
      life.assertOpen();
      assertName("stream", stream);
      assertPayload("payload", payload);
      assertExpect(expect);
      assertInteger("within_ms", within_ms, 0, within_ms_max);
      return new Promise((resolve, reject) => {
        const done = (position: number) => {
          for (const { prefix, wake } of followers) if (stream.startsWith(prefix)) wake();
          resolve(position);
        };
        store.write(operation.append, [stream, payload, expect ?? -1], done, reject, within_ms);
      });
    },
    async read(stream, { after = 0, limit }) {
      assertName("stream", stream);
      assertPage(after, limit);
      return reads.read(stream, after, limit);
    },
    async readBack(stream, { before = Number.MAX_SAFE_INTEGER, limit }) {
      assertName("stream", stream);
      assertInteger("before", before, 0, Number.MAX_SAFE_INTEGER);
      assertLimit(limit);
      return reads.readBack(stream, before, limit);
    },
    async scan(prefix, { after = 0, limit }) {
      assertPrefix("prefix", prefix);
      assertPage(after, limit);
      return reads.scan(prefix, after, limit);
    },
    follow(prefix, { after = 0, signal }) {
      assertPrefix("prefix", prefix);
      assertPage(after, 1);
      life.assertOpen();
      return follow(context, reads.scan, followers, prefix, after, signal);
    },
  };
}

function assertPage(after: number, limit: number): void {
  assertInteger("after", after, 0, Number.MAX_SAFE_INTEGER);
  assertLimit(limit);
}

function createReads(context: Context) {
  const { reader } = context;
  const columns = "SELECT stream, position, payload, time_ms FROM log";
  const ofStream = reader.prepare(
    `${columns} WHERE stream = ? AND position > ? ORDER BY position LIMIT ?`,
  );
  const backwards = reader.prepare(
    `${columns} WHERE stream = ? AND position < ? ORDER BY position DESC LIMIT ?`,
  );
  const ofPositions = reader.prepare(
    `${columns} WHERE position > ? AND position <= ? AND stream >= ? AND stream < ?
     ORDER BY position LIMIT ?`,
  );
  const end = reader.prepare("SELECT max(position) AS position FROM log");
  const nextStream = reader.prepare(
    "SELECT stream FROM log WHERE stream >= ? AND stream < ? ORDER BY stream LIMIT 1",
  );
  const streamAfter = reader.prepare(
    "SELECT stream FROM log WHERE stream > ? AND stream < ? ORDER BY stream LIMIT 1",
  );
  type Named = { stream: string } | undefined;

  const read = (stream: string, after: number, limit: number) =>
    reading(context, () => ofStream.all(stream, after, limit) as unknown as LogRecord[]);

  /** The streams of a prefix when they are few, else undefined. Each costs one look-up. */
  const fewStreams = (prefix: string): string[] | undefined => {
    const upper = afterPrefix(prefix);
    const found: string[] = [];
    let next = nextStream.get(prefix, upper) as Named;
    for (; next; next = streamAfter.get(next.stream, upper) as Named) {
      if (found.length === merged_streams_max) return undefined;
      found.push(next.stream);
    }
    return found;
  };

  return {
    read,
    readBack: (stream: string, before: number, limit: number) =>
      reading(context, () => backwards.all(stream, before, limit) as unknown as LogRecord[]),
    /** The new end of a log is read directly; in a long one few streams are merged. */
    async scan(prefix: string, after: number, limit: number): Promise<LogRecord[]> {
      const upper = afterPrefix(prefix);
      const last = reading(context, () => (end.get() as { position: number | null }).position ?? 0);
      if (last - after > slice_positions && prefix !== "") {
        const streams = reading(context, () => fewStreams(prefix));
        if (streams)
          return merge(
            streams.flatMap((stream) => read(stream, after, limit)),
            limit,
          );
      }
      const found: LogRecord[] = [];
      for (let at = after; at < last && found.length < limit; at += slice_positions) {
        if (at > after) await turn();
        const to = Math.min(at + slice_positions, last);
        const slice = reading(context, () =>
          ofPositions.all(at, to, prefix, upper, limit - found.length),
        );
        found.push(...(slice as unknown as LogRecord[]));
      }
      return found;
    },
  };
}

function merge(records: LogRecord[], limit: number): LogRecord[] {
  return records.sort((a, b) => a.position - b.position).slice(0, limit);
}

/** Reads on from where it is whenever something was appended: no buffer, so nothing to overflow. */
async function* follow(
  context: Context,
  scan: (prefix: string, after: number, limit: number) => Promise<LogRecord[]>,
  followers: Set<Follower>,
  prefix: string,
  start: number,
  signal: AbortSignal,
): AsyncGenerator<LogRecord> {
  let stirred = true;
  let resume: () => void = () => undefined;
  const wake = () => {
    stirred = true;
    resume();
  };
  const follower = { prefix, wake };
  const forget = context.life.onClose(wake);
  signal.addEventListener("abort", wake);
  followers.add(follower);
  try {
    for (let after = start; ; ) {
      if (signal.aborted) return;
      context.life.assertOpen();
      if (!stirred) {
        await new Promise<void>((resolve) => {
          resume = resolve;
        });
        continue;
      }
      stirred = false;
      const page = await scan(prefix, after, follow_rows);
      if (page.length === follow_rows) stirred = true;
      for (const record of page) {
        after = record.position;
        if (signal.aborted) return;
        yield record;
      }
    }
  } finally {
    followers.delete(follower);
    forget();
    signal.removeEventListener("abort", wake);
  }
}
