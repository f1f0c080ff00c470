/** Calls TaskService from a process of its own, over the mesh, as the gateway does for a person. */
import { createClient } from "@connectrpc/connect";
import { TaskService } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import { callAs, type RunningUp } from "../../test/support/up.ts";
import { cpu_us, serveParent } from "../lib/processes.ts";
import { latencies, runTask } from "../task/run.ts";

const [home = "", list = "[]"] = process.argv.slice(2);
const processes = JSON.parse(list) as ReturnType<RunningUp["processes"]>;
const up = { home, processes: () => processes } as RunningUp;
const caller = await callAs(up, "gateway");
const tasks = createClient(TaskService, caller.mesh.transport);

export type Question =
  | { kind: "latency"; tasks: number }
  | { kind: "throughput"; in_flight: number; time_ms: number };

async function throughput(in_flight: number, time_ms: number) {
  const start = performance.now();
  const end = start + time_ms;
  let steps = 0;
  const one = async () => {
    while (performance.now() < end) {
      await runTask(tasks);
      steps += 3;
    }
  };
  await Promise.all(Array.from({ length: in_flight }, one));
  return { steps, per_second: (steps / (performance.now() - start)) * 1_000 };
}

serveParent(
  {},
  async (question: Question) => {
    const cpu = cpu_us();
    const answer =
      question.kind === "latency"
        ? { samples_ms: await latencies(tasks, question.tasks) }
        : await throughput(question.in_flight, question.time_ms);
    return { ...answer, cpu_us: cpu_us() - cpu };
  },
  async () => caller.close(),
);
