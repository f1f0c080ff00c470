/**
 * A Keiko with the probe agent in a process of its own, driven from inside (through the in-process
 * transport, as the agent) or through its port. Answers questions about latency and throughput.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Client, createClient } from "@connectrpc/connect";
import { type AgentDefinition, defineAgent } from "@keiko/agent";
import { State } from "@keiko/gen/keiko/task/v1/task_pb.js";
import { TaskService } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import { compose } from "@keiko/local/compose.ts";
import { ensureToken } from "@keiko/local/home.ts";
import { createLog } from "@keiko/runtime/log.ts";
import { openEmbedded } from "@keiko/runtime/substrate/embedded/embedded.ts";
import { ProbeService } from "../../test/gen/keiko/probe/v1/probe_service_pb.js";
import { transportTo } from "../../test/support/keiko.ts";
import { literal, planOf, step, threeSteps } from "../../test/support/plans.ts";
import { probeAgent } from "../../test/support/probe-agent.ts";
import { cpu_us, serveParent } from "../lib/processes.ts";

export type Way = "inside" | "gateway";
export type Question =
  | { kind: "latency"; way: Way; tasks: number }
  | { kind: "throughput"; way: Way; in_flight: number; time_ms: number };

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

const onBehalf = { headers: { "keiko-user": "users/local" } };
const outside = createClient(TaskService, transportTo(`http://127.0.0.1:${keiko.port}`, token));
await runTask(outside, { plan: planOf(step("a", "Increment", literal("value", 0))) });
const clients: Record<Way, Client<typeof TaskService>> = {
  inside: await handedOut.promise,
  gateway: outside,
};

/** From the request to the finished task as its watcher sees it. */
async function runTask(
  client: Client<typeof TaskService>,
  request: Parameters<typeof client.createTask>[0],
): Promise<void> {
  const { task } = await client.createTask(request, onBehalf);
  let state = State.UNSPECIFIED;
  // The watch ends by itself after the task: who breaks out of it would leave it open.
  for await (const { task: seen } of client.watchTask({ name: task!.name }, onBehalf)) {
    state = seen?.state ?? state;
  }
  if (state !== State.SUCCEEDED) throw new Error(`the task ended as ${State[state]}`);
}

async function latency(client: Client<typeof TaskService>, tasks: number) {
  const cpu = cpu_us();
  const samples_ms: number[] = [];
  for (let i = 0; i < tasks; i++) {
    const start = performance.now();
    await runTask(client, { plan: threeSteps() });
    samples_ms.push(performance.now() - start);
  }
  return { samples_ms, cpu_us: cpu_us() - cpu };
}

async function throughput(client: Client<typeof TaskService>, in_flight: number, time_ms: number) {
  const cpu = cpu_us();
  const start = performance.now();
  const end = start + time_ms;
  let steps = 0;
  const one = async () => {
    while (performance.now() < end) {
      await runTask(client, { plan: threeSteps() });
      steps += 3;
    }
  };
  await Promise.all(Array.from({ length: in_flight }, one));
  const per_second = (steps / (performance.now() - start)) * 1_000;
  return { per_second, cpu_us_per_step: (cpu_us() - cpu) / steps };
}

serveParent(
  { home },
  (question: Question) => {
    const client = clients[question.way];
    if (question.kind === "latency") return latency(client, question.tasks);
    return throughput(client, question.in_flight, question.time_ms);
  },
  async () => {
    await keiko.stop();
    await substrate.close();
    await rm(home, { recursive: true });
  },
);
