// What is printed of a task at its end, and the exit code that goes with it.

import { toJson } from "@bufbuild/protobuf";
import { Stage } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { State, type Task, TaskSchema } from "@keiko/gen/keiko/task/v1/task_pb.js";

import { commandWordsOf } from "../command-words.ts";
import type { Connection } from "../connection.ts";
import { EXIT, type ExitCode } from "../exit.ts";
import { type Written, writeResults } from "../output-folder.ts";
import { answerText, evidence } from "../show/answer.ts";
import { problemLines } from "../show/problems.ts";
import { paint as makePaint } from "../show/text.ts";
import type { Console } from "../terminal.ts";
import { waitingRuns } from "../waiting.ts";
import { wordsOf } from "../words.ts";

export interface Wanted {
  readonly json: boolean;
  /** Folder of --out. */
  readonly folder: string | undefined;
}

const NOTHING: Written = new Map();
const BEFORE_RUNNING = new Set([Stage.PLAN, Stage.COMPILE]);
const FINAL = new Set([
  State.SUCCEEDED,
  State.FAILED,
  State.CANCELLED,
  State.COMPENSATED,
  State.SKIPPED,
]);

export function isFinal({ state }: Task): boolean {
  return FINAL.has(state);
}

export function exitCodeOf({ state, problems }: Task): ExitCode {
  if (state === State.SUCCEEDED) return EXIT.done;
  if (state === State.WAITING || state === State.PAUSED) return EXIT.waiting;
  const refused = problems.length > 0 && problems.every(({ stage }) => BEFORE_RUNNING.has(stage));
  return state === State.FAILED && refused ? EXIT.refused : EXIT.failed;
}

/** Writes files where they are wanted, prints the task, gives the exit code. */
export async function finish(
  connection: Connection,
  task: Task,
  wanted: Wanted,
  console: Console,
): Promise<ExitCode> {
  const { json, folder } = wanted;
  const written = folder && task.answer ? await writeResults(connection, task, folder) : NOTHING;
  if (json) console.out(`${JSON.stringify(toJson(TaskSchema, task), null, 2)}\n`);
  else printTask(connection, task, written, console);
  return exitCodeOf(task);
}

function printTask(connection: Connection, task: Task, written: Written, console: Console): void {
  const words = wordsOf(task.plan?.language);
  const paint = makePaint(console.colour);
  if (task.answer) {
    const filesOf = (artifact: Parameters<Written["get"]>[0]) => written.get(artifact) ?? [];
    console.out(`${answerText(task, { width: console.width, paint, words, filesOf })}\n`);
  }
  const problems = problemLines(task.problems, words, paint);
  if (problems.length > 0) console.err(`${problems.join("\n")}\n`);
  if (task.state === State.WAITING) {
    console.err(`${words.waiting(connection.url, task.name)}\n`);
    for (const { step, asked } of waitingRuns(task)) {
      const how = commandWordsOf(task.plan?.language).say(asked.approval, task.name, step);
      console.err(`  ${paint.soft(how)}\n`);
    }
  }
  if (task.state === State.PAUSED) {
    console.err(`${commandWordsOf(task.plan?.language).paused(task.name)}\n`);
  }
  if (task.state === State.CANCELLED) console.err(`${words.cancelled(task.name)}\n`);
  else if (!task.answer && isFinal(task)) console.err(`${paint.soft(evidence(task, words))}\n`);
}
