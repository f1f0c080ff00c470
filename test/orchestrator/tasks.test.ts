import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create } from "@bufbuild/protobuf";
import { durationFromMs, durationMs } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { LimitsSchema, Stage } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { State, type Task } from "@keiko/gen/keiko/task/v1/task_pb.js";
import { TaskService } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import { errorInfo } from "@keiko/runtime/errors.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startKeiko, type TestKeiko } from "../support/keiko.ts";
import { literal, planOf, step, threeSteps } from "../support/plans.ts";
import { probeAgent } from "../support/probe-agent.ts";

let keiko: TestKeiko;
const withProbe = { agents: (substrate: TestKeiko["substrate"]) => [probeAgent(substrate.log)] };

beforeAll(async () => {
  keiko = await startKeiko(withProbe);
});
afterAll(() => keiko.stop());

const tasks = () => keiko.client(TaskService);

async function finished(name: string, at = keiko): Promise<Task> {
  let last: Task | undefined;
  for await (const { task } of at.client(TaskService).watchTask({ name })) last = task;
  return last!;
}

async function failure(call: Promise<unknown>): Promise<ConnectError> {
  return call.then(
    () => expect.fail("the call should have been refused"),
    (error) => ConnectError.from(error),
  );
}

const waiting = (ms: number) => planOf(step("w", "Wait", literal("time", `${ms / 1000}s`)));

test("a plan runs step by step; what one gives the next one takes", async () => {
  const { task } = await tasks().createTask({ plan: threeSteps() });
  const seen: State[] = [];
  let last: Task | undefined;
  for await (const { task: now } of tasks().watchTask({ name: task!.name })) {
    seen.push(now!.state);
    last = now;
  }
  expect(seen.at(-1)).toBe(State.SUCCEEDED);
  expect(last!.steps.map(({ responseJson }) => responseJson)).toEqual([
    '{"value":"1"}',
    '{"value":"2"}',
    '{"value":"3"}',
  ]);
  expect(
    last!.steps.every(({ workload, attempts }) => workload === "probe" && attempts === 1),
  ).toBe(true);
  expect(last!.usage).toMatchObject({ stepsDone: 3, stepsStarted: 3 });
  expect(last!.traceId).toMatch(/^[0-9a-f]{32}$/);
  expect((await tasks().getTask({ name: task!.name })).task).toEqual(last);
});

test("a plan that does not compile is a failed task with every problem, and nothing ran", async () => {
  const plan = planOf(step("x", "Increment", literal("value", -1)), { id: "y", method: "a.B/C" });
  const { task } = await tasks().createTask({ plan });
  expect(task!.state).toBe(State.FAILED);
  expect(task!.steps).toEqual([]);
  expect(task!.problems.map(({ stage, field }) => [stage, field])).toEqual([
    [Stage.COMPILE, "steps[0].inputs[0]"],
    [Stage.COMPILE, "steps[1].method"],
  ]);
});

test("a failure that may pass is tried again; one that will not ends the task with its reason", async () => {
  const limits = create(LimitsSchema, { costMicrosMax: 1000n });
  const again = planOf(step("f", "Fail", literal("times", 1), literal("retryable", true)));
  const first = await tasks().createTask({ plan: again, limits });
  const passed = await finished(first.task!.name);
  expect(passed.state).toBe(State.SUCCEEDED);
  expect(passed.steps[0]!.attempts).toBe(2);

  const final = planOf(step("f", "Fail", literal("times", 1)));
  const second = await finished((await tasks().createTask({ plan: final, limits })).task!.name);
  expect(second.state).toBe(State.FAILED);
  expect(second.problems[0]).toMatchObject({
    stage: Stage.RUN,
    field: "f",
    reason: Reason.WRONG_STATE,
    remedy: "tell it otherwise",
  });
});

test("a bug in a skill fails its task without telling secrets, and everything else goes on", async () => {
  const limits = create(LimitsSchema, { costMicrosMax: 1000n });
  await finished(
    (await tasks().createTask({ plan: planOf(step("f", "Fail")), limits })).task!.name,
  );
  const plan = planOf(step("f", "Fail", literal("times", 1), literal("bug", true)));
  const task = await finished((await tasks().createTask({ plan, limits })).task!.name);
  expect(task.state).toBe(State.FAILED);
  expect(task.problems[0]!.reason).toBe(Reason.INTERNAL);
  expect(JSON.stringify(task.problems[0]!.message)).not.toContain("hunter2");
  expect(keiko.lines.join()).toContain("hunter2");
  const after = await finished((await tasks().createTask({ plan: threeSteps() })).task!.name);
  expect(after.state).toBe(State.SUCCEEDED);
});

