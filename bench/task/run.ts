/** Runs plans of trivial skills through TaskService, from the request to the result. */
import type { Client } from "@connectrpc/connect";
import { State } from "@keiko/gen/keiko/task/v1/task_pb.js";
import type { TaskService } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import { threeSteps } from "../../test/support/plans.ts";

type Tasks = Client<typeof TaskService>;

/** What a program inside says about whom it acts for; over the gateway the token says it. */
export const onBehalf = { headers: { "keiko-user": "users/local" } };

/** Resolves when the watcher has seen the task succeed. */
export async function runTask(tasks: Tasks, plan = threeSteps()): Promise<void> {
  const { task } = await tasks.createTask({ plan }, onBehalf);
  let state = State.UNSPECIFIED;
  // The watch ends by itself after the task.
  for await (const { task: seen } of tasks.watchTask({ name: task!.name }, onBehalf)) {
    state = seen?.state ?? state;
  }
  if (state !== State.SUCCEEDED) throw new Error(`the task ended as ${State[state]}`);
}

/** Milliseconds of each of `count` tasks, one after the other. */
export async function latencies(tasks: Tasks, count: number): Promise<number[]> {
  const samples_ms: number[] = [];
  for (let i = 0; i < count; i++) {
    const start = performance.now();
    await runTask(tasks);
    samples_ms.push(performance.now() - start);
  }
  return samples_ms;
}

/** Steps done and their rate, with so many tasks in flight for so long. */
export async function throughput(tasks: Tasks, in_flight: number, time_ms: number) {
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
