/**
 * One work queue: which message is ready, leased or dead, and who gets it next. The process holds
 * the home alone, so leases live in memory; only what must outlast the process (messages, delivery
 * counts, dead letters) goes to the storage, and is there before anybody acts on it.
 */
import { Fifo } from "../inbox.ts";
import { backoff_ms } from "../limits.ts";
import { type Delivery, type QueueConfig, SubstrateError } from "../substrate.ts";
import { DueHeap } from "./due-heap.ts";
import { boundedReason, Lease, type Message, newMessage, type Settlement } from "./lease.ts";
import type { KeptMessage, QueueStorage, Stored } from "./queue-storage.ts";

interface Consumer {
  readonly handler: (delivery: Delivery) => Promise<void>;
  readonly leases: Set<Lease>;
  free: number;
  stopped: Error | undefined;
  idle: () => void;
}

/** A timer longer than this is set again; setTimeout takes no more than 24 days. */
const timer_ms_max = 3_600_000;
/** When the storage refused (a full disk), the next try. */
const storage_retry_ms = 1_000;

export class WorkQueue {
  config: QueueConfig;
  readonly #name: string;
  readonly #storage: QueueStorage;
  readonly #messages = new Map<string, Message>();
  readonly #ready = new Fifo<Message>();
  readonly #delayed = new DueHeap<Message>();
  readonly #leased = new Set<Message>();
  readonly #consumers: Consumer[] = [];
  #dead = 0;
  #timer: NodeJS.Timeout | undefined;
  #timer_at = Number.POSITIVE_INFINITY;
  #pumping = false;

  constructor(name: string, config: QueueConfig, storage: QueueStorage) {
    this.#name = name;
    this.config = config;
    this.#storage = storage;
  }

  /** Takes what the storage held before this process began. */
  restore(kept: readonly KeptMessage[]): void {
    for (const { id, due_ms, attempt, dead } of kept) {
      const message = newMessage(id, attempt);
      this.#messages.set(id, message);
      if (attempt > 0) message.failure = `the process ended during delivery ${attempt}`;
      if (dead) this.#bury(message);
      else this.#offer(message, due_ms - Date.now());
    }
  }

  send(id: string, payload: Uint8Array, after_ms: number): Stored {
    const known = this.#messages.get(id);
    if (known) return known.stored;
    if (this.#messages.size >= this.config.messages_max) throw full(this.#name, this.config);
    const message = newMessage(id, 0);
    this.#messages.set(id, message);
    const stored = this.#storage.insert(id, payload, Date.now() + after_ms);
    if (!stored) {
      this.#offer(message, after_ms);
      return undefined;
    }
    const settled = stored.then(
      () => {
        message.stored = undefined;
        this.#offer(message, after_ms);
      },
      (error: unknown) => {
        this.#messages.delete(id);
        throw error;
      },
    );
    message.stored = settled;
    return settled;
  }

  async consume(
    concurrency: number,
    signal: AbortSignal,
    handler: (delivery: Delivery) => Promise<void>,
  ): Promise<void> {
    const idle = Promise.withResolvers<void>();
    const consumer: Consumer = {
      handler,
      leases: new Set(),
      free: concurrency,
      stopped: undefined,
      idle: () => {
        if (consumer.stopped && consumer.free === concurrency) idle.resolve();
      },
    };
    const stop = () => this.#stop(consumer, new Error(`A consumer of ${this.#name} stopped.`));
    signal.addEventListener("abort", stop, { once: true });
    this.#consumers.push(consumer);
    if (signal.aborted) stop();
    this.#wakeUp();
    await idle.promise;
    signal.removeEventListener("abort", stop);
    if (consumer.stopped instanceof SubstrateError) throw consumer.stopped;
  }

  depth(): { ready: number; leased: number; dead: number } {
    const leased = this.#leased.size;
    return { ready: this.#messages.size - leased - this.#dead, leased, dead: this.#dead };
  }

  revive(id: string): Stored {
    const message = this.#messages.get(id);
    if (message?.state !== "dead") throw notDead(this.#name, id);
    const offer = () => {
      this.#dead--;
      message.attempt = 0;
      this.#offer(message, 0);
    };
    const stored = this.#storage.due(id, Date.now(), 0);
    if (!stored) return void offer();
    message.state = "storing";
    return stored.then(offer, (error: unknown) => {
      message.state = "dead";
      throw error;
    });
  }

  /** Ends every consumer with `closed`; nothing is delivered any more. */
  close(closed: SubstrateError): void {
    clearTimeout(this.#timer);
    for (const consumer of [...this.#consumers]) this.#stop(consumer, closed);
  }

  #stop(consumer: Consumer, reason: Error): void {
    if (consumer.stopped) return;
    consumer.stopped = reason;
    this.#consumers.splice(this.#consumers.indexOf(consumer), 1);
    for (const lease of consumer.leases) lease.abort(reason);
    consumer.idle();
  }

  /** Makes a message ready, now or after a delay. */
  #offer(message: Message, after_ms: number): void {
    message.state = "ready";
    message.lease = undefined;
    if (after_ms > 0) {
      message.due = performance.now() + after_ms;
      this.#delayed.push(message);
      this.#wakeAt(message.due);
    } else {
      this.#ready.push(message);
      this.#wakeUp();
    }
  }

  #bury(message: Message): void {
    message.state = "dead";
    message.lease = undefined;
    this.#dead++;
  }

  #wakeUp(): void {
    if (this.#pumping || this.#consumers.length === 0) return;
    this.#pumping = true;
    queueMicrotask(() => {
      this.#pumping = false;
      this.#pump();
    });
  }

  #wakeAt(time: number): void {
    if (time >= this.#timer_at) return;
    clearTimeout(this.#timer);
    this.#timer_at = time;
    const wait = Math.min(timer_ms_max, Math.max(0, Math.ceil(time - performance.now())));
    this.#timer = setTimeout(() => this.#tick(), wait);
  }

  /** What is due becomes ready; what was leased too long is taken back. */
  #tick(): void {
    this.#timer_at = Number.POSITIVE_INFINITY;
    const now = performance.now();
    for (let next = this.#delayed.peek(); next && next.due <= now; next = this.#delayed.peek())
      this.#offer(this.#delayed.pop()!, 0);
    let next = this.#delayed.peek()?.due ?? Number.POSITIVE_INFINITY;
    for (const message of this.#leased) {
      if (message.state !== "leased") continue;
      if (message.lease_end <= now) this.#expire(message);
      else next = Math.min(next, message.lease_end);
    }
    if (next < Number.POSITIVE_INFINITY) this.#wakeAt(next);
  }

  #expire(message: Message): void {
    const reason = `the lease of delivery ${message.attempt} expired`;
    message.lease?.abort(new Error(`${this.#name} ${message.id}: ${reason}`));
    void this.#failed(message, reason, 0).catch(() => undefined);
  }

  #pump(): void {
    while (this.#ready.length > 0) {
      const consumer = this.#consumers.find(({ free }) => free > 0);
      if (!consumer) return;
      // The one who was served goes to the end of the line.
      this.#consumers.splice(this.#consumers.indexOf(consumer), 1);
      this.#consumers.push(consumer);
      const message = this.#ready.shift()!;
      if (message.attempt >= this.config.deliveries_max) {
        void this.#failed(message, message.failure, 0).catch(() => undefined);
      } else {
        void this.#deliver(message, consumer);
      }
    }
  }

  async #deliver(message: Message, consumer: Consumer): Promise<void> {
    consumer.free--;
    message.state = "settling";
    message.attempt++;
    this.#leased.add(message);
    try {
      // The count is on disk before the handler can take the process down with it.
      const counted = this.#storage.delivered(message.id, message.attempt);
      if (counted) await counted;
      if (consumer.stopped) return this.#takeBack(message, 0);
      const lease = new Lease(this.#settlement, message, this.#storage.payload(message.id));
      message.state = "leased";
      message.lease = lease;
      this.#renew(message);
      consumer.leases.add(lease);
      await this.#handle(consumer, message, lease);
    } catch {
      this.#takeBack(message, storage_retry_ms);
    } finally {
      consumer.free++;
      consumer.idle();
      this.#wakeUp();
    }
  }

  async #handle(consumer: Consumer, message: Message, lease: Lease): Promise<void> {
    try {
      await consumer.handler(lease);
    } catch (error) {
      if (message.lease !== lease || message.state !== "leased") return;
      const said = error instanceof Error ? error.message : String(error);
      await this.#failed(message, said, backoff_ms(message.attempt)).catch(() => undefined);
    } finally {
      consumer.leases.delete(lease);
    }
  }

  /** A delivery that did not take place does not count. */
  #takeBack(message: Message, after_ms: number): void {
    this.#leased.delete(message);
    message.attempt--;
    this.#offer(message, after_ms);
  }

