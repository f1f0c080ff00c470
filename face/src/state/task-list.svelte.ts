import type { State } from "@keiko/gen/keiko/task/v1/task_pb.js";
import type { TaskSummary } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import type { Clients } from "../remote/clients.ts";
import { pause } from "../remote/follow.ts";
import { isUnreachable, type Trouble, troubleOf } from "../remote/trouble.ts";
import type { Connection } from "./connection.svelte.ts";
import { isOver } from "./task-watch.svelte.ts";

const pageSize = 50;
const busyMs = 1000;
const calmMs = 4000;

/** The tasks of the person, newest first, kept up to date while somebody looks. */
export class TaskList {
  #tasks = $state.raw<TaskSummary[]>([]);
  #nextPageToken = $state("");
  #loaded = $state(false);
  #loadingMore = $state(false);
  #trouble = $state.raw<Trouble>();
  #clients: Clients;
  #connection: Connection;
  #states: State[];

  constructor(clients: Clients, connection: Connection, states: State[]) {
    this.#clients = clients;
    this.#connection = connection;
    this.#states = states;
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

  /** Asks again until the signal aborts: often while something runs, seldom otherwise. */
  async watch(signal: AbortSignal, isVisible: () => boolean): Promise<void> {
    while (!signal.aborted) {
      if (isVisible() || !this.#loaded) await this.#refresh(signal);
      const busy = this.#tasks.some(({ state }) => !isOver(state));
      await pause(busy ? busyMs : calmMs, signal);
      await this.#connection.restored(signal);
    }
  }

  async more(): Promise<void> {
    if (!this.#nextPageToken || this.#loadingMore) return;
    this.#loadingMore = true;
    try {
      const page = await this.#clients.tasks.listTasks({
        pageSize,
        states: this.#states,
        pageToken: this.#nextPageToken,
      });
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
      const request = { pageSize, states: this.#states };
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
}

/** Both lists as one, newest first: ids sort by creation time. */
function merge(first: TaskSummary[], second: TaskSummary[]): TaskSummary[] {
  const byName = new Map([...second, ...first].map((task) => [task.name, task]));
  return [...byName.values()].sort((a, b) => (a.name < b.name ? 1 : -1));
}
