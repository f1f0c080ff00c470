// Watches a task until it is final or a person is needed, and asks that person where there is one.

import { setTimeout as pause } from "node:timers/promises";
import { Code, ConnectError } from "@connectrpc/connect";
import { State, type Task } from "@keiko/gen/keiko/task/v1/task_pb.js";
import { TaskService } from "@keiko/gen/keiko/task/v1/task_service_pb.js";

import type { Connection } from "../connection.ts";
import { CommandFailed, EXIT, type ExitCode } from "../exit.ts";
import { showProgress } from "../show/progress.ts";
import type { Console } from "../terminal.ts";
import { wordsOf } from "../words.ts";
import { askHere } from "./ask-here.ts";
import { finish, isFinal, type Wanted } from "./outcome.ts";

const RETRIES_MAX = 5;
const RETRY_MS = 500;

/** Shows a task that was created until it rests, prints it, gives the exit code. */
export async function followToEnd(
  connection: Connection,
  created: Task,
  wanted: Wanted,
  console: Console,
): Promise<ExitCode> {
  let task = created;
  for (;;) {
    task = await follow(connection, task, console);
    const said =
      task.state === State.WAITING && !wanted.json && (await askHere(connection, task, console));
    if (!said) return finish(connection, task, wanted, console);
    const now = await connection.client(TaskService).getTask({ name: task.name });
    task = now.task ?? task;
  }
}

/** Ctrl-C cancels the task; a second one leaves. */
async function follow(connection: Connection, from: Task, console: Console): Promise<Task> {
  const words = wordsOf(from.plan?.language);
  const tasks = connection.client(TaskService);
  const progress = showProgress(console);
  let interrupts = 0;
  const release = console.onInterrupt(() => {
    interrupts += 1;
    if (interrupts > 1) process.exit(EXIT.interrupted);
    progress.say(words.cancelling);
    tasks.cancelTask({ name: from.name }).catch((error: unknown) => {
      progress.say(error instanceof ConnectError ? error.rawMessage : String(error));
    });
  });
  try {
    return await watch(connection, from, (task) => progress.update(task));
  } finally {
    progress.end();
    release();
  }
}

async function watch(
  connection: Connection,
  from: Task,
  update: (task: Task) => void,
): Promise<Task> {
  let latest = from;
  update(latest);
  for (let failures = 0; !rests(latest); ) {
    try {
      const stream = connection.client(TaskService).watchTask({ name: from.name });
      for await (const { task } of stream) {
        if (!task) continue;
        failures = 0;
        latest = task;
        update(latest);
        if (rests(latest)) return latest;
      }
      failures += 1;
    } catch (error) {
      if (!isBroken(error)) throw error;
      failures += 1;
    }
    if (failures > RETRIES_MAX) {
      throw new CommandFailed(wordsOf(latest.plan?.language).lost(latest.name));
    }
    await pause(RETRY_MS);
  }
  return latest;
}

/** Nothing comes any more before a person speaks, or ever. */
const rests = (task: Task): boolean =>
  isFinal(task) || task.state === State.WAITING || task.state === State.PAUSED;

/** The connection broke; the task itself lives on in Keiko. */
function isBroken(error: unknown): boolean {
  if (error instanceof CommandFailed) return true;
  const codes = [Code.Unavailable, Code.Aborted, Code.Canceled, Code.Internal, Code.Unknown];
  return error instanceof ConnectError && codes.includes(error.code);
}
