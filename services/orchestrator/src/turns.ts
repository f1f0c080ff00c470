/** One piece of work for a task at a time; different tasks do not wait for each other. */
export class Turns {
  readonly #turns = new Map<string, Promise<unknown>>();

  /** Something is done for the task, or waits to be. */
  busy(task: string): boolean {
    return this.#turns.has(task);
  }

  take<T>(task: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.#turns.get(task) ?? Promise.resolve()).then(work, work);
    this.#turns.set(task, turn);
    const done = () => {
      if (this.#turns.get(task) === turn) this.#turns.delete(task);
    };
    turn.then(done, done);
    return turn;
  }
}
