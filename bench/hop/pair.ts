/** A client and a server of one kind, each in a process of its own. */
import { startChild } from "../lib/processes.ts";
import type { Question } from "./client.ts";
import type { Kind } from "./message.ts";

export interface Load {
  per_second: number;
  /** Processor time of client and server together, per call. */
  cpu_us_per_call: number;
}

export interface Pair {
  load(concurrency: number, time_ms: number): Promise<Load>;
  /** Milliseconds of calls, one after the other. */
  alone(calls: number): Promise<number[]>;
  /** Milliseconds of calls that begin at a steady rate. */
  steady(per_second: number, time_ms: number): Promise<number[]>;
  stop(): Promise<void>;
}

export async function startPair(kind: Kind): Promise<Pair> {
  const server = await startChild("hop/server.ts", kind);
  const { port, caller } = server.ready as { port: number; caller: string };
  const client = await startChild("hop/client.ts", kind, String(port), caller);
  const serverCpu = async () => (await server.ask<{ cpu_us: number }>({})).cpu_us;
  const samples = async (question: Question) =>
    (await client.ask<{ samples_ms: number[] }>(question)).samples_ms;
  return {
    async load(concurrency, time_ms) {
      const before = await serverCpu();
      const question = { kind: "load", concurrency, time_ms } satisfies Question;
      type Counts = { per_second: number; calls: number; cpu_us: number };
      const { per_second, calls, cpu_us } = await client.ask<Counts>(question);
      return { per_second, cpu_us_per_call: (cpu_us + (await serverCpu()) - before) / calls };
    },
    alone: (calls) => samples({ kind: "alone", calls }),
    steady: (per_second, time_ms) => samples({ kind: "steady", per_second, time_ms }),
    async stop() {
      await client.stop();
      await server.stop();
    },
  };
}
