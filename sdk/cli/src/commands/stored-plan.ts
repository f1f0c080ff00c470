// `keiko plan store | list | show | delete`: plans under a name.

import { randomUUID } from "node:crypto";
import { toJson } from "@bufbuild/protobuf";
import {
  DeletePlanResponseSchema,
  ListPlansResponseSchema,
  PlanService,
  StoredPlanSchema,
  StorePlanResponseSchema,
} from "@keiko/gen/keiko/plan/v1/plan_service_pb.js";

import { commandWordsOf } from "../command-words.ts";
import { connect } from "../connection.ts";
import { CommandFailed, EXIT, type ExitCode, WrongUsage } from "../exit.ts";
import { oneWord, readOptions } from "../options.ts";
import { readPlanFile } from "../plan-file.ts";
import { problemLines } from "../show/problems.ts";
import { planLinesOf, storedLines } from "../show/stored-plan.ts";
import { paint as makePaint } from "../show/text.ts";
import type { Console } from "../terminal.ts";
import { wordsOf } from "../words.ts";

const PAGE_SIZE = 500;

/** "monthly" and "plans/monthly" are the same plan. */
export function planName(word: string): string {
  const id = word.replace(/^plans\//, "");
  if (/^[a-z0-9][a-z0-9-]{0,62}$/.test(id)) return `plans/${id}`;
  throw new WrongUsage(`"${word}" is no name: small letters, digits and hyphens.`);
}

export async function storePlan(words: string[], console: Console): Promise<ExitCode> {
  const given = readOptions(words, { json: { type: "boolean" }, expect: { type: "string" } });
  const [word, path, ...more] = given.words;
  if (!word || !path || more.length > 0) throw new WrongUsage("Give: keiko plan store NAME FILE.");
  const name = planName(word);
  const expectVersion = versionOf(given.text("expect"), "--expect");
  const plan = await readPlanFile(path);
  const connection = connect(given);
  try {
    const request = { name, plan, expectVersion, requestId: randomUUID() };
    const response = await connection.client(PlanService).storePlan(request);
    const { language } = console;
    if (given.flag("json")) {
      console.out(`${JSON.stringify(toJson(StorePlanResponseSchema, response), null, 2)}\n`);
    } else {
      if (response.plan)
        console.out(`${commandWordsOf(language).stored(name, response.plan.version)}\n`);
      const paint = makePaint(console.colour);
      for (const line of problemLines(response.problems, wordsOf(language), paint))
        console.err(`${line}\n`);
    }
    return response.plan ? EXIT.done : EXIT.refused;
  } finally {
    connection.close();
  }
}

export async function listPlans(words: string[], console: Console): Promise<ExitCode> {
  const given = readOptions(words, { json: { type: "boolean" } });
  if (given.words.length > 0) throw new WrongUsage("plan list takes no words.");
  const connection = connect(given);
  try {
    const response = await connection.client(PlanService).listPlans({ pageSize: PAGE_SIZE });
    if (given.flag("json")) {
      console.out(`${JSON.stringify(toJson(ListPlansResponseSchema, response), null, 2)}\n`);
      return EXIT.done;
    }
    for (const line of storedLines(response.plans, console)) console.out(`${line}\n`);
    if (response.plans.length === 0) console.err(`${commandWordsOf(console.language).noPlans}\n`);
    return EXIT.done;
  } finally {
    connection.close();
  }
}

export async function showPlan(words: string[], console: Console): Promise<ExitCode> {
  const given = readOptions(words, { json: { type: "boolean" }, version: { type: "string" } });
  const name = planName(oneWord(given, "NAME"));
  const version = versionOf(given.text("version"), "--version");
  const connection = connect(given);
  try {
    const { plan } = await connection.client(PlanService).getPlan({ name, version });
    if (!plan) throw new CommandFailed(`Keiko gave no plan ${name}.`);
    if (given.flag("json"))
      console.out(`${JSON.stringify(toJson(StoredPlanSchema, plan), null, 2)}\n`);
    else console.out(`${planLinesOf(plan, console).join("\n")}\n`);
    return EXIT.done;
  } finally {
    connection.close();
  }
}

export async function deletePlan(words: string[], console: Console): Promise<ExitCode> {
  const given = readOptions(words, { json: { type: "boolean" } });
  const name = planName(oneWord(given, "NAME"));
  const connection = connect(given);
  try {
    const response = await connection.client(PlanService).deletePlan({ name });
    if (given.flag("json"))
      console.out(`${JSON.stringify(toJson(DeletePlanResponseSchema, response))}\n`);
    else console.out(`${commandWordsOf(console.language).deleted(name)}\n`);
    return EXIT.done;
  } finally {
    connection.close();
  }
}

/** 0: the newest, or whichever it is. */
export function versionOf(text: string | undefined, option: string): number {
  const version = text === undefined ? 0 : Number(text);
  if (Number.isInteger(version) && version >= 0) return version;
  throw new WrongUsage(`${option} "${text}" is no version.`);
}
