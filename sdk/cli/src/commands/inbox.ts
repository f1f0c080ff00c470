// `keiko inbox`: what waits for the person's word, in their own tasks and in those of others.

import { toJson } from "@bufbuild/protobuf";
import {
  type Decision,
  ListDecisionsResponseSchema,
  TaskService,
} from "@keiko/gen/keiko/task/v1/task_service_pb.js";

import { commandWordsOf } from "../command-words.ts";
import { connect } from "../connection.ts";
import { EXIT, type ExitCode, WrongUsage } from "../exit.ts";
import { readOptions } from "../options.ts";
import { paint as makePaint, oneLine, type Paint } from "../show/text.ts";
import type { Console } from "../terminal.ts";
import { askedLines } from "../waiting.ts";
import { wordsOf } from "../words.ts";

const PAGE_SIZE = 500;

export async function inbox(words: string[], console: Console): Promise<ExitCode> {
  const given = readOptions(words, { json: { type: "boolean" } });
  if (given.words.length > 0) throw new WrongUsage("inbox takes no words.");
  const connection = connect(given);
  try {
    const response = await connection.client(TaskService).listDecisions({ pageSize: PAGE_SIZE });
    if (given.flag("json")) {
      console.out(`${JSON.stringify(toJson(ListDecisionsResponseSchema, response), null, 2)}\n`);
      return EXIT.done;
    }
    const paint = makePaint(console.colour);
    const texts = response.decisions.map((one) => decisionLines(one, paint, console).join("\n"));
    if (texts.length > 0) console.out(`${texts.join("\n\n")}\n`);
    else console.err(`${commandWordsOf(console.language).nothingWaits}\n`);
    return EXIT.done;
  } finally {
    connection.close();
  }
}

function decisionLines(decision: Decision, paint: Paint, { language }: Console): string[] {
  const words = commandWordsOf(language);
  const { task, step, title, goal, owner, asked } = decision;
  return [
    paint.bold(oneLine(title || step)),
    `  ${paint.soft(oneLine([goal, `${words.of} ${owner}`].filter(Boolean).join(" · ")))}`,
    ...(asked ? askedLines(asked, words, wordsOf(language).tag) : []).map((line) => `  ${line}`),
    `  ${paint.soft(words.say(asked?.approval ?? false, task, step))}`,
  ];
}