  #renew(message: Message): void {
    message.lease_end = performance.now() + this.config.lease_ms;
    this.#wakeAt(message.lease_end);
  }

  /** Again after a while, or to the dead letters when it was the last delivery. */
  async #failed(message: Message, reason: string, after_ms: number): Promise<void> {
    message.failure = boundedReason(reason);
    const last = message.attempt >= this.config.deliveries_max;
    try {
      await (last ? this.#toDead(message, message.failure) : this.#toReady(message, after_ms));
    } catch (error) {
      this.#leased.delete(message);
      this.#offer(message, storage_retry_ms);
      throw error;
    }
  }

  #toReady(message: Message, after_ms: number): Stored {
    const offer = () => {
      this.#leased.delete(message);
      this.#offer(message, after_ms);
    };
    // A message that comes again at once needs no record: that is what a restart does as well.
    if (after_ms === 0) return void offer();
    return this.#settle(
      message,
      this.#storage.due(message.id, Date.now() + after_ms, message.attempt),
      offer,
    );
  }

  #toDead(message: Message, reason: string): Stored {
    const stored = this.#storage.dead(message.id, message.attempt, Date.now(), reason);
    return this.#settle(message, stored, () => {
      this.#leased.delete(message);
      this.#bury(message);
    });
  }

  /** `then` at once when nothing is to be awaited, so that memory queues lose no turn. */
  #settle(message: Message, stored: Stored, then: () => void): Stored {
    message.state = "settling";
    message.lease = undefined;
    if (!stored) return void then();
    return stored.then(then);
  }

  readonly #settlement: Settlement = {
    renew: (message) => this.#renew(message),
    done: (message) =>
      this.#settle(message, this.#storage.remove(message.id), () => {
        this.#leased.delete(message);
        this.#messages.delete(message.id);
      }),
    again: (message, after_ms) =>
      this.#failed(message, "the handler asked for another delivery", after_ms),
    reject: (message, reason) => this.#toDead(message, reason),
    putBack: (message, lease) => {
      message.state = "leased";
      message.lease = lease;
      this.#wakeAt(message.lease_end);
    },
  };
}

function full(queue: string, { messages_max }: QueueConfig): SubstrateError {
  return new SubstrateError("FULL", `The queue ${queue} holds ${messages_max} messages.`, {
    remedy: "Wait until some are done, or declare it with a larger messages_max.",
  });
}

function notDead(queue: string, id: string): SubstrateError {
  return new SubstrateError("NOT_FOUND", `The queue ${queue} has no dead letter ${id}.`, {
    remedy: "List its dead letters for those that can be revived.",
  });
}
