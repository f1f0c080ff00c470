import type { Task } from "@keiko/gen/keiko/task/v1/task_pb.js";
import type { Connection } from "../state/connection.svelte.ts";
import type { Clients } from "./clients.ts";
import { isFinal } from "./trouble.ts";

/** Browsers hold six connections per origin over HTTP/1.1, for all tabs together. Tasks beyond this
 * many are asked after instead of streamed, so that calls always find a free connection. */
const streamsMax = 2;
const retryMs = 500;
const pollMs = 1000;
let streams = 0;

/** Reads a stream for as long as it is wanted: when it breaks it waits for the connection and opens
 * it again. Ends when `take` says true; throws only what asking again would not mend. */
export async function follow<T>(
  open: (signal: AbortSignal) => AsyncIterable<T>,
  take: (value: T) => boolean,
  connection: Connection,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      for await (const value of open(signal)) {
        connection.succeeded();
        if (take(value)) return;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (isFinal(error)) throw error;
      connection.failed(error);
    }
    await pause(retryMs, signal);
    await connection.restored(signal);
  }
}

/** Follows a stream that only one page holds. It takes the place of a task's, so that together they
 * leave room for calls. */
export async function followBeside<T>(...all: Parameters<typeof follow<T>>): Promise<void> {
  streams++;
  try {
    await follow(...all);
  } finally {
    streams--;
  }
}

/** Gives a task as it stands and after every change, until it has reached a final state. */
export async function followTask(
  name: string,
  take: (task: Task) => boolean,
  clients: Clients,
  connection: Connection,
  signal: AbortSignal,
): Promise<void> {
  if (streams >= streamsMax) {
    const poll = async function* (stop: AbortSignal) {
      while (!stop.aborted) {
        yield await clients.tasks.getTask({ name }, { signal: stop });
        await pause(pollMs, stop);
      }
    };
    return follow(poll, ({ task }) => !!task && take(task), connection, signal);
  }
  streams++;
  try {
    await follow(
      (stop) => clients.tasks.watchTask({ name }, { signal: stop, timeoutMs: 0 }),
      ({ task }) => !!task && take(task),
      connection,
      signal,
    );
  } finally {
    streams--;
  }
}

/** Waits, at most until the signal. */
export const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const stop = () => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal.addEventListener("abort", stop, { once: true });
  });
