/** Closing: what was accepted is kept, what comes later is refused, nobody waits for ever. */
import { describe, expect, it } from "vitest";
import { type Delivery, SubstrateError } from "../substrate.ts";
import { queueConfig } from "./queue.ts";
import { all, bytes, fails, failsToIterate, type Open, range, until, withStore } from "./setup.ts";

const { signal } = new AbortController();

export function describeLifetime(open: Open): void {
  describe("lifetime", () => {
    it("flushes what was accepted before it closes", () =>
      withStore(open, async ({ substrate, reopen }) => {
        const puts = range(500).map((i) => substrate.kv.put(`k/${i}`, bytes(String(i))));
        const large = substrate.log.append("large", new Uint8Array(900_000).fill(1));
        await substrate.close();
        await Promise.all([...puts, large]);
        const again = await reopen();
        expect(await again.kv.list("k/", { limit: 1_000 })).toHaveLength(500);
        expect((await again.log.read("large", { limit: 1 }))[0]?.payload).toHaveLength(900_000);
        await again.close();
      }));

    it("refuses every call afterwards, and a second close is harmless", () =>
      withStore(open, async ({ substrate: { kv, log, queue, bus, blobs, close } }) => {
        await queue.declare("q", queueConfig("memory"));
        await Promise.all([close(), close()]);
        await close();
        const source = (async function* () {
          yield bytes("x");
        })();
        const hash = "0".repeat(64);
        const calls = [
          () => kv.get("a"),
          () => kv.put("a", bytes("x")),
          () => kv.delete("a"),
          () => kv.list("", { limit: 1 }),
          () => log.append("a", bytes("x")),
          () => log.read("a", { limit: 1 }),
          () => log.readBack("a", { limit: 1 }),
          () => log.scan("a", { limit: 1 }),
          () => queue.declare("q", queueConfig("memory")),
          () => queue.send("q", { id: "a", payload: bytes("x") }),
          () => queue.consume("q", { concurrency: 1, signal }, async () => undefined),
          () => queue.depth("q"),
          () => queue.deadLetters("q", { limit: 1 }),
          () => queue.revive("q", "a"),
          () => bus.publish("a", bytes("x")),
          () => blobs.put(source, { size_max: 10 }),
          () => blobs.stat(hash),
          () => blobs.file(hash),
          () => blobs.delete(hash),
        ];
        for (const call of calls) await fails(call(), "CLOSED");
        await failsToIterate(() => kv.watch("", { signal }), "CLOSED");
        await failsToIterate(() => log.follow("", { signal }), "CLOSED");
        await failsToIterate(() => bus.subscribe("a", { signal, pending_max: 1 }), "CLOSED");
        await failsToIterate(() => blobs.get(hash), "CLOSED");
      }));

    it("ends whoever waits in a loop with CLOSED", () =>
      withStore(open, async ({ substrate: { kv, log, queue, bus, close } }) => {
        await queue.declare("q", queueConfig("memory"));
        await queue.send("q", { id: "m", payload: bytes("x") });
        const reasons: unknown[] = [];
        const handler = async (delivery: Delivery) => {
          await new Promise((resolve) => delivery.signal.addEventListener("abort", resolve));
          reasons.push(delivery.signal.reason);
        };
        const waiting = [
          all(kv.watch("", { signal })),
          all(log.follow("", { signal })),
          all(bus.subscribe("a", { signal, pending_max: 1 })),
          queue.consume("q", { concurrency: 1, signal }, handler),
        ];
        const ended = Promise.all(waiting.map((one) => fails(one, "CLOSED")));
        await until(async () => (await queue.depth("q")).leased === 1);
        await close();
        await ended;
        expect(reasons).toEqual([expect.any(SubstrateError)]);
      }));

    it("forgets a memory queue with the process, unless others share it", () =>
      withStore(open, async ({ substrate, reopen, shared }) => {
        await substrate.queue.declare("q", queueConfig("memory"));
        await substrate.queue.send("q", { id: "m", payload: bytes("x") });
        await substrate.close();
        const again = await reopen();
        if (shared) {
          expect(await again.queue.depth("q")).toEqual({ ready: 1, leased: 0, dead: 0 });
          await again.close();
          return;
        }
        await fails(again.queue.depth("q"), "NOT_FOUND");
        await again.queue.declare("q", queueConfig("disk"));
        expect(await again.queue.depth("q")).toEqual({ ready: 0, leased: 0, dead: 0 });
        await again.close();
      }));
  });
}
