import { State, type Task } from "@keiko/gen/keiko/task/v1/task_pb.js";
import type { ReplayTaskResponse } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import type { Clients } from "../remote/clients.ts";
import { followTask } from "../remote/follow.ts";
import { type Trouble, troubleOf } from "../remote/trouble.ts";
import type { Connection } from "./connection.svelte.ts";

export const isOver = (state: State): boolean =>
  state === State.SUCCEEDED ||
  state === State.FAILED ||
  state === State.CANCELLED ||
  state === State.COMPENSATED ||
  state === State.SKIPPED;

/** One task as it stands now, followed until it is over. */
export class TaskWatch {
  #task = $state.raw<Task>();
  #trouble = $state.raw<Trouble>();
  #cancelling = $state(false);
  #steering = $state(false);
  #replaying = $state<"recorded" | "current">();
  #replayed = $state.raw<ReplayTaskResponse>();
  #replayTrouble = $state.raw<Trouble>();
  #clients: Clients;
  #connection: Connection;
  #stop = new AbortController();

  constructor(clients: Clients, connection: Connection) {
    this.#clients = clients;
    this.#connection = connection;
  }

  get task(): Task | undefined {
    return this.#task;
  }

  /** Why the task cannot be shown. */
  get trouble(): Trouble | undefined {
    return this.#trouble;
  }

  get cancelling(): boolean {
    return this.#cancelling;
  }

  /** It is being paused or resumed. */
  get steering(): boolean {
    return this.#steering;
  }

  /** What it is being run again against. */
  get replaying(): "recorded" | "current" | undefined {
    return this.#replaying;
  }

  /** How it came out the last time that it was run again. */
  get replayed(): ReplayTaskResponse | undefined {
    return this.#replayed;
  }

  get replayTrouble(): Trouble | undefined {
    return this.#replayTrouble;
  }

  get running(): boolean {
    return this.#task !== undefined && !isOver(this.#task.state);
  }

  /** Follows `tasks/{id}`, starting from what is already known of it. */
  async start(name: string, known?: Task): Promise<void> {
    if (known) this.#take(known);
    if (known && isOver(known.state)) return;
    try {
      const take = (task: Task) => this.#take(task);
      await followTask(name, take, this.#clients, this.#connection, this.#stop.signal);
    } catch (error) {
      this.#trouble = troubleOf(error);
    }
  }

  stop(): void {
    this.#stop.abort();
  }

  /** Asks the task to stop; its state says when it has. */
  async cancel(): Promise<void> {
    if (!this.#task || this.#cancelling) return;
    this.#cancelling = true;
    try {
      const { task } = await this.#clients.tasks.cancelTask({ name: this.#task.name });
      if (task) this.#take(task);
    } catch {
      // The interceptor told the connection. The task goes on, so the button must work again.
      this.#cancelling = false;
    }
  }

  /** Nothing new starts until the task is resumed. */
  pause(): Promise<void> {
    return this.#steer((name) => this.#clients.tasks.pauseTask({ name }));
  }

  resume(): Promise<void> {
    return this.#steer((name) => this.#clients.tasks.resumeTask({ name }));
  }

  async #steer(ask: (name: string) => Promise<{ task?: Task | undefined }>): Promise<void> {
    if (!this.#task || this.#steering) return;
    this.#steering = true;
    try {
      const { task } = await ask(this.#task.name);
      if (task) this.#take(task);
    } catch {
      // The interceptor told the connection; the state of the task shows that nothing came of it.
    } finally {
      this.#steering = false;
    }
  }

  /** Runs the task again from what was recorded. */
  async replay(againstCurrent: boolean): Promise<void> {
    if (!this.#task || this.#replaying) return;
    const { name } = this.#task;
    this.#replaying = againstCurrent ? "current" : "recorded";
    this.#replayTrouble = undefined;
    this.#replayed = undefined;
    try {
      this.#replayed = await this.#clients.tasks.replayTask({ name, againstCurrent });
    } catch (error) {
      this.#replayTrouble = troubleOf(error);
    } finally {
      this.#replaying = undefined;
    }
  }

  #take(task: Task): boolean {
    // A stream opened again, or a slow answer, may bring what is already out of date.
    if (!this.#task || task.revision >= this.#task.revision) this.#task = task;
    return isOver(this.#task.state);
  }
}
