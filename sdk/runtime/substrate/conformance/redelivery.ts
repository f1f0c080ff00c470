/** The work queue when something fails: leases, retries, dead letters, restarts. */
import { describe, expect, it } from "vitest";
import { backoff_ms } from "../limits.ts";
import type { Delivery, Queue, QueueConfig } from "../substrate.ts";
import { consuming, idle, queueConfig, type Storage } from "./queue.ts";
import {
  bytes,
  fails,
  type Open,
  range,
  sharedStore,
  sleep,
  text,
  until,
  withStore,
} from "./setup.ts";

/** Short, and long enough for a busy machine to tell early from late. */
const lease_ms = 120;

export function describeRedelivery(open: Open, storage: Storage): void {
  describe(`redelivery in ${storage}`, () => {
    const store = sharedStore(open);
    const queue = () => store.substrate.queue;
    const begin = async (name: string, more: Partial<QueueConfig> = {}, ids = ["m"]) => {
      await queue().declare(name, queueConfig(storage, { lease_ms, ...more }));
      for (const id of ids) await queue().send(name, { id, payload: bytes(id) });
    };
    describeLeases(queue, begin);
    describeFailures(queue, begin);
    describeDeadLetters(queue, begin);
    if (storage === "disk") describeRestart(open);
  });
}

type Begin = (name: string, more?: Partial<QueueConfig>, ids?: string[]) => Promise<void>;

function describeLeases(queue: () => Queue, begin: Begin): void {
  it("delivers again when a handler returned without a word, after the lease", async () => {
    await begin("silent");
    const at: number[] = [];
    const attempts: number[] = [];
    const handler = async (delivery: Delivery) => {
      at.push(performance.now());
      attempts.push(delivery.attempt);
      if (delivery.attempt === 2) await delivery.ack();
    };
    await consuming(queue(), "silent", handler, () => until(() => at.length === 2));
    expect(attempts).toEqual([1, 2]);
    expect(at[1]! - at[0]!).toBeGreaterThan(lease_ms - 10);
  });

  it("signals a lost lease; what the old delivery then says is refused", async () => {
    await begin("lost", { deliveries_max: 5 });
    const lost: Delivery[] = [];
    const handler = async (delivery: Delivery) => {
      if (delivery.attempt > 1) return delivery.ack();
      await new Promise((resolve) => delivery.signal.addEventListener("abort", resolve));
      lost.push(delivery);
    };
    await consuming(queue(), "lost", handler, async () => {
      await until(() => idle(queue(), "lost"));
      await until(() => lost.length === 1);
    });
    const [old] = lost;
    expect(old!.signal.aborted).toBe(true);
    await fails(old!.ack(), "CONFLICT");
    await fails(old!.extend(), "CONFLICT");
    await fails(old!.retry({ after_ms: 0 }), "CONFLICT");
    await fails(old!.reject("late"), "CONFLICT");
    expect(await queue().depth("lost")).toEqual({ ready: 0, leased: 0, dead: 0 });
  });

  it("keeps the lease of a handler that extends it", async () => {
    const long_ms = 3 * lease_ms;
    await begin("long", { lease_ms: long_ms });
    let delivered = 0;
    const handler = async (delivery: Delivery) => {
      delivered++;
      for (const _ of range(8)) {
        await sleep(long_ms / 6);
        await delivery.extend();
      }
      expect(delivery.signal.aborted).toBe(false);
      await delivery.ack();
    };
    await consuming(queue(), "long", handler, () => until(() => idle(queue(), "long")));
    expect(delivered).toBe(1);
    expect(await queue().depth("long")).toEqual({ ready: 0, leased: 0, dead: 0 });
  });

  it("settles once: a second word is refused", async () => {
    await begin("twice");
    let done = false;
    const handler = async (delivery: Delivery) => {
      await delivery.ack();
      await fails(delivery.ack(), "CONFLICT");
      await fails(delivery.reject("no"), "CONFLICT");
      done = true;
    };
    await consuming(queue(), "twice", handler, () => until(() => done));
    expect(await queue().depth("twice")).toEqual({ ready: 0, leased: 0, dead: 0 });
  });
}

