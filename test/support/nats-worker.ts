/** A worker in a process of its own that a test can freeze while it holds a message. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { NatsOptions } from "@keiko/runtime/substrate/nats/nats.ts";

export interface FrozenWorker {
  /** Resolves when it asks for messages. */
  waits(): Promise<void>;
  /** Resolves when it has a message. */
  holds(): Promise<void>;
  freeze(): void;
  /** Lets it go on and say its word: the code of the error that it got, or `done`. */
  wake(): Promise<string>;
}

export async function frozenWorker(
  options: NatsOptions,
  queue: string,
  word: "ack" | "extend" | "retry" | "reject",
): Promise<FrozenWorker> {
  const script = fileURLToPath(new URL("./nats-worker-main.ts", import.meta.url));
  const args = [script, JSON.stringify(options), queue, word];
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (data) => {
    output += data;
  });
  const line = async (pattern: RegExp) => {
    for (;;) {
      const found = pattern.exec(output);
      if (found) return found[1] ?? "";
      if (child.exitCode !== null) throw new Error(`the worker ended: ${output}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  return {
    async waits() {
      await line(/^waits$/m);
    },
    async holds() {
      await line(/^holds$/m);
    },
    freeze: () => void child.kill("SIGSTOP"),
    async wake() {
      const exited = once(child, "exit");
      // The word is given while it stands still: it is the first thing that it does.
      child.stdin.write("now\n");
      child.kill("SIGCONT");
      const said = await line(/^said (\w+)$/m);
      child.kill("SIGKILL");
      await exited;
      return said;
    },
  };
}
