/** Watches: a snapshot, `current`, then the changes, with nothing lost between. */
import { describe, expect, it } from "vitest";
import type { Change } from "../substrate.ts";
import { all, bytes, type Open, range, sharedStore, take, text, withStore } from "./setup.ts";

const shown = (change: Change): string => {
  if (change.kind === "put") return `${change.entry.key}=${text(change.entry.value)}`;
  return change.kind === "delete" ? `${change.key} deleted` : "current";
};

const revision = (change: Change): number => {
  if (change.kind === "current") return 0;
  return change.kind === "put" ? change.entry.revision : change.revision;
};

/** The state that the changes lead to. */
function replay(changes: readonly Change[]): Map<string, string> {
  const state = new Map<string, string>();
  for (const change of changes)
    if (change.kind === "put") state.set(change.entry.key, text(change.entry.value));
    else if (change.kind === "delete") state.delete(change.key);
  return state;
}

export function describeWatch(open: Open): void {
  describe("watch", () => {
    const store = sharedStore(open);
    const kv = () => store.substrate.kv;
    const watch = (prefix: string, signal = new AbortController().signal) =>
      kv().watch(prefix, { signal })[Symbol.asyncIterator]();
    const next = async (watcher: AsyncIterator<Change>) => shown((await watcher.next()).value);

    it("gives what exists, `current`, then each change under the prefix and no other", async () => {
      await kv().put("a/1", bytes("one"));
      await kv().put("b/1", bytes("other"));
      const watcher = watch("a/");
      expect(await next(watcher)).toBe("a/1=one");
      expect(await next(watcher)).toBe("current");
      const change = next(watcher);
      await kv().put("b/2", bytes("other"));
      await kv().put("a/2", bytes("two"));
      expect(await change).toBe("a/2=two");
      await kv().delete("a/1");
      expect(await next(watcher)).toBe("a/1 deleted");
      await kv().delete("a/never");
      await kv().put("a/2", new Uint8Array());
      expect(await next(watcher)).toBe("a/2=");
      await watcher.return?.();
    });

    it("begins with `current` where nothing exists, and ends quietly on abort", async () => {
      const stop = new AbortController();
      const watcher = watch("empty/", stop.signal);
      expect(await next(watcher)).toBe("current");
      const ended = watcher.next();
      stop.abort();
      expect((await ended).done).toBe(true);
      expect(await all(kv().watch("empty/", { signal: stop.signal }))).toEqual([]);
    });

    it("loses no change while many write, and never shows an older after a newer", async () => {
      const final = new Map<string, string>();
      const writer = async (w: number) => {
        for (const n of range(60)) {
          const key = `busy/${w}/${n % 7}`;
          if (n % 5 === 4) await kv().delete(key);
          else await kv().put(key, bytes(String(n)));
          if (n % 5 === 4) final.delete(key);
          else final.set(key, String(n));
        }
      };
      const observe = async () => {
        const seen: Change[] = [];
        let last = false;
        let current = false;
        for await (const change of kv().watch("busy/", { signal: AbortSignal.timeout(15_000) })) {
          seen.push(change);
          // Who begins late may find the last write among what exists.
          last ||= change.kind === "put" && change.entry.key === "busy/end";
          current ||= change.kind === "current";
          if (last && current) break;
        }
        return seen;
      };
      const writing = Promise.all(range(8).map(writer));
      const observers = range(4).map(observe);
      await writing;
      observers.push(observe());
      await kv().put("busy/end", bytes("end"));
      final.set("busy/end", "end");
      for (const seen of await Promise.all(observers)) {
        expect(seen.filter(({ kind }) => kind === "current")).toHaveLength(1);
        expect(replay(seen)).toEqual(final);
        const after = seen.slice(seen.findIndex(({ kind }) => kind === "current") + 1);
        const revisions = after.map(revision);
        expect(revisions).toEqual([...new Set(revisions)].sort((a, b) => a - b));
      }
    });

    it("shows the same state after a reopen", () =>
      withStore(open, async ({ substrate, reopen }) => {
        for (const i of range(5)) await substrate.kv.put(`k/${i}`, bytes(String(i)));
        await substrate.kv.delete("k/3");
        await substrate.close();
        const again = await reopen();
        const { signal } = new AbortController();
        const seen = await take(again.kv.watch("k/", { signal }), 5);
        expect(seen.map(shown)).toEqual(["k/0=0", "k/1=1", "k/2=2", "k/4=4", "current"]);
        await again.close();
      }));
  });
}
