// `keiko task replay`: whether a task comes out the same, run again from what was recorded.

import { readFile } from "node:fs/promises";

import { fromJsonString, toBinary, toJson, toJsonString } from "@bufbuild/protobuf";
import { RecordedTaskSchema } from "@keiko/gen/keiko/task/v1/journal_pb.js";
import { ReplayTaskResponseSchema, TaskService } from "@keiko/gen/keiko/task/v1/task_service_pb.js";

import { commandWordsOf } from "../command-words.ts";
import type { Connection } from "../connection.ts";
import { CommandFailed, EXIT, type ExitCode, WrongUsage } from "../exit.ts";
import type { Given } from "../options.ts";
import { cut, paint as makePaint, oneLine } from "../show/text.ts";
import type { Console } from "../terminal.ts";

/** Reads `--against`: "recorded", "current", or a workload; fails with WrongUsage on anything else. */
export function readAgainst(given: Given) {
  const against = given.text("against") ?? "recorded";
  if (against === "recorded") return { againstCurrent: false, againstWorkload: "" };
  if (against === "current") return { againstCurrent: true, againstWorkload: "" };
  const workload = against.replace(/^workloads\//, "");
  if (/^[a-z][a-z0-9-]{0,62}$/.test(workload))
    return { againstCurrent: true, againstWorkload: workload };
  throw new WrongUsage(
    `--against "${against}" is not known: recorded, current, or the name of a workload.`,
  );
}

/** Prints a task with all that it takes to replay it anywhere. */
export async function recordTask(
  connection: Connection,
  name: string,
  console: Console,
): Promise<ExitCode> {
  const { recorded } = await connection.client(TaskService).recordTask({ name });
  if (!recorded) throw new CommandFailed(`Keiko gave no record of ${name}.`);
  console.out(`${toJsonString(RecordedTaskSchema, recorded, { prettySpaces: 1 })}\n`);
  return EXIT.done;
}

/** A recorded task is a file; anything else is the name of one that Keiko has. */
const isFile = (word: string) => word.endsWith(".json");

async function subject(word: string) {
  if (!isFile(word)) return { name: `tasks/${word.replace(/^tasks\//, "")}` };
  const text = await readFile(word, "utf8").catch(() => undefined);
  if (text === undefined) throw new CommandFailed(`${word} cannot be read.`);
  try {
    return { recorded: toBinary(RecordedTaskSchema, fromJsonString(RecordedTaskSchema, text)) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CommandFailed(`${word} is no recorded task: ${why}. "keiko task record" makes one.`);
  }
}

/** `word`: a task, or a file that "task record" made. */
export async function replayTask(
  connection: Connection,
  word: string,
  given: Given,
  console: Console,
): Promise<ExitCode> {
  const asked = { ...(await subject(word)), ...readAgainst(given) };
  const response = await connection.client(TaskService).replayTask(asked);
  const { divergence, transitionCount, callCount } = response;
  const words = commandWordsOf(console.language);
  const paint = makePaint(console.colour);
  if (given.flag("json")) {
    console.out(`${JSON.stringify(toJson(ReplayTaskResponseSchema, response), null, 2)}\n`);
  } else if (!divergence) {
    console.out(`${paint.good("✓")} ${words.same(transitionCount, callCount)}\n`);
  } else {
    const width = Math.max(20, console.width - 2);
    const value = (text: string) => (text === "" ? words.absent : oneLine(text));
    const lines = [
      divergence.message,
      `${divergence.field}`,
      `  ${words.recorded}: ${value(divergence.recorded)}`,
      `  ${words.now}: ${value(divergence.now)}`,
    ].filter((line) => line.trim() !== "");
    console.out(`${paint.bad("✗")} ${words.diverges(divergence.transition, divergence.step)}\n`);
    for (const line of lines) console.out(`  ${cut(line.replaceAll("\n", " "), width)}\n`);
  }
  return divergence ? EXIT.failed : EXIT.done;
}
