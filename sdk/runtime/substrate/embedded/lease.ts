/** One delivery of one message, and what its handler may say about it. */
import { assertInteger, delay_ms_max } from "../limits.ts";
import { type Delivery, SubstrateError } from "../substrate.ts";
import type { Stored } from "./queue-storage.ts";

const reason_length_max = 2_000;

export interface Message {
  readonly id: string;
  state: "storing" | "ready" | "leased" | "settling" | "dead";
  attempt: number;
  /** Times of performance.now(), which no clock change moves. */
  due: number;
  lease_end: number;
  lease: Lease | undefined;
  /** What a second `send` of the same id waits for. */
  stored: Stored;
  /** Why the last delivery failed. */
  failure: string;
}

/** What a lease may do to its queue. */
export interface Settlement {
  renew(message: Message): void;
  done(message: Message): Stored;
  again(message: Message, after_ms: number): Promise<void>;
  reject(message: Message, reason: string): Stored;
  /** After the storage refused: the lease goes on. */
  putBack(message: Message, lease: Lease): void;
}

/**
 * A delivery, for as long as it is leased. Its methods need no `this`, so that handlers can take it
 * apart. The signal is made only for who asks: it is not cheap.
 */
export class Lease implements Delivery {
  readonly id: string;
  readonly payload: Uint8Array;
  readonly attempt: number;
  readonly #settlement: Settlement;
  readonly #message: Message;
  #controller: AbortController | undefined;
  #aborted: Error | undefined;

  constructor(settlement: Settlement, message: Message, payload: Uint8Array) {
    this.id = message.id;
    this.payload = payload;
    this.attempt = message.attempt;
    this.#settlement = settlement;
    this.#message = message;
  }

  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.#aborted) this.#controller.abort(this.#aborted);
    }
    return this.#controller.signal;
  }

  abort(reason: Error): void {
    this.#aborted ??= reason;
    this.#controller?.abort(reason);
  }

  readonly extend = async (): Promise<void> => {
    this.#assertHeld();
    this.#settlement.renew(this.#message);
  };

  readonly ack = async (): Promise<void> => {
    this.#assertHeld();
    await this.#try(this.#settlement.done(this.#message));
  };

  readonly retry = async ({ after_ms }: { after_ms: number }): Promise<void> => {
    this.#assertHeld();
    assertInteger("after_ms", after_ms, 0, delay_ms_max);
    await this.#settlement.again(this.#message, after_ms);
  };

  readonly reject = async (reason: string): Promise<void> => {
    this.#assertHeld();
    await this.#try(this.#settlement.reject(this.#message, boundedReason(reason)));
  };

  async #try(stored: Stored): Promise<void> {
    try {
      if (stored) await stored;
    } catch (error) {
      this.#settlement.putBack(this.#message, this);
      throw error;
    }
  }

  #assertHeld(): void {
    if (this.#message.lease === this && this.#message.state === "leased") return;
    throw new SubstrateError("CONFLICT", `Delivery ${this.attempt} of ${this.id} is over.`, {
      remedy: "It was settled already, or its lease expired: do nothing more for it.",
    });
  }
}

/** A reason as it is kept: short, and text that every encoding takes. */
export function boundedReason(reason: string): string {
  return String(reason).slice(0, reason_length_max).toWellFormed();
}

export function newMessage(id: string, attempt: number): Message {
  return {
    id,
    state: "storing",
    attempt,
    due: 0,
    lease_end: 0,
    lease: undefined,
    stored: undefined,
    failure: "",
  };
}
