import { Code, ConnectError } from "@connectrpc/connect";
import type { Event } from "@keiko/gen/keiko/event/v1/event_pb.js";
import type { TaskSummary } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import { createContext } from "svelte";
import { SvelteMap } from "svelte/reactivity";
import type { Clients } from "../remote/clients.ts";
import { followBeside } from "../remote/follow.ts";
import { type Trouble, troubleOf } from "../remote/trouble.ts";
import { type ActivityKind, type ActivityLine, kindOf, withEvent, withGap } from "./activity.ts";
import type { Connection } from "./connection.svelte.ts";
import type { TaskFeed } from "./task-feed.svelte.ts";

/** A plan of many steps tells hundreds of events a second; nobody reads faster than this. */
const gatherMs = 50;
const goalsMax = 100;

type Counts = Record<ActivityKind, number>;

/** What happens inside Keiko, from the first time that somebody looked. It outlives the page, so
 * that going back to it shows the same and goes on after the last event that was seen. */
export class Activity {
  #lines = $state.raw<readonly ActivityLine[]>([]);
  /** What is shown while new lines are held back, and how many had been heard of by then. */
  #held = $state.raw<{ lines: readonly ActivityLine[]; heard: Counts }>();
  #heard = $state.raw<Counts>({ workloads: 0, tasks: 0, policy: 0, files: 0 });
  #ready = $state(false);
  #trouble = $state.raw<Trouble>();
  #told = new SvelteMap<string, TaskSummary>();
  #clients: Clients;
  #connection: Connection;
  #feed: TaskFeed;
  #last = "";
  #waiting: Event[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(clients: Clients, connection: Connection, feed: TaskFeed) {
    this.#clients = clients;
    this.#connection = connection;
    this.#feed = feed;
  }

  /** Newest first. */
  get lines(): readonly ActivityLine[] {
    return this.#held?.lines ?? this.#lines;
  }

  /** It listens, or did before: an empty list means that nothing happened. */
  get ready(): boolean {
    return this.#ready;
  }

  get trouble(): Trouble | undefined {
    return this.#trouble;
  }

  get paused(): boolean {
    return this.#held !== undefined;
  }

  /** Events of a kind, or of all, that were heard of so far. */
  heard(kind: ActivityKind | undefined): number {
    return countOf(this.#heard, kind);
  }

  /** Those of them that are held back. */
  waiting(kind: ActivityKind | undefined): number {
    return this.#held ? this.heard(kind) - countOf(this.#held.heard, kind) : 0;
  }

  pause(): void {
    this.#held ??= { lines: this.#lines, heard: this.#heard };
  }

  resume(): void {
    this.#held = undefined;
  }

  /** What is known of a task that an event names. */
  task(name: string): TaskSummary | undefined {
    return this.#feed.get(name) ?? this.#told.get(name);
  }

  /** Somebody opens the page. Where nothing has been shown yet, it begins anew. */
  begin(): void {
    if (this.#lines.length === 0) this.#ready = false;
  }

  /** Listens until the signal aborts. What breaks goes on after the last event that was heard. */
  async watch(signal: AbortSignal): Promise<void> {
    this.#trouble = undefined;
    while (!signal.aborted && !this.#trouble) {
      try {
        await this.#follow(signal);
      } catch (error) {
        if (this.#last && ConnectError.from(error).code === Code.NotFound) this.#last = "";
        else this.#trouble = troubleOf(error);
      }
    }
  }

  #follow(signal: AbortSignal): Promise<void> {
    let missed = false;
    const open = (stop: AbortSignal) => {
      const after = this.#last;
      // Without an event to go on from, what happened since it last listened cannot be told.
      if (this.#ready && !after) this.#miss();
      missed = after !== "";
      return this.#clients.events.watchEvents({ after }, { signal: stop, timeoutMs: 0 });
    };
    return followBeside(
      open,
      ({ event }) => {
        if (event) this.#take(event);
        else {
          this.#ready = true;
          if (missed) void this.#learnGoals(signal);
        }
        return false;
      },
      this.#connection,
      signal,
    );
  }

  #take(event: Event): void {
    this.#last = event.id;
    this.#waiting.push(event);
    this.#timer ??= setTimeout(() => this.#flush(), gatherMs);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const heard = { ...this.#heard };
    let lines = this.#lines;
    for (const event of this.#waiting.splice(0)) {
      const next = withEvent(lines, event);
      const changed = next.find((line, index) => line !== lines[index]);
      const kind = changed && kindOf(changed);
      if (kind) heard[kind]++;
      lines = next;
    }
    this.#lines = lines;
    this.#heard = heard;
  }

  #miss(): void {
    this.#flush();
    this.#lines = withGap(this.#lines, Date.now());
  }

  /** Tasks that ended while nobody listened are not in the feed; their lines need their goals. */
  async #learnGoals(signal: AbortSignal): Promise<void> {
    try {
      const { tasks } = await this.#clients.tasks.listTasks({ pageSize: goalsMax }, { signal });
      for (const task of tasks) this.#told.set(task.name, task);
    } catch {
      // Then their ids stand for them; the interceptor told the connection.
    }
  }
}

const countOf = (counts: Counts, kind: ActivityKind | undefined): number =>
  kind ? counts[kind] : Object.values(counts).reduce((sum, count) => sum + count);

export const [useActivity, provideActivity] = createContext<Activity>();
