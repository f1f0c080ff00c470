/** Child processes of the bench: each is told what to do by message and answers by message. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");

export interface Child {
  pid: number;
  /** What the child said first. */
  ready: unknown;
  /** Sends a question and waits for its answer. One at a time. */
  ask<T>(question: unknown): Promise<T>;
  stop(): Promise<void>;
}

/** Starts a module of the bench; resolves with its first message, fails when it ends before. */
export async function startChild(path: string, ...args: string[]): Promise<Child> {
  const child = fork(join(root, "bench", path), args, { serialization: "advanced" });
  const ready = await answer<unknown>(child, path);
  return {
    pid: child.pid!,
    ready,
    ask<T>(question: unknown) {
      const answered = answer<T>(child, path);
      child.send(question as object);
      return answered;
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, "exit");
      if (child.connected) child.send("stop");
      const late = setTimeout(() => child.kill("SIGKILL"), 15_000);
      await gone;
      clearTimeout(late);
    },
  };
}

function answer<T>(child: ChildProcess, path: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null, signal: NodeJS.Signals | null) =>
      reject(new Error(`${path} ended with ${signal ?? code}`));
    child.once("exit", ended);
    child.once("message", (message) => {
      child.off("exit", ended);
      const { failure } = message as { failure?: string };
      if (failure) reject(new Error(`${path}: ${failure}`));
      else resolve(message as T);
    });
  });
}

/** The child's side: says `ready`, then answers each question until it is told to stop. */
export function serveParent<Q>(
  ready: object,
  answers: (question: Q) => Promise<object>,
  stop: () => Promise<void>,
): void {
  process.on("message", (question: Q | "stop") => {
    if (question === "stop") {
      void stop().then(() => process.exit(0));
      return;
    }
    answers(question).then(
      (result) => process.send!(result),
      (error: Error) => process.send!({ failure: error.stack ?? error.message }),
    );
  });
  // A parent that is gone leaves nobody to work for.
  process.on("disconnect", () => process.exit(1));
  process.send!(ready);
}

/** Microseconds of processor time that this process has used, all threads. */
export function cpu_us(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
