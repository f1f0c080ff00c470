/**
 * Key-value on one stream that keeps the last message of each subject; the revision of an entry is
 * the sequence of its message. A deleted key leaves a mark, so that watchers hear of it and the
 * revision of what comes next is higher; the server removes marks after a day where it can.
 */
import type { StoredMsg } from "@nats-io/jetstream";
import { assertExpect, assertLimit, assertName, assertPayload, assertPrefix } from "../limits.ts";
import { type Change, type Entry, type KeyValue, SubstrateError } from "../substrate.ts";
import type { Context } from "./connection.ts";
import { feed } from "./feed.ts";
import { delete_mark, list_reads } from "./limits.ts";
import { compareNames, decodeName, encodeName, prefixFilter } from "./names.ts";
import { headerOf, type Stream, Unexpected } from "./stream.ts";

export const kvSubjects = "kk.>";
const subjectOf = (key: string) => `kk.${encodeName(key)}`;
const keyOf = (subject: string) => decodeName(subject.slice("kk.".length));
const operation = "Keiko-Operation";
const mark = { [operation]: "deleted" };

export function createKeyValue(context: Context, stream: Stream): KeyValue {
  const { life } = context;

  const current = async (key: string) => {
    const message = await stream.last(subjectOf(key));
    const exists = message !== undefined && !isMark(message);
    return { sequence: message?.seq ?? 0, message: exists ? message : undefined };
  };

  /** Writes when the entry is the expected one; a mark counts as no entry. */
  const write = async (
    key: string,
    expect: number | undefined,
    send: (expect: number | undefined) => Promise<number>,
  ): Promise<number> => {
    for (let tried = expect; ; ) {
      try {
        return await send(tried);
      } catch (error) {
        if (!(error instanceof Unexpected)) throw error;
      }
      const { sequence, message } = await current(key);
      // Only "there must be none" can be meant by somebody who has not seen the mark.
      if (expect !== 0 || message || sequence === tried) throw conflict(key, expect, message?.seq);
      tried = sequence;
    }
  };

  return {
    async get(key) {
      life.assertOpen();
      assertName("key", key);
      const { message } = await current(key);
      return message && entryOf(key, message);
    },
    async list(prefix, { after, limit }) {
      life.assertOpen();
      assertPrefix("prefix", prefix);
      assertLimit(limit);
      const names = await keysUnder(stream, prefix, after);
      return entries(stream, names, limit);
    },
    async put(key, value, { expect } = {}) {
      life.assertOpen();
      assertName("key", key);
      assertPayload("value", value);
      assertExpect(expect);
      const copy = value.slice();
      return write(key, expect, (tried) => stream.write(subjectOf(key), copy, { expect: tried }));
    },
    async delete(key, { expect } = {}) {
      life.assertOpen();
      assertName("key", key);
      assertExpect(expect);
      const { message } = await current(key);
      if (!message) {
        if (expect) throw conflict(key, expect, undefined);
        return;
      }
      if (expect !== undefined && expect !== message.seq) throw conflict(key, expect, message.seq);
      const options = { expect, headers: mark, ttl: delete_mark };
      try {
        await stream.write(subjectOf(key), new Uint8Array(), options);
      } catch (error) {
        throw error instanceof Unexpected ? conflict(key, expect, undefined) : error;
      }
    },
    watch(prefix, { signal }) {
      life.assertOpen();
      assertPrefix("prefix", prefix);
      return watch(context, stream, prefix, signal);
    },
  };
}

/** What is there, as the leader has it; then whatever has a higher sequence than was seen. */
async function* watch(
  context: Context,
  stream: Stream,
  prefix: string,
  signal: AbortSignal,
): AsyncGenerator<Change> {
  if (signal.aborted) return;
  const { last } = await stream.state();
  const seen = new Map<string, number>();
  const names = await keysUnder(stream, prefix, undefined);
  for (const entry of await entries(stream, names, Number.POSITIVE_INFINITY)) {
    if (signal.aborted) return;
    if (entry.revision > last) seen.set(entry.key, entry.revision);
    yield { kind: "put", entry };
  }
  yield { kind: "current" };
  const known = new Set(names);
  const filter = `kk.${prefixFilter(prefix)}`;
  for await (const message of feed(context, { stream: stream.name, filter, after: last, signal })) {
    const key = keyOf(message.subject);
    if (!key.startsWith(prefix) || message.seq <= (seen.get(key) ?? 0)) continue;
    if (isMark(message)) {
      // Made and deleted while nobody looked: nothing that was told has changed.
      if (known.delete(key)) yield { kind: "delete", key, revision: message.seq };
    } else {
      known.add(key);
      yield { kind: "put", entry: { key, value: message.data.slice(), revision: message.seq } };
    }
  }
}

/** Keys that have a message, marks included, by UTF-8 bytes. */
async function keysUnder(stream: Stream, prefix: string, after: string | undefined) {
  const names = (await stream.subjects(`kk.${prefixFilter(prefix)}`)).map(keyOf);
  return names
    .filter((key) => key.startsWith(prefix))
    .filter((key) => after === undefined || compareNames(key, after) > 0)
    .sort(compareNames);
}

async function entries(stream: Stream, names: readonly string[], limit: number): Promise<Entry[]> {
  const found: Entry[] = [];
  for (let at = 0; at < names.length && found.length < limit; ) {
    const some = names.slice(at, at + Math.min(list_reads, limit));
    at += some.length;
    const messages = await Promise.all(some.map((key) => stream.last(subjectOf(key))));
    for (const [index, message] of messages.entries()) {
      if (message && !isMark(message)) found.push(entryOf(some[index]!, message));
    }
  }
  return found.slice(0, limit);
}

function isMark(message: Parameters<typeof headerOf>[0]): boolean {
  return headerOf(message, operation) === "deleted";
}

function entryOf(key: string, { data, seq }: StoredMsg): Entry {
  return { key, value: new Uint8Array(data), revision: seq };
}

function conflict(key: string, expect: number | undefined, found: number | undefined) {
  return new SubstrateError(
    "CONFLICT",
    `"${key}" is at revision ${found ?? "none"}, not at ${expect ?? "the one read before"}.`,
    { remedy: "Read it again, decide again, and write with the revision that was read." },
  );
}
