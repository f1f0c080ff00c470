/** What the parts of an open substrate share. */
import { Life } from "../embedded/context.ts";
import type { Connection } from "./connection.ts";
import type { JetStream } from "./jetstream.ts";
import type { Bounds } from "./limits.ts";

export { Life };

export interface Context {
  readonly connection: Connection;
  readonly jetstream: JetStream;
  /** Begins the names of all streams and subjects. */
  readonly store: string;
  readonly replicas: number;
  readonly bounds: Bounds;
  /** Where local copies of blobs are kept. */
  readonly cache: string;
  readonly life: Life;
  readonly calls: Calls;
}

/** Calls under way: `close` waits for them, so that what was accepted is written. */
export class Calls {
  readonly #life: Life;
  #count = 0;
  #idle: (() => void) | undefined;

  constructor(life: Life) {
    this.#life = life;
  }

  /** Runs a call of the port. Everything up to its first `await` happens at once. */
  async run<T>(call: () => Promise<T>): Promise<T> {
    this.#life.assertOpen();
    this.#count++;
    try {
      return await call();
    } finally {
      if (--this.#count === 0) this.#idle?.();
    }
  }

  async finished(): Promise<void> {
    if (this.#count === 0) return;
    await new Promise<void>((resolve) => {
      this.#idle = resolve;
    });
  }
}
