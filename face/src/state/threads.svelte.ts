import type { File as KeptFile } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import type { TaskSummary } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import { createContext } from "svelte";
import type { Clients } from "../remote/clients.ts";
import type { Connection } from "./connection.svelte.ts";
import { newId, Outbox } from "./outbox.ts";
import { type Continued, Thread } from "./thread.svelte.ts";

/** The conversations that were opened in this window; each stays as it is while others are shown. */
export class Threads {
  #open = new Map<string, Thread>();
  #version = $state(0);
  #clients: Clients;
  #connection: Connection;
  #outbox: Outbox;

  constructor(clients: Clients, connection: Connection, storage: Storage) {
    this.#clients = clients;
    this.#connection = connection;
    this.#outbox = new Outbox(storage);
    // What was not sent before a reload is sent whichever page is shown now.
    for (const id of this.#outbox.conversations) this.of(id);
  }

  /** The conversation with this id, fetched when it is opened for the first time. */
  of(id: string): Thread {
    return this.#open.get(id) ?? this.#add(id, false);
  }

  /** One that is open already; asking for it fetches nothing. */
  known(id: string): Thread | undefined {
    void this.#version;
    return this.#open.get(id);
  }

  /** Begins a conversation with its first question. */
  begin(goal: string, files: readonly KeptFile[], after?: Continued): Thread {
    const thread = this.#add(newId(), true);
    thread.ask(goal, files, after);
    return thread;
  }

  get running() {
    void this.#version;
    return [...this.#open.values()].map(({ running }) => running).find(Boolean);
  }

  take(summaries: readonly TaskSummary[]): void {
    for (const summary of summaries) {
      const id = summary.conversation.slice(summary.conversation.indexOf("/") + 1);
      this.#open.get(id)?.take(summary);
    }
  }

  #add(id: string, begins: boolean): Thread {
    const thread = new Thread(id, this.#clients, this.#connection, this.#outbox, begins);
    this.#open.set(id, thread);
    // A page may ask for its conversation while it is drawn; who listens hears of it afterwards.
    queueMicrotask(() => this.#version++);
    return thread;
  }
}

export const [useThreads, provideThreads] = createContext<Threads>();

/** The address of a conversation. */
export const threadHref = ({ id }: { id: string }): string => `/conversations/${id}`;
