/** Kills and retires each NATS node in turn under load, and says what was lost and how long it took. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openNats } from "@keiko/runtime/substrate/nats/nats.ts";
import { startNats, testBounds } from "../support/nats.ts";
import { Load, type LoadReport } from "./nats-load.ts";

export interface KillsOptions {
  nodes: 1 | 3;
  how: readonly ("kill" | "retire")[];
  per_second: number;
  storage: "memory" | "disk";
  progress?: (line: string) => void;
}

export interface KillsReport extends LoadReport {
  /** Longest stall of each fault. */
  stalls_ms: Record<string, number>;
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export async function runKills(options: KillsOptions): Promise<KillsReport> {
  const { nodes: count, how, per_second, storage, progress } = options;
  const servers = await startNats(count);
  const cache = await mkdtemp(join(tmpdir(), "keiko-cache-"));
  const opening = [0, 1, 2].map((n) =>
    openNats({
      servers: servers.urls,
      name: `load-${n}`,
      bounds: testBounds,
      cache: `${cache}/${n}`,
      replicas: count,
    }),
  );
  const substrates = await Promise.all(opening);
  const load = new Load({
    substrates,
    writers: 10,
    per_second,
    queue: { name: "load", storage },
    forgetful: storage === "memory" && count === 1,
  });
  const stalls_ms: Record<string, number> = {};
  try {
    await load.start();
    await sleep(1_000);
    stalls_ms.none = Math.round(load.stall_ms());
    for (const fault of how) {
      for (const [index, node] of servers.nodes.entries()) {
        await (fault === "kill" ? node.kill() : node.retire());
        await sleep(500);
        await node.start();
        // Until a replica is back in step the next fault would take the majority away.
        await sleep(count === 1 ? 1_500 : 9_000);
        const name = `${fault} n${index}`;
        stalls_ms[name] = Math.round(load.stall_ms());
        progress?.(`${name}: longest stall ${stalls_ms[name]} ms`);
      }
    }
    return { ...(await load.stop()), stalls_ms };
  } finally {
    await Promise.all(substrates.map((one) => one.close()));
    await servers.stop();
    await rm(cache, { recursive: true, force: true });
  }
}
