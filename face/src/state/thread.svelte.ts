import type { File as KeptFile } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import type { Task } from "@keiko/gen/keiko/task/v1/task_pb.js";
import type { TaskSummary } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import type { Clients } from "../remote/clients.ts";
import { pause } from "../remote/follow.ts";
import {
  isSignedOut,
  isUnreachable,
  isUnready,
  type Trouble,
  troubleOf,
} from "../remote/trouble.ts";
import type { Connection } from "./connection.svelte.ts";
import { newId, type Outbox, type Unsent } from "./outbox.ts";
import { TaskWatch } from "./task-watch.svelte.ts";

const retryMs = 400;
const pageSize = 20;

/** One question and what became of it. */
export class Turn {
  /** The request id where it was asked here, else the name of its task. */
  readonly key: string;
  readonly goal: string;
  readonly watch: TaskWatch;
  readonly unsent: Unsent | undefined;
  /** `tasks/{id}`; empty until Keiko has accepted the question. */
  name = $state("");
  trouble = $state.raw<Trouble>();

  constructor(key: string, goal: string, watch: TaskWatch, unsent?: Unsent) {
    this.key = key;
    this.goal = goal;
    this.watch = watch;
    this.unsent = unsent;
  }

  /** The files that it rests on. */
  get files(): readonly KeptFile[] {
    const { task } = this.watch;
    if (task) return task.attachments;
    if (!this.unsent) return [];
    return this.unsent.attached.length > 0 ? this.unsent.attached : this.unsent.inherited;
  }

  get pending(): boolean {
    return this.watch.running || (!this.name && !this.trouble);
  }
}

/** What a question continues: the task, once it is one, and its files. */
export interface Continued {
  readonly name: string;
  readonly files: readonly KeptFile[];
}

/** A conversation: questions of which each may continue the one before, in order. */
export class Thread {
  /** Without `conversations/`. */
  readonly id: string;
  #turns = $state.raw<Turn[]>([]);
  #loaded = $state(false);
  #earlierToken = $state("");
  #trouble = $state.raw<Trouble>();
  #clients: Clients;
  #connection: Connection;
  #outbox: Outbox;
  #line: Promise<void> = Promise.resolve();

  /** A thread that begins here has nothing to fetch. */
  constructor(
    id: string,
    clients: Clients,
    connection: Connection,
    outbox: Outbox,
    begins: boolean,
  ) {
    this.id = id;
    this.#clients = clients;
    this.#connection = connection;
    this.#outbox = outbox;
    this.#loaded = begins;
    if (!begins) void this.#load();
  }

  get turns(): readonly Turn[] {
    return this.#turns;
  }

  get loaded(): boolean {
    return this.#loaded;
  }

  get hasEarlier(): boolean {
    return this.#earlierToken !== "";
  }

  get trouble(): Trouble | undefined {
    return this.#trouble;
  }

  /** The newest question that still runs. */
  get running(): Turn | undefined {
    return this.#turns.findLast(({ pending }) => pending);
  }

  /** Asks, and continues a turn where there is one: its files and its chart can be used again. */
  ask(
    goal: string,
    attached: readonly KeptFile[],
    after: Continued | undefined = this.#turns.at(-1),
  ): Turn {
    const entry: Unsent = {
      requestId: newId(),
      conversation: this.id,
      goal,
      attached,
      inherited: after?.files ?? [],
      previous: after?.name ?? "",
    };
    this.#outbox.add(entry);
    return this.#send(entry, after);
  }

  /** Asks once the question before has been answered: what it made is then there to be changed. */
  askAfter(goal: string): void {
    const before = this.#turns.at(-1);
    const settled = $effect.root(() => {
      $effect(() => {
        if (before?.pending) return;
        settled();
        if (!before?.trouble) this.ask(goal, []);
      });
    });
  }

  /** What the stream of all tasks says of this conversation: asked in another window, maybe. */
  take(summary: TaskSummary): void {
    if (!this.#loaded || summary.conversation !== `conversations/${this.id}`) return;
    // A question of this window that is on its way will learn its name from its own answer.
    if (this.#turns.some(({ name, trouble }) => name === summary.name || (!name && !trouble)))
      return;
    this.#turns = [...this.#turns, this.#shown(summary)];
  }

  async earlier(): Promise<void> {
    const token = this.#earlierToken;
    this.#earlierToken = "";
    try {
      await this.#page(token);
    } catch {
      this.#earlierToken = token;
    }
  }

  async #load(): Promise<void> {
    const { signal } = new AbortController();
    while (!this.#loaded) {
      try {
        await this.#page("");
        this.#trouble = undefined;
        this.#loaded = true;
      } catch (error) {
        if (!isUnreachable(error) && !isSignedOut(error) && !isUnready(error)) {
          this.#trouble = troubleOf(error);
          break;
        }
        await pause(retryMs, signal);
        await this.#connection.restored(signal);
      }
    }
    const here = new Set(this.#turns.map(({ key }) => key));
    for (const entry of this.#outbox.of(this.id)) {
      // Asked here while the rest was still on its way: it is being sent already.
      if (!here.has(entry.requestId)) this.#send(entry, this.#turns.at(-1));
    }
  }

  async #page(pageToken: string): Promise<void> {
    const request = { conversation: `conversations/${this.id}`, pageSize, pageToken };
    const { tasks, nextPageToken } = await this.#clients.tasks.listTasks(request);
    const known = new Set(this.#turns.map(({ name }) => name));
    const before = tasks.filter(({ name }) => !known.has(name)).reverse();
    this.#turns = [...before.map((summary) => this.#shown(summary)), ...this.#turns];
    this.#earlierToken = nextPageToken;
  }

  #shown({ name, goal }: TaskSummary): Turn {
    const turn = new Turn(name, goal, new TaskWatch(this.#clients, this.#connection));
    turn.name = name;
    void turn.watch.start(name);
    return turn;
  }

  #send(entry: Unsent, after: Continued | undefined): Turn {
    const watch = new TaskWatch(this.#clients, this.#connection);
    const turn = new Turn(entry.requestId, entry.goal, watch, entry);
    this.#turns = [...this.#turns, turn];
    // In order, so that each knows the task that it continues.
    this.#line = this.#line.then(() => this.#deliver(turn, entry, after));
    return turn;
  }

  async #deliver(turn: Turn, entry: Unsent, after: Continued | undefined): Promise<void> {
    const { signal } = new AbortController();
    while (true) {
      try {
        const task = await this.#create(entry, entry.previous || (after?.name ?? ""));
        this.#outbox.remove(entry.requestId);
        if (!task) return;
        // Accepted before a reload whose answer was lost: it is here already.
        this.#turns = this.#turns.filter((other) => other === turn || other.name !== task.name);
        turn.name = task.name;
        void turn.watch.start(task.name, task);
        return;
      } catch (error) {
        if (!isUnreachable(error) && !isSignedOut(error) && !isUnready(error)) {
          turn.trouble = troubleOf(error);
          this.#outbox.remove(entry.requestId);
          return;
        }
        await pause(retryMs, signal);
        await this.#connection.restored(signal);
      }
    }
  }

  async #create(entry: Unsent, previous: string): Promise<Task | undefined> {
    const { requestId, goal, attached, inherited } = entry;
    const files = attached.length > 0 || previous ? attached : inherited;
    const conversation = `conversations/${this.id}`;
    const request = { requestId, goal, attachments: [...files], conversation, previous };
    const { task } = await this.#clients.tasks.createTask(request);
    return task;
  }
}
