// Where a command writes, and what the place can show.

import { createInterface } from "node:readline/promises";

export interface Console {
  /** The result. */
  out(text: string): void;
  /** Progress and problems. */
  err(text: string): void;
  /** Standard error is a terminal whose lines can be redrawn. */
  readonly live: boolean;
  /** Columns of the terminal; where there is none, a width that mail and logs can take. */
  readonly width: number;
  readonly colour: boolean;
  /** Calls `handler` on Ctrl-C until the answer is called. */
  onInterrupt(handler: () => void): () => void;
  /** Everything on standard input. */
  input(): Promise<string>;
  /** Asks whoever sits there for one line; undefined where the line ends. Unset: nobody sits there. */
  readonly ask?: (question: string) => Promise<string | undefined>;
  /** The person's language, for what belongs to no task. */
  readonly language: "de" | "en";
}

const WIDTH_WITHOUT_TERMINAL = 100;
const WIDTH_MIN = 30;

export function systemConsole(): Console {
  const { stdout, stderr, stdin, env } = process;
  const dumb = env.TERM === "dumb";
  // A reader that has seen enough ("| head") ends the command quietly.
  stdout.on("error", () => process.exit(process.exitCode ?? 0));
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    live: stderr.isTTY === true && !dumb,
    get width() {
      return Math.max(WIDTH_MIN, stdout.columns ?? stderr.columns ?? WIDTH_WITHOUT_TERMINAL);
    },
    colour: stdout.isTTY === true && !dumb && (env.NO_COLOR ?? "") === "",
    onInterrupt(handler) {
      process.on("SIGINT", handler);
      return () => void process.off("SIGINT", handler);
    },
    language: /^de/i.test(env.LC_ALL || env.LC_MESSAGES || env.LANG || "") ? "de" : "en",
    ...(stdin.isTTY && stderr.isTTY && !dumb ? { ask: askAtTerminal } : {}),
    async input() {
      let text = "";
      for await (const piece of stdin.setEncoding("utf8")) text += piece;
      return text;
    },
  };
}

/** On standard error, as all that is not the result. Ctrl-C and Ctrl-D leave the question open. */
async function askAtTerminal(question: string): Promise<string | undefined> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const stopped = new AbortController();
  lines.once("close", () => stopped.abort());
  lines.once("SIGINT", () => lines.close());
  try {
    return await lines.question(question, { signal: stopped.signal });
  } catch {
    return undefined;
  } finally {
    lines.close();
  }
}
