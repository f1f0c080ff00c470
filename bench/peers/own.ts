/** The same three steps in Keiko: in one process, and as many processes over a NATS server. */
import { declareProbe, joinProbe } from "../../test/support/join.ts";
import { startUp } from "../../test/support/up.ts";
import { type Child, startChild } from "../lib/processes.ts";
import { processorTime } from "../lib/processor-time.ts";
import { quantile } from "../row.ts";
import { syncsOf } from "../task/syncs.ts";
import { calibrate, type Measured } from "./foreign.ts";

const tasks = 300;
const warm_tasks = 300;
const in_flight = 50;
const round_ms = 4_000;
const traced_tasks = 20;

export interface OwnMeasured extends Measured {
  /** As `echoes`, with the store's process. */
  with_store: number[];
}

export const nothingMeasured = (): OwnMeasured => ({
  p50_ms: [],
  p99_ms: [],
  per_second: [],
  echoes: [],
  with_store: [],
  syncs: undefined,
});

export async function inOneProcess(all: OwnMeasured): Promise<void> {
  const keiko = await startChild("task/keiko.ts");
  try {
    await measure(all, keiko, [keiko.pid], async () => {
      const { per_second, cpu_us_per_step } = await keiko.ask<{
        per_second: number;
        cpu_us_per_step: number;
      }>(loaded);
      return { per_second, step_us: cpu_us_per_step, with_store_us: cpu_us_per_step };
    });
  } finally {
    await keiko.stop();
  }
}

/** Fails where there is no NATS server. */
export async function overTheMesh(all: OwnMeasured): Promise<void> {
  const up = await startUp();
  try {
    await declareProbe(up);
    const probe = await joinProbe(up);
    await probe.ready;
    const client = await startChild("up/client.ts", up.home, JSON.stringify(up.processes()));
    const store = up.processes().flatMap(({ identity, pid }) => (identity === "nats" ? [pid] : []));
    const own = [
      probe.child.pid!,
      ...up.processes().flatMap(({ identity, pid }) => (identity === "nats" ? [] : [pid])),
    ];
    try {
      await measure(all, client, [...own, ...store], async () => {
        const before = { own: processorTime(own), store: processorTime(store) };
        const { per_second, steps, cpu_us } = await client.ask<{
          per_second: number;
          steps: number;
          cpu_us: number;
        }>(loaded);
        const used = cpu_us + processorTime(own) - before.own;
        const stored = processorTime(store) - before.store;
        return { per_second, step_us: used / steps, with_store_us: (used + stored) / steps };
      });
    } finally {
      await client.stop();
      await probe.stop();
    }
  } finally {
    await up.stop();
  }
}

const loaded = { kind: "throughput", in_flight, time_ms: round_ms };

interface Loaded {
  per_second: number;
  /** Processor time of a step in microseconds, without and with the process of the store. */
  step_us: number;
  with_store_us: number;
}

/** One round; `child` takes questions, `traced` are the processes whose syncs count. */
async function measure(
  all: OwnMeasured,
  child: Child,
  traced: number[],
  load: () => Promise<Loaded>,
): Promise<void> {
  const latencies = async (count: number) => {
    const question = { kind: "latency", tasks: count };
    return (await child.ask<{ samples_ms: number[] }>(question)).samples_ms;
  };
  await child.ask(loaded);
  await latencies(warm_tasks);
  const { grpcCpuUs } = await calibrate();
  const samples = await latencies(tasks);
  all.p50_ms.push(quantile(samples, 0.5));
  all.p99_ms.push(quantile(samples, 0.99));
  const { per_second, step_us, with_store_us } = await load();
  all.per_second.push(per_second);
  all.echoes.push(step_us / grpcCpuUs);
  all.with_store.push(with_store_us / grpcCpuUs);
  if (all.per_second.length > 1) return;
  const syncs = await syncsOf(traced, () => latencies(traced_tasks));
  all.syncs = syncs === undefined ? undefined : syncs / traced_tasks;
}
