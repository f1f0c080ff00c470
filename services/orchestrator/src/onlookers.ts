/** Whoever looks at one task now, and is told after each of its changes. */
import type { Timers } from "./timers.ts";

export class Onlookers {
  readonly #timers: Timers;
  readonly #listeners = new Map<string, Set<() => void>>();
  readonly #told = new Set<string>();

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  /**
   * After what a transition sets going: whoever runs the next step goes before whoever looks on. Who
   * looks sees the newest state, so changes in between are one.
   */
  tell(task: string): void {
    if (this.#told.has(task) || !this.#listeners.has(task)) return;
    this.#told.add(task);
    this.#timers.soon(() => {
      this.#told.delete(task);
      for (const listener of this.#listeners.get(task) ?? []) listener();
    });
  }

  /** Calls the listener after each change of the task; returns how to stop. */
  subscribe(task: string, listener: () => void): () => void {
    const ofTask = this.#listeners.get(task) ?? new Set();
    this.#listeners.set(task, ofTask.add(listener));
    return () => {
      ofTask.delete(listener);
      if (ofTask.size === 0) this.#listeners.delete(task);
    };
  }
}
