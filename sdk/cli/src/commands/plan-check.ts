// `keiko plan check`: compiles a plan file at the running Keiko, and says where in it what is wrong.

import { readFile } from "node:fs/promises";
import { toJson } from "@bufbuild/protobuf";
import { ConnectError } from "@connectrpc/connect";
import { ErrorInfoSchema, Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import type { Plan } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import {
  CompilePlanResponseSchema,
  PlanService,
} from "@keiko/gen/keiko/plan/v1/plan_service_pb.js";

import { type Connection, connect } from "../connection.ts";
import { CommandFailed, EXIT, type ExitCode, WrongUsage } from "../exit.ts";
import { checkAttachments, upload } from "../files.ts";
import { type Given, oneWord, readOptions } from "../options.ts";
import { type FileProblem, type PlanText, readPlanText } from "../plan-text.ts";
import { diagnosticLines } from "../show/diagnostics.ts";
import { planLines } from "../show/plan.ts";
import { paint as makePaint } from "../show/text.ts";
import type { Console } from "../terminal.ts";

export async function checkPlan(words: string[], console: Console): Promise<ExitCode> {
  const given = readOptions(words, {
    attach: { type: "string", multiple: true },
    json: { type: "boolean" },
    minutes: { type: "string" },
    euros: { type: "string" },
  });
  const path = oneWord(given, "FILE");
  const text = await readFile(path, "utf8").catch((error: Error) => {
    throw new CommandFailed(`${path} cannot be read: ${error.message}`);
  });
  const paint = makePaint(console.colour);
  const refused = (problems: readonly FileProblem[]): ExitCode => {
    for (const line of diagnosticLines(path, text, problems, paint)) console.err(`${line}\n`);
    console.err(`${problems.length} ${problems.length === 1 ? "problem" : "problems"}\n`);
    return EXIT.refused;
  };
  const file = readPlanText(text);
  if (!file.plan) return refused(file.problems);
  const limits = limitsOf(given);
  const paths = given.texts("attach");
  await checkAttachments(paths);
  const connection = connect(given);
  try {
    const attachments = await upload(connection, paths);
    const { plan } = file;
    const request = { plan, attachments, ...(limits ? { limits } : {}) };
    const answer = await compiled(connection, request, file);
    if ("problems" in answer) return refused(answer.problems);
    const { response } = answer;
    if (given.flag("json")) {
      console.out(`${JSON.stringify(toJson(CompilePlanResponseSchema, response), null, 2)}\n`);
      return response.plan ? EXIT.done : EXIT.refused;
    }
    if (!response.plan) {
      const problems = response.problems.map(({ field, message, remedy }) => {
        // What has no place in the file, a limit say, is named by its path instead.
        const place = file.locate(field);
        return { place, message: place ? message : `${field}: ${message}`, remedy };
      });
      return refused(inOrder(problems));
    }
    console.out(`${paint.good("✓")} ${path}: ${summary(response.plan)}\n\n`);
    console.out(`${planLines(response.plan, console.width, paint).join("\n")}\n`);
    return EXIT.done;
  } finally {
    connection.close();
  }
}

type Request = Parameters<ReturnType<typeof planClient>["compilePlan"]>[0];
type Response = Awaited<ReturnType<ReturnType<typeof planClient>["compilePlan"]>>;

const planClient = (connection: Connection) => connection.client(PlanService);

/** Bounds of the plan itself are refused before it is compiled: they are problems of the file too. */
async function compiled(
  connection: Connection,
  request: Request,
  file: PlanText,
): Promise<{ response: Response } | { problems: FileProblem[] }> {
  try {
    return { response: await planClient(connection).compilePlan(request) };
  } catch (error) {
    const [info] = error instanceof ConnectError ? error.findDetails(ErrorInfoSchema) : [];
    if (info?.reason !== Reason.INVALID_FIELD) throw error;
    const problems = Object.entries(info.metadata).map(([field, message]) => {
      const path = field.replace(/^plan\./, "");
      return { place: file.locate(path), message: `${path}: ${message}`, remedy: info.remedy };
    });
    if (problems.length === 0) throw error;
    return { problems: inOrder(problems) };
  }
}

function inOrder(problems: FileProblem[]): FileProblem[] {
  const key = ({ place }: FileProblem) => (place ? place.line * 10_000 + place.column : 0);
  return problems.toSorted((a, b) => key(a) - key(b));
}

/** What was said of time and money; undefined: nothing. */
function limitsOf(given: Given) {
  const minutes = positive(given, "minutes");
  const euros = positive(given, "euros");
  if (minutes === undefined && euros === undefined) return undefined;
  return {
    ...(minutes ? { timeMax: { seconds: BigInt(Math.round(minutes * 60)) } } : {}),
    ...(euros ? { costMicrosMax: BigInt(Math.round(euros * 1_000_000)) } : {}),
  };
}

function positive(given: Given, name: string): number | undefined {
  const text = given.text(name);
  if (text === undefined) return undefined;
  const number = Number(text);
  if (Number.isFinite(number) && number >= 0 && text.trim() !== "") return number;
  throw new WrongUsage(`--${name} is a number, not "${text}".`);
}

/** "3 steps, a person is asked once" */
function summary({ steps, parameters }: Plan): string {
  const asked = steps.filter(({ approval, question }) => approval || question).length;
  return [
    counted(steps.length, "step"),
    ...(parameters.length > 0 ? [counted(parameters.length, "parameter")] : []),
    ...(asked > 0 ? [`${counted(asked, "step")} where a person is asked`] : []),
  ].join(", ");
}

const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;
