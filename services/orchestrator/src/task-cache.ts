/**
 * States of tasks in memory. Those that are led here stay until they end, because deadlines are looked
 * for among them; of all others only the latest.
 */
import { limits } from "./limits.ts";
import { isFinal, type TaskState } from "./task-state.ts";

export class TaskCache extends Map<string, TaskState> {
  readonly #ours: (name: string) => boolean;
  /** At which size it is worth looking for what can go. */
  #full: number = limits.ended_tasks_cached_max;

  constructor(ours: (name: string) => boolean) {
    super();
    this.#ours = ours;
  }

  /** As the latest. */
  keep(task: TaskState): void {
    const { name } = task.created;
    this.delete(name);
    this.set(name, task);
    if (this.size > this.#full) this.#tidy(task);
  }

  #tidy(latest: TaskState): void {
    for (const [name, task] of this) {
      if (this.size <= limits.ended_tasks_cached_max) break;
      if (task !== latest && (isFinal(task) || !this.#ours(name))) this.delete(name);
    }
    // Thousands may wait for people and have to stay: one that comes must not go through them all.
    this.#full = Math.max(limits.ended_tasks_cached_max, this.size) + limits.tasks_cached_stride;
  }
}
