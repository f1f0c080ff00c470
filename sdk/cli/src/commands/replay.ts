// `keiko task replay`: whether a task comes out the same, run again from what was recorded.

import { toJson } from "@bufbuild/protobuf";
import { ReplayTaskResponseSchema, TaskService } from "@keiko/gen/keiko/task/v1/task_service_pb.js";

import { commandWordsOf } from "../command-words.ts";
import type { Connection } from "../connection.ts";
import { EXIT, type ExitCode, WrongUsage } from "../exit.ts";
import type { Given } from "../options.ts";
import { cut, paint as makePaint, oneLine } from "../show/text.ts";
import type { Console } from "../terminal.ts";

/** Reads `--against`; fails with WrongUsage on anything but "recorded" and "current". */
export function readAgainst(given: Given): boolean {
  const against = given.text("against") ?? "recorded";
  if (against === "recorded" || against === "current") return against === "current";
  throw new WrongUsage(`--against "${against}" is not known: recorded or current.`);
}

export async function replayTask(
  connection: Connection,
  name: string,
  given: Given,
  console: Console,
): Promise<ExitCode> {
  const againstCurrent = readAgainst(given);
  const response = await connection.client(TaskService).replayTask({ name, againstCurrent });
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
