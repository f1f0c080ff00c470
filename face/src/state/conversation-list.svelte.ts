import type { Conversation } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import type { Clients } from "../remote/clients.ts";
import { pause } from "../remote/follow.ts";
import { isUnreachable, type Trouble, troubleOf } from "../remote/trouble.ts";
import type { Connection } from "./connection.svelte.ts";
import type { TaskFeed } from "./task-feed.svelte.ts";

const pageSize = 50;
const gatherMs = 250;

/** The conversations of the person, the one that was last continued first, up to date. */
export class ConversationList {
  #conversations = $state.raw<Conversation[]>([]);
  #nextPageToken = $state("");
  #loaded = $state(false);
  #trouble = $state.raw<Trouble>();
  #clients: Clients;
  #connection: Connection;
  #feed: TaskFeed;
  #query = "";

  constructor(clients: Clients, connection: Connection, feed: TaskFeed) {
    this.#clients = clients;
    this.#connection = connection;
    this.#feed = feed;
  }

  get conversations(): Conversation[] {
    return this.#conversations;
  }

  get loaded(): boolean {
    return this.#loaded;
  }

  get hasMore(): boolean {
    return this.#nextPageToken !== "";
  }

  get trouble(): Trouble | undefined {
    return this.#trouble;
  }

  /** Lists those with a goal that contains the text, and again after changes, until the signal. */
  async watch(query: string, signal: AbortSignal): Promise<void> {
    this.#query = query;
    let due = true;
    let wake = () => {};
    const change = () => {
      due = true;
      wake();
    };
    const stop = this.#feed.listen({ opened: change, changed: change });
    signal.addEventListener("abort", () => {
      stop();
      wake();
    });
    while (!signal.aborted) {
      await pause(this.#loaded ? gatherMs : 0, signal);
      if (due && !signal.aborted) {
        due = false;
        await this.#refresh(signal);
        if (!this.#loaded && !this.#trouble) due = true;
      }
      await this.#connection.restored(signal);
      if (!due && !signal.aborted) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  }

  async more(): Promise<void> {
    const pageToken = this.#nextPageToken;
    this.#nextPageToken = "";
    try {
      const request = { pageSize, query: this.#query, pageToken };
      const page = await this.#clients.tasks.listConversations(request);
      const known = new Set(this.#conversations.map(({ name }) => name));
      const added = page.conversations.filter(({ name }) => !known.has(name));
      this.#conversations = [...this.#conversations, ...added];
      this.#nextPageToken = page.nextPageToken;
    } catch {
      this.#nextPageToken = pageToken;
    }
  }

  async #refresh(signal: AbortSignal): Promise<void> {
    try {
      const request = { pageSize, query: this.#query };
      const page = await this.#clients.tasks.listConversations(request, { signal });
      this.#conversations = page.conversations;
      this.#nextPageToken = page.nextPageToken;
      this.#loaded = true;
      this.#trouble = undefined;
    } catch (error) {
      if (!signal.aborted && !isUnreachable(error)) this.#trouble = troubleOf(error);
    }
  }
}
