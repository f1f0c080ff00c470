/** Watches: a list, then a feed from the moment before the list, without what the list has shown. */
import { type Change, SubstrateError } from "../substrate.ts";
import type { Context } from "./context.ts";
import { Feed } from "./feed.ts";
import type { Keys } from "./kv.ts";
import { list_reads, watch_silent_ms_max } from "./limits.ts";
import { prefixFilter } from "./names.ts";

export async function* watch(
  context: Context,
  keys: Keys,
  prefix: string,
  signal: AbortSignal,
): AsyncGenerator<Change> {
  if (signal.aborted) return;
  context.life.assertOpen();
  const { keys: names, last } = await keys.names(prefix, undefined);
  const filter = keys.base + prefixFilter(prefix);
  const absent = { ms: watch_silent_ms_max, error: () => tooSlow(prefix) };
  const feed = new Feed(context, { stream: keys.reader.name, filter, from: last + 1, absent });
  const stop = () => feed.end();
  signal.addEventListener("abort", stop);
  if (signal.aborted) stop();
  try {
    const shown = new Map<string, number>();
    for (let at = 0; at < names.length; at += list_reads)
      for (const entry of await keys.entries(names.slice(at, at + list_reads))) {
        if (signal.aborted) return;
        context.life.assertOpen();
        if (entry.revision > last) shown.set(entry.key, entry.revision);
        yield { kind: "put", entry };
      }
    yield { kind: "current" };
    for (let stored = await feed.next(); stored; stored = await feed.next()) {
      if (signal.aborted) return;
      const key = keys.key(stored);
      if (!key.startsWith(prefix) || stored.sequence <= (shown.get(key) ?? 0)) continue;
      if (keys.isMark(stored)) yield { kind: "delete", key, revision: stored.sequence };
      else yield { kind: "put", entry: keys.entry(stored) };
    }
  } finally {
    signal.removeEventListener("abort", stop);
    feed.end();
  }
}

function tooSlow(prefix: string): SubstrateError {
  return new SubstrateError("TOO_SLOW", `The watcher of ${JSON.stringify(prefix)} was away long.`, {
    remedy: "Watch again; the watch begins with what exists.",
  });
}
