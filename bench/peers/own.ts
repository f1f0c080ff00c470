/** The same three steps in Keiko: in one process, and as many processes over a NATS server. */
import { declareProbe, joinProbe } from "../../test/support/join.ts";
import { startUp } from "../../test/support/up.ts";
import { startChild } from "../lib/processes.ts";
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
  const latencies = async (count: number) => {
    const question = { kind: "latency", tasks: count };
    return (await keiko.ask<{ samples_ms: number[] }>(question)).samples_ms;
  };
  const loaded = (time_ms: number) =>
    keiko.ask<{ per_second: number; cpu_us_per_step: number }>({
      kind: "throughput",
      in_flight,
      time_ms,
    });
  try {
    await loaded(round_ms);
    await latencies(warm_tasks);
    const { grpcCpuUs } = await calibrate();
    const samples = await latencies(tasks);
    all.p50_ms.push(quantile(samples, 0.5));
    all.p99_ms.push(quantile(samples, 0.99));
    const { per_second, cpu_us_per_step } = await loaded(round_ms);
    all.per_second.push(per_second);
    all.echoes.push(cpu_us_per_step / grpcCpuUs);
    all.with_store.push(cpu_us_per_step / grpcCpuUs);
    if (all.per_second.length > 1) return;
    const syncs = await syncsOf([keiko.pid], () => latencies(traced_tasks));
    all.syncs = syncs === undefined ? undefined : syncs / traced_tasks;
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
    const latencies = async (count: number) => {
      const question = { kind: "latency", tasks: count };
      return (await client.ask<{ samples_ms: number[] }>(question)).samples_ms;
    };
    const loaded = (time_ms: number) =>
      client.ask<{ per_second: number; steps: number; cpu_us: number }>({
        kind: "throughput",
        in_flight,
        time_ms,
      });
    try {
      await loaded(round_ms);
      await latencies(warm_tasks);
      const { grpcCpuUs } = await calibrate();
      const samples = await latencies(tasks);
      all.p50_ms.push(quantile(samples, 0.5));
      all.p99_ms.push(quantile(samples, 0.99));
      const before = { own: processorTime(own), store: processorTime(store) };
      const { per_second, steps, cpu_us } = await loaded(round_ms);
      const used = cpu_us + processorTime(own) - before.own;
      const stored = processorTime(store) - before.store;
      all.per_second.push(per_second);
      all.echoes.push(used / steps / grpcCpuUs);
      all.with_store.push((used + stored) / steps / grpcCpuUs);
      if (all.per_second.length > 1) return;
      const syncs = await syncsOf([...own, ...store], () => latencies(traced_tasks));
      all.syncs = syncs === undefined ? undefined : syncs / traced_tasks;
    } finally {
      await client.stop();
      await probe.stop();
    }
  } finally {
    await up.stop();
  }
}
