// `keiko up`: starts Keiko as many processes. The work is done by services/local; this finds it.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

import { CommandFailed, EXIT, type ExitCode } from "../exit.ts";

const program = join(import.meta.dirname, "../../../../services/local/src/up/main.ts");

export async function up(words: string[]): Promise<ExitCode> {
  if (!existsSync(program)) {
    throw new CommandFailed(`"keiko up" runs from a checkout of Keiko; ${program} is not there.`);
  }
  const child = spawn(process.execPath, [program, ...words], { stdio: "inherit" });
  // The terminal sends Ctrl-C to both; the child decides when it has stopped.
  process.on("SIGINT", () => {});
  for (const signal of ["SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => child.kill("SIGTERM"));
  }
  const code = await new Promise<number>((resolve) => {
    child.on("exit", (status, signal) => resolve(status ?? (signal ? 1 : 0)));
  });
  return code === 0 ? EXIT.done : code === EXIT.wrongUsage ? EXIT.wrongUsage : EXIT.failed;
}
