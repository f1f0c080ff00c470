// `keiko task`: what was asked before, one task in full, and the words that steer one.

import { toJson } from "@bufbuild/protobuf";
import { timestampDate } from "@bufbuild/protobuf/wkt";
import { type Task, TaskSchema } from "@keiko/gen/keiko/task/v1/task_pb.js";
import {
  ListTasksResponseSchema,
  TaskService,
  type TaskSummary,
} from "@keiko/gen/keiko/task/v1/task_service_pb.js";

import { type Connection, connect } from "../connection.ts";
import { CommandFailed, EXIT, type ExitCode, WrongUsage } from "../exit.ts";
import { type Given, readOptions } from "../options.ts";
import { columnsOf, cut, paint as makePaint, oneLine, pad } from "../show/text.ts";
import type { Console } from "../terminal.ts";
import { wordsOf } from "../words.ts";
import { ANSWER_VERBS, answerTask, readWords } from "./answer.ts";
import { finish } from "./outcome.ts";
import { readAgainst, recordTask, replayTask } from "./replay.ts";

const LIMIT_USUAL = 20;
const LIMIT_MAX = 500;
const SIMPLE = ["show", "cancel", "pause", "resume"] as const;
type Simple = (typeof SIMPLE)[number];
const VERBS: readonly string[] = ["list", ...SIMPLE, ...ANSWER_VERBS, "record", "replay"];

export async function task(words: string[], console: Console): Promise<ExitCode> {
  const given = readOptions(words, {
    json: { type: "boolean" },
    out: { type: "string" },
    limit: { type: "string" },
    note: { type: "string" },
    against: { type: "string" },
    plan: { type: "string" },
  });
  const [verb = "list", name] = given.words;
  if (!VERBS.includes(verb)) {
    const last = VERBS.at(-1) ?? "";
    const others = VERBS.slice(0, -1).join(", ");
    throw new WrongUsage(`"task ${verb}" is not known: ${others} or ${last}.`);
  }
  if (verb !== "list" && !name) throw new WrongUsage(`TASK is missing: keiko task ${verb} TASK.`);
  const word = ANSWER_VERBS.find((known) => known === verb);
  // What is typed wrong is said before anything is asked of Keiko.
  if (word) readWords(word, given.words.slice(2));
  if (verb === "replay") readAgainst(given);
  const connection = connect(given);
  try {
    if (verb === "list") return await list(connection, given, console);
    const full = `tasks/${(name ?? "").replace(/^tasks\//, "")}`;
    const tasks = connection.client(TaskService);
    if (word) return await answerTask(connection, word, full, given, console);
    if (verb === "record") return await recordTask(connection, full, console);
    if (verb === "replay") return await replayTask(connection, name ?? "", given, console);
    const ask = {
      show: tasks.getTask,
      cancel: tasks.cancelTask,
      pause: tasks.pauseTask,
      resume: tasks.resumeTask,
    }[verb as Simple];
    const answer = await ask({ name: full });
    if (!answer.task) throw new CommandFailed(`Keiko gave no task ${full}.`);
    return verb === "show"
      ? await show(connection, answer.task, given, console)
      : standing(answer.task, given, console);
  } finally {
    connection.close();
  }
}

async function list(connection: Connection, given: Given, console: Console): Promise<ExitCode> {
  const pageSize = limitOf(given.text("limit"));
  const plan = given.text("plan");
  const storedPlan = plan ? `plans/${plan.replace(/^plans\//, "")}` : "";
  const response = await connection.client(TaskService).listTasks({ pageSize, storedPlan });
  if (given.flag("json")) {
    console.out(`${JSON.stringify(toJson(ListTasksResponseSchema, response), null, 2)}\n`);
    return EXIT.done;
  }
  for (const line of listLines(response.tasks, console.width)) console.out(`${line}\n`);
  if (response.nextPageToken)
    console.err(`… more with --limit ${Math.min(LIMIT_MAX, pageSize * 2)}\n`);
  return EXIT.done;
}

function limitOf(text: string | undefined): number {
  const limit = text === undefined ? LIMIT_USUAL : Number(text);
  if (Number.isInteger(limit) && limit > 0 && limit <= LIMIT_MAX) return limit;
  throw new WrongUsage(`--limit "${text}" is not a whole number from 1 to ${LIMIT_MAX}.`);
}

function listLines(tasks: readonly TaskSummary[], width: number): string[] {
  const words = wordsOf("en");
  const states = tasks.map(({ state }) => words.state[state]);
  const [nameColumns, stateColumns] = [tasks.map(({ name }) => name), states].map((texts) =>
    Math.max(0, ...texts.map(columnsOf)),
  ) as [number, number];
  return tasks.map(({ name, goal, createTime }, i) => {
    const when = createTime ? localTime(timestampDate(createTime)) : "";
    const head = `${pad(name, nameColumns, false)}  ${when}  ${pad(states[i] ?? "", stateColumns, false)}  `;
    return head + cut(oneLine(goal), Math.max(12, width - columnsOf(head)));
  });
}

/** "2026-11-22 14:35" where this machine is. */
function localTime(date: Date): string {
  return new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "short" }).format(date);
}

async function show(
  connection: Connection,
  found: Task,
  given: Given,
  console: Console,
): Promise<ExitCode> {
  const json = given.flag("json");
  if (!json) {
    const paint = makePaint(console.colour);
    const said = wordsOf(found.plan?.language);
    console.out(`${paint.bold(oneLine(found.goal))}\n${said.state[found.state]}\n\n`);
    for (const step of found.steps) {
      console.out(`${said.state[step.state]}  ${oneLine(step.title || step.id)}\n`);
      if (step.understanding) console.out(`  ${oneLine(step.understanding)}\n`);
      for (const line of step.evidence.split("\n").filter((text) => text.trim() !== "")) {
        console.out(`  ${paint.soft(oneLine(line))}\n`);
      }
    }
    if (found.steps.length > 0) console.out("\n");
  }
  await finish(connection, found, { json, folder: given.text("out") }, console);
  return EXIT.done;
}

function standing(found: Task, given: Given, console: Console): ExitCode {
  if (given.flag("json")) console.out(`${JSON.stringify(toJson(TaskSchema, found), null, 2)}\n`);
  else console.out(`${found.name}: ${wordsOf(found.plan?.language).state[found.state]}\n`);
  return EXIT.done;
}
