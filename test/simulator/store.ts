/**
 * A store that all processes share, as far as the orchestrator uses one, with what a real one does under
 * faults: calls take their time, answers are lost although the call took effect, messages come twice, late
 * and in another order, and a process that is cut off or dead gets no answer at all.
 */

import { matches, parsePattern } from "@keiko/runtime/substrate/subjects.ts";
import {
  type BusMessage,
  type Change,
  type Delivery,
  type Entry,
  type LogRecord,
  type Substrate,
  SubstrateError,
} from "@keiko/runtime/substrate/substrate.ts";
import type { Random, Scheduler } from "./scheduler.ts";

/** What may go wrong, as shares of calls and in milliseconds. */
export interface Weather {
  /** How long a call takes at most. */
  slow_ms: number;
  /** Calls that take a hundred times as long: a disk that stands still. */
  stalls: number;
  /** Calls whose answer is lost, after they took effect or before. */
  lost: number;
  /** Messages of a queue that are delivered once more. */
  doubled: number;
  /** Messages of the bus that never come. */
  unheard: number;
}

interface Message {
  id: string;
  payload: Uint8Array;
  attempt: number;
  /** Not before. */
  at: number;
  /** Who has it, and until when. */
  lease: { token: number; until: number } | undefined;
}

interface Waiter {
  process: Process;
  take(message: Message, queue: string): void;
}

/** One process: what it waits for dies with it. */
export class Process {
  alive = true;
  /** It gets no answers, and nothing that it says arrives. */
  cut = false;
  readonly name: string;
  readonly over = new AbortController();

  constructor(name: string) {
    this.name = name;
  }

  kill(): void {
    this.alive = false;
  }
}

export class Store {
  weather: Weather;
  readonly #scheduler: Scheduler;
  readonly #random: Random;
  readonly #keys = new Map<string, Entry>();
  readonly #records: LogRecord[] = [];
  readonly #streams = new Map<string, LogRecord[]>();
  readonly #queues = new Map<string, { lease_ms: number; messages: Map<string, Message> }>();
  readonly #waiters = new Map<string, Waiter[]>();
  readonly #followers = new Set<() => void>();
  readonly #listeners = new Set<(message: BusMessage) => void>();
  #revision = 0;
  #token = 0;

  constructor(scheduler: Scheduler, random: Random, weather: Weather) {
    this.#scheduler = scheduler;
    this.#random = random;
    this.weather = weather;
  }

  /** All records of a stream, as they are. */
  stream(name: string): readonly LogRecord[] {
    return this.#streams.get(name) ?? [];
  }

