// Where a command writes, and what the place can show.

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
    async input() {
      let text = "";
      for await (const piece of stdin.setEncoding("utf8")) text += piece;
      return text;
    },
  };
}
