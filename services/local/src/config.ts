/**
 * What `npm start` can be told: options after `--`, or KEIKO_HOME, KEIKO_PORT and KEIKO_FILE_MB. The only
 * place that reads the environment. A KEIKO_ variable that is not known is a mistake worth stopping for.
 */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { limits } from "@keiko/runtime/limits.ts";
import { ConfigError } from "@keiko/runtime/process/config.ts";

export interface LocalConfig {
  /** Where everything is kept. Visible. */
  home: string;
  /** 0: any free one. Visible. */
  port: number;
  /** Largest file that can be attached, in bytes. Visible. */
  file_bytes_max: number;
}

const known = new Set(["KEIKO_HOME", "KEIKO_PORT", "KEIKO_FILE_MB", "KEIKO_LOG"]);
const mebibyte = 1024 * 1024;

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
  const size = values["file-mb"] ?? environment.KEIKO_FILE_MB;
  if (size !== undefined && !/^[1-9]\d{0,4}$/.test(size)) {
    throw new ConfigError(`file-mb "${size}" is not a whole number of MiB from 1 to 99999`);
  }
  const file_bytes_max = size === undefined ? limits.file_bytes_max : Number(size) * mebibyte;
  return { home, port: Number(port), file_bytes_max };
}

function readOptions(args: readonly string[]) {
  try {
    const text = { type: "string" } as const;
    return parseArgs({ args: [...args], options: { home: text, port: text, "file-mb": text } })
      .values;
  } catch (error) {
    throw new ConfigError(
      `${(error as Error).message.split(". ")[0]}. Options: --home, --port, --file-mb`,
    );
  }
}
