/**
 * Keiko as many processes over a real NATS server: how long until all are ready, what each takes of
 * memory, and a plan of three trivial skills whose orchestrator, worker, store and client are four
 * different processes. Beside it a bare grpc-js echo as the unit of processor time.
 */
import { readFileSync } from "node:fs";
import { findNatsServer, howToInstall } from "../scripts/lib/nats-server.mjs";
import { declareProbe, joinProbe } from "../test/support/join.ts";
import { type ListedProcess, type RunningUp, startUp } from "../test/support/up.ts";
import { type Pair, startPair } from "./hop/pair.ts";
import { type Child, startChild } from "./lib/processes.ts";
import { processorTime } from "./lib/processor-time.ts";
import { digits, median, printRows, quantile, quantileOfRounds, type Row } from "./row.ts";
import type { Question } from "./up/client.ts";

const starts = 3;
const rounds = 5;
const tasks_per_round = 100;
const in_flight = 50;
const round_ms = 2_000;

export async function run(): Promise<Row[]> {
  if (!findNatsServer()) {
    return [{ name: "up: not measured", value: "no nats-server", note: howToInstall }];
  }
  const ready_ms: number[] = [];
  for (let i = 1; i < starts; i++) {
    const began = performance.now();
    const up = await startUp();
    ready_ms.push(performance.now() - began);
    await up.stop();
  }
  const began = performance.now();
  const up = await startUp();
  ready_ms.push(performance.now() - began);
  const echo = await startPair("grpc-js");
  try {
    const memory = memoryRows(ofKeiko(up));
    return [...startRows(ready_ms), ...memory, ...(await planRows(up, echo))];
  } finally {
    await echo.stop();
    await up.stop();
  }
}

/** The store is somebody else's program: what it takes is not ours to count. */
function ofKeiko(up: RunningUp): ListedProcess[] {
  return up.processes().filter(({ identity }) => identity !== "nats");
}

function startRows(ready_ms: readonly number[]): Row[] {
  const slowest = Math.max(...ready_ms);
  return [
    {
      name: "up: all processes started and ready",
      value: `p50 ${digits(median(ready_ms) / 1_000)} s, slowest ${digits(slowest / 1_000)} s`,
      goal: "≤ 5 s",
      met: slowest <= 5_000,
      note: `n = ${ready_ms.length}, on fresh homes, NATS server included`,
    },
  ];
}

function memoryRows(processes: readonly ListedProcess[]): Row[] {
  const used = processes.map(({ name, pid }) => ({ name, ...memoryOf(pid) }));
  const least = used.reduce((a, b) => (a.pss_mb < b.pss_mb ? a : b));
  const total = used.reduce((sum, { pss_mb }) => sum + pss_mb, 0);
  const list = used.map(({ name, pss_mb }) => `${name} ${Math.round(pss_mb)}`).join(", ");
  return [
    {
      name: "up: memory of the smallest process",
      value: `${digits(least.rss_mb)} MB resident, ${digits(least.pss_mb)} MB its own share`,
      goal: "≤ 90 MB",
      met: least.rss_mb <= 90,
      note: `${least.name}; a share counts what processes have in common once`,
    },
    { name: "up: memory of all processes", value: `${digits(total)} MB`, note: `shares: ${list}` },
  ];
}

function memoryOf(pid: number): { rss_mb: number; pss_mb: number } {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
  const of = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(rollup)?.[1]);
  return { rss_mb: of("Rss") / 1_000, pss_mb: of("Pss") / 1_000 };
}

interface PlanSamples {
  latency: number[][];
  per_second: number[];
  echoes_per_step: number[];
}

async function planRows(up: RunningUp, echo: Pair): Promise<Row[]> {
  await declareProbe(up);
  const probe = await joinProbe(up);
  await probe.ready;
  const client = await startChild("up/client.ts", up.home, JSON.stringify(up.processes()));
  try {
    const pids = [...ofKeiko(up).map(({ pid }) => pid), probe.child.pid!];
    return reportPlan(await measurePlan(client, echo, pids));
  } finally {
    await client.stop();
    await probe.stop();
  }
}

async function measurePlan(client: Child, echo: Pair, pids: readonly number[]) {
  const ask = <T>(question: Question) => client.ask<T & { cpu_us: number }>(question);
  await ask({ kind: "throughput", in_flight, time_ms: 2 * round_ms });
  await echo.load(16, round_ms);
  const samples: PlanSamples = { latency: [], per_second: [], echoes_per_step: [] };
  for (let round = 0; round < rounds; round++) {
    const { samples_ms } = await ask<{ samples_ms: number[] }>({
      kind: "latency",
      tasks: tasks_per_round,
    });
    samples.latency.push(samples_ms);
    const before = processorTime(pids);
    const load = await ask<{ per_second: number; steps: number }>({
      kind: "throughput",
      in_flight,
      time_ms: round_ms,
    });
    const cpu_us = processorTime(pids) - before + load.cpu_us;
    samples.per_second.push(load.per_second);
    const { cpu_us_per_call } = await echo.load(16, round_ms / 2);
    samples.echoes_per_step.push(cpu_us / load.steps / cpu_us_per_call);
  }
  return samples;
}

function reportPlan({ latency, per_second, echoes_per_step }: PlanSamples): Row[] {
  const [p50, p99] = [0.5, 0.99].map((q) => quantileOfRounds(latency, q));
  const all = latency.flat();
  const n = `n = ${all.length}, worst ${digits(quantile(all, 1))} ms`;
  const name = "up: three steps over NATS, created to result";
  const echoes = median(echoes_per_step);
  return [
    { name: `${name}, p50`, value: `${digits(p50!)} ms`, goal: "≤ 8 ms", met: p50! <= 8, note: n },
    {
      name: `${name}, p99`,
      value: `${digits(p99!)} ms`,
      goal: "≤ 40 ms",
      met: p99! <= 40,
      note: n,
    },
    {
      name: `up: steps/s with ${in_flight} tasks in flight`,
      value: digits(median(per_second)),
      note: `median of ${rounds} rounds; every transition synced by the NATS server`,
    },
    {
      name: "up: processor time per step, in bare grpc-js echoes",
      value: digits(echoes),
      goal: "≤ 2.5",
      met: echoes <= 2.5,
      note: "all of Keiko's processes and the client, without the NATS server",
    },
  ];
}

if (import.meta.main) printRows(await run());
