// `keiko plan run`: a stored plan with values for its parameters, followed to its end.

import { randomUUID } from "node:crypto";
import type { Value } from "@bufbuild/protobuf/wkt";
import { ParameterType, type Plan } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { PlanService } from "@keiko/gen/keiko/plan/v1/plan_service_pb.js";
import { TaskService } from "@keiko/gen/keiko/task/v1/task_service_pb.js";

import { connect } from "../connection.ts";
import { CommandFailed, type ExitCode, WrongUsage } from "../exit.ts";
import { checkAttachments, keepFile, upload } from "../files.ts";
import { oneWord, readOptions } from "../options.ts";
import type { Console } from "../terminal.ts";
import { type Keep, readInput } from "../values.ts";
import { followToEnd } from "./follow.ts";
import { planName, versionOf } from "./stored-plan.ts";

export async function runPlan(words: string[], console: Console): Promise<ExitCode> {
  const given = readOptions(words, {
    input: { type: "string", multiple: true },
    attach: { type: "string", multiple: true },
    version: { type: "string" },
    out: { type: "string" },
    json: { type: "boolean" },
  });
  const name = planName(oneWord(given, "NAME"));
  const version = versionOf(given.text("version"), "--version");
  const texts = pairsOf(given.texts("input"), "--input");
  const paths = given.texts("attach");
  await checkAttachments(paths);
  const connection = connect(given);
  try {
    const { plan } = await connection.client(PlanService).getPlan({ name, version });
    if (!plan?.plan) throw new CommandFailed(`Keiko gave no plan ${name}.`);
    const inputs = await readInputs(plan.plan, texts, keepFile(connection));
    const { task } = await connection.client(TaskService).createTask({
      // What lists call the task.
      goal: plan.plan.goal || name,
      storedPlan: { name, version },
      inputs,
      attachments: await upload(connection, paths),
      requestId: randomUUID(),
    });
    if (!task) throw new CommandFailed("Keiko did not say which task it created.");
    const wanted = { json: given.flag("json"), folder: given.text("out") };
    return await followToEnd(connection, task, wanted, console);
  } finally {
    connection.close();
  }
}

/** "name=value" pairs; the value may contain further equal signs. */
export function pairsOf(pairs: readonly string[], option: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const pair of pairs) {
    const at = pair.indexOf("=");
    if (at < 1) throw new WrongUsage(`${option} "${pair}" is not name=value.`);
    found.set(pair.slice(0, at), pair.slice(at + 1));
  }
  return found;
}

/** Every value as its parameter wants it; whether one is missing is for Keiko to say. */
export async function readInputs(
  plan: Plan,
  texts: ReadonlyMap<string, string>,
  keep: Keep,
): Promise<Record<string, Value>> {
  const types = new Map(plan.parameters.map(({ name, type }) => [name, type]));
  const inputs: Record<string, Value> = {};
  for (const [name, text] of texts) {
    const type = types.get(name);
    if (type === undefined) {
      const known = [...types.keys()].join(", ");
      throw new WrongUsage(
        `--input ${name}: the plan has ${known ? `only ${known}` : "no parameters"}.`,
      );
    }
    inputs[name] = await readInput(text, type ?? ParameterType.TEXT, keep);
  }
  return inputs;
}
