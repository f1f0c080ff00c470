/**
 * What `npx keiko up` can be told: options, or KEIKO_HOME, KEIKO_PORT, KEIKO_FILE_MB, KEIKO_NATS_URL. The
 * processes that it starts get what they need of it and nothing else of its environment's KEIKO_*.
 */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { ConfigError } from "@keiko/runtime/process/config.ts";
import { fileBytesMax, portOf } from "@keiko/runtime/process/settings.ts";

export interface UpConfig {
  /** Where everything is kept. */
  home: string;
  /** Of the gateway; 0: any free one. */
  port: number;
  /** Largest file that can be attached, in MiB; undefined: the usual. */
  file_mb: string | undefined;
  /** How many processes of each unit; those that are not named have one. */
  replicas: ReadonlyMap<string, number>;
  /** A NATS server that runs already; undefined: one is started. */
  nats: string | undefined;
  /** How long a certificate is good for, in seconds. */
  certificate_life_s: number;
  /** Less than warnings is told with "info" and "debug". */
  log: string;
}

const known = new Set(["KEIKO_HOME", "KEIKO_PORT", "KEIKO_FILE_MB", "KEIKO_NATS_URL", "KEIKO_LOG"]);
const replicas_max = 32;

export function readUpConfig(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): UpConfig {
  for (const name of Object.keys(environment)) {
    if (!name.startsWith("KEIKO_") || known.has(name)) continue;
    throw new ConfigError(`${name} is not a setting; there are: ${[...known].join(", ")}`);
  }
  const values = readOptions(args);
  const KEIKO_FILE_MB = values["file-mb"] ?? environment.KEIKO_FILE_MB;
  const KEIKO_PORT = values.port ?? environment.KEIKO_PORT;
  fileBytesMax({ KEIKO_FILE_MB });
  return {
    home: resolve(values.home ?? environment.KEIKO_HOME ?? ".keiko"),
    port: portOf(KEIKO_PORT === undefined ? {} : { KEIKO_PORT }),
    file_mb: KEIKO_FILE_MB,
    replicas: readReplicas(values.replicas ?? []),
    nats: environment.KEIKO_NATS_URL,
    certificate_life_s: readLife(values["certificate-minutes"] ?? "60"),
    log: environment.KEIKO_LOG ?? "warn",
  };
}

function readOptions(args: readonly string[]) {
  const text = { type: "string" } as const;
  const options = {
    home: text,
    port: text,
    "file-mb": text,
    "certificate-minutes": text,
    replicas: { type: "string", multiple: true },
  } as const;
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    const names = Object.keys(options).map((name) => `--${name}`);
    const [sentence] = (error as Error).message.split(". ");
    throw new ConfigError(`${sentence}. Options: ${names.join(", ")}`);
  }
}

/** `data=3`, several with commas or as several options. */
function readReplicas(given: readonly string[]): Map<string, number> {
  const replicas = new Map<string, number>();
  for (const one of given.flatMap((value) => value.split(","))) {
    const match = /^([a-z0-9][a-z0-9-]*)=(\d{1,3})$/.exec(one.trim());
    const count = Number(match?.[2]);
    if (!match || count < 1 || count > replicas_max) {
      throw new ConfigError(`replicas "${one}" is not UNIT=N with N from 1 to ${replicas_max}`);
    }
    replicas.set(match[1]!, count);
  }
  return replicas;
}

/** In seconds; a certificate that lives longer than an hour is none. */
function readLife(minutes: string): number {
  const value = Number(minutes);
  if (value >= 0.2 && value <= 60) return Math.round(value * 60);
  throw new ConfigError(`certificate-minutes "${minutes}" is not a number from 0.2 to 60`);
}
