// Puts what waits to whoever sits at the terminal.

import { ConnectError } from "@connectrpc/connect";
import { ParameterType } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import type { Task } from "@keiko/gen/keiko/task/v1/task_pb.js";
import { TaskService } from "@keiko/gen/keiko/task/v1/task_service_pb.js";

import { commandWordsOf } from "../command-words.ts";
import type { Connection } from "../connection.ts";
import { WrongUsage } from "../exit.ts";
import { keepFile } from "../files.ts";
import type { Console } from "../terminal.ts";
import { readReply } from "../values.ts";
import { askedLines, type WaitingRun, waitingRuns } from "../waiting.ts";
import { wordsOf } from "../words.ts";

/** True once something was said. False where nobody sits, may decide, or wants to say anything. */
export async function askHere(
  connection: Connection,
  task: Task,
  console: Console,
): Promise<boolean> {
  let said = false;
  for (const run of waitingRuns(task)) {
    if (!console.ask) return false;
    const language = task.plan?.language;
    const text = askedLines(run.asked, commandWordsOf(language), wordsOf(language).tag);
    console.err(`${run.title}\n${text.map((line) => `  ${line}`).join("\n")}\n`);
    const done = run.asked.approval
      ? await askApproval(connection, task, run, console)
      : await askQuestion(connection, task, run, console);
    said ||= done;
  }
  return said;
}

async function askApproval(
  connection: Connection,
  task: Task,
  { step }: WaitingRun,
  console: Console,
): Promise<boolean> {
  const words = commandWordsOf(task.plan?.language);
  for (;;) {
    const text = await console.ask?.(words.agree);
    if (!text?.trim()) return false;
    const reply = await read(text, { type: ParameterType.TRUTH, options: [] }, connection, console);
    if (!reply) continue;
    const note = reply.truth ? "" : ((await console.ask?.(words.why)) ?? "");
    const answer = { case: "agree" as const, value: reply.truth };
    return send(connection, { name: task.name, step, answer, note }, console);
  }
}

async function askQuestion(
  connection: Connection,
  task: Task,
  { step, asked }: WaitingRun,
  console: Console,
): Promise<boolean> {
  const { type = ParameterType.TEXT, options = [] } = asked.question ?? {};
  for (;;) {
    const text = await console.ask?.(commandWordsOf(task.plan?.language).answer);
    if (!text?.trim()) return false;
    const value = await read(text, { type, options }, connection, console);
    if (!value) continue;
    const answer = { case: "reply" as const, value };
    return send(connection, { name: task.name, step, answer }, console);
  }
}

/** Unset, and said why, where the text is no such value: it can be typed again. */
async function read(
  text: string,
  wanted: Parameters<typeof readReply>[1],
  connection: Connection,
  console: Console,
) {
  try {
    return await readReply(text, wanted, keepFile(connection));
  } catch (error) {
    if (!(error instanceof WrongUsage)) throw error;
    console.err(`${error.message}\n`);
    return undefined;
  }
}

type Answer = Parameters<ReturnType<typeof clientOf>["answerStep"]>[0];
const clientOf = (connection: Connection) => connection.client(TaskService);

/** Somebody else may have been faster, or the only one who may: then the task says how it stands. */
async function send(connection: Connection, answer: Answer, console: Console): Promise<boolean> {
  try {
    await clientOf(connection).answerStep(answer);
    return true;
  } catch (error) {
    console.err(`${ConnectError.from(error).rawMessage}\n`);
    return false;
  }
}
