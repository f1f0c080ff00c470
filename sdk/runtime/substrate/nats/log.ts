/** The append-only log on one stream: a log stream is a subject, a position its sequence. */
import type { JsMsg, StoredMsg } from "@nats-io/jetstream";
import {
  assertExpect,
  assertInteger,
  assertLimit,
  assertName,
  assertPayload,
  assertPrefix,
  within_ms_max,
} from "../limits.ts";
import { type Log, type LogRecord, SubstrateError } from "../substrate.ts";
import type { Context } from "./connection.ts";
import { feed } from "./feed.ts";
import { decodeName, encodeName, prefixFilter } from "./names.ts";
import { type Stream, Unexpected } from "./stream.ts";

export const logSubjects = "kl.>";
const subjectOf = (stream: string) => `kl.${encodeName(stream)}`;
const nameOf = (subject: string) => decodeName(subject.slice("kl.".length));

export function createLog(context: Context, stored: Stream): Log {
  const { life } = context;
  return {
    async append(stream, payload, { expect, within_ms = 0 } = {}) {
      life.assertOpen();
      assertName("stream", stream);
      assertPayload("payload", payload);
      assertExpect(expect);
      assertInteger("within_ms", within_ms, 0, within_ms_max);
      try {
        // The server syncs in groups by itself: nothing is won by waiting here.
        return await stored.write(subjectOf(stream), payload.slice(), { expect });
      } catch (error) {
        throw error instanceof Unexpected ? conflict(stream, expect) : error;
      }
    },
    async read(stream, { after = 0, limit }) {
      life.assertOpen();
      assertName("stream", stream);
      assertExpect(after);
      assertLimit(limit);
      return (await stored.after(subjectOf(stream), after, limit)).map(recordOf);
    },
    async readBack(stream, { before, limit }) {
      life.assertOpen();
      assertName("stream", stream);
      assertExpect(before);
      assertLimit(limit);
      return (await backwards(stored, subjectOf(stream), before, limit)).map(recordOf);
    },
    async scan(prefix, { after = 0, limit }) {
      life.assertOpen();
      assertPrefix("prefix", prefix);
      assertExpect(after);
      assertLimit(limit);
      return scan(stored, prefix, after, limit);
    },
    follow(prefix, { after = 0, signal }) {
      life.assertOpen();
      assertPrefix("prefix", prefix);
      assertExpect(after);
      return follow(context, stored, { prefix, after, signal });
    },
  };
}

/** The subject filter may be wider than the prefix: what does not fit is passed over. */
async function scan(
  stored: Stream,
  prefix: string,
  after: number,
  limit: number,
): Promise<LogRecord[]> {
  const found: LogRecord[] = [];
  for (let position = after; found.length < limit; ) {
    const batch = await stored.after(`kl.${prefixFilter(prefix)}`, position, limit);
    for (const message of batch) {
      const record = recordOf(message);
      if (record.stream.startsWith(prefix) && found.length < limit) found.push(record);
    }
    if (batch.length < limit) break;
    position = batch.at(-1)!.seq;
  }
  return found;
}

async function* follow(
  context: Context,
  stored: Stream,
  { prefix, after, signal }: { prefix: string; after: number; signal: AbortSignal },
): AsyncGenerator<LogRecord> {
  const filter = `kl.${prefixFilter(prefix)}`;
  for await (const message of feed(context, { stream: stored.name, filter, after, signal })) {
    const record = recordOf(message);
    if (record.stream.startsWith(prefix)) yield record;
  }
}

/** Newest first. The server reads forwards only, so windows are read from the end, ever larger. */
async function backwards(
  stored: Stream,
  subject: string,
  before: number | undefined,
  limit: number,
): Promise<StoredMsg[]> {
  const newest = await stored.last(subject);
  if (!newest) return [];
  const from_end = before === undefined || newest.seq < before;
  const found: StoredMsg[] = from_end ? [newest] : [];
  const { first } = await stored.state();
  let end = from_end ? newest.seq : before;
  for (let width = limit; found.length < limit && end > first; width *= 4) {
    const start = Math.max(first, end - width);
    const window: StoredMsg[] = [];
    for (let position = start - 1; ; ) {
      const batch = await stored.after(subject, position, 1_000);
      const inside = batch.filter(({ seq }) => seq < end);
      window.push(...inside);
      if (inside.length < batch.length || batch.length < 1_000) break;
      position = batch.at(-1)!.seq;
    }
    found.push(...window.reverse());
    end = start;
  }
  return found.slice(0, limit);
}

function recordOf(message: StoredMsg | JsMsg): LogRecord {
  return {
    stream: nameOf(message.subject),
    position: message.seq,
    payload: new Uint8Array(message.data),
    time_ms: Date.parse(message.timestamp),
  };
}

function conflict(stream: string, expect: number | undefined): SubstrateError {
  return new SubstrateError("CONFLICT", `The last record of "${stream}" is not ${expect}.`, {
    remedy: "Read what was appended meanwhile, decide again, and append behind it.",
  });
}
