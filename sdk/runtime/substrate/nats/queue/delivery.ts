/**
 * One delivery of one message. Everything that is said about it goes to the store with the sequence
 * of the record that this delivery wrote: if somebody else has taken the message since, the store
 * refuses, whatever the clocks of this process think.
 */
import { boundedReason } from "../../embedded/lease.ts";
import { assertInteger, backoff_ms, delay_ms_max } from "../../limits.ts";
import { type Delivery, SubstrateError } from "../../substrate.ts";
import { type Stream, Unexpected } from "../stream.ts";
import type { Mirror } from "./mirror.ts";
import { type QueueRecord, recordHeaders, recordSubject } from "./record.ts";

export interface DeliveryDeps {
  stream: Stream;
  mirror: Mirror;
  lease_ms(): number;
  deliveries_max(): number;
  /** The record is gone; others are to know. */
  gone(id: string, sequence: number): void;
}

export class QueueDelivery implements Delivery {
  readonly id: string;
  readonly payload: Uint8Array;
  readonly attempt: number;
  readonly #deps: DeliveryDeps;
  readonly #controller = new AbortController();
  #sequence: number;
  #over = false;
  #lease: NodeJS.Timeout | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(deps: DeliveryDeps, record: QueueRecord) {
    this.id = record.id;
    this.payload = record.payload;
    this.attempt = record.attempts;
    this.#deps = deps;
    this.#sequence = record.sequence;
    this.#watch();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get settled(): boolean {
    return this.#over;
  }

  /** Tells the handler that it should stop; what it then says still counts. */
  abort(reason: Error): void {
    this.#controller.abort(reason);
  }

  readonly extend = (): Promise<void> =>
    this.#inTurn(async () => {
      const sequence = await this.#write({ state: "leased", attempts: this.attempt });
      this.#sequence = sequence;
      this.#watch();
    });

  readonly ack = (): Promise<void> =>
    this.#inTurn(async () => {
      const { stream, mirror, gone } = this.#deps;
      if (!(await stream.remove(this.#sequence))) throw this.#lost();
      this.#end();
      mirror.remove(this.id, this.#sequence);
      gone(this.id, this.#sequence);
    });

  readonly retry = ({ after_ms }: { after_ms: number }): Promise<void> =>
    this.#inTurn(async () => {
      assertInteger("after_ms", after_ms, 0, delay_ms_max);
      await this.#again(after_ms, "a retry was asked for");
    });

  readonly reject = (reason: string): Promise<void> =>
    this.#inTurn(async () => {
      const dead = { state: "dead", attempts: this.attempt } as const;
      await this.#write({ ...dead, reason: boundedReason(reason) });
      this.#end();
    });

  /** The handler threw. */
  failed(error: unknown): Promise<void> {
    const reason = error instanceof Error ? error.message : String(error);
    return this.#inTurn(() => this.#again(backoff_ms(this.attempt), reason));
  }

  async #again(after_ms: number, why: string): Promise<void> {
    const last = this.attempt >= this.#deps.deliveries_max();
    const reason = boundedReason(why);
    const common = { attempts: this.attempt, reason };
    await this.#write(
      last ? { ...common, state: "dead" } : { ...common, state: "ready", after_ms },
    );
    this.#end();
  }

  /** The next record of this message, if the last one is still ours. */
  async #write(next: Pick<QueueRecord, "state" | "attempts"> & Partial<QueueRecord>) {
    const { stream, mirror } = this.#deps;
    try {
      const subject = recordSubject(stream.name, this.id);
      const options = { expect: this.#sequence, headers: recordHeaders(next) };
      const sequence = await stream.write(subject, this.payload, options);
      mirror.put({
        id: this.id,
        sequence,
        after_ms: 0,
        reason: "",
        time_ms: Date.now(),
        payload: this.payload,
        ...next,
      });
      return sequence;
    } catch (error) {
      throw error instanceof Unexpected ? this.#lost() : error;
    }
  }

  /** One word at a time: an extension under way must not outdate the acknowledgement behind it. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(() => {
      if (this.#over) throw this.#lost();
      return work();
    });
    this.#turn = turn.catch(() => {});
    return turn;
  }

  #watch(): void {
    clearTimeout(this.#lease);
    this.#lease = setTimeout(() => this.expire(), this.#deps.lease_ms());
  }

  /** The lease is over by this process's own clock, which others may have seen before. */
  expire(): void {
    if (this.#over) return;
    this.#end();
    this.#controller.abort(this.#lost());
  }

  #end(): void {
    this.#over = true;
    clearTimeout(this.#lease);
  }

  #lost(): SubstrateError {
    this.#end();
    return new SubstrateError("CONFLICT", `Delivery ${this.attempt} of ${this.id} is over.`, {
      remedy: "It was settled already, or its lease expired: do nothing more for it.",
    });
  }
}
