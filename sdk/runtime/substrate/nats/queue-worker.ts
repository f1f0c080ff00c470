/**
 * A worker: asks the queue's consumer for as many records as it has free hands. The consumer belongs
 * to the queue and is shared by all processes; it hands each record to one of them, and again after
 * the length of a lease when the record still exists. So whoever gets a record looks at it:
 *
 *   ready   write a lease in its place, then run the handler; not yet due: give it back until then;
 *           in memory, sent a moment ago and never handed out: run the handler at once
 *   leased  over: somebody died, take it over; not over: leave it, it comes again when it may be
 *   dead    tell the consumer to forget it
 *   done    the mark of an ack whose writer died before it could remove it: remove it
 */
import { createInbox, type Msg, type Subscription } from "@nats-io/transport-node";
import { backoff_ms } from "../limits.ts";
import { type Delivery, type QueueConfig, SubstrateError } from "../substrate.ts";
import type { Context } from "./context.ts";
import { Lease } from "./delivery.ts";
import { type Delivered, fromDelivery, type Stored } from "./jetstream.ts";
import { done_mark_ms, lease_grace_ms, pull_ms } from "./limits.ts";
import {
  boundedReason,
  fresh_ms,
  patience_ms,
  type Record,
  type Records,
} from "./queue-records.ts";

export interface Work {
  readonly records: Records;
  readonly config: () => QueueConfig;
  /** The server's time in milliseconds. */
  readonly now: () => number;
  /** Gets marks that are to be removed. */
  readonly onDone: (id: string, mark: number) => void;
}

/** A lease is taken over this long after its end, so that clocks need not agree exactly. */
const lease_margin_ms = 2;
/** How far off the server's time may be here. */
const clock_margin_ms = 5;
/** A lease this much shorter than the consumer's patience need not be given back with a time. */
const near = 0.05;

export class Worker {
  readonly #context: Context;
  readonly #work: Work;
  readonly #concurrency: number;
  readonly #handler: (delivery: Delivery) => Promise<void>;
  readonly #inbox = createInbox();
  readonly #subscription: Subscription;
  readonly #leases = new Set<Lease>();
  readonly #idle = Promise.withResolvers<void>();
  readonly #forget: () => void;
  readonly #timer: NodeJS.Timeout;
  /** What was asked for and has not come, the oldest request first, which is answered first. */
  #pulls: { token: string; left: number; until: number }[] = [];
  #pull = 0;
  #busy = 0;
  #pumping = false;
  #stopped: Error | undefined;

  constructor(
    context: Context,
    work: Work,
    concurrency: number,
    handler: (delivery: Delivery) => Promise<void>,
  ) {
    this.#context = context;
    this.#work = work;
    this.#concurrency = concurrency;
    this.#handler = handler;
    const { nats } = context.connection;
    const callback = (_: Error | null, message: Msg) => this.#take(message);
    this.#subscription = nats.subscribe(`${this.#inbox}.*`, { callback });
    this.#forget = context.connection.onReconnect(() => this.#askAnew());
    this.#timer = setInterval(() => this.#expire(), pull_ms / 10);
    this.#pump();
  }

