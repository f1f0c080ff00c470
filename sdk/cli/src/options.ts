// Reads a command's words: its own options and those that every command has.

import { parseArgs } from "node:util";

import { WrongUsage } from "./exit.ts";

interface Option {
  readonly type: "string" | "boolean";
  readonly multiple?: boolean;
}

const COMMON = { home: { type: "string" }, port: { type: "string" } } as const;

export interface Given {
  readonly words: readonly string[];
  readonly home: string | undefined;
  readonly port: string | undefined;
  text(name: string): string | undefined;
  texts(name: string): readonly string[];
  flag(name: string): boolean;
}

/** Fails with WrongUsage on an option that the command does not have. */
export function readOptions(words: string[], own: Readonly<Record<string, Option>>): Given {
  const { values, positionals } = parse(words, { ...COMMON, ...own });
  const text = (name: string) => {
    const value = values[name];
    return typeof value === "string" ? value : undefined;
  };
  return {
    words: positionals,
    home: text("home"),
    port: text("port"),
    text,
    texts: (name) => (Array.isArray(values[name]) ? values[name].map(String) : []),
    flag: (name) => values[name] === true,
  };
}

function parse(args: string[], options: Readonly<Record<string, Option>>) {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (error) {
    const [sentence] = (error instanceof Error ? error.message : String(error)).split(". ");
    const names = Object.keys(options).map((name) => `--${name}`);
    throw new WrongUsage(`${sentence}. Options: ${names.join(", ")}.`);
  }
}

/** The one word that a command takes, for example a goal. */
export function oneWord(given: Given, what: string): string {
  const [word, ...more] = given.words;
  if (word === undefined || word.trim() === "") throw new WrongUsage(`${what} is missing.`);
  if (more.length > 0)
    throw new WrongUsage(`${what} is one word: put it in quotes ("${word} ${more[0]} …").`);
  return word;
}
