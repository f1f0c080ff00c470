import { createContext } from "svelte";
import type { Clients } from "../remote/clients.ts";
import { pause } from "../remote/follow.ts";
import { isUnreachable, type Trouble, troubleOf } from "../remote/trouble.ts";
import type { Connection } from "./connection.svelte.ts";
import type { TaskFeed } from "./task-feed.svelte.ts";
import { type Asking, askingKey, askingOf } from "./waiting.ts";

const pageSize = 500;
/** Several tasks often change at once. */
const gatherMs = 120;
/** The stream of tasks tells of the person's own; what others ask is looked for now and then. */
const pollMs = 20_000;

/** What waits for the person's word, kept up to date while somebody looks. */
export class Inbox {
  #askings = $state.raw<Asking[]>([]);
  #loaded = $state(false);
  #trouble = $state.raw<Trouble>();
  #news = $state.raw<Asking>();
  #clients: Clients;
  #connection: Connection;
  #feed: TaskFeed;

  constructor(clients: Clients, connection: Connection, feed: TaskFeed) {
    this.#clients = clients;
    this.#connection = connection;
    this.#feed = feed;
  }

  /** The oldest first. */
  get askings(): readonly Asking[] {
    return this.#askings;
  }

  get loaded(): boolean {
    return this.#loaded;
  }

  get trouble(): Trouble | undefined {
    return this.#trouble;
  }

  /** The last one that came while somebody looked. */
  get news(): Asking | undefined {
    return this.#news;
  }

  async watch(signal: AbortSignal): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const soon = () => {
      clearTimeout(timer);
      timer = setTimeout(() => void this.refresh(signal), gatherMs);
    };
    const stop = this.#feed.listen({ opened: soon, changed: soon });
    while (!signal.aborted) {
      await this.#connection.restored(signal);
      await this.refresh(signal);
      await pause(pollMs, signal);
    }
    clearTimeout(timer);
    stop();
  }

  async refresh(signal?: AbortSignal): Promise<void> {
    try {
      const { decisions } = await this.#clients.tasks.listDecisions(
        { pageSize },
        signal ? { signal } : {},
      );
      const found = decisions.flatMap(askingOf);
      const known = new Set(this.#askings.map(askingKey));
      if (this.#loaded) this.#news = found.findLast((one) => !known.has(askingKey(one)));
      this.#askings = found;
      this.#loaded = true;
      this.#trouble = undefined;
    } catch (error) {
      if (!signal?.aborted && !isUnreachable(error)) this.#trouble = troubleOf(error);
    }
  }

  /** What was answered here goes at once; the server is asked what it thinks. */
  answered(asking: Asking): void {
    const key = askingKey(asking);
    this.#askings = this.#askings.filter((one) => askingKey(one) !== key);
    void this.refresh();
  }
}

export const [useInbox, provideInbox] = createContext<Inbox>();
