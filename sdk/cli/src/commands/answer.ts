// `keiko task approve | decline | answer | delegate`: a person's word on what waits.

import { toJson } from "@bufbuild/protobuf";
import { ParameterType, type Question } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import {
  type AnswerStepRequest,
  AnswerStepResponseSchema,
  type Decision,
  TaskService,
} from "@keiko/gen/keiko/task/v1/task_service_pb.js";

import { commandWordsOf } from "../command-words.ts";
import type { Connection } from "../connection.ts";
import { CommandFailed, EXIT, type ExitCode, WrongUsage } from "../exit.ts";
import { keepFile } from "../files.ts";
import type { Given } from "../options.ts";
import type { Console } from "../terminal.ts";
import { readReply } from "../values.ts";

export const ANSWER_VERBS = ["approve", "decline", "answer", "delegate"] as const;
export type AnswerVerb = (typeof ANSWER_VERBS)[number];

const PAGE_SIZE = 500;
const STEP = /^[a-z][a-z0-9_-]{0,62}(:\d{1,5})?$/;

export async function answerTask(
  connection: Connection,
  verb: AnswerVerb,
  task: string,
  given: Given,
  console: Console,
): Promise<ExitCode> {
  const { step: named, value } = readWords(verb, given.words.slice(2));
  const step = named ?? (await stepThatWaits(connection, task, verb));
  const answer = await answerOf(connection, verb, task, step, value);
  const note = given.text("note") ?? "";
  const response = await connection
    .client(TaskService)
    .answerStep({ name: task, step, answer, note });
  const words = commandWordsOf(console.language);
  if (given.flag("json")) {
    console.out(`${JSON.stringify(toJson(AnswerStepResponseSchema, response), null, 2)}\n`);
  } else if (verb === "delegate") console.out(`${words.handedOver(step, value)}\n`);
  else {
    const said = { approve: words.agreed, decline: words.declined, answer: words.answered }[verb];
    console.out(`${said(step)}\n`);
  }
  return EXIT.done;
}

/** Fails with WrongUsage before anything is asked of Keiko. */
export function readWords(verb: AnswerVerb, words: readonly string[]) {
  const usage = {
    approve: "TASK [STEP]",
    decline: "TASK [STEP] [--note WHY]",
    answer: "TASK [STEP] VALUE",
    delegate: "TASK STEP USER",
  }[verb];
  const fail = () => new WrongUsage(`Give: keiko task ${verb} ${usage}.`);
  const valued = verb === "answer" || verb === "delegate";
  const [first, second] = words;
  if (words.length > (valued ? 2 : 1) || (valued && first === undefined)) throw fail();
  if (verb === "delegate" && second === undefined) throw fail();
  const step = !valued || second !== undefined ? first : undefined;
  if (step !== undefined && !STEP.test(step)) throw new WrongUsage(`"${step}" is no step.`);
  const value = valued ? (second ?? first ?? "") : "";
  return { step, value: verb === "delegate" ? `users/${value.replace(/^users\//, "")}` : value };
}

async function answerOf(
  connection: Connection,
  verb: AnswerVerb,
  task: string,
  step: string,
  value: string,
): Promise<AnswerStepRequest["answer"]> {
  if (verb === "approve" || verb === "decline") return { case: "agree", value: verb === "approve" };
  if (verb === "delegate") return { case: "delegateTo", value };
  const question = await questionOf(connection, task, step);
  const { type = ParameterType.TEXT, options = [] } = question ?? {};
  return {
    case: "reply",
    value: await readReply(value, { type, options }, keepFile(connection)),
  };
}

/** The only one that waits for such a word. */
async function stepThatWaits(connection: Connection, task: string, verb: AnswerVerb) {
  const approval = verb !== "answer";
  const found = (await decisionsOf(connection, task)).filter(
    ({ asked }) => asked?.approval === approval,
  );
  const [only, ...more] = found;
  if (!only) throw new CommandFailed(`No step of ${task} waits for you to ${verb} it.`);
  if (more.length === 0) return only.step;
  const steps = found.map(({ step }) => step).join(", ");
  throw new WrongUsage(`Several steps of ${task} wait. Name one of: ${steps}.`);
}

async function questionOf(
  connection: Connection,
  task: string,
  step: string,
): Promise<Question | undefined> {
  const waiting = await decisionsOf(connection, task);
  const found = waiting.find((one) => one.step === step)?.asked?.question;
  if (found) return found;
  // What is answered already does not wait; the same answer again must still be possible.
  const { task: whole } = await connection.client(TaskService).getTask({ name: task });
  const id = step.replace(/:\d+$/, "");
  return whole?.plan?.steps.find((one) => one.id === id)?.question;
}

async function decisionsOf(connection: Connection, task: string): Promise<Decision[]> {
  const found: Decision[] = [];
  for (let pageToken = ""; ; ) {
    const page = await connection
      .client(TaskService)
      .listDecisions({ pageSize: PAGE_SIZE, pageToken });
    found.push(...page.decisions.filter((one) => one.task === task));
    if (page.nextPageToken === "") return found;
    pageToken = page.nextPageToken;
  }
}
