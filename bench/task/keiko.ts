/**
 * A Keiko with the probe agent in a process of its own. It answers questions about its latency and
 * throughput from inside, through the in-process transport, and can be reached over its port.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Client, createClient } from "@connectrpc/connect";
import { type AgentDefinition, defineAgent } from "@keiko/agent";
import { TaskService } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import { compose } from "@keiko/local/compose.ts";
import { ensureToken } from "@keiko/local/home.ts";
import { createLog } from "@keiko/runtime/log.ts";
import { openEmbedded } from "@keiko/runtime/substrate/embedded/embedded.ts";
import { ProbeService } from "../../test/gen/keiko/probe/v1/probe_service_pb.js";
import { transportTo } from "../../test/support/keiko.ts";
import { literal, planOf, step } from "../../test/support/plans.ts";
import { probeAgent } from "../../test/support/probe-agent.ts";
import { cpu_us, serveParent } from "../lib/processes.ts";
import { latencies, runTask, throughput } from "./run.ts";

export interface Ready {
  home: string;
  base: string;
  token: string;
}

export type Question =
  | { kind: "latency"; tasks: number }
  | { kind: "throughput"; in_flight: number; time_ms: number };

const home = await mkdtemp(join(tmpdir(), "keiko-bench-task-"));
const substrate = await openEmbedded({ home });
const token = await ensureToken(home);

// An agent that may call TaskService is how a program inside Keiko gets a client of it: its first
// call hands out the context's client, behind which lies the same chain as for every other caller.
const handedOut = Promise.withResolvers<Client<typeof TaskService>>();
const probe = probeAgent(substrate.log);
const agent = defineAgent({
  ...probe,
  contract: ProbeService,
  calls: [TaskService],
  skills: {
    ...probe.skills,
    increment(context, input) {
      handedOut.resolve(context.client(TaskService));
      return probe.skills.increment(context, input);
    },
  },
});
const keiko = await compose({
  substrate,
  token,
  port: 0,
  log: createLog((line) => console.error(line), { level: "warn" }),
  agents: [agent as unknown as AgentDefinition],
});
const base = `http://127.0.0.1:${keiko.port}`;
const outside = createClient(TaskService, transportTo(base, token));
await runTask(outside, planOf(step("a", "Increment", literal("value", 0))));
const tasks = await handedOut.promise;

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
    await keiko.stop();
    await substrate.close();
    await rm(home, { recursive: true });
  },
);
