/**
 * A feed: the messages of a stream in order, from a sequence on, and then what comes, whatever
 * happens to the connection and the servers meanwhile. Behind it is a consumer that only this feed
 * knows; when anything is odd (a gap, silence, a new connection), it is left to its fate and another
 * begins behind the last message that was given out. What is not asked for waits at the server, so
 * a slow reader needs no buffer here.
 */
import { createInbox, type Msg } from "@nats-io/transport-node";
import { Fifo } from "../inbox.ts";
import type { Context } from "./context.ts";
import { fault } from "./faults.ts";
import { type Delivered, fromDelivery, type Stored } from "./jetstream.ts";
import {
  feed_abandoned_ms,
  feed_bytes,
  feed_heartbeat_ms,
  feed_messages,
  feed_silent_ms_max,
  pull_ms,
  scan_silent_ms_max,
} from "./limits.ts";

export interface FeedOptions {
  stream: string;
  filter: string;
  /** The first sequence wanted. */
  from: number;
  headers_only?: boolean;
  /** `next` gives undefined at the present end instead of waiting for more. */
  to_end?: boolean;
  /** What ends the feed when it heard nothing for `ms`; without it, it goes on where it was. */
  absent?: { ms: number; error: () => Error };
}

export type Fed = Stored & Delivered;

const nanoseconds = (ms: number) => ms * 1_000_000;

export class Feed {
  readonly #context: Context;
  readonly #options: FeedOptions;
  readonly #inbox = createInbox();
  readonly #arrived = new Fifo<Fed>();
  #consumer = "";
  #generation = 0;
  #order = 0;
  #next: number;
  #asked = 0;
  #heard = 0;
  #stale = true;
  #at_end = false;
  #wake: (() => void) | undefined;
  #ended = false;
  #error: Error | undefined;
  #timer: NodeJS.Timeout;
  #release: (() => void)[];

  constructor(context: Context, options: FeedOptions) {
    this.#context = context;
    this.#options = options;
    this.#next = options.from;
    const { connection, life } = context;
    const callback = (_: Error | null, message: Msg) => this.#take(message);
    const subscription = connection.nats.subscribe(`${this.#inbox}.*`, { callback });
    const often_ms = options.to_end ? scan_silent_ms_max / 2 : feed_heartbeat_ms / 2;
    this.#timer = setInterval(() => this.#listen(), often_ms);
    this.#release = [
      () => subscription.unsubscribe(),
      () => clearInterval(this.#timer),
      connection.onReconnect(() => this.#renew()),
      life.onClose((closed) => this.end(closed)),
    ];
  }

  async #begin(): Promise<void> {
    const { jetstream } = this.#context;
    const { stream, filter, headers_only = false } = this.#options;
    const name = `feed${this.#inbox.split(".").at(-1)}${this.#generation++}`;
    const config = {
      name,
      ack_policy: "none",
      deliver_policy: "by_start_sequence",
      opt_start_seq: this.#next,
      filter_subject: filter,
      mem_storage: true,
      num_replicas: 1,
      headers_only,
      inactive_threshold: nanoseconds(feed_abandoned_ms),
      max_deliver: 1,
    };
    await jetstream
      .api(`Following ${stream}`, `CONSUMER.CREATE.${stream}.${name}`, {
        stream_name: stream,
        config,
        action: "create",
      })
      .catch((error: unknown) => {
        throw fault(`Following ${stream}`, error);
      });
    this.#consumer = name;
    this.#order = 0;
    this.#asked = 0;
    this.#stale = false;
    this.#heard = performance.now();
  }

  /** The next message; undefined after `end()` and at the end. One reader at a time. */
  async next(): Promise<Fed | undefined> {
    for (;;) {
      if (this.#error) throw this.#error;
      if (this.#ended) return undefined;
      const message = this.#arrived.shift();
      if (message) return message;
      if (this.#at_end) {
        this.#at_end = false;
        this.#asked = 0;
        return undefined;
      }
      if (this.#stale) await this.#beginAgain();
      else {
        if (this.#asked <= 0) this.#pull();
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }

  /** Without an error, `next` gives undefined from now on. */
  end(error?: Error): void {
    if (this.#ended || this.#error) return;
    this.#ended = true;
    this.#error = error;
    for (const release of this.#release) release();
    this.#leave();
    this.#stir();
  }

  async #beginAgain(): Promise<void> {
    const { absent } = this.#options;
    if (absent && this.#heard > 0 && performance.now() - this.#heard > absent.ms)
      throw absent.error();
    this.#leave();
    // Until it works: a feed outlives any outage. Each failure has already waited its time.
    await this.#begin().catch((error: unknown) => {
      if (this.#context.connection.nats.isClosed()) throw error;
    });
  }

  /** The server forgets the consumer at once when it hears this, and after a while when not. */
  #leave(): void {
    const { nats } = this.#context.connection;
    if (this.#consumer && !nats.isClosed())
      nats.publish(`$JS.API.CONSUMER.DELETE.${this.#options.stream}.${this.#consumer}`);
    this.#consumer = "";
  }

  #pull(): void {
    this.#asked = feed_messages;
    this.#heard = performance.now();
    const waiting = {
      expires: nanoseconds(pull_ms),
      idle_heartbeat: nanoseconds(feed_heartbeat_ms),
    };
    const request = {
      batch: feed_messages,
      ...(this.#options.to_end ? { no_wait: true } : waiting),
      ...(this.#options.headers_only ? {} : { max_bytes: feed_bytes }),
    };
    const subject = `$JS.API.CONSUMER.MSG.NEXT.${this.#options.stream}.${this.#consumer}`;
    this.#context.connection.nats.publish(subject, JSON.stringify(request), {
      reply: `${this.#inbox}.${this.#generation}`,
    });
  }

  #take(message: Msg): void {
    if (this.#ended || this.#stale) return;
    const own = message.subject.startsWith(this.#inbox);
    if (own && message.subject !== `${this.#inbox}.${this.#generation}`) return;
    this.#heard = performance.now();
    if (own) {
      const code = message.headers?.code ?? 0;
      if (code === 100) return;
      // Whatever ended the request, another one follows; without its consumer, another consumer.
      this.#asked = 0;
      if (code === 503 || /deleted|not found/i.test(message.headers?.description ?? ""))
        this.#stale = true;
      else if (this.#options.to_end && code === 404) this.#at_end = true;
      this.#stir();
      return;
    }
    const fed = fromDelivery(message);
    const [, , ...tokens] = fed.reply.split(".");
    if (!tokens.includes(this.#consumer)) return;
    if (fed.order !== this.#order + 1) {
      this.#renew();
      return;
    }
    this.#order = fed.order;
    this.#next = fed.sequence + 1;
    this.#asked--;
    this.#arrived.push(fed);
    if (this.#options.to_end && fed.pending === 0) this.#at_end = true;
    this.#stir();
  }

  #renew(): void {
    this.#stale = true;
    this.#stir();
  }

  #listen(): void {
    // Servers before 2.10 say nothing when what they counted was deleted: a new consumer counts anew.
    const silent_ms_max = this.#options.to_end ? scan_silent_ms_max : feed_silent_ms_max;
    if (this.#asked > 0 && performance.now() - this.#heard > silent_ms_max) this.#renew();
  }

  #stir(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}
