// `keiko plan`: with one of the verbs below, plans in files and under names; else what would be done
// for a goal. A goal of one word that is a verb is written with a full stop.

import type { ExitCode } from "../exit.ts";
import type { Console } from "../terminal.ts";

type Command = (words: string[], console: Console) => Promise<ExitCode>;

const VERBS: Readonly<Record<string, () => Promise<Command>>> = {
  check: async () => (await import("./plan-check.ts")).checkPlan,
  store: async () => (await import("./stored-plan.ts")).storePlan,
  list: async () => (await import("./stored-plan.ts")).listPlans,
  show: async () => (await import("./stored-plan.ts")).showPlan,
  delete: async () => (await import("./stored-plan.ts")).deletePlan,
  run: async () => (await import("./plan-run.ts")).runPlan,
  trigger: async () => (await import("./plan-trigger.ts")).triggerPlan,
};

export async function plans(words: string[], console: Console): Promise<ExitCode> {
  const [verb = "", ...rest] = words;
  const load = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
  if (load) return (await load())(rest, console);
  const { plan } = await import("./plan.ts");
  return plan(words, console);
}