function describeFailures(queue: () => Queue, begin: Begin): void {
  it("delivers again with backoff when the handler throws, not waiting for the lease", async () => {
    await begin("throws", { lease_ms: 60_000, deliveries_max: 4 });
    const at: number[] = [];
    const handler = async (delivery: Delivery) => {
      at.push(performance.now());
      if (delivery.attempt < 3) throw new Error("not yet");
      await delivery.ack();
    };
    await consuming(queue(), "throws", handler, () => until(() => at.length === 3));
    expect(at[1]! - at[0]!).toBeGreaterThan(backoff_ms(1) - 5);
    expect(at[2]! - at[1]!).toBeGreaterThan(backoff_ms(2) - 5);
    expect(at[2]! - at[0]!).toBeLessThan(10_000);
  });

  it("delivers again after the delay of a retry, others meanwhile", async () => {
    await begin("retry", {}, ["a", "b"]);
    const got: [string, number][] = [];
    const handler = async (delivery: Delivery) => {
      got.push([`${delivery.id}${delivery.attempt}`, performance.now()]);
      if (delivery.id === "a" && delivery.attempt === 1) await delivery.retry({ after_ms: 90 });
      else await delivery.ack();
    };
    await consuming(queue(), "retry", handler, () => until(() => got.length === 3), 1);
    expect(got.map(([name]) => name)).toEqual(["a1", "b1", "a2"]);
    expect(got[2]![1] - got[0]![1]).toBeGreaterThan(85);
  });
}

function describeDeadLetters(queue: () => Queue, begin: Begin): void {
  const untilDead = (name: string, count: number) => () =>
    until(async () => (await queue().depth(name)).dead === count);

  it("makes a dead letter of the last failure, whatever its kind, with its reason", async () => {
    const fates: [string, (delivery: Delivery) => Promise<void>, RegExp][] = [
      ["thrown", async () => Promise.reject(new Error("boom 7")), /boom 7/],
      ["asked", (delivery) => delivery.retry({ after_ms: 0 }), /./],
      ["expired", async () => undefined, /lease/],
    ];
    for (const [name, handler, reason] of fates) {
      await begin(`last/${name}`, { deliveries_max: 2, lease_ms: 150 });
      let deliveries = 0;
      const counted = (delivery: Delivery) => {
        deliveries++;
        return handler(delivery);
      };
      await consuming(queue(), `last/${name}`, counted, untilDead(`last/${name}`, 1));
      const [letter] = await queue().deadLetters(`last/${name}`, { limit: 10 });
      expect(letter).toMatchObject({ id: "m", queue: `last/${name}`, attempts: 2 });
      expect(text(letter!.payload)).toBe("m");
      expect(letter!.reason).toMatch(reason);
      expect(Math.abs(letter!.time_ms - Date.now())).toBeLessThan(60_000);
      expect(deliveries).toBe(2);
    }
  });

  it("rejects straight to the dead letters, and lists them by page", async () => {
    const ids = range(12).map((i) => `m${String(i).padStart(2, "0")}`);
    await begin("rejected", {}, [...ids].reverse());
    const handler = (delivery: Delivery) => delivery.reject(`no ${delivery.id}`);
    await consuming(queue(), "rejected", handler, untilDead("rejected", 12));
    const first = await queue().deadLetters("rejected", { limit: 8 });
    const rest = await queue().deadLetters("rejected", { after: first.at(-1)!.id, limit: 8 });
    expect([...first, ...rest].map(({ id }) => id)).toEqual(ids);
    expect(first[3]).toMatchObject({ reason: "no m03", attempts: 1 });
    expect(await queue().depth("rejected")).toEqual({ ready: 0, leased: 0, dead: 12 });
  });

  it("keeps one that always fails from the others: each is done once, and it can be revived", async () => {
    const ids = range(300).map((i) => `m${i}`);
    await begin("poison", { lease_ms: 30_000, deliveries_max: 3 }, ids);
    const done: string[] = [];
    let cured = false;
    const handler = async ({ id, attempt, ack }: Delivery) => {
      if (id === "m7" && !cured) throw new Error(`cannot be read, attempt ${attempt}`);
      await ack();
      done.push(id);
    };
    await consuming(queue(), "poison", handler, async () => {
      await untilDead("poison", 1)();
      await until(() => done.length === ids.length - 1);
      const letters = await queue().deadLetters("poison", { limit: 10 });
      expect(letters).toMatchObject([
        { id: "m7", attempts: 3, reason: expect.stringMatching(/attempt 3/) },
      ]);
      expect(text(letters[0]!.payload)).toBe("m7");
      cured = true;
      await queue().revive("poison", "m7");
      await until(() => done.length === ids.length);
    });
    expect(done.at(-1)).toBe("m7");
    expect(done.toSorted()).toEqual(ids.toSorted());
    expect(await queue().deadLetters("poison", { limit: 10 })).toEqual([]);
  });

  it("revives a dead letter with a fresh count, and nothing else", async () => {
    await begin("revived", { deliveries_max: 1 }, ["dead", "alive"]);
    const got: string[] = [];
    const handler = async (delivery: Delivery) => {
      got.push(`${delivery.id}${delivery.attempt}`);
      if (got.length === 1) throw new Error("once");
      await delivery.ack();
    };
    await consuming(queue(), "revived", handler, async () => {
      await untilDead("revived", 1)();
      await fails(queue().revive("revived", "alive"), "NOT_FOUND");
      await fails(queue().revive("revived", "never"), "NOT_FOUND");
      await queue().revive("revived", "dead");
      await until(() => got.length === 3);
    });
    expect(got.toSorted()).toEqual(["alive1", "dead1", "dead1"]);
    expect(await queue().deadLetters("revived", { limit: 10 })).toEqual([]);
    await fails(queue().revive("revived", "dead"), "NOT_FOUND");
  });
}

