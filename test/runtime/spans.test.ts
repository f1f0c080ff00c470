import { ObservabilityService } from "@keiko/gen/keiko/observability/v1/observability_service_pb.js";
import { State, type Task } from "@keiko/gen/keiko/task/v1/task_pb.js";
import { TaskService } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import { parentsFirst } from "@keiko/observability/order.ts";
import { createTraceStore } from "@keiko/observability/trace-store.ts";
import { errorInfo } from "@keiko/runtime/errors.ts";
import type { EndedSpan } from "@keiko/runtime/spans.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startKeiko, type TestKeiko } from "../support/keiko.ts";
import { literal, planOf, step, threeSteps } from "../support/plans.ts";
import { probeAgent } from "../support/probe-agent.ts";

let keiko: TestKeiko;
beforeAll(async () => {
  keiko = await startKeiko({ agents: ({ log }) => [probeAgent(log)] });
});
afterAll(() => keiko.stop());

const traces = () => keiko.client(ObservabilityService);

async function finished(plan: Task["plan"]): Promise<Task> {
  const tasks = keiko.client(TaskService);
  const { task } = await tasks.createTask({ plan: plan!, limits: { costMicrosMax: 1000n } });
  let last: Task | undefined;
  for await (const { task: now } of tasks.watchTask({ name: task!.name })) last = now;
  return last!;
}

const span = (over: Partial<EndedSpan>): EndedSpan => ({
  ...{ traceId: "t", spanId: "s", parentSpanId: "", name: "a.B/C", workload: "w", caller: "c" },
  ...{ user: "users/a", start_ms: 0, duration_ms: 1, reason: "", step: "" },
  ...over,
});

test("the trace of a task has the call that made it and one span per step, with time and workload", async () => {
  const task = await finished(threeSteps());
  const { spans, truncated } = await traces().getTrace({ traceId: task.traceId });
  expect(truncated).toBe(false);
  const steps = spans.filter(({ step: of }) => of !== "");
  expect(
    steps.map(({ step: of, attempt, workload, caller }) => [of, attempt, workload, caller]),
  ).toEqual(["a", "b", "c"].map((id) => [id, 1, "probe", "orchestrator"]));
  const created = spans.find(({ name }) => name === "keiko.task.v1.TaskService/CreateTask")!;
  expect(created).toMatchObject({ workload: "orchestrator", caller: "gateway", step: "" });
  for (const { duration } of spans) {
    expect(Number(duration!.seconds) * 1e9 + duration!.nanos).toBeGreaterThan(0);
  }
});

test("a step that was tried again has a span per try, and the failed one says why", async () => {
  const again = planOf(step("f", "Fail", literal("times", 1), literal("retryable", true)));
  const task = await finished(again);
  expect(task.state).toBe(State.SUCCEEDED);
  const { spans } = await traces().getTrace({ traceId: task.traceId });
  const tries = spans.filter(({ step: of }) => of === "f");
  expect(tries.map(({ attempt, reason }) => [attempt, reason])).toEqual([
    [1, "UNAVAILABLE"],
    [2, ""],
  ]);
});

test("a trace that is not kept says so, and a wrong id names its field", async () => {
  const failure = (traceId: string) =>
    traces()
      .getTrace({ traceId })
      .then(
        () => expect.fail("it should have been refused"),
        (error) => errorInfo(error),
      );
  expect(await failure("0".repeat(32))).toMatchObject({ field: "trace_id" });
  expect(await failure("nothing")).toMatchObject({ field: "trace_id" });
});

test("the store keeps what its bounds allow: the quietest trace goes, a long one is cut", () => {
  const store = createTraceStore({ spans_kept_max: 4, trace_spans_max: 2 });
  for (const traceId of ["a", "b", "a"]) store.record(span({ traceId }));
  for (let count = 0; count < 3; count++) store.record(span({ traceId: "c" }));
  expect(store.get("c")).toMatchObject({ truncated: true });
  expect(store.get("c")!.spans).toHaveLength(2);
  expect(store.get("b")).toBeUndefined();
  expect(store.get("a")!.spans).toHaveLength(2);
});

test("spans are read parents first, siblings by start, orphans as roots, circles not at all", () => {
  const spans = [
    span({ spanId: "child", parentSpanId: "root", start_ms: 3 }),
    span({ spanId: "late", parentSpanId: "root", start_ms: 4 }),
    span({ spanId: "root", start_ms: 2 }),
    span({ spanId: "orphan", parentSpanId: "gone", start_ms: 1 }),
    span({ spanId: "self", parentSpanId: "self", start_ms: 0 }),
  ];
  expect(parentsFirst(spans).map(({ spanId }) => spanId)).toEqual([
    "orphan",
    "root",
    "child",
    "late",
  ]);
});
