// `keiko plan trigger`: when a stored plan runs by itself.

import { fromJson, type JsonValue, type MessageInitShape, toJson } from "@bufbuild/protobuf";
import { type Value, ValueSchema } from "@bufbuild/protobuf/wkt";
import {
  PlanService,
  StoredPlanSchema,
  type TriggerSchema,
} from "@keiko/gen/keiko/plan/v1/plan_service_pb.js";

import { commandWordsOf } from "../command-words.ts";
import { type Connection, connect } from "../connection.ts";
import { CommandFailed, EXIT, type ExitCode, WrongUsage } from "../exit.ts";
import { keepFile } from "../files.ts";
import { type Given, oneWord, readOptions } from "../options.ts";
import { triggerText } from "../show/stored-plan.ts";
import type { Console } from "../terminal.ts";
import { pairsOf, readInputs } from "./plan-run.ts";
import { planName } from "./stored-plan.ts";

type TriggerInit = MessageInitShape<typeof TriggerSchema>;

export async function triggerPlan(words: string[], console: Console): Promise<ExitCode> {
  const given = readOptions(words, {
    cron: { type: "string" },
    "time-zone": { type: "string" },
    event: { type: "string" },
    where: { type: "string", multiple: true },
    parameter: { type: "string" },
    input: { type: "string", multiple: true },
    none: { type: "boolean" },
    json: { type: "boolean" },
  });
  const name = planName(oneWord(given, "NAME"));
  const wanted = readTriggers(given);
  const texts = pairsOf(given.texts("input"), "--input");
  const connection = connect(given);
  try {
    const inputs = await inputsOf(connection, name, texts);
    const triggers = wanted.map((one) => ({ ...one, inputs }));
    const { plan } = await connection.client(PlanService).setTriggers({ name, triggers });
    if (!plan) throw new CommandFailed(`Keiko gave no plan ${name}.`);
    if (given.flag("json")) {
      console.out(`${JSON.stringify(toJson(StoredPlanSchema, plan), null, 2)}\n`);
      return EXIT.done;
    }
    const said = commandWordsOf(console.language);
    const lines = plan.triggers.map((one) => triggerText(one, said, console));
    console.out(`${lines.length > 0 ? lines.join("\n") : said.noTriggers}\n`);
    return EXIT.done;
  } finally {
    connection.close();
  }
}

/** Fails with WrongUsage where nothing, or what does not belong together, is said. */
function readTriggers(given: Given): TriggerInit[] {
  const cron = given.text("cron");
  const event = given.text("event");
  const none = given.flag("none");
  if (none === (cron !== undefined || event !== undefined)) {
    throw new WrongUsage('Say when: --cron "30 6 * * 1-5", --event KIND, or --none.');
  }
  const of = (option: string, owner: string) =>
    new WrongUsage(`${option} belongs to ${owner}, which is not given.`);
  if (given.text("time-zone") && cron === undefined) throw of("--time-zone", "--cron");
  if (given.texts("where").length > 0 && event === undefined) throw of("--where", "--event");
  if (given.text("parameter") && event === undefined) throw of("--parameter", "--event");
  const triggers: TriggerInit[] = [];
  if (cron !== undefined) {
    const value = { cron, timeZone: given.text("time-zone") ?? "" };
    triggers.push({ id: "schedule", on: { case: "schedule", value } });
  }
  if (event !== undefined) {
    const kind = event.toLowerCase().replaceAll("-", "_");
    const pairs = pairsOf(given.texts("where"), "--where");
    const fields: Record<string, Value> = {};
    for (const [path, text] of pairs) fields[path] = fromJson(ValueSchema, jsonOrText(text));
    const value = { kind, fields, parameter: given.text("parameter") ?? "" };
    triggers.push({ id: "event", on: { case: "event", value } });
  }
  return triggers;
}

/** `text/csv` is a text, `3` a number, `"3"` a text again. */
function jsonOrText(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}

async function inputsOf(
  connection: Connection,
  name: string,
  texts: ReadonlyMap<string, string>,
): Promise<Record<string, Value>> {
  if (texts.size === 0) return {};
  const { plan } = await connection.client(PlanService).getPlan({ name, version: 0 });
  if (!plan?.plan) throw new CommandFailed(`Keiko gave no plan ${name}.`);
  return readInputs(plan.plan, texts, keepFile(connection));
}
