/**
 * Time that passes only when nothing else is left to do. Everything that waits, waits here: the one
 * with the earliest time goes next, and of several at the same time the one that came first, so that a
 * seed gives the same run on every machine.
 */

/** A small, fast generator of which the whole state is one number: mulberry32. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 to 1, without 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let value = this.#state;
    value = Math.imul(value ^ (value >>> 15), value | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
  }

  /** Whole, from 0, less than `below`. */
  below(below: number): number {
    return Math.floor(this.next() * below);
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)]!;
  }
}

interface Waiting {
  at: number;
  order: number;
  act: () => void;
}

export class Scheduler {
  now = 0;
  #order = 0;
  readonly #heap: Waiting[] = [];

  /** After so many milliseconds; returns how to take it back. */
  after(ms: number, act: () => void): () => void {
    const waiting = { at: this.now + Math.max(0, ms), order: this.#order++, act };
    this.#push(waiting);
    return () => {
      waiting.act = () => {};
    };
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve));
  }

  /** Runs until the time, or until nothing waits; `done` is asked after each thing that happened. */
  async run(until: number, done: () => boolean): Promise<void> {
    for (;;) {
      // What was set going has to come to rest: promises first, then whatever they wait for.
      await new Promise(setImmediate);
      if (done()) return;
      const next = this.#heap[0];
      if (!next || next.at > until) return;
      this.#pop();
      this.now = Math.max(this.now, next.at);
      next.act();
    }
  }

  #push(waiting: Waiting): void {
    const heap = this.#heap;
    heap.push(waiting);
    for (let at = heap.length - 1; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (before(heap[parent]!, heap[at]!)) return;
      [heap[parent], heap[at]] = [heap[at]!, heap[parent]!];
      at = parent;
    }
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    heap[0] = last;
    for (let at = 0; ; ) {
      const left = 2 * at + 1;
      if (left >= heap.length) return;
      const right = left + 1;
      const least = right < heap.length && before(heap[right]!, heap[left]!) ? right : left;
      if (before(heap[at]!, heap[least]!)) return;
      [heap[at], heap[least]] = [heap[least]!, heap[at]!];
      at = least;
    }
  }
}

function before(one: Waiting, other: Waiting): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}
