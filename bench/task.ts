/**
 * A plan of three trivial skills, from the request to the result, every transition on disk before it
 * is acted upon; then the same with 50 tasks in flight. Beside it what the disk alone takes, and a
 * bare grpc-js echo as the unit of processor time.
 */
import { createClient } from "@connectrpc/connect";
import { TaskService } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import { transportTo } from "../test/support/keiko.ts";
import { type Pair, startPair } from "./hop/pair.ts";
import { type Child, cpu_us, startChild } from "./lib/processes.ts";
import { digits, median, printRows, quantile, quantileOfRounds, type Row } from "./row.ts";
import type { Question, Ready } from "./task/keiko.ts";
import { latencies } from "./task/run.ts";
import { rawSyncs, syncsOf } from "./task/syncs.ts";

const rounds = 7;
const tasks_per_round = 200;
const raw_per_round = 150;
const in_flight = 50;
const round_ms = 1_500;
const traced_tasks = 200;

interface Samples {
  inside: number[][];
  gateway: number[][];
  /** Of the client of the gateway, per task. */
  client_cpu_us: number[];
  raw: number[];
  steps_per_second: number[];
  cpu_us_per_step: number[];
  echo_us: number[];
  syncs: number | undefined;
}

export async function run(): Promise<Row[]> {
  const keiko = await startChild("task/keiko.ts");
  const echo = await startPair("grpc-js");
  try {
    return report(await measure(keiko, echo));
  } finally {
    await echo.stop();
    await keiko.stop();
  }
}

async function measure(keiko: Child, echo: Pair): Promise<Samples> {
  const { home, base, token } = keiko.ready as Ready;
  const outside = createClient(TaskService, transportTo(base, token));
  const inside = async (tasks: number) => {
    const question: Question = { kind: "latency", tasks };
    return (await keiko.ask<{ samples_ms: number[] }>(question)).samples_ms;
  };
  const throughput = (time_ms: number) => {
    const question: Question = { kind: "throughput", in_flight, time_ms };
    return keiko.ask<{ per_second: number; cpu_us_per_step: number }>(question);
  };
  await throughput(2 * round_ms);
  await latencies(outside, 2 * tasks_per_round);
  await echo.load(16, round_ms);
  const all: Samples = {
    inside: [],
    gateway: [],
    client_cpu_us: [],
    raw: [],
    steps_per_second: [],
    cpu_us_per_step: [],
    echo_us: [],
    syncs: undefined,
  };
  for (let round = 0; round < rounds; round++) {
    all.raw.push(...(await rawSyncs(home, raw_per_round)));
    all.inside.push(await inside(tasks_per_round));
    const cpu = cpu_us();
    all.gateway.push(await latencies(outside, tasks_per_round));
    all.client_cpu_us.push((cpu_us() - cpu) / tasks_per_round);
    const { per_second, cpu_us_per_step } = await throughput(round_ms);
    all.steps_per_second.push(per_second);
    all.cpu_us_per_step.push(cpu_us_per_step);
    all.echo_us.push((await echo.load(16, round_ms / 2)).cpu_us_per_call);
  }
  const traced = await syncsOf([keiko.pid], () => inside(traced_tasks));
  all.syncs = traced === undefined ? undefined : traced / traced_tasks;
  return all;
}

function report(all: Samples): Row[] {
  const raw_ms = median(all.raw);
  const echoes = median(all.cpu_us_per_step.map((cpu, round) => cpu / all.echo_us[round]!));
  return [
    {
      name: "task: raw append and fdatasync of 4 KiB here",
      value: `p50 ${digits(raw_ms)} ms, p99 ${digits(quantile(all.raw, 0.99))} ms`,
      note: `n = ${all.raw.length}; the unit of what follows`,
    },
    ...latencyRows("in process", all.inside, raw_ms, ""),
    ...latencyRows(
      "over the gateway",
      all.gateway,
      raw_ms,
      `; the client in its own process takes ${digits(median(all.client_cpu_us) / 1_000)} ms of it`,
    ),
    {
      name: "task: syncs per three-step task",
      value: all.syncs === undefined ? "not counted" : digits(all.syncs),
      note:
        all.syncs === undefined
          ? "needs strace and the right to attach it"
          : `n = ${traced_tasks}, traced; the journal needs 4, the audit record of CreateTask 1`,
    },
    {
      name: `task: steps/s with ${in_flight} tasks in flight`,
      value: digits(median(all.steps_per_second)),
      note: `median of ${rounds} rounds of ${round_ms / 1_000} s, in process`,
    },
    {
      name: "task: processor time per step, in bare grpc-js echoes",
      value: `${digits(echoes)} (${digits(median(all.cpu_us_per_step))} µs, an echo ${digits(median(all.echo_us))} µs)`,
      note: "client and server of the echo together",
    },
  ];
}

function latencyRows(
  way: string,
  samples: readonly number[][],
  raw_ms: number,
  note: string,
): Row[] {
  const goals = [
    { q: 0.5, name: "p50", goal_ms: 2.5 },
    { q: 0.99, name: "p99", goal_ms: 20 },
  ];
  return goals.map(({ q, name, goal_ms }) => {
    const value = quantileOfRounds(samples, q);
    return {
      name: `task: three steps, created to result, ${way}, ${name}`,
      value: `${digits(value)} ms (${digits(value / raw_ms)} raw syncs)`,
      goal: `≤ ${goal_ms} ms`,
      met: value <= goal_ms,
      note: `n = ${rounds * tasks_per_round}, median of ${rounds} rounds${note}`,
    };
  });
}

if (import.meta.main) printRows(await run());
