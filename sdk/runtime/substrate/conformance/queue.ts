/** The work queue as long as nothing fails: delivery, concurrency, duplicates, limits, delays. */
import { describe, expect, it } from "vitest";
import type { Delivery, Queue, QueueConfig } from "../substrate.ts";
import { bytes, fails, type Open, range, sharedStore, sleep, text, until } from "./setup.ts";

export type Storage = QueueConfig["storage"];

export const queueConfig = (storage: Storage, more: Partial<QueueConfig> = {}): QueueConfig => ({
  storage,
  lease_ms: 10_000,
  deliveries_max: 3,
  messages_max: 1_000,
  ...more,
});

/** Consumes until `use` returns. */
export async function consuming(
  queue: Queue,
  name: string,
  handler: (delivery: Delivery) => Promise<void>,
  use: (stop: AbortController) => Promise<void>,
  concurrency = 4,
): Promise<void> {
  const stop = new AbortController();
  const consumed = queue.consume(name, { concurrency, signal: stop.signal }, handler);
  try {
    await use(stop);
  } finally {
    stop.abort();
    await consumed;
  }
}

/** Nothing waits and nothing is leased. */
export async function idle(queue: Queue, name: string): Promise<boolean> {
  const { ready, leased } = await queue.depth(name);
  return ready + leased === 0;
}

export function describeQueue(open: Open, storage: Storage): void {
  describe(`queue in ${storage}`, () => {
    const store = sharedStore(open);
    const queue = () => store.substrate.queue;
    const declare = (name: string, more: Partial<QueueConfig> = {}) =>
      queue().declare(name, queueConfig(storage, more));
    const send = (name: string, id: string, payload = id, after_ms?: number) =>
      queue().send(name, { id, payload: bytes(payload), ...(after_ms ? { after_ms } : {}) });

    describeDelivery(queue, declare, send);
    describeConcurrency(queue, declare, send);
    describeBounds(queue, declare, send, storage);
  });
}

type Declare = (name: string, more?: Partial<QueueConfig>) => Promise<void>;
type Send = (name: string, id: string, payload?: string, after_ms?: number) => Promise<void>;

function describeDelivery(queue: () => Queue, declare: Declare, send: Send): void {
  it("hands each message to one handler, in the order of sending, and forgets acked ones", async () => {
    await declare("each");
    const ids = range(50).map((i) => `m${i}`);
    for (const id of ids) await send("each", id, `payload of ${id}`);
    expect(await queue().depth("each")).toEqual({ ready: 50, leased: 0, dead: 0 });
    const got: string[] = [];
    const handler = async (delivery: Delivery) => {
      expect(text(delivery.payload)).toBe(`payload of ${delivery.id}`);
      expect(delivery.attempt).toBe(1);
      expect(delivery.signal.aborted).toBe(false);
      got.push(delivery.id);
      await delivery.ack();
    };
    await consuming(queue(), "each", handler, () => until(() => got.length >= 50), 1);
    expect(got).toEqual(ids);
    expect(await queue().depth("each")).toEqual({ ready: 0, leased: 0, dead: 0 });
    await send("each", "m0");
    expect((await queue().depth("each")).ready).toBe(1);
  });

  it("keeps empty payloads, and copies", async () => {
    await declare("copied");
    const payload = bytes("before");
    const sent = queue().send("copied", { id: "copied", payload });
    payload.fill(0);
    await sent;
    await queue().send("copied", { id: "empty", payload: new Uint8Array() });
    const got = new Map<string, string>();
    const handler = async ({ id, payload: data, ack }: Delivery) => {
      got.set(id, text(data));
      await ack();
    };
    await consuming(queue(), "copied", handler, () => until(() => got.size === 2));
    expect(Object.fromEntries(got)).toEqual({ copied: "before", empty: "" });
  });

  it("removes duplicates by id while one is queued, leased or dead, and not after", async () => {
    await declare("same");
    await Promise.all([send("same", "x", "first"), send("same", "x", "second")]);
    await send("same", "x", "third");
    expect((await queue().depth("same")).ready).toBe(1);
    const got: string[] = [];
    const handler = async (delivery: Delivery) => {
      got.push(text(delivery.payload));
      await send("same", "x", "while leased");
      await delivery.reject("not wanted");
    };
    await consuming(queue(), "same", handler, () =>
      until(async () => (await queue().depth("same")).dead === 1),
    );
    await send("same", "x", "while dead");
    expect(got).toEqual(["first"]);
    expect(await queue().depth("same")).toEqual({ ready: 0, leased: 0, dead: 1 });
  });

  it("delivers a message with after_ms not before, and others meanwhile", async () => {
    await declare("later");
    const sent = performance.now();
    await send("later", "late", "late", 80);
    await send("later", "now");
    expect((await queue().depth("later")).ready).toBe(2);
    const got: [string, number][] = [];
    const handler = async (delivery: Delivery) => {
      got.push([delivery.id, performance.now() - sent]);
      await delivery.ack();
    };
    await consuming(queue(), "later", handler, () => until(() => got.length === 2));
    expect(got.map(([id]) => id)).toEqual(["now", "late"]);
    expect(got[1]![1]).toBeGreaterThan(75);
  });
}

