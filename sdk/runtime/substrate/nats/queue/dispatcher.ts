/**
 * Hands messages of one queue to the handlers of this process. Several processes look at the same
 * messages; taking one is a write that expects the record which was seen, so one of them gets it.
 */
import { type Delivery, SubstrateError } from "../../substrate.ts";
import { type Context, pause } from "../connection.ts";
import { feed } from "../feed.ts";
import { contested_ms, retry_ms_max } from "../limits.ts";
import { type Stream, Unexpected } from "../stream.ts";
import { type DeliveryDeps, QueueDelivery } from "./delivery.ts";
import { type Entry, Mirror } from "./mirror.ts";
import {
  goneSubject,
  type QueueRecord,
  readRecord,
  recordHeaders,
  recordSubject,
  recordSubjects,
} from "./record.ts";

export interface DispatcherOptions {
  context: Context;
  stream: Stream;
  lease_ms(): number;
  deliveries_max(): number;
}

interface Consumer {
  free: number;
  handler: (delivery: Delivery) => Promise<void>;
  running: Map<QueueDelivery, Promise<void>>;
}

export class Dispatcher {
  readonly mirror: Mirror;
  /** Resolves when everything that was queued before is known. */
  readonly loaded: Promise<void>;
  readonly #options: DispatcherOptions;
  readonly #consumers = new Set<Consumer>();
  readonly #deps: DeliveryDeps;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: DispatcherOptions) {
    this.#options = options;
    const { context, stream, lease_ms, deliveries_max } = options;
    this.mirror = new Mirror({ lease_ms, now: () => performance.now() });
    const told = goneSubject(stream.name);
    this.#deps = {
      stream,
      mirror: this.mirror,
      lease_ms,
      deliveries_max,
      gone: (id, sequence) => context.nats.publish(told, JSON.stringify([id, sequence])),
    };
    const subscription = context.nats.subscribe(told, {
      callback: (error, message) => {
        if (error) return;
        const [id, sequence] = message.json<[string, number]>();
        this.mirror.remove(id, sequence);
      },
    });
    context.life.onClose(() => {
      subscription.unsubscribe();
      clearTimeout(this.#timer);
    });
    this.loaded = this.#load();
  }

  /** Runs until the signal aborts or the substrate closes. */
  async consume(
    options: { concurrency: number; signal: AbortSignal },
    handler: Consumer["handler"],
  ): Promise<void> {
    const { concurrency, signal } = options;
    const { life } = this.#options.context;
    await this.loaded;
    if (signal.aborted) return;
    const consumer: Consumer = { free: concurrency, handler, running: new Map() };
    const { promise: ended, resolve, reject } = Promise.withResolvers<void>();
    const stop = () => resolve();
    signal.addEventListener("abort", stop, { once: true });
    const forget = life.onClose(reject);
    this.#consumers.add(consumer);
    this.pump();
    try {
      await ended;
    } finally {
      this.#consumers.delete(consumer);
      signal.removeEventListener("abort", stop);
      forget();
      const reason = life.closed ? life.error() : new Error("the consumer stopped");
      for (const delivery of consumer.running.keys()) delivery.abort(reason);
      if (life.closed) for (const delivery of consumer.running.keys()) delivery.expire();
      await Promise.all(consumer.running.values());
    }
  }

  /** Gives what is due to whoever has room. Called whenever either may have changed. */
  pump(): void {
    clearTimeout(this.#timer);
    for (const consumer of this.#consumers) {
      while (consumer.free > 0) {
        const entry = this.mirror.take();
        if (!entry) break;
        consumer.free--;
        void this.#deliver(consumer, entry).finally(() => {
          consumer.free++;
          this.pump();
        });
      }
    }
    const next = this.mirror.next();
    if (next === undefined || this.#consumers.size === 0) return;
    const wait_ms = Math.max(0, Math.min(next - performance.now() + 0.5, 2 ** 31 - 1));
    const free = [...this.#consumers].some((consumer) => consumer.free > 0);
    if (free) this.#timer = setTimeout(() => this.pump(), wait_ms);
  }

  async #load(): Promise<void> {
    const { context, stream } = this.#options;
    const { last, count } = await stream.state();
    const { promise, resolve } = Promise.withResolvers<void>();
    if (count === 0) resolve();
    void this.#follow(count === 0 ? last : 0, resolve).catch(() => {});
    context.life.onClose(() => resolve());
    await promise;
  }

  async #follow(after: number, loaded: () => void): Promise<void> {
    const { context, stream } = this.#options;
    const { signal } = new AbortController();
    const filter = recordSubjects(stream.name);
    for await (const message of feed(context, { stream: stream.name, filter, after, signal })) {
      const time_ms = Date.parse(message.timestamp);
      this.mirror.put(readRecord(stream.name, message, time_ms), Date.now() - time_ms);
      this.mirror.passed(message.seq);
      if (message.info.pending === 0) loaded();
      this.pump();
    }
  }

  async #deliver(consumer: Consumer, entry: Entry): Promise<void> {
    const delivery = await this.#claim(entry);
    if (!delivery) return;
    const run = (async () => {
      try {
        await consumer.handler(delivery);
      } catch (error) {
        // Already settled, or no longer ours: then there is nothing to say.
        if (!delivery.settled) await delivery.failed(error).catch(() => {});
      }
    })();
    consumer.running.set(delivery, run);
    await run.finally(() => consumer.running.delete(delivery));
  }

  /** Undefined: somebody else has it, it is gone, or it became a dead letter. */
  async #claim(entry: Entry): Promise<QueueDelivery | undefined> {
    const { stream, deliveries_max } = this.#options;
    const { id, sequence, attempts } = entry;
    try {
      const payload = entry.payload ?? (await stream.at(sequence))?.data;
      if (!payload) {
        await this.refresh(id);
        return undefined;
      }
      const spent = attempts >= deliveries_max();
      const next = spent
        ? ({
            state: "dead",
            attempts,
            reason: `its lease expired in delivery ${attempts}`,
          } as const)
        : ({ state: "leased", attempts: attempts + 1 } as const);
      const subject = recordSubject(stream.name, id);
      const options = { expect: sequence, headers: recordHeaders(next) };
      const written = await stream.write(subject, payload, options);
      const common = { id, sequence: written, after_ms: 0, reason: "", time_ms: Date.now() };
      const record: QueueRecord = { ...common, payload: new Uint8Array(payload), ...next };
      this.mirror.put(record);
      return spent ? undefined : new QueueDelivery(this.#deps, record);
    } catch (error) {
      if (this.#options.context.life.closed) return undefined;
      if (error instanceof Unexpected) await this.refresh(id).catch(() => {});
      const passing = !(error instanceof Unexpected || error instanceof SubstrateError);
      this.mirror.putBack(entry, passing ? retry_ms_max : contested_ms);
      if (passing) await pause(0);
      return undefined;
    }
  }

  /** Looks at the store, where what this process believes turned out to be wrong. */
  async refresh(id: string): Promise<void> {
    const { stream } = this.#options;
    const message = await stream.last(recordSubject(stream.name, id));
    if (!message) {
      const entry = this.mirror.entry(id);
      if (entry) this.mirror.remove(id, entry.sequence);
    } else {
      const time_ms = message.time.getTime();
      this.mirror.put(readRecord(stream.name, message, time_ms), Date.now() - time_ms);
    }
  }
}
