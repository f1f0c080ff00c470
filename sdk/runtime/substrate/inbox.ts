/**
 * Two small containers that every adapter needs: a first-in-first-out list that does not shift, and
 * an inbox, which is what stands between somebody who pushes at any time and somebody who reads in
 * a loop: bounded, and ended either quietly or with an error.
 */

export class Fifo<T> {
  #items: (T | undefined)[] = [];
  #head = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  push(item: T): void {
    this.#items.push(item);
  }

  peek(): T | undefined {
    return this.#items[this.#head];
  }

  shift(): T | undefined {
    if (this.#head === this.#items.length) return undefined;
    const item = this.#items[this.#head];
    this.#items[this.#head++] = undefined;
    if (this.#head === this.#items.length) this.clear();
    else if (this.#head > 1024 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }

  clear(): void {
    this.#items = [];
    this.#head = 0;
  }
}

export class Inbox<T> {
  readonly #pending = new Fifo<T>();
  readonly #pending_max: number;
  readonly #overflow: () => Error;
  #wake: (() => void) | undefined;
  #ended = false;
  #error: Error | undefined;

  /** `overflow` makes the error that ends the inbox when more than `pending_max` items wait. */
  constructor(pending_max: number, overflow: () => Error) {
    this.#pending_max = pending_max;
    this.#overflow = overflow;
  }

  push(item: T): void {
    if (this.#ended) return;
    if (this.#pending.length >= this.#pending_max) this.end(this.#overflow());
    else this.#pending.push(item);
    this.#stir();
  }

  /** Ends now: what is pending is dropped. Without an error the reader's loop just finishes. */
  end(error?: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#error = error;
    this.#pending.clear();
    this.#stir();
  }

  /** The next item, or undefined after a quiet end. One reader at a time. */
  async next(): Promise<T | undefined> {
    while (this.#pending.length === 0) {
      if (this.#error) throw this.#error;
      if (this.#ended) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#pending.shift();
  }

  #stir(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}
