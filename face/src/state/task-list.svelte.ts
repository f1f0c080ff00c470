import type { State } from "@keiko/gen/keiko/task/v1/task_pb.js";
import type { TaskSummary } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import type { Clients } from "../remote/clients.ts";
import { isUnreachable, type Trouble, troubleOf } from "../remote/trouble.ts";
import type { Connection } from "./connection.svelte.ts";
import type { TaskFeed } from "./task-feed.svelte.ts";

const pageSize = 50;

export interface TaskFilter {
  /** Empty: all. */
  states: State[];
  /** Text in goal or outcome; empty: all. */
  query: string;
}

/** The tasks of the person that meet a filter, newest first, kept up to date while somebody looks. */
export class TaskList {
  #tasks = $state.raw<TaskSummary[]>([]);
  #nextPageToken = $state("");
  #loaded = $state(false);
  #loadingMore = $state(false);
  #trouble = $state.raw<Trouble>();
  #clients: Clients;
  #connection: Connection;
  #feed: TaskFeed;
  #filter: TaskFilter;

  constructor(clients: Clients, connection: Connection, feed: TaskFeed, filter: TaskFilter) {
    this.#clients = clients;
    this.#connection = connection;
    this.#feed = feed;
    this.#filter = filter;
  }

  get tasks(): TaskSummary[] {
    return this.#tasks;
  }

  get loaded(): boolean {
    return this.#loaded;
  }

  get hasMore(): boolean {
    return this.#nextPageToken !== "";
  }

  get loadingMore(): boolean {
    return this.#loadingMore;
  }

  get trouble(): Trouble | undefined {
    return this.#trouble;
  }

  /** Fetches the newest page, then follows the stream of all tasks until the signal aborts. */
  async watch(signal: AbortSignal): Promise<void> {
    const stop = this.#feed.listen({
      opened: () => void this.#refresh(signal),
      changed: (tasks) => this.#take(tasks),
    });
    signal.addEventListener("abort", stop, { once: true });
    while (!signal.aborted && !this.#loaded && !this.#trouble) {
      await this.#connection.restored(signal);
      await this.#refresh(signal);
    }
  }

  async more(): Promise<void> {
    if (!this.#nextPageToken || this.#loadingMore) return;
    this.#loadingMore = true;
    try {
      const request = { pageSize, ...this.#filter, pageToken: this.#nextPageToken };
      const page = await this.#clients.tasks.listTasks(request);
      this.#tasks = merge(this.#tasks, page.tasks);
      this.#nextPageToken = page.nextPageToken;
    } catch (error) {
      if (!isUnreachable(error)) this.#trouble = troubleOf(error);
    } finally {
      this.#loadingMore = false;
    }
  }

  async #refresh(signal: AbortSignal): Promise<void> {
    try {
      const request = { pageSize, ...this.#filter };
      const page = await this.#clients.tasks.listTasks(request, { signal });
      const oldest = page.tasks.at(-1)?.name ?? "";
      // Beyond the first page what was loaded stays; within it the answer is the truth, so that a
      // task that left the chosen state leaves the list.
      const older = page.nextPageToken ? this.#tasks.filter(({ name }) => name < oldest) : [];
      if (older.length === 0) this.#nextPageToken = page.nextPageToken;
      this.#tasks = merge(page.tasks, older);
      this.#loaded = true;
      this.#trouble = undefined;
    } catch (error) {
      if (!signal.aborted && !isUnreachable(error)) this.#trouble = troubleOf(error);
    }
  }

  /** A change concerns the list if it meets the filter now, or did so before. */
  #take(changed: readonly TaskSummary[]): void {
    if (!this.#loaded) return;
    const oldest = this.#nextPageToken ? (this.#tasks.at(-1)?.name ?? "") : "";
    const fitting = changed.filter((task) => task.name > oldest && meets(task, this.#filter));
    const touched = new Set(changed.map(({ name }) => name));
    const others = this.#tasks.filter(({ name }) => !touched.has(name));
    this.#tasks = merge(fitting, others);
  }
}

/** The rule of the contract, applied to what the stream sends. */
export function meets(task: TaskSummary, { states, query }: TaskFilter): boolean {
  if (states.length > 0 && !states.includes(task.state)) return false;
  const needle = query.trim().toLowerCase();
  return !needle || `${task.goal}\n${task.outcome}`.toLowerCase().includes(needle);
}

/** Both lists as one, newest first: ids sort by creation time. */
function merge(first: readonly TaskSummary[], second: readonly TaskSummary[]): TaskSummary[] {
  const byName = new Map([...second, ...first].map((task) => [task.name, task]));
  return [...byName.values()].sort((a, b) => (a.name < b.name ? 1 : -1));
}
