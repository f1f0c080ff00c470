/**
 * Parts a cluster of three NATS servers in every way that there is, while clients beside each server and
 * clients who may ask any of them compare and set the same keys.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openNats } from "@keiko/runtime/substrate/nats/nats.ts";
import { testBounds } from "../support/nats.ts";
import { leaderOf } from "../support/nats-store.ts";
import { type PartedForm, startParted } from "../support/partition.ts";
import { RegisterLoad, type RegisterReport } from "./register-load.ts";

/** Who is cut off from whom. */
export const partitions = {
  "the leader alone": (leader: number) => [others(leader)],
  "a follower alone": (leader: number) => [[leader, others(leader)[0]!]],
  "everybody alone": () => [],
  "the leader between two that do not hear each other": (leader: number) =>
    others(leader).map((other) => [leader, other]),
  "a follower between the leader and the other": (leader: number) => {
    const [one, two] = others(leader) as [number, number];
    return [
      [leader, one],
      [one, two],
    ];
  },
} as const satisfies Record<string, (leader: number) => number[][]>;

export type Partition = keyof typeof partitions;

export interface PartitionsOptions {
  rounds: readonly Partition[];
  /** How long each lasts, and how long the servers hear each other afterwards. */
  parted_ms: number;
  healed_ms: number;
  /** Unset: the hardest that this process may have. */
  form?: PartedForm;
  progress?: (line: string) => void;
}

export interface PartitionsReport extends RegisterReport {
  form: PartedForm;
  /** Sets that were done while the servers were parted; where there is a majority it must go on. */
  while_parted: Record<string, number>;
  /** Of these, sets done beside a server that heard nobody: there must be none. */
  done_alone: number;
}

/** A partition goes on for so long when its majority, on a machine with no time for it, still stands. */
const majority_ms_max = 30_000;
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const others = (one: number) => [0, 1, 2].filter((node) => node !== one);

export async function runPartitions(options: PartitionsOptions): Promise<PartitionsReport> {
  const servers = await startParted(options.form);
  const cache = await mkdtemp(join(tmpdir(), "keiko-cache-"));
  const open = (urls: readonly string[]) =>
    openNats({ servers: urls, bounds: testBounds, cache, replicas: 3 });
  const near = await Promise.all(servers.urls.map((url) => open([url])));
  const far = await Promise.all([open(servers.urls), open(servers.urls)]);
  const named = [
    ...near.map(({ kv }, n) => [`beside n${n}`, kv] as const),
    ...far.map(({ kv }, n) => [`anywhere ${n}`, kv] as const),
  ];
  const load = new RegisterLoad(Object.fromEntries(named), { keys: 6 });
  const done = () => named.reduce((sum, [name]) => sum + load.sets(name), 0);
  const while_parted: Record<string, number> = {};
  let done_alone = 0;
  try {
    load.start();
    await sleep(1_000);
    for (const partition of options.rounds) {
      const leader = await leaderOf(servers.urls, "keiko_kv");
      const groups: number[][] = partitions[partition](leader);
      const alone = [0, 1, 2].filter((node) => !groups.flat().includes(node));
      const before = done();
      servers.part(...groups);
      // What was answered before the cut may still be on its way through this process.
      await sleep(1_000);
      const doneAlone = () => alone.reduce((sum, n) => sum + load.sets(`beside n${n}`), 0);
      const then = doneAlone();
      await sleep(options.parted_ms - 1_000);
      const end = performance.now() + majority_ms_max;
      while (alone.length < 3 && done() === before && performance.now() < end) await sleep(100);
      done_alone += doneAlone() - then;
      servers.heal();
      while_parted[partition] = (while_parted[partition] ?? 0) + done() - before;
      options.progress?.(`${partition}: ${done() - before} sets were done meanwhile`);
      await sleep(options.healed_ms);
    }
    return { form: servers.form, ...(await load.stop()), while_parted, done_alone };
  } finally {
    await Promise.all([...near, ...far].map((one) => one.close()));
    await servers.stop();
    await rm(cache, { recursive: true, force: true });
  }
}
