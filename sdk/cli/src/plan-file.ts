// A file with a plan as people write it.

import { readFile } from "node:fs/promises";
import type { Plan } from "@keiko/gen/keiko/plan/v1/plan_pb.js";

import { WrongUsage } from "./exit.ts";
import { readPlanText } from "./plan-text.ts";
import { diagnosticLines } from "./show/diagnostics.ts";
import { paint } from "./show/text.ts";

/** Fails with WrongUsage that says line and column of all that is no plan. */
export async function readPlanFile(path: string): Promise<Plan> {
  const text = await readFile(path, "utf8").catch(() => null);
  if (text === null) throw new WrongUsage(`There is no file "${path}" that can be read.`);
  const { plan, problems } = readPlanText(text);
  if (plan) return plan;
  const said = diagnosticLines(path, text, problems, paint(false)).join("\n");
  throw new WrongUsage(`the file is no plan.\n${said}\n`);
}
