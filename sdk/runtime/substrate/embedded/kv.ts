/** Key-value: reads from the database at once, writes through the store thread, watches. */
import { Inbox } from "../inbox.ts";
import { assertExpect, assertLimit, assertName, assertPayload, assertPrefix } from "../limits.ts";
import { type Change, type Entry, type KeyValue, SubstrateError } from "../substrate.ts";
import { afterPrefix, type Context, reading, turn } from "./context.ts";
import { operation } from "./operations.ts";

/** Changes that a watcher may have pending. */
const watch_pending_max = 16_384;
/** Keys that a watcher reads at a time. */
const snapshot_rows = 256;

type Revised = Exclude<Change, { kind: "current" }>;
type Watchers = Set<{ prefix: string; inbox: Inbox<Revised> }>;

const revisionOf = (change: Revised) =>
  change.kind === "put" ? change.entry.revision : change.revision;
const keyOf = (change: Revised) => (change.kind === "put" ? change.entry.key : change.key);

export function createKeyValue(context: Context): KeyValue {
  const { store, life } = context;
  const watchers: Watchers = new Set();
  const reads = createReads(context);
  let last_revision = reads.revisionBound();

  const tell = (change: Revised): void => {
    last_revision = revisionOf(change);
    for (const { prefix, inbox } of watchers)
      if (keyOf(change).startsWith(prefix)) inbox.push(ownCopy(change));
  };

  return {
    async get(key) {
      assertName("key", key);
      return reads.get(key);
    },
    async list(prefix, page) {
      assertPrefix("prefix", prefix);
      if (page.after !== undefined) assertPrefix("after", page.after);
      assertLimit(page.limit);
      return reads.list(prefix, page.after, page.limit);
    },
    async put(key, value, { expect } = {}) {
      life.assertOpen();
      assertName("key", key);
      assertPayload("value", value);
      assertExpect(expect);
      const kept = new Uint8Array(value);
      return new Promise((resolve, reject) => {
        const done = (revision: number) => {
          tell({ kind: "put", entry: { key, value: kept, revision } });
          resolve(revision);
        };
        store.write(operation.put, [key, kept, expect ?? -1], done, reject);
      });
    },
    async delete(key, { expect } = {}) {
      life.assertOpen();
      assertName("key", key);
      assertExpect(expect);
      return new Promise((resolve, reject) => {
        const done = (revision: number) => {
          if (revision > 0) tell({ kind: "delete", key, revision });
          resolve();
        };
        store.write(operation.delete, [key, expect ?? -1], done, reject);
      });
    },
    watch(prefix, { signal }) {
      assertPrefix("prefix", prefix);
      life.assertOpen();
      return watch(context, reads.list, watchers, () => last_revision, prefix, signal);
    },
  };
}

function ownCopy(change: Revised): Revised {
  if (change.kind === "delete") return change;
  const { entry } = change;
  return { kind: "put", entry: { ...entry, value: new Uint8Array(entry.value) } };
}

function createReads(context: Context) {
  const { reader } = context;
  const columns = "SELECT key, value, revision FROM kv";
  const one = reader.prepare(`${columns} WHERE key = ?`);
  const from = reader.prepare(`${columns} WHERE key >= ? AND key < ? ORDER BY key LIMIT ?`);
  const after = reader.prepare(`${columns} WHERE key > ? AND key < ? ORDER BY key LIMIT ?`);
  const bound = reader.prepare("SELECT value FROM counter WHERE name = 'revision'");
  return {
    get: (key: string) => reading(context, () => one.get(key) as Entry | undefined),
    list(prefix: string, start: string | undefined, limit: number): Entry[] {
      // Names compare by their UTF-8 bytes, also in SQLite, which JavaScript's < does not.
      const inside = start !== undefined && Buffer.compare(bytes(start), bytes(prefix)) >= 0;
      const statement = inside ? after : from;
      const first = inside ? start : prefix;
      return reading(
        context,
        () => statement.all(first, afterPrefix(prefix), limit) as unknown as Entry[],
      );
    },
    /** No smaller than any revision so far, and smaller than any to come. */
    revisionBound: () => reading(context, () => (bound.get() as { value: number }).value),
  };
}

function bytes(text: string): Buffer {
  return Buffer.from(text);
}

/**
 * Listens first and reads then, so that nothing falls between; what was read already is left out
 * of what was heard.
 */
async function* watch(
  context: Context,
  list: (prefix: string, after: string | undefined, limit: number) => Entry[],
  watchers: Watchers,
  lastRevision: () => number,
  prefix: string,
  signal: AbortSignal,
): AsyncGenerator<Change> {
  if (signal.aborted) return;
  context.life.assertOpen();
  const inbox = new Inbox<Revised>(watch_pending_max, () => tooSlow(prefix));
  const watcher = { prefix, inbox };
  const stop = () => inbox.end();
  const forget = context.life.onClose((closed) => inbox.end(closed));
  signal.addEventListener("abort", stop);
  watchers.add(watcher);
  try {
    const start = lastRevision();
    const read = new Map<string, number>();
    for (let after: string | undefined; ; await turn()) {
      const page = list(prefix, after, snapshot_rows);
      for (const entry of page) {
        if (signal.aborted) return;
        if (entry.revision > start) read.set(entry.key, entry.revision);
        yield { kind: "put", entry };
      }
      after = page.at(-1)?.key;
      if (page.length < snapshot_rows) break;
    }
    yield { kind: "current" };
    for (let change = await inbox.next(); change; change = await inbox.next())
      if (revisionOf(change) > (read.get(keyOf(change)) ?? 0)) yield change;
  } finally {
    watchers.delete(watcher);
    forget();
    signal.removeEventListener("abort", stop);
  }
}

function tooSlow(prefix: string): SubstrateError {
  return new SubstrateError(
    "TOO_SLOW",
    `The watcher of ${JSON.stringify(prefix)} is more than ${watch_pending_max} changes behind.`,
    { remedy: "Watch again; the watch begins with what exists." },
  );
}
