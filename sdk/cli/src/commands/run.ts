// `keiko run`: uploads what belongs to the goal, creates the task, watches it to its end.

import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { Code, ConnectError } from "@connectrpc/connect";
import { State, type Task } from "@keiko/gen/keiko/task/v1/task_pb.js";
import { TaskService } from "@keiko/gen/keiko/task/v1/task_service_pb.js";

import { type Connection, connect } from "../connection.ts";
import { CommandFailed, EXIT, type ExitCode } from "../exit.ts";
import { checkAttachments, upload } from "../files.ts";
import { oneWord, readOptions } from "../options.ts";
import { type Progress, showProgress } from "../show/progress.ts";
import type { Console } from "../terminal.ts";
import { wordsOf } from "../words.ts";
import { finish, isFinal } from "./outcome.ts";

const RETRIES_MAX = 5;
const RETRY_MS = 500;

export async function run(words: string[], console: Console): Promise<ExitCode> {
  const given = readOptions(words, {
    attach: { type: "string", multiple: true },
    after: { type: "string" },
    out: { type: "string" },
    json: { type: "boolean" },
  });
  const goal = oneWord(given, "GOAL");
  const paths = given.texts("attach");
  await checkAttachments(paths);
  const connection = connect(given);
  const progress = showProgress(console);
  try {
    const previous = await previousTask(connection, given.text("after"));
    const attachments = await upload(connection, paths);
    const tasks = connection.client(TaskService);
    const requestId = randomUUID();
    const { task } = await tasks.createTask({ goal, attachments, requestId, ...previous });
    if (!task) throw new CommandFailed("Keiko did not say which task it created.");
    const ended = await follow(connection, task, progress, console);
    progress.end();
    return await finish(
      connection,
      ended,
      { json: given.flag("json"), folder: given.text("out") },
      console,
    );
  } finally {
    progress.end();
    connection.close();
  }
}

/** What the goal continues: a task by name, or the one that was created last; its conversation, too. */
async function previousTask(connection: Connection, after: string | undefined) {
  if (after === undefined) return {};
  const tasks = connection.client(TaskService);
  if (after !== "last") {
    const { task } = await tasks.getTask({ name: `tasks/${after.replace(/^tasks\//, "")}` });
    return { previous: task?.name ?? "", conversation: task?.conversation ?? "" };
  }
  const [latest] = (await tasks.listTasks({ pageSize: 1 })).tasks;
  if (!latest) throw new CommandFailed("--after last: there is no task yet.");
  return { previous: latest.name, conversation: latest.conversation };
}

/** Watches a task until it is final or waits for a person; Ctrl-C cancels it. */
async function follow(
  connection: Connection,
  created: Task,
  progress: Progress,
  console: Console,
): Promise<Task> {
  const words = wordsOf(created.plan?.language);
  const cancel = connection.client(TaskService);
  let interrupts = 0;
  const release = console.onInterrupt(() => {
    interrupts += 1;
    if (interrupts > 1) process.exit(EXIT.interrupted);
    progress.say(words.cancelling);
    cancel.cancelTask({ name: created.name }).catch((error: unknown) => {
      progress.say(error instanceof ConnectError ? error.rawMessage : String(error));
    });
  });
  try {
    return await watch(connection, created, progress);
  } finally {
    release();
  }
}

async function watch(connection: Connection, created: Task, progress: Progress): Promise<Task> {
  const rests = (task: Task) => isFinal(task) || task.state === State.WAITING;
  let latest = created;
  progress.update(latest);
  for (let failures = 0; !rests(latest); ) {
    try {
      for await (const { task } of connection
        .client(TaskService)
        .watchTask({ name: created.name })) {
        if (!task) continue;
        failures = 0;
        latest = task;
        progress.update(latest);
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

/** The connection broke; the task itself lives on in Keiko. */
function isBroken(error: unknown): boolean {
  if (error instanceof CommandFailed) return true;
  const codes = [Code.Unavailable, Code.Aborted, Code.Canceled, Code.Internal, Code.Unknown];
  return error instanceof ConnectError && codes.includes(error.code);
}