test("cancel stops the running step and is final; a second cancel changes nothing", async () => {
  const { task } = await tasks().createTask({ plan: waiting(20_000) });
  const began = performance.now();
  const watched = finished(task!.name);
  await new Promise((next) => setTimeout(next, 50));
  const cancelled = await tasks().cancelTask({ name: task!.name });
  expect(cancelled.task!.state).toBe(State.CANCELLED);
  expect((await watched).state).toBe(State.CANCELLED);
  expect(performance.now() - began).toBeLessThan(10_000);
  const again = await tasks().cancelTask({ name: task!.name });
  expect(again.task!.revision).toBe(cancelled.task!.revision);
  expect(again.task!.steps[0]!.state).toBe(State.CANCELLED);
});

test("what a running step says is seen while it runs and not kept", async () => {
  const { task } = await tasks().createTask({ plan: waiting(400) });
  const said = new Set<string>();
  let last: Task | undefined;
  for await (const { task: now } of tasks().watchTask({ name: task!.name })) {
    said.add(now!.steps[0]!.progress);
    last = now;
  }
  expect(said).toContain("waiting");
  expect(last!.steps[0]!.progress).toBe("");
});

test("a task that runs out of its time ends", async () => {
  const limits = create(LimitsSchema, { timeMax: durationFromMs(30_000) });
  const { task } = await tasks().createTask({ plan: waiting(100), limits });
  expect((await finished(task!.name)).state).toBe(State.SUCCEEDED);
  const tight = create(LimitsSchema, { timeMax: durationFromMs(1_000) });
  const refused = (await tasks().createTask({ plan: waiting(100), limits: tight })).task!;
  expect(refused.problems[0]).toMatchObject({ field: "limits.time_max", stage: Stage.COMPILE });
  const plan = waiting(20_000);
  plan.steps[0]!.timeMax = durationFromMs(300);
  const late = await finished((await tasks().createTask({ plan })).task!.name);
  expect(late.state).toBe(State.FAILED);
  expect(late.problems[0]!.reason).toBe(Reason.DEADLINE_EXCEEDED);
  expect(durationMs(late.usage!.elapsed!)).toBeLessThan(15_000);
});

test("the same request id is the same task, also when both are sent at once", async () => {
  const request = { plan: threeSteps(), requestId: "once" };
  const both = await Promise.all([tasks().createTask(request), tasks().createTask(request)]);
  const third = await tasks().createTask(request);
  expect(new Set([...both, third].map(({ task }) => task!.name)).size).toBe(1);
  const other = await tasks().createTask({ ...request, requestId: "twice" });
  expect(other.task!.name).not.toBe(third.task!.name);
});

test("the list is newest first, in pages, by state, and current", async () => {
  const names: string[] = [];
  for (let i = 0; i < 5; i++) {
    const { task } = await tasks().createTask({ plan: threeSteps() });
    names.unshift((await finished(task!.name)).name);
  }
  const first = await tasks().listTasks({ pageSize: 3 });
  expect(first.tasks.map(({ name }) => name)).toEqual(names.slice(0, 3));
  expect(first.tasks[0]).toMatchObject({ state: State.SUCCEEDED, stepsDone: 3, stepCount: 3 });
  const second = await tasks().listTasks({ pageSize: 2, pageToken: first.nextPageToken });
  expect(second.tasks.map(({ name }) => name)).toEqual(names.slice(3, 5));
  const failed = await tasks().listTasks({ states: [State.FAILED] });
  expect(failed.tasks.length).toBeGreaterThan(0);
  expect(failed.tasks.every(({ state }) => state === State.FAILED)).toBe(true);
  const error = await failure(tasks().listTasks({ pageToken: "page two" }));
  expect(errorInfo(error)?.field).toBe("page_token");
});

test("what is not there, or not there yet, is said by name", async () => {
  const missing = await failure(tasks().getTask({ name: "tasks/none" }));
  expect(missing.code).toBe(Code.NotFound);
  expect(errorInfo(missing)).toMatchObject({ field: "name", metadata: { name: "tasks/none" } });
  const attachment = {
    name: `artifacts/${"0".repeat(64)}`,
    filename: "x.csv",
    mediaType: "text/csv",
  };
  const error = await failure(
    tasks().createTask({ goal: "how many rows?", attachments: [attachment] }),
  );
  expect(errorInfo(error)?.field).toBe("attachments[0].name");
});

test("after a stop everything is there again, and what was unfinished is finished", async () => {
  const home = await mkdtemp(join(tmpdir(), "keiko-restart-"));
  try {
    const before = await startKeiko({ ...withProbe, home });
    const client = before.client(TaskService);
    const done = await client.createTask({ plan: threeSteps() });
    const old = await finished(done.task!.name, before);
    const open = await client.createTask({ plan: waiting(1_500) });
    await before.stop();

    const after = await startKeiko({ ...withProbe, home });
    const again = await after.client(TaskService).getTask({ name: old.name });
    expect(again.task).toEqual(old);
    const resumed = await finished(open.task!.name, after);
    expect(resumed.state).toBe(State.SUCCEEDED);
    const listed = await after.client(TaskService).listTasks({});
    expect(listed.tasks.map(({ name }) => name)).toEqual([open.task!.name, old.name]);
    await after.stop();
  } finally {
    await rm(home, { recursive: true, force: true });
  }
});
