/** The store thread and the way to it: order, sizes, and its end. */
import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MessageChannel, receiveMessageOnPort, type Worker } from "node:worker_threads";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openEmbedded } from "./embedded.ts";
import { databaseFault } from "./faults.ts";
import { openReader, openWriter } from "./schema.ts";
import { Store } from "./store.ts";
import { type Argument, createWire, RequestReader, RequestWriter } from "./wire.ts";

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "keiko-store-"));
});
afterEach(() => rm(home, { recursive: true }));

describe("the wire", () => {
  it("carries requests of every size and kind, in order, around the ring many times", () => {
    const { port1, port2 } = new MessageChannel();
    const wire = createWire();
    const writer = new RequestWriter(wire, port1);
    const reader = new RequestReader(wire, () => receiveMessageOnPort(port2)!.message);
    const sent: Argument[][] = [];
    const ends: number[] = [];
    const takeOne = () => {
      const { operation, args } = reader.take();
      const expected = sent.shift()!;
      expect(operation).toBe(expected.length);
      expect(args.map(shown)).toEqual(expected.map(shown));
      writer.free(ends.shift()!);
    };
    for (let n = 0; n < 3_000; n++) {
      const length = (n * 7_919) % (n % 50 === 0 ? 90_000 : 3_000);
      const bytes = new Uint8Array(length).fill(n);
      const args: Argument[] = [`näme/${"😀".repeat(n % 100)}`, bytes, n / 3, -1, ""];
      args.length = n % 6;
      let end = writer.put(args.length, args);
      while (end === undefined) {
        takeOne();
        end = writer.put(args.length, args);
      }
      sent.push(args);
      ends.push(end);
    }
    while (sent.length > 0) takeOne();
    port1.close();
  });

  const shown = (arg: Argument) =>
    arg instanceof Uint8Array ? createHash("sha1").update(arg).digest("hex") : arg;
});

describe("the store thread", () => {
  it("syncs every commit before it is acknowledged", () => {
    openReader(join(home, "store.db")).close();
    const writer = openWriter(join(home, "store.db"));
    expect(writer.prepare("PRAGMA synchronous").get()).toEqual({ synchronous: 2 });
    expect(writer.prepare("PRAGMA journal_mode").get()).toEqual({ journal_mode: "wal" });
    writer.close();
  });

  it("takes far more writes at once than the ring holds, large ones between, in order", async () => {
    const substrate = await openEmbedded({ home });
    const payload = (i: number) => new Uint8Array(i % 100 === 0 ? 60_000 : 400).fill(i);
    const positions = await Promise.all(
      Array.from({ length: 6_000 }, (_, i) => substrate.log.append("s", payload(i))),
    );
    expect(positions).toEqual(positions.map((_, i) => positions[0]! + i));
    for (let at = 0; at < 6_000; at += 1_000) {
      const page = await substrate.log.read("s", { after: positions[0]! - 1 + at, limit: 1_000 });
      page.forEach((record, i) => {
        expect(Buffer.from(payload(at + i)).equals(record.payload)).toBe(true);
      });
    }
    await substrate.close();
  });

  it("refuses with FULL what would wait in memory without bound, and does the rest", async () => {
    const substrate = await openEmbedded({ home });
    const large = new Uint8Array(900_000);
    const results = await Promise.allSettled(
      Array.from({ length: 120 }, (_, i) => substrate.kv.put(`k/${i}`, large)),
    );
    const refused = results.filter((result) => result.status === "rejected");
    expect(refused.length).toBeGreaterThan(0);
    for (const { reason } of refused) expect(reason).toMatchObject({ code: "FULL" });
    expect(await substrate.kv.list("k/", { limit: 1_000 })).toHaveLength(120 - refused.length);
    await substrate.kv.put("after", large);
    await substrate.close();
  });

  it("fails what is under way and what comes when the thread dies; reads go on", async () => {
    let worker: Worker | undefined;
    const remember = (started: Worker) => {
      worker = started;
    };
    process.once("worker", remember);
    const substrate = await openEmbedded({ home });
    await substrate.kv.put("a", new Uint8Array([1]));
    const puts = Array.from({ length: 100 }, (_, i) =>
      substrate.kv.put(`b/${i}`, new Uint8Array()),
    );
    const settled = Promise.allSettled(puts);
    await worker!.terminate();
    for (const result of await settled)
      if (result.status === "rejected")
        expect(result.reason).toMatchObject({ code: "UNAVAILABLE" });
    await expect(substrate.log.append("s", new Uint8Array())).rejects.toMatchObject({
      code: "UNAVAILABLE",
      message: expect.stringContaining("store thread"),
    });
    expect((await substrate.kv.get("a"))?.value).toEqual(new Uint8Array([1]));
    await substrate.close();
    const again = await openEmbedded({ home });
    await again.kv.put("a", new Uint8Array([2]));
    await again.close();
  });

  it("says why when the thread cannot start", async () => {
    const store = new Store(join(home, "missing", "store.db"));
    await expect(store.request(1, ["a", new Uint8Array(), -1])).rejects.toMatchObject({
      code: "UNAVAILABLE",
      message: expect.stringContaining("unable to open"),
    });
    await store.close();
  });

  it("calls a write to a read-only database by its name", () => {
    const reader = openReader(join(home, "store.db"));
    const write = () => {
      try {
        reader.exec("DELETE FROM kv");
      } catch (error) {
        throw databaseFault(home, error);
      }
    };
    expect(write).toThrow(expect.objectContaining({ code: "READ_ONLY" }));
    reader.close();
  });
});
