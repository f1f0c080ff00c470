/** Which processes there are, what each is told, and in which order they leave. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { ConfigError } from "@keiko/runtime/process/config.ts";
import type { UpConfig } from "./config.ts";

export interface UnitDescription {
  identity: string;
  /** Below services/. */
  folder: string;
  /** Why there can be only one; unset: there can be many. */
  single?: string;
}

export interface Described {
  units: UnitDescription[];
  declared: { workload: string; services: string[] }[];
}

export interface ProcessSpecification {
  /** "data-2": what its log lines begin with. */
  name: string;
  identity: string;
  /** Path of its main.ts. */
  main: string;
  environment: Record<string, string>;
}

export interface Surroundings {
  config: UpConfig;
  nats: string;
  /** Addresses by identity, of those whom others must find before anybody can tell them. */
  fixed: ReadonlyMap<string, readonly string[]>;
  /** Folders of this run. */
  identities: string;
  folder: string;
  cache: string;
}

const services = join(import.meta.dirname, "../../..");

/** Asks what there is. The answer comes from the definitions themselves. */
export async function describeUnits(): Promise<Described> {
  const script = join(import.meta.dirname, "describe.ts");
  const { stdout } = await promisify(execFile)(process.execPath, [script], { encoding: "utf8" });
  return JSON.parse(stdout) as Described;
}

/** Throws ConfigError for a unit that is not there, or of which there can be only one. */
export function replicasOf(units: readonly UnitDescription[], { replicas }: UpConfig) {
  for (const [identity, count] of replicas) {
    const unit = units.find((one) => one.identity === identity);
    if (!unit) {
      const names = units.map((one) => one.identity).join(", ");
      throw new ConfigError(`replicas: there is no unit "${identity}"; there are: ${names}`);
    }
    if (count > 1 && unit.single) {
      throw new ConfigError(`replicas: there can be only one ${identity}: ${unit.single}`);
    }
  }
  return (identity: string) => replicas.get(identity) ?? 1;
}

/** Others cannot start without them, so where they answer is said from the beginning. */
export const foundFirst = ["registry", "policy"] as const;

/** Policy tells the registry that it leaves; the registry tells itself. */
const lastToLeave: readonly string[] = ["policy", "registry"];

export function processesOf(
  units: readonly UnitDescription[],
  surroundings: Surroundings,
): ProcessSpecification[] {
  const { config, nats, fixed, identities, folder, cache } = surroundings;
  const count = replicasOf(units, config);
  return units.flatMap(({ identity, folder: place }) =>
    Array.from({ length: count(identity) }, (_, index) => {
      const instance = String(index + 1);
      const name = count(identity) === 1 ? identity : `${identity}-${instance}`;
      return {
        name,
        identity,
        main: join(services, place, "src/main.ts"),
        environment: {
          KEIKO_IDENTITY: join(identities, identity),
          KEIKO_NATS_URL: nats,
          KEIKO_LISTEN: fixed.get(identity)?.[index] ?? "127.0.0.1:0",
          KEIKO_HEALTH: "127.0.0.1:0",
          KEIKO_REGISTRY: fixed.get("registry")!.join(","),
          KEIKO_POLICY: fixed.get("policy")!.join(","),
          KEIKO_INSTANCE: instance,
          KEIKO_CACHE: join(cache, name),
          KEIKO_CONFIG: folder,
          KEIKO_LOG: config.log,
          ...ownSettings(identity, config),
        },
      };
    }),
  );
}

function ownSettings(identity: string, { port, file_mb }: UpConfig): Record<string, string> {
  const file = file_mb === undefined ? {} : { KEIKO_FILE_MB: file_mb };
  switch (identity) {
    case "gateway":
      return { ...file, KEIKO_HOST: "127.0.0.1", KEIKO_PORT: String(port) };
    case "artifact":
    case "data":
      return file;
    default:
      return {};
  }
}

/** Who lets people in goes first, who others need last. */
const leaving = ["gateway", "", "orchestrator", "artifact", "event", "audit", "observability"];

export function leavingOrder(names: readonly { identity: string }[]): string[][] {
  const order = [...leaving, ...lastToLeave];
  const groups = order.map(() => new Set<string>());
  for (const { identity } of names) {
    const at = order.indexOf(identity);
    groups[at < 0 ? 1 : at]!.add(identity);
  }
  return groups.map((group) => [...group]).filter((group) => group.length > 0);
}
