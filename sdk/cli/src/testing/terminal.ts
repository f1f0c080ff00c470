// A terminal that remembers what was written to it.

import type { Console } from "../terminal.ts";

export interface TestTerminal extends Console {
  readonly written: { out: string; err: string };
  /** Ctrl-C. */
  interrupt(): void;
}

export function testTerminal(
  more: Partial<Pick<Console, "live" | "width" | "colour" | "language" | "ask">> = {},
): TestTerminal {
  const written = { out: "", err: "" };
  let handlers: (() => void)[] = [];
  return {
    written,
    live: false,
    width: 100,
    colour: false,
    language: "en",
    ...more,
    out(text) {
      written.out += text;
    },
    err(text) {
      written.err += text;
    },
    onInterrupt(handler) {
      handlers.push(handler);
      return () => {
        handlers = handlers.filter((one) => one !== handler);
      };
    },
    interrupt() {
      for (const handler of handlers) handler();
    },
    input: async () => "{}",
  };
}
