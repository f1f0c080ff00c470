/**
 * Key-value: one stream that keeps the last message of each subject, a subject for each key, the
 * sequence as revision. A deleted key leaves a mark, so that watchers learn of it.
 */
import { assertExpect, assertLimit, assertName, assertPayload, assertPrefix } from "../limits.ts";
import type { Change, Entry, KeyValue } from "../substrate.ts";
import type { Context } from "./context.ts";
import { conflict, fault } from "./faults.ts";
import { Fence, Unexpected } from "./fence.ts";
import type { Stored } from "./jetstream.ts";
import { delete_mark_s, headroom_bytes, list_reads } from "./limits.ts";
import { compareNames, decodeName, encodeName, prefixFilter } from "./names.ts";
import { message_overhead, Room } from "./room.ts";
import { lastOnly, type StreamConfig, StreamReader } from "./streams.ts";
import { watch } from "./watch.ts";

const mark_header = "Keiko-Deleted";

export function kvConfig({ store, replicas, bounds, jetstream }: Context): StreamConfig {
  return {
    name: `${store}_kv`,
    subjects: [`${store}.kv.>`, `${store}.kv-fence`],
    storage: "file",
    num_replicas: replicas,
    max_bytes: bounds.kv_bytes_max + headroom_bytes,
    ...lastOnly(jetstream),
    ...(jetstream.since(2, 11) ? { allow_msg_ttl: true } : {}),
  };
}

/** A key's subject, its last message, and what that means. */
export class Keys {
  readonly reader: StreamReader;
  readonly base: string;
  readonly #fence: Fence;
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
    this.reader = new StreamReader(context.jetstream, `${context.store}_kv`, context.replicas);
    this.base = `${context.store}.kv.`;
    this.#fence = new Fence(context.jetstream, this.reader, `${context.store}.kv-fence`);
  }

  subject(key: string): string {
    return this.base + encodeName(key);
  }

  key(stored: Stored): string {
    return decodeName(stored.subject.slice(this.base.length));
  }

  isMark(stored: Stored): boolean {
    return stored.header(mark_header) !== "";
  }

  entry(stored: Stored): Entry {
    return { key: this.key(stored), value: stored.payload, revision: stored.sequence };
  }

  last(key: string): Promise<Stored | undefined> {
    return this.reader.last(`Reading ${key}`, this.subject(key));
  }

  /** Entries of these keys, in their order, without those that are gone. */
  async entries(keys: readonly string[]): Promise<Entry[]> {
    const found = await Promise.all(keys.map((key) => this.last(key)));
    return found.flatMap((stored) => (stored && !this.isMark(stored) ? [this.entry(stored)] : []));
  }

  /** Names under a prefix, deleted ones too, by their bytes. */
  async names(
    prefix: string,
    after: string | undefined,
  ): Promise<{ keys: string[]; last: number }> {
    const filter = this.base + prefixFilter(prefix);
    const { subjects, last } = await this.reader.subjects(filter);
    const keys = subjects
      .map((subject) => decodeName(subject.slice(this.base.length)))
      .filter((key) => key.startsWith(prefix))
      .filter((key) => after === undefined || compareNames(key, after) > 0)
      .sort(compareNames);
    return { keys, last };
  }

  /** `last` that something may be decided by. */
  async decided(key: string): Promise<Stored | undefined> {
    const what = `Reading ${key}`;
    try {
      return await this.#fence.last(what, this.subject(key));
    } catch (error) {
      throw fault(what, error);
    }
  }

  write(key: string, payload: Uint8Array, expect: number | undefined): Promise<number> {
    const write = { subject: this.subject(key), payload, replaces: true };
    const what = `Putting ${key}`;
    if (expect === undefined) return this.#context.jetstream.write(what, this.reader.name, write);
    return this.#fence.write(what, { ...write, expect });
  }

  mark(key: string, expect: number): Promise<number> {
    const ttl = this.#context.jetstream.since(2, 11) ? { "Nats-TTL": `${delete_mark_s}s` } : {};
    return this.#fence.write(`Deleting ${key}`, {
      subject: this.subject(key),
      payload: new Uint8Array(),
      replaces: true,
      expect,
      headers: { [mark_header]: "1", ...ttl },
    });
  }
}

export function createKeyValue(context: Context): KeyValue {
  const { calls, life } = context;
  const keys = new Keys(context);
  const limits = { bytes: context.bounds.kv_bytes_max };
  const room = new Room(context.jetstream, keys.reader.name, () => limits);
  const present = (stored: Stored | undefined) =>
    stored && !keys.isMark(stored) ? keys.entry(stored) : undefined;

  return {
    get: (key, { decides = false } = {}) =>
      calls.run(async () => {
        assertName("key", key);
        return present(await (decides ? keys.decided(key) : keys.last(key)));
      }),
    list: (prefix, { after, limit }) =>
      calls.run(async () => {
        assertPrefix("prefix", prefix);
        if (after !== undefined) assertPrefix("after", after);
        assertLimit(limit);
        return list(keys, prefix, after, limit);
      }),
    put: (key, value, { expect } = {}) =>
      calls.run(async () => {
        assertName("key", key);
        assertPayload("value", value);
        assertExpect(expect);
        const kept = new Uint8Array(value);
        const waiting = room.take(kept.length + message_overhead);
        if (waiting) await waiting;
        return put(keys, key, kept, expect);
      }),
    delete: (key, { expect } = {}) =>
      calls.run(async () => {
        assertName("key", key);
        assertExpect(expect);
        return remove(keys, key, expect);
      }),
    watch(prefix, { signal }): AsyncIterable<Change> {
      assertPrefix("prefix", prefix);
      life.assertOpen();
      return watch(context, keys, prefix, signal);
    },
  };
}

async function list(
  keys: Keys,
  prefix: string,
  after: string | undefined,
  limit: number,
): Promise<Entry[]> {
  const found: Entry[] = [];
  const { keys: names } = await keys.names(prefix, after);
  for (let at = 0; at < names.length && found.length < limit; ) {
    const size = Math.min(list_reads, limit - found.length);
    found.push(...(await keys.entries(names.slice(at, at + size))));
    at += size;
  }
  return found;
}

async function put(
  keys: Keys,
  key: string,
  value: Uint8Array,
  expect: number | undefined,
): Promise<number> {
  // A key that was deleted does not exist: its mark is what must be the last message then.
  for (let expected = expect; ; ) {
    try {
      return await keys.write(key, value, expected);
    } catch (error) {
      if (!(error instanceof Unexpected)) throw fault(`Putting ${key}`, error);
      const { found } = error;
      if (expect !== 0 || (found && !keys.isMark(found))) throw wrongRevision(key, expect);
      expected = found?.sequence ?? 0;
    }
  }
}

async function remove(keys: Keys, key: string, expect: number | undefined): Promise<void> {
  let last = await keys.last(key);
  for (let sure = false; ; ) {
    const revision = last && !keys.isMark(last) ? last.sequence : 0;
    const refused = expect !== undefined && expect !== revision;
    if (!refused && revision > 0) {
      try {
        await keys.mark(key, revision);
        return;
      } catch (error) {
        if (!(error instanceof Unexpected)) throw fault(`Deleting ${key}`, error);
        // Somebody wrote in between: look again.
        last = error.found;
      }
    } else if (!sure) {
      // No write will show that this was read where nothing new arrives.
      last = await keys.decided(key);
    } else if (refused) {
      throw wrongRevision(key, expect);
    } else return;
    sure = true;
  }
}

function wrongRevision(key: string, expect: number | undefined) {
  return conflict(`The revision of ${key} is not ${expect}.`);
}
