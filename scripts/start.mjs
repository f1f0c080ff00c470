/** `npm start`: installs what is missing, builds the console when it is stale, starts Keiko. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { ensureConsole, ensureInstalled, environment, pinnedNode, root } from "./lib/ensure.mjs";

ensureInstalled();
ensureConsole();
const main = join(root, "services/local/src/main.ts");
const keiko = spawn(pinnedNode(), [main, ...process.argv.slice(2)], {
  cwd: process.cwd(),
  stdio: "inherit",
  env: environment(),
});
// The terminal sends Ctrl-C to both: the child decides when it has stopped, this one waits for it.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => {
    if (signal !== "SIGINT") keiko.kill(signal);
  });
}
keiko.on("exit", (code, signal) => {
  process.exitCode = code ?? (signal ? 1 : 0);
});
