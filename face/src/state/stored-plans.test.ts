import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { StoredPlanSchema } from "@keiko/gen/keiko/plan/v1/plan_service_pb.js";
import { State, type Task, TaskSchema } from "@keiko/gen/keiko/task/v1/task_pb.js";
import { expect, test, vi } from "vitest";
import type { Clients } from "../remote/clients.ts";
import { Connection } from "./connection.svelte.ts";
import { PlanDetail } from "./stored-plans.svelte.ts";

const name = "plans/counting";
const stored = create(StoredPlanSchema, { name, version: 1, plan: { goal: "Count" } });
const run = (state: State): Task =>
  create(TaskSchema, { name: "tasks/1", state, storedPlan: { name, version: 1 } });

/** What tasks there are is answered by `look`, in its own time. */
function detailOf(look: () => Promise<Task>): PlanDetail {
  const clients = {
    plans: { getPlan: async () => ({ plan: stored }) },
    tasks: {
      listTasks: async () => ({ tasks: [{ name: "tasks/1" }] }),
      getTask: async () => ({ task: await look() }),
    },
  } as unknown as Clients;
  return new PlanDetail(clients, new Connection(), name);
}

test("a call that fails for a moment does not say that nothing ran", async () => {
  const busy = new ConnectError("starting", Code.ResourceExhausted);
  const look = vi.fn(async () => run(State.SUCCEEDED)).mockRejectedValueOnce(busy);
  const detail = detailOf(look);
  await detail.load(0, new AbortController().signal);
  expect(detail.runs).toBeUndefined();
  await vi.waitFor(() => expect(detail.runs?.[0]?.state).toBe(State.SUCCEEDED), 5000);
});

test("an earlier look that is answered last does not hide what was seen later", async () => {
  let answer: (task: Task) => void = () => undefined;
  const late = new Promise<Task>((resolve) => {
    answer = resolve;
  });
  const look = vi.fn(async () => run(State.SUCCEEDED)).mockReturnValueOnce(late);
  const detail = detailOf(look);
  const { signal } = new AbortController();
  await detail.load(0, signal);
  await vi.waitFor(() => expect(look).toHaveBeenCalledOnce());
  await detail.refreshRuns(signal);
  answer(run(State.RUNNING));
  await new Promise((resolve) => setTimeout(resolve));
  expect(detail.runs?.[0]?.state).toBe(State.SUCCEEDED);
});
