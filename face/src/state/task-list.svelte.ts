import type { State } from "@keiko/gen/keiko/task/v1/task_pb.js";
import type { TaskSummary } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import type { Clients } from "../remote/clients.ts";
import { isUnreachable, type Trouble, troubleOf } from "../remote/trouble.ts";
import type { Connection } from "./connection.svelte.ts";
import { isRefusal } from "./evidence.ts";
import type { TaskFeed } from "./task-feed.svelte.ts";

const pageSize = 50;
/** Pages that are asked for at a time where few of their tasks meet the filter. */
const pagesMax = 4;

export interface TaskFilter {
  /** Empty: all. */
  states: State[];
  /** Of those that failed only the refused ones, or only the others; unset: both. The server knows
   * states only, so this half of a filter is applied to what it sends. */
  refused?: boolean;
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
      const page = await this.#fetch(this.#nextPageToken);
      this.#tasks = merge(this.#tasks, page.tasks);
      this.#nextPageToken = page.nextPageToken;
    } catch (error) {
      if (!isUnreachable(error)) this.#trouble = troubleOf(error);
    } finally {
      this.#loadingMore = false;
    }
  }

  /** A page of those that meet the filter, and the name of the oldest task that was looked at. */
  async #fetch(pageToken: string, signal?: AbortSignal) {
    const { states, query } = this.#filter;
    const found = { tasks: [] as TaskSummary[], oldest: "", nextPageToken: pageToken };
    for (let pages = 0; pages < pagesMax && found.tasks.length < pageSize; pages++) {
      const request = { pageSize, states, query, pageToken: found.nextPageToken };
      const page = await this.#clients.tasks.listTasks(request, signal ? { signal } : {});
      found.tasks.push(...page.tasks.filter((task) => isWanted(task, this.#filter)));
      found.oldest = page.tasks.at(-1)?.name ?? found.oldest;
      found.nextPageToken = page.nextPageToken;
      if (!page.nextPageToken) break;
    }
    return found;
  }

  async #refresh(signal: AbortSignal): Promise<void> {
    try {
      const page = await this.#fetch("", signal);
      // Beyond the first page what was loaded stays; within it the answer is the truth, so that a
      // task that left the chosen state leaves the list.
      const older = page.nextPageToken ? this.#tasks.filter(({ name }) => name < page.oldest) : [];
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
export function meets(task: TaskSummary, filter: TaskFilter): boolean {
  const { states, query } = filter;
  if (states.length > 0 && !states.includes(task.state)) return false;
  if (!isWanted(task, filter)) return false;
  const needle = query.trim().toLowerCase();
  return !needle || `${task.goal}\n${task.outcome}`.toLowerCase().includes(needle);
}

const isWanted = ({ reason }: TaskSummary, { refused }: TaskFilter): boolean =>
  refused === undefined || refused === isRefusal(reason);

/** Both lists as one, newest first: ids sort by creation time. */
function merge(first: readonly TaskSummary[], second: readonly TaskSummary[]): TaskSummary[] {
  const byName = new Map([...second, ...first].map((task) => [task.name, task]));
  return [...byName.values()].sort((a, b) => (a.name < b.name ? 1 : -1));
}