  streams(): string[] {
    return [...this.#streams.keys()];
  }

  /** The store as one process sees it. */
  for(process: Process): Pick<Substrate, "kv" | "log" | "queue" | "bus" | "shared"> {
    const call = <T>(act: () => T) => this.#call(process, act);
    return {
      shared: true,
      kv: {
        get: (key) => call(() => this.#keys.get(key)),
        list: (prefix, page) => call(() => this.#list(prefix, page)),
        put: (key, value, { expect } = {}) =>
          call(() => {
            this.#expect(key, expect);
            this.#revision++;
            this.#keys.set(key, { key, value, revision: this.#revision });
            return this.#revision;
          }),
        delete: (key, { expect } = {}) =>
          call(() => {
            this.#expect(key, expect);
            this.#keys.delete(key);
          }),
        // biome-ignore lint/correctness/useYield: nothing that is simulated watches keys.
        async *watch(): AsyncGenerator<Change> {
          throw new Error("nobody watches keys here");
        },
      } as Substrate["kv"],
      log: {
        append: (stream, payload, { expect } = {}) =>
          call(() => this.#append(stream, payload, expect)),
        read: (stream, { after = 0, limit }) =>
          call(() =>
            this.stream(stream)
              .filter(({ position }) => position > after)
              .slice(0, limit),
          ),
        readBack: () => Promise.reject(new Error("nobody reads back here")),
        scan: (prefix, { after = 0, limit }) =>
          call(() =>
            this.#records
              .filter(({ stream, position }) => position > after && stream.startsWith(prefix))
              .slice(0, limit),
          ),
        follow: (prefix, options) => this.#follow(process, prefix, options),
      },
      queue: {
        declare: (queue, { lease_ms }) =>
          call(() => {
            if (!this.#queues.has(queue))
              this.#queues.set(queue, { lease_ms, messages: new Map() });
          }),
        send: (queue, message) => call(() => this.#send(queue, message)),
        consume: (queue, options, handler) => this.#consume(process, queue, options, handler),
        depth: () => Promise.reject(new Error("nobody asks here")),
        deadLetters: () => Promise.reject(new Error("nobody asks here")),
        revive: () => Promise.reject(new Error("nobody asks here")),
      } as Substrate["queue"],
      bus: {
        publish: (subject, payload) => call(() => this.#publish(process, { subject, payload })),
        subscribe: (pattern, { signal }) => this.#subscribe(process, pattern, signal),
      },
    };
  }

  /** One call: it takes effect, or not, and the answer comes, or does not. */
  #call<T>(process: Process, act: () => T): Promise<T> {
    const { slow_ms, stalls, lost } = this.weather;
    const random = this.#random;
    return new Promise<T>((resolve, reject) => {
      const slow = random.chance(stalls) ? 100 : 1;
      const there = random.next() * slow_ms * slow;
      const back = random.next() * slow_ms;
      const fails = random.chance(lost);
      const done = fails && random.chance(0.5);
      this.#scheduler.after(there, () => {
        if (!process.alive) return;
        const answer = (give: () => void) => {
          this.#scheduler.after(back, () => process.alive && give());
        };
        const nobody = () => reject(new SubstrateError("UNAVAILABLE", "the store gave no answer"));
        if (process.cut || (fails && !done)) {
          answer(nobody);
          return;
        }
        try {
          const value = act();
          answer(fails ? nobody : () => resolve(value));
        } catch (error) {
          answer(fails ? nobody : () => reject(error));
        }
      });
    });
  }

  #expect(key: string, expect: number | undefined): void {
    if (expect === undefined || (this.#keys.get(key)?.revision ?? 0) === expect) return;
    throw new SubstrateError("CONFLICT", `${key} is another one by now`);
  }

  #list(prefix: string, { after, limit }: { after?: string; limit: number }): Entry[] {
    return [...this.#keys.values()]
      .filter(({ key }) => key.startsWith(prefix) && (after === undefined || key > after))
      .sort((one, other) => (one.key < other.key ? -1 : 1))
      .slice(0, limit);
  }

  #append(stream: string, payload: Uint8Array, expect: number | undefined): number {
    const records = this.#streams.get(stream) ?? [];
    const last = records.at(-1)?.position ?? 0;
    if (expect !== undefined && expect !== last) {
      throw new SubstrateError("CONFLICT", `${stream} goes on at ${last}, not at ${expect}`);
    }
    const position = this.#records.length + 1;
    const record = { stream, position, payload, time_ms: this.#scheduler.now };
    this.#records.push(record);
    records.push(record);
    this.#streams.set(stream, records);
    for (const wake of [...this.#followers]) wake();
    return position;
  }

  async *#follow(
    process: Process,
    prefix: string,
    { after = 0, signal }: { after?: number; signal: AbortSignal },
  ): AsyncGenerator<LogRecord> {
    for (let at = after; !signal.aborted; ) {
      const next = process.cut
        ? undefined
        : this.#records.find((one) => one.position > at && one.stream.startsWith(prefix));
      if (next) {
        at = next.position;
        yield next;
        continue;
      }
      const woken = Promise.withResolvers<void>();
      const wake = () => {
        this.#scheduler.after(this.#random.next() * this.weather.slow_ms, woken.resolve);
      };
      this.#followers.add(wake);
      // Who was cut off looks again from time to time.
      this.#scheduler.after(500, woken.resolve);
      await woken.promise;
      this.#followers.delete(wake);
      if (!process.alive) return;
    }
  }

  #send(
    queue: string,
    { id, payload, after_ms = 0 }: { id: string; payload: Uint8Array; after_ms?: number },
  ): void {
    const found = this.#queues.get(queue);
    if (!found) throw new SubstrateError("NOT_FOUND", `there is no queue ${queue}`);
    if (!found.messages.has(id)) {
      const at = this.#scheduler.now + after_ms;
      found.messages.set(id, { id, payload, attempt: 0, at, lease: undefined });
      this.#scheduler.after(after_ms, () => this.#offer(queue));
    }
    // The same message once more, as a network or a sender that was not answered makes it.
    if (this.#random.chance(this.weather.doubled)) {
      const twin = `${id}#${++this.#token}`;
      const later = after_ms + this.#random.next() * 5_000;
      const at = this.#scheduler.now + later;
      found.messages.set(twin, { id: twin, payload, attempt: 0, at, lease: undefined });
      this.#scheduler.after(later, () => this.#offer(queue));
    }
  }

  #offer(queue: string): void {
    const found = this.#queues.get(queue);
    const waiters = (this.#waiters.get(queue) ?? []).filter(
      ({ process }) => process.alive && !process.cut,
    );
    if (!found || waiters.length === 0) return;
    const { now } = this.#scheduler;
    const free = [...found.messages.values()].filter(
      ({ at, lease }) => at <= now && (!lease || lease.until <= now),
    );
    for (const message of free) {
      if (waiters.length === 0) return;
      // In another order than they came, and to anybody.
      const waiter = waiters.splice(this.#random.below(waiters.length), 1)[0]!;
      const all = this.#waiters.get(queue)!;
      all.splice(all.indexOf(waiter), 1);
      message.attempt++;
      message.lease = { token: ++this.#token, until: now + found.lease_ms };
      this.#scheduler.after(found.lease_ms, () => this.#offer(queue));
      waiter.take(message, queue);
    }
  }

  async #consume(
    process: Process,
    queue: string,
    { concurrency, signal }: { concurrency: number; signal: AbortSignal },
    handler: (delivery: Delivery) => Promise<void>,
  ): Promise<void> {
    const loop = async () => {
      while (!signal.aborted && process.alive) {
        const message = await this.#next(process, queue, signal);
        if (!message || !process.alive) return;
        await handler(this.#delivery(process, queue, message)).catch(() => {
          // It comes again.
          if (process.alive) this.#scheduler.after(100, () => this.#offer(queue));
        });
      }
    };
    await Promise.all(Array.from({ length: Math.min(concurrency, 4) }, loop));
  }

  #next(process: Process, queue: string, signal: AbortSignal): Promise<Message | undefined> {
    return new Promise((resolve) => {
      const waiter: Waiter = { process, take: (message) => resolve({ ...message }) };
      const waiters = this.#waiters.get(queue) ?? [];
      this.#waiters.set(queue, [...waiters, waiter]);
      signal.addEventListener("abort", () => {
        const all = this.#waiters.get(queue)!;
        if (all.includes(waiter)) all.splice(all.indexOf(waiter), 1);
        resolve(undefined);
      });
      this.#scheduler.after(this.#random.next() * this.weather.slow_ms, () => this.#offer(queue));
    });
  }

  #delivery(process: Process, queue: string, taken: Message): Delivery {
    const mine = () => {
      const message = this.#queues.get(queue)?.messages.get(taken.id);
      if (message?.lease?.token === taken.lease?.token) return message!;
      throw new SubstrateError("CONFLICT", `${taken.id} is somebody else's by now`);
    };
    const settle = (act: (message: Message) => void) =>
      this.#call(process, () => {
        act(mine());
      });
    return {
      id: taken.id,
      payload: taken.payload,
      attempt: taken.attempt,
      signal: process.over.signal,
      extend: () => settle((one) => this.#lease(queue, one)),
      ack: () => settle(({ id }) => this.#queues.get(queue)!.messages.delete(id)),
      retry: ({ after_ms }) =>
        settle((one) => {
          one.lease = undefined;
          one.at = this.#scheduler.now + after_ms;
          this.#scheduler.after(after_ms, () => this.#offer(queue));
        }),
      reject: () => settle(({ id }) => this.#queues.get(queue)!.messages.delete(id)),
    };
  }

  #lease(queue: string, message: Message): void {
    const { lease_ms } = this.#queues.get(queue)!;
    message.lease!.until = this.#scheduler.now + lease_ms;
    this.#scheduler.after(lease_ms, () => this.#offer(queue));
  }

  #publish(from: Process, message: BusMessage): void {
    for (const listener of [...this.#listeners]) {
      if (from.cut || this.#random.chance(this.weather.unheard)) continue;
      this.#scheduler.after(this.#random.next() * this.weather.slow_ms, () => listener(message));
    }
  }

  async *#subscribe(
    process: Process,
    pattern: string,
    signal: AbortSignal,
  ): AsyncGenerator<BusMessage> {
    const wanted = parsePattern(pattern);
    const heard: BusMessage[] = [];
    let woken = Promise.withResolvers<void>();
    const listener = (message: BusMessage) => {
      if (!process.alive || process.cut || !matches(wanted, message.subject.split("."))) return;
      heard.push(message);
      woken.resolve();
    };
    this.#listeners.add(listener);
    signal.addEventListener("abort", () => woken.resolve());
    try {
      while (!signal.aborted && process.alive) {
        const next = heard.shift();
        if (next) {
          yield next;
          continue;
        }
        woken = Promise.withResolvers();
        await woken.promise;
      }
    } finally {
      this.#listeners.delete(listener);
    }
  }
}