function describeConcurrency(queue: () => Queue, declare: Declare, send: Send): void {
  it("runs at most `concurrency` handlers, and that many", async () => {
    await declare("width");
    for (const i of range(30)) await send("width", `m${i}`);
    let running = 0;
    let most = 0;
    let done = 0;
    const handler = async (delivery: Delivery) => {
      most = Math.max(most, ++running);
      await sleep(3);
      await delivery.ack();
      running--;
      done++;
    };
    await consuming(queue(), "width", handler, () => until(() => done === 30), 5);
    expect(most).toBe(5);
  });

  it("shares the work of several consumers, each message once", async () => {
    await declare("shared");
    const got: string[][] = [[], [], []];
    const handlers = got.map((own) => async (delivery: Delivery) => {
      own.push(delivery.id);
      await sleep(1);
      await delivery.ack();
    });
    const stop = new AbortController();
    const consumers = handlers.map((handler) =>
      queue().consume("shared", { concurrency: 1, signal: stop.signal }, handler),
    );
    await Promise.all(range(60).map((i) => send("shared", `m${i}`)));
    await until(() => got.flat().length === 60);
    stop.abort();
    await Promise.all(consumers);
    expect(new Set(got.flat()).size).toBe(60);
    for (const own of got) expect(own.length).toBeGreaterThan(0);
  });

  it("stops: signals the handlers, waits for them, delivers nothing more", async () => {
    await declare("stopped");
    for (const i of range(5)) await send("stopped", `m${i}`);
    const stop = new AbortController();
    let begun = 0;
    let finished = 0;
    const handler = async ({ signal }: Delivery) => {
      begun++;
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      await sleep(10);
      finished++;
    };
    const options = { concurrency: 2, signal: stop.signal };
    const consumed = queue().consume("stopped", options, handler);
    // Leased is not begun yet: what is stopped in between never begins.
    await until(async () => begun === 2);
    stop.abort();
    await consumed;
    expect(finished).toBe(2);
    expect((await queue().depth("stopped")).ready).toBe(3);
    await queue().consume("stopped", options, handler);
    expect(finished).toBe(2);
  });
}

function describeBounds(queue: () => Queue, declare: Declare, send: Send, storage: Storage): void {
  it("refuses with FULL, keeps what it has, and takes more when there is room", async () => {
    await declare("full", { messages_max: 3 });
    for (const id of ["a", "b", "c"]) await send("full", id);
    await fails(send("full", "d"), "FULL");
    await send("full", "a");
    let first = true;
    const handler = async (delivery: Delivery) => {
      if (first) await delivery.reject("one dead letter counts as well");
      else await delivery.ack();
      first = false;
    };
    await consuming(queue(), "full", handler, () => until(() => idle(queue(), "full")), 1);
    expect(await queue().depth("full")).toEqual({ ready: 0, leased: 0, dead: 1 });
    await send("full", "d");
    await send("full", "e");
    await fails(send("full", "f"), "FULL");
    await declare("full", { messages_max: 4 });
    await send("full", "f");
  });

  it("refuses another storage under the same name, and what was never declared", async () => {
    await declare("kind");
    await declare("kind");
    const other = storage === "disk" ? "memory" : "disk";
    await fails(queue().declare("kind", queueConfig(other)), "CONFLICT");
    const signal = AbortSignal.abort();
    await fails(send("undeclared", "x"), "NOT_FOUND");
    await fails(queue().depth("undeclared"), "NOT_FOUND");
    await fails(queue().deadLetters("undeclared", { limit: 1 }), "NOT_FOUND");
    await fails(queue().revive("undeclared", "x"), "NOT_FOUND");
    await fails(
      queue().consume("undeclared", { concurrency: 1, signal }, async () => undefined),
      "NOT_FOUND",
    );
  });
}
