/**
 * One delivery, for as long as it is leased, and what its handler may say about it. A lease is over
 * here when its time is, by a clock that also runs while the process is stopped; and over for good
 * when somebody else replaced the record. Of the two the second decides: each word replaces the
 * record that this lease wrote, or found, and no other.
 */
import { assertInteger, delay_ms_max } from "../limits.ts";
import { type Delivery, type QueueConfig, SubstrateError } from "../substrate.ts";
import { lease_grace_ms } from "./limits.ts";
import type { NewRecord, Records } from "./queue-records.ts";
import { boundedReason } from "./queue-records.ts";

export interface LeaseStart {
  id: string;
  payload: Uint8Array;
  attempt: number;
  /** Of the record that this lease wrote, or that it found. */
  sequence: number;
  /** On the clock of performance.now(): when the record was sent. */
  began: number;
  /** The record is still the one that was sent. */
  unwritten?: boolean;
}

/** Full from now on, unless the acknowledgement took so long that the record may end before. */
function leaseEnd(began: number, lease_ms: number): number {
  return lease_ms + Math.min(performance.now(), began + lease_grace_ms);
}

export class Lease implements Delivery {
  readonly id: string;
  readonly payload: Uint8Array;
  readonly attempt: number;
  readonly #records: Records;
  readonly #config: () => QueueConfig;
  readonly #onDone: (id: string, mark: number) => void;
  #sequence: number;
  /** The record is as it was sent. */
  #unwritten: boolean;
  #end: number;
  #over = false;
  #turn: Promise<void> = Promise.resolve();
  #controller: AbortController | undefined;
  #aborted: Error | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** `onDone` gets the sequence of the mark that an ack left. */
  constructor(
    records: Records,
    config: () => QueueConfig,
    start: LeaseStart,
    onDone: (id: string, mark: number) => void,
  ) {
    this.#records = records;
    this.#config = config;
    this.#onDone = onDone;
    this.id = start.id;
    this.payload = start.payload;
    this.attempt = start.attempt;
    this.#sequence = start.sequence;
    this.#unwritten = start.unwritten ?? false;
    this.#end = leaseEnd(start.began, config().lease_ms);
  }

  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.#aborted) this.#controller.abort(this.#aborted);
      else this.#watchEnd();
    }
    return this.#controller.signal;
  }

  abort(reason: Error): void {
    this.#aborted ??= reason;
    this.#controller?.abort(reason);
  }

  /** The handler has returned: nobody looks at the signal any more. */
  release(): void {
    clearTimeout(this.#timer);
  }

  readonly extend = (): Promise<void> =>
    this.#say(async () => {
      const { lease_ms } = this.#config();
      const began = performance.now();
      const after_ms = lease_ms + lease_grace_ms;
      this.#sequence = await this.#replace({ state: "leased", after_ms });
      this.#end = leaseEnd(began, lease_ms);
      if (this.#controller) this.#watchEnd();
    });

  readonly ack = (): Promise<void> =>
    this.#say(async () => {
      if (this.#unwritten && (await this.#taken())) {
        this.#over = true;
        return;
      }
      const mark = await this.#replace({ state: "done", after_ms: 0, payload: new Uint8Array() });
      this.#over = true;
      this.#onDone(this.id, mark);
    });

  readonly retry = async ({ after_ms }: { after_ms: number }): Promise<void> => {
    assertInteger("after_ms", after_ms, 0, delay_ms_max);
    await this.fail("the handler asked for another delivery", after_ms);
  };

  readonly reject = (reason: string): Promise<void> => this.#settle("dead", reason, 0);

  /**
   * Takes the record as it was sent: whoever took it over would have written another. False: whether it
   * is still there must be found out the other way.
   */
  async #taken(): Promise<boolean> {
    const taken = await this.#records.take(this.#sequence);
    if (taken === false) this.#lose();
    // Nobody answered: it is gone by this very word, or with its server, or it is still there.
    return taken ?? (await this.#records.decided(this.id)) === undefined;
  }

  /** Again after a while, or to the dead letters when it was the last delivery. */
  fail(reason: string, after_ms: number): Promise<void> {
    const last = this.attempt >= this.#config().deliveries_max;
    return this.#settle(last ? "dead" : "ready", reason, last ? 0 : after_ms);
  }

  get held(): boolean {
    return !this.#over && performance.now() < this.#end;
  }

  #settle(state: "dead" | "ready", reason: string, after_ms: number): Promise<void> {
    return this.#say(async () => {
      await this.#replace({ state, after_ms, reason: boundedReason(reason) });
      this.#over = true;
    });
  }

  /** One word after the other: the next one expects the record of the one before. */
  #say(word: () => Promise<void>): Promise<void> {
    const said = this.#turn.then(async () => {
      if (!this.held) throw this.#lost();
      await word();
    });
    this.#turn = said.catch(() => undefined);
    return said;
  }

  async #replace(
    change: Pick<NewRecord, "state" | "after_ms" | "reason"> & { payload?: Uint8Array },
  ): Promise<number> {
    const { id, attempt, payload } = this;
    const written = await this.#records.replace(
      { id, attempt, payload, ...change },
      this.#sequence,
    );
    if (written === undefined) this.#lose();
    this.#unwritten = false;
    return written;
  }

  #lose(): never {
    this.#over = true;
    this.abort(this.#lost());
    throw this.#lost();
  }

  #watchEnd(): void {
    clearTimeout(this.#timer);
    const wait = Math.max(0, Math.ceil(this.#end - performance.now()));
    this.#timer = setTimeout(() => this.abort(this.#lost()), wait);
  }

  #lost(): SubstrateError {
    return new SubstrateError("CONFLICT", `Delivery ${this.attempt} of ${this.id} is over.`, {
      remedy: "It was settled already, or its lease expired: do nothing more for it.",
    });
  }
}
