/** Calls TaskService from a process of its own, over the mesh, as the gateway does for a person. */
import { createClient } from "@connectrpc/connect";
import { TaskService } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import { callAs, type RunningUp } from "../../test/support/up.ts";
import { cpu_us, serveParent } from "../lib/processes.ts";
import { latencies, throughput } from "../task/run.ts";

const [home = "", list = "[]"] = process.argv.slice(2);
const processes = JSON.parse(list) as ReturnType<RunningUp["processes"]>;
const up = { home, processes: () => processes } as RunningUp;
const caller = await callAs(up, "gateway");
const tasks = createClient(TaskService, caller.mesh.transport);

export type Question =
  | { kind: "latency"; tasks: number }
  | { kind: "throughput"; in_flight: number; time_ms: number };

serveParent(
  {},
  async (question: Question) => {
    const cpu = cpu_us();
    const answer =
      question.kind === "latency"
        ? { samples_ms: await latencies(tasks, question.tasks) }
        : await throughput(tasks, question.in_flight, question.time_ms);
    return { ...answer, cpu_us: cpu_us() - cpu };
  },
  async () => caller.close(),
);
