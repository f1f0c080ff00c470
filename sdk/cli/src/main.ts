// The `keiko` command. It does nothing itself: it finds the running Keiko, calls its services as any
// program could, and shows what comes back. Each command is loaded when it is asked for, so that
// `--help` is there at once.

import { EXIT, type ExitCode } from "./exit.ts";
import { HELP } from "./help.ts";
import type { Console } from "./terminal.ts";

type Command = (words: string[], console: Console) => Promise<ExitCode>;

const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  run: async () => (await import("./commands/run.ts")).run,
  plan: async () => (await import("./commands/plans.ts")).plans,
  task: async () => (await import("./commands/task.ts")).task,
  inbox: async () => (await import("./commands/inbox.ts")).inbox,
  skill: async () => (await import("./commands/skill.ts")).skill,
  call: async () => (await import("./commands/call.ts")).call,
  event: async () => (await import("./commands/event.ts")).event,
  up: async () => (await import("./commands/up.ts")).up,
};

/** Runs one command line; never throws. */
export async function main(words: readonly string[], console: Console): Promise<ExitCode> {
  const [name, ...rest] = words;
  if (name === undefined || name === "help" || rest.includes("--help") || /^--?h/.test(name)) {
    const topic = name === "help" ? (rest[0] ?? "") : (name ?? "");
    console.out(`${HELP[topic] ?? HELP[""]}\n`);
    return name === undefined ? EXIT.wrongUsage : EXIT.done;
  }
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!load) {
    console.err(
      `keiko: there is no command "${name}". Commands: ${Object.keys(COMMANDS).join(", ")}, help.\n`,
    );
    return EXIT.wrongUsage;
  }
  try {
    const command = await load();
    return await command(rest, console);
  } catch (error) {
    const { explain } = await import("./explain.ts");
    const { text, code } = explain(error, name);
    console.err(`${text}\n`);
    return code;
  }
}
