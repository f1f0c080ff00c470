// `keiko run`: uploads what belongs to the goal, creates the task, watches it to its end.

import { randomUUID } from "node:crypto";
import { TaskService } from "@keiko/gen/keiko/task/v1/task_service_pb.js";

import { type Connection, connect } from "../connection.ts";
import { CommandFailed, type ExitCode } from "../exit.ts";
import { checkAttachments, upload } from "../files.ts";
import { oneWord, readOptions } from "../options.ts";
import type { Console } from "../terminal.ts";
import { followToEnd } from "./follow.ts";

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
  try {
    const previous = await previousTask(connection, given.text("after"));
    const attachments = await upload(connection, paths);
    const tasks = connection.client(TaskService);
    const requestId = randomUUID();
    const { task } = await tasks.createTask({ goal, attachments, requestId, ...previous });
    if (!task) throw new CommandFailed("Keiko did not say which task it created.");
    const wanted = { json: given.flag("json"), folder: given.text("out") };
    return await followToEnd(connection, task, wanted, console);
  } finally {
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
