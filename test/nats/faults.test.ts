/** What the adapter promises when servers and workers fail: kills, freezes, lagging replicas. */
import { call_ms_max } from "@keiko/runtime/substrate/nats/limits.ts";
import type { Delivery } from "@keiko/runtime/substrate/substrate.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type NatsServers, server, startNats, testBounds, without } from "../support/nats.ts";
import { bytes, collect, openStore, range, sleep, text, until } from "../support/nats-store.ts";
import { frozenWorker } from "../support/nats-worker.ts";

describe.skipIf(!server)(`faults of one server${without}`, () => {
  let servers: NatsServers;
  beforeAll(async () => {
    servers = await startNats();
  });
  afterAll(() => servers.stop());

  it("loses nothing acknowledged when the server is killed under load, and goes on", async () => {
    const { substrate, close } = await openStore(servers.urls, 1, "killed");
    const { kv, log, queue, bus } = substrate;
    const stop = new AbortController();
    const { signal } = stop;
    await queue.declare("work", {
      storage: "disk",
      lease_ms: 2_000,
      deliveries_max: 100,
      messages_max: 100_000,
    });
    const done = new Set<string>();
    const worker = queue.consume("work", { concurrency: 8, signal }, async (delivery) => {
      await delivery.ack();
      done.add(delivery.id);
    });
    const followed: string[] = [];
    const follower = collect(log.follow("load/", { signal }), ({ payload }) =>
      followed.push(text(payload)),
    );
    const watched = new Map<string, string>();
    const watcher = collect(kv.watch("load/", { signal }), (change) => {
      if (change.kind === "put") watched.set(change.entry.key, text(change.entry.value));
    });
    let heard = 0;
    const listener = collect(bus.subscribe("load.*", { signal, pending_max: 100_000 }), () => {
      heard++;
    });
    const acknowledged = { log: [] as string[], sent: [] as string[], put: 0 };
    const failures: string[] = [];
    const write = async () => {
      let position = 0;
      for (let n = 1; !signal.aborted; n++) {
        try {
          position = await log.append("load/a", bytes(`${n}`), { expect: position });
          acknowledged.log.push(`${n}`);
          await queue.send("work", { id: `m${n}`, payload: bytes(`${n}`) });
          acknowledged.sent.push(`m${n}`);
          await kv.put("load/n", bytes(`${n}`));
          acknowledged.put = n;
        } catch (error) {
          failures.push(String(error));
          return;
        }
      }
    };
    const writing = write();
    for (const _ of range(3)) {
      await sleep(250);
      await servers.nodes[0]!.kill();
      await sleep(100);
      await servers.nodes[0]!.start();
    }
    await sleep(400);
    stop.abort();
    await Promise.all([writing, follower, watcher, listener]);
    expect(failures).toEqual([]);
    expect(acknowledged.log.length).toBeGreaterThan(10);
    const records = await log.read("load/a", { limit: 1_000 });
    const kept = records.map(({ payload }) => text(payload));
    expect(kept.slice(0, acknowledged.log.length)).toEqual(acknowledged.log.slice(0, 1_000));
    expect(new Set(kept).size).toBe(kept.length);
    // Each once and in order, over all the restarts.
    expect(followed).toEqual(kept.slice(0, followed.length));
    expect(Number(watched.get("load/n"))).toBeGreaterThan(acknowledged.put / 2);
    await worker;
    const rest = new AbortController();
    const again = queue.consume("work", { concurrency: 8, signal: rest.signal }, async (one) => {
      await one.ack();
      done.add(one.id);
    });
    await until(() => acknowledged.sent.every((id) => done.has(id)));
    await bus.publish("load.x", bytes("x"));
    rest.abort();
    await again;
    expect(heard).toBe(0);
    await close();
  });

  it("waits a bounded time while no server is there, and then says UNAVAILABLE", async () => {
    const { substrate, close } = await openStore(servers.urls, 1, "away");
    await substrate.kv.put("a", bytes("1"));
    await servers.nodes[0]!.kill();
    const began = performance.now();
    const calls = await Promise.allSettled([
      substrate.kv.get("a"),
      substrate.kv.put("a", bytes("2")),
      substrate.log.append("a", bytes("2")),
      substrate.bus.publish("a", bytes("2")),
    ]);
    const took_ms = performance.now() - began;
    expect(calls.map((call) => call.status === "rejected" && call.reason.code)).toEqual(
      Array(4).fill("UNAVAILABLE"),
    );
    expect(took_ms).toBeGreaterThan(call_ms_max * 0.8);
    expect(took_ms).toBeLessThan(call_ms_max + 3_000);
    await servers.nodes[0]!.start();
    expect(text((await substrate.kv.get("a"))!.value)).toMatch(/[12]/);
    await close();
  }, 60_000);

  it("makes a queue in memory again when its server was restarted, for all who use it", async () => {
    const { substrate, close } = await openStore(servers.urls, 1, "memory");
    const other = await openStore(servers.urls, 1, "memory");
    const config = { lease_ms: 2_000, deliveries_max: 3, messages_max: 100 };
    await substrate.queue.declare("work", { storage: "memory", ...config });
    const stop = new AbortController();
    const got: string[] = [];
    const options = { concurrency: 2, signal: stop.signal };
    const consumed = other.substrate.queue.consume("work", options, async (delivery) => {
      got.push(delivery.id);
      await delivery.ack();
    });
    await other.substrate.queue.send("work", { id: "before", payload: bytes("x") });
    await until(() => got.length === 1);
    await servers.nodes[0]!.kill();
    await servers.nodes[0]!.start();
    await other.substrate.queue.send("work", { id: "after", payload: bytes("x") });
    await until(() => got.length === 2);
    expect(got).toEqual(["before", "after"]);
    stop.abort();
    await consumed;
    await other.close();
    await close();
  });

  it("takes nobody else's message for one that went with its server", async () => {
    const { substrate, close } = await openStore(servers.urls, 1, "renumbered");
    const { queue } = substrate;
    const config = { lease_ms: 20_000, deliveries_max: 3, messages_max: 100 };
    await queue.declare("work", { storage: "memory", ...config });
    const stop = new AbortController();
    const acked: string[] = [];
    const holds = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const consumed = queue.consume("work", { concurrency: 1, signal: stop.signal }, async (one) => {
      if (one.id === "held") {
        holds.resolve();
        await release.promise;
      }
      await one.ack();
      acked.push(one.id);
    });
    await queue.send("work", { id: "held", payload: bytes("x") });
    await holds.promise;
    await servers.nodes[0]!.kill();
    await servers.nodes[0]!.start();
    // The new stream counts from one again, so that one of these has the number of the one that is held.
    const ids = range(12).map((n) => `new-${n}`);
    for (const id of ids) await queue.send("work", { id, payload: bytes("x") });
    release.resolve();
    await until(() => ids.every((id) => acked.includes(id)));
    expect(acked.filter((id) => id !== "held")).toEqual(ids);
    stop.abort();
    await consumed;
    await close();
  });

  it.each(["disk", "memory"] as const)(
    "fences a worker that stood still beyond its lease, whatever it says then: %s",
    async (storage) => {
      const { substrate, options, close } = await openStore(servers.urls, 1, `frozen-${storage}`);
      const { queue } = substrate;
      const config = { storage, lease_ms: 400, deliveries_max: 10, messages_max: 100 };
      await queue.declare("work", config);
      for (const word of ["ack", "extend", "retry", "reject"] as const) {
        const worker = await frozenWorker(options, "work", word);
        // In memory, the lease of what comes to a worker who waits for it is not written.
        if (storage === "memory") await worker.waits();
        await queue.send("work", { id: word, payload: bytes(word) });
        await worker.holds();
        worker.freeze();
        // Somebody else gets it, and has it when the first one wakes up.
        const stop = new AbortController();
        const attempts: number[] = [];
        const release = Promise.withResolvers<void>();
        const handler = async (delivery: Delivery) => {
          attempts.push(delivery.attempt);
          await release.promise;
          await delivery.ack();
        };
        const other = queue.consume("work", { concurrency: 1, signal: stop.signal }, handler);
        await until(() => attempts.length === 1);
        expect(attempts).toEqual([2]);
        expect(await worker.wake()).toBe("CONFLICT");
        release.resolve();
        await until(async () => (await queue.depth("work")).leased === 0);
        stop.abort();
        await other;
        expect(await queue.depth("work")).toEqual({ ready: 0, leased: 0, dead: 0 });
      }
      await close();
    },
  );

  it("finds what an append wrote whose answer was lost, instead of calling it a conflict", async () => {
    const { substrate, close } = await openStore(servers.urls, 1, "lost");
    const { kv, log } = substrate;
    const [node] = servers.nodes;
    let position = 0;
    for (const n of range(2)) {
      // Frozen, the server takes what is in its socket when it wakes, and by then it was tried again.
      node!.signal("SIGSTOP");
      const late = [
        log.append("expected", bytes(`${n}`), { expect: position }),
        log.append("plain", bytes(`${n}`)),
        kv.put(`k/${n}`, bytes(`${n}`), { expect: 0 }),
      ];
      await sleep(2_000);
      node!.signal("SIGCONT");
      [position = 0] = await Promise.all(late);
      expect((await kv.get(`k/${n}`))?.revision).toBe(await late[2]);
    }
    for (const stream of ["expected", "plain"]) {
      const records = await log.read(stream, { limit: 10 });
      expect(records.map(({ payload }) => text(payload))).toEqual(["0", "1"]);
    }
    await close();
  });

  it("refuses with FULL when its bytes are used up, reads on, and can be emptied", async () => {
    const small = Object.fromEntries(Object.keys(testBounds).map((name) => [name, 3_000_000]));
    const { substrate, close } = await openStore(servers.urls, 1, "small", small);
    const { kv, log, queue, blobs } = substrate;
    const value = new Uint8Array(200_000);
    const fill = async (add: (n: number) => Promise<unknown>) => {
      for (let n = 0; n < 100; n++)
        try {
          await add(n);
        } catch (error) {
          expect(error).toMatchObject({ code: "FULL" });
          return n;
        }
      throw new Error("it never was full");
    };
    await queue.declare("q", {
      storage: "disk",
      lease_ms: 5_000,
      deliveries_max: 3,
      messages_max: 1_000,
    });
    const put = (n: number) => kv.put(`k/${n}`, value);
    const counts = {
      kv: await fill(put),
      log: await fill(() => log.append("s", value)),
      queue: await fill((n) => queue.send("q", { id: `${n}`, payload: value })),
    };
    for (const count of Object.values(counts)) expect(count).toBeGreaterThan(10);
    async function* source() {
      for (const _ of range(40)) yield value;
    }
    await expect(blobs.put(source(), { size_max: 1e9 })).rejects.toMatchObject({ code: "FULL" });
    expect(await kv.list("k/", { limit: 100 })).toHaveLength(counts.kv);
    expect(await log.read("s", { limit: 100 })).toHaveLength(counts.log);
    expect((await queue.depth("q")).ready).toBe(counts.queue);
    await kv.delete("k/0");
    await kv.delete("k/1");
    await put(0);
    const stop = new AbortController();
    const worker = queue.consume("q", { concurrency: 4, signal: stop.signal }, (one) => one.ack());
    await until(async () => (await queue.depth("q")).ready === 0);
    stop.abort();
    await worker;
    await queue.send("q", { id: "new", payload: value });
    await close();
  });
});
