/**
 * A Keiko with the probe agent in a process of its own. It answers questions about its latency and
 * throughput from inside, through the in-process transport, and can be reached over its port.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cpu_us, serveParent } from "../lib/processes.ts";
import { startInside } from "./inside.ts";
import { latencies, throughput } from "./run.ts";

export interface Ready {
  home: string;
  base: string;
  token: string;
}

export type Question =
  | { kind: "latency"; tasks: number }
  | { kind: "throughput"; in_flight: number; time_ms: number };

const home = await mkdtemp(join(tmpdir(), "keiko-bench-task-"));
const { base, token, tasks, stop } = await startInside(home);

async function latency(count: number) {
  const cpu = cpu_us();
  const samples_ms = await latencies(tasks, count);
  return { samples_ms, cpu_us: cpu_us() - cpu };
}

async function loaded(in_flight: number, time_ms: number) {
  const cpu = cpu_us();
  const { steps, per_second } = await throughput(tasks, in_flight, time_ms);
  return { per_second, cpu_us_per_step: (cpu_us() - cpu) / steps };
}

serveParent(
  { home, base, token } satisfies Ready,
  (question: Question) =>
    question.kind === "latency"
      ? latency(question.tasks)
      : loaded(question.in_flight, question.time_ms),
  async () => {
    await stop();
    await rm(home, { recursive: true });
  },
);