  /** Resolves when `stop` was called and all handlers have returned; rejects when it was closed. */
  async finished(): Promise<void> {
    await this.#idle.promise;
    if (this.#stopped instanceof SubstrateError) throw this.#stopped;
  }

  stop(reason: Error): void {
    if (this.#stopped) return;
    this.#stopped = reason;
    clearInterval(this.#timer);
    this.#forget();
    for (const lease of this.#leases) lease.abort(reason);
    // What is on its way still arrives, and is given back.
    void this.#subscription.drain().catch(() => undefined);
    this.#settle();
  }

  #settle(): void {
    if (this.#stopped && this.#busy === 0) this.#idle.resolve();
  }

  #askAnew(): void {
    this.#pulls = [];
    this.#pump();
  }

  #expire(): void {
    const now = performance.now();
    this.#pulls = this.#pulls.filter(({ until }) => until > now);
    this.#pump();
  }

  /** In one request for what became free in the same turn. */
  #pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    queueMicrotask(() => {
      this.#pumping = false;
      this.#ask();
    });
  }

  #ask(): void {
    const { nats, up } = this.#context.connection;
    if (this.#stopped || !up || nats.isClosed()) return;
    const asked = this.#pulls.reduce((sum, { left }) => sum + left, 0);
    const free = this.#concurrency - this.#busy;
    // For as long as half of what could be done is asked for, asking for more is only work.
    if (free <= 0 || asked >= free / 2) return;
    const batch = free - asked;
    const token = (this.#pull++).toString(36);
    this.#pulls.push({ token, left: batch, until: performance.now() + pull_ms * 1.2 });
    const { stream, worker } = this.#work.records.names;
    nats.publish(
      `$JS.API.CONSUMER.MSG.NEXT.${stream}.${worker}`,
      JSON.stringify({ batch, expires: pull_ms * 1_000_000 }),
      { reply: `${this.#inbox}.${token}` },
    );
  }

  #take(message: Msg): void {
    if (message.subject.startsWith(this.#inbox)) {
      // A status: the request is over. A busy or leaderless server gets a moment of rest.
      const token = message.subject.slice(this.#inbox.length + 1);
      const over = () => {
        this.#pulls = this.#pulls.filter((pull) => pull.token !== token);
        this.#pump();
      };
      if (message.headers?.code === 408 || message.headers?.code === 404) over();
      else if (message.headers?.code !== 100) setTimeout(over, 50);
      return;
    }
    const stored = fromDelivery(message);
    if (this.#stopped) {
      this.#giveBackUnheard(this.#work.records.parse(stored), stored, 0);
      return;
    }
    const pull = this.#pulls.find(({ left }) => left > 0);
    if (pull) pull.left--;
    this.#look(stored);
    this.#pulls = this.#pulls.filter(({ left }) => left > 0);
    this.#pump();
  }

  #look(stored: Stored & Delivered): void {
    const record = this.#work.records.parse(stored);
    const age = this.#work.now() - record.time_ms;
    if (record.state === "dead") this.#say(stored, "+ACK");
    else if (record.state !== "done") this.#lookAtLiving(record, age, stored);
    // Its writer removes it in a moment; if it died, the mark comes again as a lease does.
    else if (age >= done_mark_ms) this.#work.onDone(record.id, record.sequence);
  }

  #lookAtLiving(record: Record, age: number, stored: Stored & Delivered): void {
    const margin = record.state === "leased" ? lease_margin_ms : 0;
    const wait = this.#work.records.isUntouched(record) ? 0 : record.after_ms - age + margin;
    if (wait > 0) {
      const patience = patience_ms(this.#context, this.#work.config());
      const comes = stored.count === 1 && Math.abs(patience - wait) < patience * near;
      if (!comes || record.state === "ready") this.#giveBack(stored, wait);
      return;
    }
    this.#busy++;
    void this.#deliver(record, age, stored.count)
      .catch(() => this.#giveBackUnheard(record, stored, 500))
      .finally(() => {
        this.#busy--;
        this.#settle();
        this.#pump();
      });
  }

  async #deliver(record: Record, age: number, count: number): Promise<void> {
    const { records, config } = this.#work;
    const { id, payload, sequence } = record;
    const { lease_ms, deliveries_max } = config();
    const untouched = records.isUntouched(record);
    const before = untouched ? count - 1 : record.attempt;
    const attempt = before + 1;
    if (before >= deliveries_max) {
      const expired = `the lease of delivery ${before} expired`;
      const reason = boundedReason(record.reason || expired);
      const dead = { id, payload, attempt: before, after_ms: 0, reason };
      await records.replace({ state: "dead", ...dead }, sequence);
      return;
    }
    const began = performance.now();
    const fresh = Math.abs(age) < fresh_ms(this.#context, config()) - clock_margin_ms;
    if (untouched && count === 1 && fresh) {
      const start = { id, payload, attempt, sequence, began, unwritten: true };
      await this.#handle(new Lease(records, config, start, this.#work.onDone));
      return;
    }
    // The count is stored before the handler can take the process down with it.
    const leased = { id, payload, attempt, after_ms: lease_ms + lease_grace_ms };
    const written = await records.replace({ state: "leased", ...leased }, sequence);
    if (written === undefined) return;
    if (this.#stopped) return this.#undo({ ...record, attempt: before }, written);
    const start = { id, payload, attempt, sequence: written, began };
    await this.#handle(new Lease(records, config, start, this.#work.onDone));
  }

  /** A delivery that did not take place does not count. */
  async #undo({ id, payload, attempt, reason }: Record, sequence: number): Promise<void> {
    const ready = { id, payload, attempt, after_ms: 0, reason };
    await this.#work.records.replace({ state: "ready", ...ready }, sequence);
  }

  async #handle(lease: Lease): Promise<void> {
    this.#leases.add(lease);
    try {
      await this.#handler(lease);
    } catch (error) {
      if (!lease.held) return;
      const said = error instanceof Error ? error.message : String(error);
      await lease.fail(said, backoff_ms(lease.attempt)).catch(() => undefined);
    } finally {
      this.#leases.delete(lease);
      lease.release();
    }
  }

  /**
   * What nobody has looked at. The server would count it as handed out; where only the server counts, the
   * record is written again instead.
   */
  #giveBackUnheard(record: Record, stored: Stored & Delivered, after_ms: number): void {
    if (!this.#work.records.isUntouched(record)) {
      this.#giveBack(stored, after_ms);
      return;
    }
    // Deliveries before this one were heard, and may have ended with whoever heard them.
    const before = { ...record, attempt: stored.count - 1 };
    this.#undo(before, record.sequence).catch(() => this.#giveBack(stored, after_ms));
  }

  #giveBack(stored: Stored & Delivered, after_ms: number): void {
    const delay = Math.ceil(after_ms) * 1_000_000;
    this.#say(stored, delay > 0 ? `-NAK ${JSON.stringify({ delay })}` : "-NAK");
  }

  #say({ reply }: Delivered, word: string): void {
    const { nats } = this.#context.connection;
    if (!nats.isClosed()) nats.publish(reply, word);
  }
}
