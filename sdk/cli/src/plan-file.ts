// A plan as people write it: the message keiko.plan.v1.Plan as YAML, or as JSON, which is YAML too.

import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { fromJson, type JsonValue } from "@bufbuild/protobuf";
import { type Plan, PlanSchema } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { parseDocument } from "yaml";

import { WrongUsage } from "./exit.ts";

/** Fails with WrongUsage that says line and column, or the field that no plan has. */
export async function readPlanFile(path: string): Promise<Plan> {
  const text = await readFile(path, "utf8").catch(() => null);
  if (text === null) throw new WrongUsage(`There is no file "${path}" that can be read.`);
  const name = basename(path);
  const document = parseDocument(text, { prettyErrors: true });
  const [error] = document.errors;
  if (error) throw new WrongUsage(`${name} is not YAML: ${error.message.split("\n")[0]}`);
  try {
    return fromJson(PlanSchema, document.toJS({ maxAliasCount: 100 }) as JsonValue);
  } catch (reason) {
    throw new WrongUsage(`${name} is no plan: ${(reason as Error).message}.`);
  }
}
