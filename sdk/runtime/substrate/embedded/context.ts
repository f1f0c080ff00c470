/** What the parts of an open home share. */
import type { DatabaseSync } from "node:sqlite";
import { SubstrateError } from "../substrate.ts";
import { databaseFault } from "./faults.ts";
import type { Home } from "./home.ts";
import type { Store } from "./store.ts";

export interface Context {
  readonly home: Home;
  /** Writes, in the store thread. */
  readonly store: Store;
  /**
   * Reads, in the program's thread: a look-up costs a tenth of a message to another thread, and
   * sees every acknowledged write because a commit becomes visible only after its fsync.
   */
  readonly reader: DatabaseSync;
  readonly life: Life;
}

/** Whether the substrate is open, and who wants to know when it closes. */
export class Life {
  readonly #path: string;
  readonly #listeners = new Set<(closed: SubstrateError) => void>();
  #closed = false;

  constructor(path: string) {
    this.#path = path;
  }

  get closed(): boolean {
    return this.#closed;
  }

  error(): SubstrateError {
    return new SubstrateError("CLOSED", `The substrate at ${this.#path} is closed.`, {
      remedy: "Open it again, or stop its users before closing it.",
    });
  }

  assertOpen(): void {
    if (this.#closed) throw this.error();
  }

  /** Returns how to stop listening. */
  onClose(listener: (closed: SubstrateError) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  end(): void {
    this.#closed = true;
    for (const listener of [...this.#listeners]) listener(this.error());
    this.#listeners.clear();
  }
}

/** Runs a read; what SQLite throws becomes a SubstrateError that names the database. */
export function reading<T>(context: Context, read: () => T): T {
  context.life.assertOpen();
  try {
    return read();
  } catch (error) {
    throw databaseFault(context.home.database, error);
  }
}

/** The end of the range of names that start with `prefix`: no name contains this character. */
export function afterPrefix(prefix: string): string {
  return `${prefix}\u{10FFFF}`;
}

/** Lets everything else have its turn between two parts of a long read. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
