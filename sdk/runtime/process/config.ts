/**
 * What a process of one unit is told: a few variables and the files that they name, the same on a
 * laptop and in a container. The only place that reads the environment for such a process; secrets
 * are in files, never in a variable. A KEIKO_ variable that is not known stops the start.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type LogLevel, logLevels } from "../log.ts";

export interface ProcessConfig {
  /** Folder with ca.pem, cert.pem and key.pem, replaced while the process runs. KEIKO_IDENTITY. */
  identity: string;
  /** `nats://host:port` or `tls://host:port`, several with commas. KEIKO_NATS_URL. */
  nats: string;
  /** How many nodes keep what is written: 1, 3 or 5. KEIKO_NATS_REPLICAS. */
  nats_replicas: number;
  /** Where calls come in, `host:port`; port 0: any free one. KEIKO_LISTEN. */
  listen: string;
  /** Under which host others reach it; unset: the one of `listen`. KEIKO_ADVERTISE. */
  advertise: string | undefined;
  /** Where probes come in, plain text, nothing but health. KEIKO_HEALTH. */
  health: string;
  /** Where registry and policy answer, to begin with: `host:port`, several with commas. */
  registry: string[];
  policy: string[];
  /** Which of several replicas it is: part of the workload's name. KEIKO_INSTANCE. */
  instance: string;
  /** Files that it can make again: copies of what the store has. KEIKO_CACHE. */
  cache: string;
  /** Folder of the unit's own files: token, declared-calls.json. KEIKO_CONFIG. */
  folder: string;
  log: LogLevel;
  /** Variables that only this unit knows, by name. */
  own: Readonly<Record<string, string | undefined>>;
}

export class ConfigError extends Error {}

const common = [
  "KEIKO_IDENTITY",
  "KEIKO_NATS_URL",
  "KEIKO_NATS_REPLICAS",
  "KEIKO_LISTEN",
  "KEIKO_ADVERTISE",
  "KEIKO_HEALTH",
  "KEIKO_REGISTRY",
  "KEIKO_POLICY",
  "KEIKO_INSTANCE",
  "KEIKO_CACHE",
  "KEIKO_CONFIG",
  "KEIKO_LOG",
] as const;

type Environment = Readonly<Record<string, string | undefined>>;

/** @param own names of the variables that only this unit has. Throws ConfigError. */
export function readProcessConfig(
  environment: Environment,
  own: readonly string[] = [],
): ProcessConfig {
  const known = new Set<string>([...common, ...own]);
  for (const name of Object.keys(environment)) {
    if (!name.startsWith("KEIKO_") || known.has(name)) continue;
    throw new ConfigError(`${name} is not a setting; there are: ${[...known].join(", ")}`);
  }
  const config = {
    identity: required(environment, "KEIKO_IDENTITY", "a folder with ca.pem, cert.pem, key.pem"),
    nats: required(environment, "KEIKO_NATS_URL", "the address of the NATS server"),
    nats_replicas: replicas(environment.KEIKO_NATS_REPLICAS ?? "1"),
    listen: address("KEIKO_LISTEN", environment.KEIKO_LISTEN ?? "0.0.0.0:7610"),
    advertise: environment.KEIKO_ADVERTISE,
    health: address("KEIKO_HEALTH", environment.KEIKO_HEALTH ?? "0.0.0.0:7611"),
    registry: addresses("KEIKO_REGISTRY", environment.KEIKO_REGISTRY ?? "registry:7610"),
    policy: addresses("KEIKO_POLICY", environment.KEIKO_POLICY ?? "policy:7610"),
    instance: instance(environment.KEIKO_INSTANCE ?? "1"),
    cache: environment.KEIKO_CACHE ?? "/var/cache/keiko",
    folder: environment.KEIKO_CONFIG ?? "/etc/keiko",
    log: level(environment.KEIKO_LOG ?? "info"),
    own: Object.fromEntries(own.map((name) => [name, environment[name]])),
  };
  for (const file of ["ca.pem", "cert.pem", "key.pem"]) {
    if (existsSync(join(config.identity, file))) continue;
    throw new ConfigError(`KEIKO_IDENTITY: ${config.identity} has no ${file}`);
  }
  return config;
}

function required(environment: Environment, name: string, what: string): string {
  const value = environment[name];
  if (value) return value;
  throw new ConfigError(`${name} is missing: ${what}`);
}

function address(name: string, value: string): string {
  if (/^[^\s:]+:\d{1,5}$/.test(value) || /^\[[0-9a-f:]+\]:\d{1,5}$/i.test(value)) return value;
  throw new ConfigError(`${name} "${value}" is no host:port`);
}

function addresses(name: string, value: string): string[] {
  return value.split(",").map((one) => address(name, one.trim()));
}

function replicas(value: string): number {
  if (["1", "3", "5"].includes(value)) return Number(value);
  throw new ConfigError(`KEIKO_NATS_REPLICAS "${value}" is none of 1, 3, 5`);
}

function instance(value: string): string {
  if (/^[a-z0-9][a-z0-9-]{0,40}$/.test(value)) return value;
  throw new ConfigError(`KEIKO_INSTANCE "${value}" is not made of lower-case letters and digits`);
}

function level(value: string): LogLevel {
  const found = logLevels.find((name) => name === value);
  if (found) return found;
  throw new ConfigError(`KEIKO_LOG "${value}" is none of ${logLevels.join(", ")}`);
}
