/** What this adapter keeps in memory: its containers, and the limit of a lagging watcher. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { Fifo } from "../inbox.ts";
import { DueHeap } from "./due-heap.ts";
import { openEmbedded } from "./embedded.ts";

/** Numbers that look random and are the same in every run. */
const scattered = (count: number) => Array.from({ length: count }, (_, i) => (i * 7_919) % 1_009);

it("gives what is due first, first, however pushes and pops are mixed", () => {
  const heap = new DueHeap<{ due: number }>();
  const kept: number[] = [];
  for (const [i, due] of scattered(2_000).entries()) {
    heap.push({ due });
    kept.push(due);
    kept.sort((a, b) => a - b);
    if (i % 3 === 0) expect(heap.pop()?.due).toBe(kept.shift());
    expect(heap.peek()?.due).toBe(kept[0]);
  }
  while (kept.length > 0) expect(heap.pop()?.due).toBe(kept.shift());
  expect(heap.pop()).toBeUndefined();
});

it("gives first what came first, and counts what is left", () => {
  const fifo = new Fifo<number>();
  const kept: number[] = [];
  for (const n of scattered(6_000)) {
    fifo.push(n);
    kept.push(n);
    if (n % 3 !== 0) expect(fifo.shift()).toBe(kept.shift());
    expect([fifo.length, fifo.peek()]).toEqual([kept.length, kept[0]]);
  }
  while (kept.length > 0) expect(fifo.shift()).toBe(kept.shift());
  expect(fifo.shift()).toBeUndefined();
});

it("ends a watcher that lags too far behind with TOO_SLOW; watching again shows all", async () => {
  const home = await mkdtemp(join(tmpdir(), "keiko-watch-"));
  const { kv, close } = await openEmbedded({ home });
  const { signal } = new AbortController();
  const watcher = kv.watch("k/", { signal })[Symbol.asyncIterator]();
  expect((await watcher.next()).value).toEqual({ kind: "current" });
  const put = (i: number) => kv.put(`k/${i % 10}`, new Uint8Array([i]));
  await Promise.all(Array.from({ length: 16_385 }, (_, i) => put(i)));
  await expect(watcher.next()).rejects.toMatchObject({ code: "TOO_SLOW" });
  const again = kv.watch("k/", { signal })[Symbol.asyncIterator]();
  for (let i = 0; i < 10; i++) expect((await again.next()).value).toMatchObject({ kind: "put" });
  expect((await again.next()).value).toEqual({ kind: "current" });
  await close();
  await rm(home, { recursive: true });
});