function describeRestart(open: Open): void {
  it("has messages, leases, counts and dead letters after a reopen", () =>
    withStore(open, async ({ substrate, reopen }) => {
      const config = queueConfig("disk", { lease_ms: 300, deliveries_max: 2 });
      await substrate.queue.declare("kept", config);
      for (const id of ["dead", "leased", "ready"])
        await substrate.queue.send("kept", { id, payload: bytes(id) });
      await substrate.queue.send("kept", { id: "late", payload: bytes("late"), after_ms: 60_000 });
      let held = false;
      const handler = async (delivery: Delivery) => {
        if (delivery.id === "dead") return delivery.reject("for good");
        held = true;
        await new Promise((resolve) => delivery.signal.addEventListener("abort", resolve));
      };
      await consuming(substrate.queue, "kept", handler, () => until(() => held), 1);
      await substrate.close();

      const again = await reopen();
      const got = new Map<string, number>();
      const collect = async (delivery: Delivery) => {
        got.set(delivery.id, delivery.attempt);
        await delivery.ack();
      };
      await consuming(again.queue, "kept", collect, () => until(() => got.size === 2));
      expect(Object.fromEntries(got)).toEqual({ leased: 2, ready: 1 });
      await until(async () => (await again.queue.depth("kept")).leased === 0);
      expect(await again.queue.depth("kept")).toEqual({ ready: 1, leased: 0, dead: 1 });
      const [letter] = await again.queue.deadLetters("kept", { limit: 2 });
      expect(letter).toMatchObject({ id: "dead", reason: "for good", attempts: 1 });
      await fails(again.queue.declare("kept", queueConfig("memory")), "CONFLICT");
      await again.close();
    }));

  it("does not deliver again what took the process with it on its last delivery", () =>
    withStore(open, async ({ substrate, reopen }) => {
      const config = queueConfig("disk", { lease_ms: 300, deliveries_max: 1 });
      await substrate.queue.declare("poison", config);
      await substrate.queue.send("poison", { id: "m", payload: bytes("x") });
      let deliveries = 0;
      const hold = async ({ signal }: Delivery) => {
        deliveries++;
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
      };
      await consuming(substrate.queue, "poison", hold, () => until(() => deliveries === 1));
      await substrate.close();
      const again = await reopen();
      await consuming(again.queue, "poison", hold, () =>
        until(async () => (await again.queue.depth("poison")).dead === 1),
      );
      expect(deliveries).toBe(1);
      const [letter] = await again.queue.deadLetters("poison", { limit: 1 });
      expect(letter).toMatchObject({ id: "m", attempts: 1, reason: expect.stringMatching(/./) });
      await again.close();
    }));
}
