import { Code, ConnectError } from "@connectrpc/connect";
import type { Span } from "@keiko/gen/keiko/observability/v1/observability_service_pb.js";
import type { Clients } from "../remote/clients.ts";
import { pause } from "../remote/follow.ts";
import { isUnreachable, type Trouble, troubleOf } from "../remote/trouble.ts";
import type { Connection } from "./connection.svelte.ts";

const againMs = 1000;

/** The calls behind a task. */
export class Trace {
  #spans = $state.raw<Span[]>();
  #truncated = $state(false);
  #gone = $state(false);
  #trouble = $state.raw<Trouble>();
  #clients: Clients;
  #connection: Connection;

  constructor(clients: Clients, connection: Connection) {
    this.#clients = clients;
    this.#connection = connection;
  }

  /** Unset until the first answer. */
  get spans(): Span[] | undefined {
    return this.#spans;
  }

  get truncated(): boolean {
    return this.#truncated;
  }

  /** No longer kept. */
  get gone(): boolean {
    return this.#gone;
  }

  get trouble(): Trouble | undefined {
    return this.#trouble;
  }

  /** Fetches it, and again while the task goes on, until the signal aborts. */
  async watch(traceId: string, running: () => boolean, signal: AbortSignal): Promise<void> {
    do {
      // One more look after the end: the last calls end after the task does.
      const last = !running();
      try {
        const answer = await this.#clients.observability.getTrace({ traceId }, { signal });
        this.#spans = answer.spans;
        this.#truncated = answer.truncated;
        this.#gone = false;
        this.#trouble = undefined;
        if (last) return;
      } catch (error) {
        if (signal.aborted) return;
        if (isUnreachable(error)) {
          await this.#connection.restored(signal);
          continue;
        }
        if (last) {
          this.#gone = error instanceof ConnectError && error.code === Code.NotFound;
          if (!this.#gone) this.#trouble = troubleOf(error);
          return;
        }
      }
      await pause(againMs, signal);
    } while (!signal.aborted);
  }
}
