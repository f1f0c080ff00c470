/**
 * What `npm start` can be told: options after `--`, or KEIKO_HOME and KEIKO_PORT. The only place that
 * reads the environment. A KEIKO_ variable that is not known is a mistake worth stopping for.
 */
import { resolve } from "node:path";
import { parseArgs } from "node:util";

export interface LocalConfig {
  /** Where everything is kept. Visible. */
  home: string;
  /** 0: any free one. Visible. */
  port: number;
}

export class ConfigError extends Error {}

const known = new Set(["KEIKO_HOME", "KEIKO_PORT", "KEIKO_LOG"]);

export function readConfig(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): LocalConfig {
  for (const name of Object.keys(environment)) {
    if (!name.startsWith("KEIKO_") || known.has(name)) continue;
    throw new ConfigError(`${name} is not a setting; there are: ${[...known].join(", ")}`);
  }
  const values = readOptions(args);
  const port = values.port ?? environment.KEIKO_PORT ?? "7600";
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65535) {
    throw new ConfigError(`port "${port}" is not a number from 0 to 65535`);
  }
  const home = resolve(values.home ?? environment.KEIKO_HOME ?? ".keiko");
  return { home, port: Number(port) };
}

function readOptions(args: readonly string[]) {
  try {
    const options = { home: { type: "string" }, port: { type: "string" } } as const;
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new ConfigError(`${(error as Error).message.split(". ")[0]}. Options: --home, --port`);
  }
}
