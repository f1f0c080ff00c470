import type { TaskSummary } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import { createContext } from "svelte";
import { SvelteMap } from "svelte/reactivity";
import type { Clients } from "../remote/clients.ts";
import { follow, pause } from "../remote/follow.ts";
import type { Connection } from "./connection.svelte.ts";
import { isOver } from "./task-watch.svelte.ts";

const pollMs = 5000;
const pollSize = 20;

export interface FeedListener {
  /** The stream is open (again): what happened before was not heard. */
  opened?(): void;
  changed?(tasks: readonly TaskSummary[]): void;
  /** Reached its final state while somebody listened. */
  finished?(task: TaskSummary): void;
}

/** Hears of every task of the person, for lists, marks and notices. */
export class TaskFeed {
  #known = new SvelteMap<string, TaskSummary>();
  #listeners = new Set<FeedListener>();
  #clients: Clients;
  #connection: Connection;

  constructor(clients: Clients, connection: Connection) {
    this.#clients = clients;
    this.#connection = connection;
  }

  /** How many of the tasks that were heard of are not over. */
  readonly runningCount: number = $derived(
    [...this.#known.values()].filter(({ state }) => !isOver(state)).length,
  );

  get(name: string): TaskSummary | undefined {
    return this.#known.get(name);
  }

  listen(listener: FeedListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Streams until the signal aborts. */
  async watch(signal: AbortSignal): Promise<void> {
    let first = true;
    const open = (stop: AbortSignal) => {
      first = true;
      return this.#clients.tasks.watchTasks({}, { signal: stop, timeoutMs: 0 });
    };
    await follow(
      open,
      ({ tasks }) => {
        if (first) this.#begin(tasks);
        else this.#take(tasks, true);
        first = false;
        return false;
      },
      this.#connection,
      signal,
    ).catch(() => undefined);
  }

  /** Asks now and then instead, for a window that nobody looks at: it holds no connection open. */
  async poll(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await pause(pollMs, signal);
      if (signal.aborted) return;
      try {
        const { tasks } = await this.#clients.tasks.listTasks({ pageSize: pollSize }, { signal });
        // Only those that were seen unfinished: older ones ended before anyone could be told.
        this.#take(tasks, false);
      } catch {
        // The interceptor told the connection; the next round asks again.
      }
    }
  }

  /** All that is unfinished now: what was unfinished before and is not among it has ended unheard. */
  #begin(tasks: readonly TaskSummary[]): void {
    const names = new Set(tasks.map(({ name }) => name));
    for (const [name, { state }] of this.#known) {
      if (!isOver(state) && !names.has(name)) this.#known.delete(name);
    }
    this.#take(tasks, false);
    for (const listener of this.#listeners) listener.opened?.();
  }

  #take(tasks: readonly TaskSummary[], live: boolean): void {
    const changed = tasks.filter(({ name, revision }) => {
      const known = this.#known.get(name);
      return !known || revision > known.revision;
    });
    if (changed.length === 0) return;
    const ended = changed.filter(({ name, state }) => {
      const before = this.#known.get(name);
      return isOver(state) && (before ? !isOver(before.state) : live);
    });
    for (const task of changed) this.#known.set(task.name, task);
    for (const listener of this.#listeners) {
      listener.changed?.(changed);
      for (const task of ended) listener.finished?.(task);
    }
  }
}

export const [useTaskFeed, provideTaskFeed] = createContext<TaskFeed>();
