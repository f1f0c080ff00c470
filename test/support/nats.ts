/** Throwaway NATS servers: one node, or a cluster of three. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts } from "@keiko/local/up/ports.ts";
import { natsServerConfig } from "@keiko/runtime/substrate/nats/server-config.ts";
import { findNatsServer, howToInstall } from "../../scripts/lib/nats-server.mjs";

/** Undefined: the tests that need one are skipped, and say how to install it. */
export const server = findNatsServer();
export const without = server ? "" : ` (skipped: no nats-server. ${howToInstall})`;

export interface NatsNode {
  url: string;
  pid(): number;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** "LAME" mode: clients are sent away one by one, then it stops. */
  retire(): Promise<void>;
  start(): Promise<void>;
  signal(signal: NodeJS.Signals): void;
}

export interface NatsServers {
  nodes: readonly NatsNode[];
  urls: readonly string[];
  stop(): Promise<void>;
}

/** Enough room for a test, and no more than a small disk has. */
export const testBounds = {
  kv_bytes_max: 100_000_000,
  log_bytes_max: 100_000_000,
  blob_bytes_max: 100_000_000,
  disk_queue_bytes_max: 20_000_000,
  memory_queue_bytes_max: 20_000_000,
};

type Binary = NonNullable<typeof server>;

/** Where a server runs, and by which ways it reaches the others. */
export interface Place {
  port: number;
  cluster_port: number;
  /** The only ways, of which no server tells another any more. */
  routes: readonly string[];
  /** A network of its own: where clients find it, and what to run it with so that it is in there. */
  network?: { address: string; enter: readonly string[] };
}

export async function startNats(
  count: 1 | 3 = 1,
  binary?: Binary,
  places?: readonly Place[],
): Promise<NatsServers> {
  const folder = mkdtempSync(join(tmpdir(), "keiko-nats-"));
  const at = places ?? (await onThisMachine(count));
  const nodes = at.map((place, index) => {
    const { cluster_port: port, routes } = place;
    const named = { name: "test", node: `n${index}`, port, routes };
    const cluster = count === 1 ? {} : { cluster: { ...named, ...(places ? hidden : {}) } };
    return nodeOf(binary ?? server!, join(folder, `n${index}`), place, cluster);
  });
  await Promise.all(nodes.map((node) => node.start()));
  return {
    nodes,
    urls: nodes.map(({ url }) => url),
    async stop() {
      await Promise.all(nodes.map((node) => node.kill()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function onThisMachine(count: number): Promise<Place[]> {
  const ports = await freePorts(2 * count);
  const inside = ports.slice(count);
  const routes = inside.map((port) => `nats://127.0.0.1:${port}`);
  return inside.map((cluster_port, node) => ({ port: ports[node]!, cluster_port, routes }));
}

/** An address where nobody is, so that what a server says of itself opens no way around. */
const hidden = { advertise: "127.0.0.1:1", no_advertise: true };

type Cluster = Pick<Parameters<typeof natsServerConfig>[0], "cluster">;

function nodeOf(
  { path, version }: Binary,
  folder: string,
  { port, network }: Place,
  cluster: Cluster,
): NatsNode {
  const file = `${folder}.conf`;
  const common = { host: network ? "0.0.0.0" : "127.0.0.1", port, folder, version };
  const [program = path, ...options] = [...(network?.enter ?? []), path, "-c", file];
  writeFileSync(file, natsServerConfig({ ...common, ...cluster }));
  let child: ChildProcess | undefined;
  let gone: Promise<unknown> = Promise.resolve();
  return {
    url: `nats://${network?.address ?? "127.0.0.1"}:${port}`,
    pid: () => child!.pid!,
    async start() {
      const started = spawn(program, options, { stdio: ["ignore", "ignore", "pipe"] });
      child = started;
      gone = new Promise((resolve) => started.once("exit", resolve));
      await new Promise<void>((resolve, reject) => {
        let said = "";
        started.stderr!.setEncoding("utf8").on("data", (text: string) => {
          said += text;
          if (said.includes("Server is ready")) resolve();
        });
        started.once("exit", () => reject(new Error(`nats-server ended:\n${said}`)));
      });
    },
    async kill() {
      child?.kill("SIGKILL");
      await gone;
    },
    async retire() {
      child?.kill("SIGUSR2");
      await gone;
    },
    signal: (signal) => void child?.kill(signal),
  };
}
