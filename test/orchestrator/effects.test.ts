/** Plans with effects, people, loops and conditions, through the public API of a real Keiko. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create, type JsonValue, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import {
  LimitsSchema,
  ParameterType,
  PlanSchema,
  type StepSchema,
  Test,
} from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { PlanService } from "@keiko/gen/keiko/plan/v1/plan_service_pb.js";
import { RecordedTaskSchema } from "@keiko/gen/keiko/task/v1/journal_pb.js";
import { State, type Task } from "@keiko/gen/keiko/task/v1/task_pb.js";
import { TaskService } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import { errorInfo } from "@keiko/runtime/errors.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LedgerService, TotalResponseSchema } from "../gen/keiko/ledger/v1/ledger_service_pb.js";
import { startKeiko, type TestKeiko } from "../support/keiko.ts";
import { Ledger, ledgerAgent } from "../support/ledger-agent.ts";
import { literal, output, planOf } from "../support/plans.ts";
import { jsonValue } from "../support/values.ts";

let keiko: TestKeiko;
let ledger: Ledger;
let folder: string;
/** What is awaited before an effect, by its purpose. */
const before = new Map<string, () => Promise<void>>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "keiko-ledger-"));
  ledger = new Ledger(join(folder, "ledger.db"));
  keiko = await startKeiko({ home: folder, agents });
});
afterAll(async () => {
  await keiko.stop();
  ledger.close();
  await rm(folder, { recursive: true, force: true });
});

const agents = () => [ledgerAgent(ledger, async (purpose) => before.get(purpose)?.())];
const tasks = () => keiko.client(TaskService);
const plans = () => keiko.client(PlanService);
const rich = create(LimitsSchema, { costMicrosMax: 1_000_000n });

type NewStep = MessageInitShape<typeof StepSchema>;

function step(id: string, method: string, inputs: NewStep["inputs"], more: NewStep = {}): NewStep {
  return { id, method: `${LedgerService.typeName}/${method}`, inputs: inputs ?? [], ...more };
}

const reserve = (id: string, purpose: string, more: NewStep = {}) =>
  step(id, "Reserve", [literal("purpose", purpose), literal("amount", 5)], more);
const pay = (id: string, purpose: string, more: NewStep = {}) =>
  step(id, "Pay", [literal("purpose", purpose), literal("amount", 5)], more);
const range = (id: string, limit: number, more: NewStep = {}) =>
  step(id, "Range", [literal("limit", limit)], more);

async function run(
  steps: NewStep[],
  more: MessageInitShape<typeof PlanSchema> = {},
  limits = rich,
) {
  const plan = create(PlanSchema, { goal: "probe", language: "en", steps, ...more });
  const { task } = await tasks().createTask({ plan, limits });
  return task!;
}

/** The first state of the task that the condition holds for. */
async function when(name: string, holds: (task: Task) => boolean): Promise<Task> {
  for await (const { task } of tasks().watchTask({ name })) if (holds(task!)) return task!;
  throw new Error("the task ended before");
}

const ended = (name: string) => when(name, ({ endTime }) => endTime !== undefined);
const waiting = (name: string) => when(name, ({ state }) => state === State.WAITING);
const rows = (purpose: string) => ledger.rows().filter((row) => row.purpose === purpose);

async function refusal(call: Promise<unknown>) {
  const error = await call.then(
    () => expect.fail("it should have been refused"),
    (cause) => ConnectError.from(cause),
  );
  return { code: error.code, reason: errorInfo(error)?.reason, message: error.rawMessage };
}

describe("what goes wrong is taken back", () => {
  test("the last first; what it cost stays within what was granted", async () => {
    const refused = { times: 0 };
    before.set("fails", async () => {
      refused.times++;
      throw new Error("the bank says no");
    });
    const { name } = await run([
      reserve("a", "taken-back-1"),
      reserve("b", "taken-back-2", { after: ["a"] }),
      reserve("c", "fails", { after: ["b"] }),
    ]);
    const task = await ended(name);
    expect(task.state).toBe(State.COMPENSATED);
    expect(task.problems.map(({ field }) => field)).toEqual(["c"]);
    expect(refused.times).toBe(1);
    expect([...rows("taken-back-1"), ...rows("taken-back-2")].map(({ undone }) => undone)).toEqual([
      1, 1,
    ]);
    expect(task.steps.map(({ undoState }) => undoState)).toEqual([
      State.SUCCEEDED,
      State.SUCCEEDED,
      State.SUCCEEDED,
    ]);
    const undone = task.steps.slice(0, 2).map(({ state }) => state);
    expect(undone).toEqual([State.SUCCEEDED, State.SUCCEEDED]);
    // Two that said what they cost, and one that did not: the most that its contract allows.
    expect(task.usage?.costMicros).toBe(60n + 60n + 100n);
    expect((await tasks().replayTask({ name })).divergence).toBeUndefined();
  });

  test("a cancelled task waits for what runs, then takes back what it did", async () => {
    const held = Promise.withResolvers<void>();
    before.set("held", () => held.promise);
    const { name } = await run([
      reserve("a", "cancelled-1"),
      reserve("b", "held", { after: ["a"] }),
    ]);
    await when(name, ({ steps }) => steps[1]?.state === State.RUNNING);
    const { task } = await tasks().cancelTask({ name });
    expect(task!.state).toBe(State.STOPPING);
    held.resolve();
    const after = await ended(name);
    expect(after.state).toBe(State.COMPENSATED);
    expect(rows("cancelled-1")[0]?.undone).toBe(1);
  });
});

describe("people", () => {
  test("what cannot be taken back waits for a word, and says what will happen", async () => {
    const { name } = await run([pay("p", "agreed")]);
    const asked = await waiting(name);
    expect(asked.steps[0]?.waitsFor).toMatchObject({ approval: true, deciders: ["users/local"] });
    expect(asked.steps[0]?.waitsFor?.text).toMatch(/Pay.*agreed/s);
    expect(rows("agreed")).toEqual([]);
    const { decisions } = await tasks().listDecisions({});
    expect(decisions.map(({ task }) => task)).toContain(name);
    await tasks().answerStep({ name, step: "p", answer: { case: "agree", value: true } });
    expect((await ended(name)).state).toBe(State.SUCCEEDED);
    expect(rows("agreed")).toHaveLength(1);
    const left = await tasks().listDecisions({});
    expect(left.decisions.map(({ task }) => task)).not.toContain(name);
    // The same word again changes nothing; another one is refused.
    await tasks().answerStep({ name, step: "p", answer: { case: "agree", value: true } });
    const other = tasks().answerStep({ name, step: "p", answer: { case: "agree", value: false } });
    expect(await refusal(other)).toMatchObject({ reason: Reason.WRONG_STATE });
  });

  test("a decline ends the task and takes back what was done", async () => {
    const { name } = await run([
      reserve("a", "declined-1"),
      pay("p", "declined", { after: ["a"] }),
    ]);
    await waiting(name);
    const answer = { case: "agree" as const, value: false };
    await tasks().answerStep({ name, step: "p", answer, note: "too dear" });
    const task = await ended(name);
    expect(task.state).toBe(State.COMPENSATED);
    expect(task.problems[0]?.message).toContain("too dear");
    expect(rows("declined")).toEqual([]);
    expect(rows("declined-1")[0]?.undone).toBe(1);
  });

  test("who is not asked may not decide, and learns nothing", async () => {
    const approval = { deciders: ["users/somebody"] };
    const { name } = await run([pay("p", "others", { approval })]);
    await waiting(name);
    const answer = { case: "agree" as const, value: true };
    const denied = await refusal(tasks().answerStep({ name, step: "p", answer }));
    expect(denied).toMatchObject({ code: Code.PermissionDenied });
    const absent = await refusal(tasks().answerStep({ name: "tasks/none", step: "p", answer }));
    expect(absent).toMatchObject({ reason: Reason.NOT_FOUND });
    await tasks().cancelTask({ name });
    expect((await ended(name)).state).toBe(State.CANCELLED);
  });

  test("nobody's word in time is a no", async () => {
    const approval = { timeMax: durationFromMs(300) };
    const { name } = await run([pay("p", "expired", { approval })]);
    const task = await ended(name);
    expect(task.state).toBe(State.FAILED);
    expect(task.problems[0]).toMatchObject({ reason: Reason.DEADLINE_EXCEEDED, field: "p" });
  });

  test("the answer to a question is a typed result that the next step takes", async () => {
    const question = { text: "How many, of {r.limit}?", type: ParameterType.INTEGER };
    const { name } = await run([
      range("r", 3),
      { id: "q", question },
      step("n", "Range", [output("limit", "q", "integer")]),
    ]);
    const asked = await waiting(name);
    expect(asked.steps[1]?.waitsFor).toMatchObject({ approval: false, text: "How many, of 3?" });
    const text = { case: "reply" as const, value: { text: "two" } };
    const wrong = tasks().answerStep({ name, step: "q", answer: text });
    expect(await refusal(wrong)).toMatchObject({ reason: Reason.INVALID_FIELD });
    const two = { case: "reply" as const, value: { integer: 2n } };
    await tasks().answerStep({ name, step: "q", answer: two });
    const task = await ended(name);
    expect(task.state).toBe(State.SUCCEEDED);
    expect(task.steps[2]?.responseJson).toContain('"limit":"2"');
  });

  test("both survive a restart, and so does a pause", async () => {
    const { name } = await run([pay("p", "restarted"), range("r", 1, { after: ["p"] })]);
    await waiting(name);
    await keiko.stop();
    keiko = await startKeiko({ home: folder, agents });
    expect((await tasks().getTask({ name })).task?.state).toBe(State.WAITING);
    await tasks().pauseTask({ name });
    await tasks().answerStep({ name, step: "p", answer: { case: "agree", value: true } });
    expect((await tasks().getTask({ name })).task?.state).toBe(State.PAUSED);
    expect(rows("restarted")).toEqual([]);
    await tasks().resumeTask({ name });
    expect((await ended(name)).state).toBe(State.SUCCEEDED);
    expect(rows("restarted")).toHaveLength(1);
  });
});

describe("loops and conditions", () => {
  const each = (source: string): NewStep["forEach"] => ({
    over: { case: "output", value: { step: source, field: "numbers" } },
    itemsMax: 10,
    parallelMax: 2,
  });

  test("a step runs for each element; the results together are a list", async () => {
    const item = { field: "limit", value: { case: "item" as const, value: { field: "" } } };
    const { name } = await run(
      [
        range("r", 4),
        step("each", "Range", [item], { forEach: each("r") }),
        step("sum", "Total", [output("numbers", "each", "limit")]),
      ],
      { answer: "Together they are {sum.total}." },
    );
    const task = await ended(name);
    expect(task.problems).toEqual([]);
    expect(task.answer?.text).toBe("Together they are 10.");
    expect(task.steps[1]).toMatchObject({ itemCount: 4, itemsDone: 4 });
    expect(task.steps[1]?.items.map(({ id }) => id)).toEqual([
      "each:0",
      "each:1",
      "each:2",
      "each:3",
    ]);
  });

  test("an empty list is a list; one that is too long is refused before it begins", async () => {
    const item = { field: "limit", value: { case: "item" as const, value: { field: "" } } };
    const loop = (limit: number) => [
      range("r", limit),
      step("each", "Range", [item], { forEach: each("r") }),
      step("sum", "Total", [output("numbers", "each", "limit")]),
    ];
    const none = await ended((await run(loop(0))).name);
    expect(none.state).toBe(State.SUCCEEDED);
    expect(none.steps[2]?.responseJson).toBe("{}");
    const many = await ended((await run(loop(11))).name);
    expect(many.problems[0]).toMatchObject({ reason: Reason.LIMIT_EXCEEDED, field: "each" });
  });

  test("what does not hold is skipped, and what needs it, unless it can do without", async () => {
    const test = (of: Test, value: JsonValue) => [
      { output: { step: "r", field: "limit" }, test: of, value: jsonValue(value) },
    ];
    const { name } = await run(
      [
        range("r", 2),
        range("yes", 1, { when: test(Test.AT_LEAST, 2) }),
        range("no", 1, { when: test(Test.GREATER, 2) }),
        step("needs", "Total", [output("numbers", "no", "numbers")]),
        step("can", "Total", [
          { ...output("numbers", "no", "numbers"), fallback: jsonValue(["7"]) },
        ]),
      ],
      { answer: "{yes.limit}, {needs.total}, {can.total}" },
    );
    const task = await ended(name);
    expect(task.problems).toEqual([]);
    expect(task.steps.map(({ state }) => State[state])).toEqual([
      "SUCCEEDED",
      "SUCCEEDED",
      "SKIPPED",
      "SKIPPED",
      "SUCCEEDED",
    ]);
    expect(task.steps[4]?.responseJson).toBe('{"total":"7"}');
    expect(task.answer?.text).toBe("1, , 7");
  });
});

describe("an agent asks for a task of its own", () => {
  const delegate = (purpose: string, deeper: number, granted: number) =>
    step("d", "Delegate", [
      literal("purpose", purpose),
      literal("deeper", deeper),
      literal("granted_micros", String(granted)),
    ]);

  test("it has a parent, and what it costs is what the step costs", async () => {
    const { name } = await run([delegate("delegated", 0, 400)]);
    const task = await ended(name);
    expect(task.state).toBe(State.SUCCEEDED);
    const child = (await tasks().getTask({ name: task.steps[0]!.child })).task!;
    expect(child).toMatchObject({ parent: name, state: State.SUCCEEDED, owner: "users/local" });
    expect(rows("delegated")).toHaveLength(1);
    expect(task.usage?.costMicros).toBe(60n);
  });

  test("it gets no more than its step was granted, whatever it asks for", async () => {
    const { name } = await run([delegate("narrow", 0, 1_000_000)], {}, rich);
    const task = await ended(name);
    const child = (await tasks().getTask({ name: task.steps[0]!.child })).task!;
    expect(child.limits?.costMicrosMax).toBe(400n);
    const poor = create(LimitsSchema, { costMicrosMax: 399n });
    const refused = await run([delegate("poor", 0, 400)], {}, poor);
    expect(refused.problems[0]).toMatchObject({ field: "limits.cost_micros_max" });
  });

  test("tasks of tasks end at some depth, and the refusal says so", async () => {
    const { name } = await run([delegate("deep", 9, 400)]);
    const task = await ended(name);
    let deepest = task;
    let depth = 0;
    for (; deepest.steps[0]?.child; depth++) {
      deepest = (await tasks().getTask({ name: deepest.steps[0].child })).task!;
    }
    expect(depth).toBe(5);
    expect(deepest.state).toBe(State.FAILED);
  });

  test("it is cancelled with the task that asked", async () => {
    const held = Promise.withResolvers<void>();
    before.set("held-deeper", () => held.promise);
    const { name } = await run([delegate("held-deeper", 0, 400)]);
    const seen = await when(name, ({ steps }) => steps[0]?.child !== "");
    await tasks().cancelTask({ name });
    held.resolve();
    const child = await ended(seen.steps[0]!.child);
    expect([State.CANCELLED, State.COMPENSATED]).toContain(child.state);
    expect(rows("held-deeper").every(({ undone }) => undone)).toBe(true);
  });
});

describe("stored plans", () => {
  const counted = create(PlanSchema, {
    steps: [
      step("r", "Range", [
        { field: "limit", value: { case: "parameter" as const, value: "many" } },
      ]),
    ],
    parameters: [{ name: "many", type: ParameterType.INTEGER, default: jsonValue(3) }],
    goal: "count",
    language: "en",
  });

  test("versions side by side, run with values, and as a step of another plan", async () => {
    const name = "plans/count";
    const first = await plans().storePlan({ name, plan: counted });
    expect(first.problems).toEqual([]);
    expect(first.plan?.version).toBe(1);
    const again = await plans().storePlan({ name, plan: counted });
    expect(again.plan?.version).toBe(1);
    const second = await plans().storePlan({
      name,
      plan: create(PlanSchema, { ...counted, reason: "better" }),
    });
    expect(second.plan?.version).toBe(2);
    const stale = plans().storePlan({ name, plan: counted, expectVersion: 1 });
    expect(await refusal(stale)).toMatchObject({ reason: Reason.CONFLICT });
    expect((await plans().getPlan({ name, version: 1 })).plan?.plan?.reason).toBe("");

    const inputs = { many: jsonValue(5) };
    const { task } = await tasks().createTask({ storedPlan: { name, version: 1 }, inputs });
    const alone = await ended(task!.name);
    expect(alone.steps[0]?.responseJson).toContain('"limit":"5"');
    expect(alone.storedPlan).toMatchObject({ name, version: 1 });
    const wrong = await tasks().createTask({
      storedPlan: { name },
      inputs: { many: jsonValue("lots"), few: jsonValue(1) },
    });
    expect(wrong.task!.problems.map(({ field }) => field).sort()).toEqual([
      'inputs["few"]',
      'inputs["many"]',
    ]);

    const within = await run([
      { id: "sub", subPlan: { name }, inputs: [literal("many", 2)] },
      step("sum", "Total", [output("numbers", "sub", "numbers")]),
    ]);
    const outer = await ended(within.name);
    expect(outer.problems).toEqual([]);
    expect(outer.steps[1]?.responseJson).toBe('{"total":"3"}');
    const child = (await tasks().getTask({ name: outer.steps[0]!.child })).task!;
    expect(child).toMatchObject({ state: State.SUCCEEDED, parent: within.name });
  });

  test("one that is needed is not removed, and the refusal says by what", async () => {
    const name = "plans/needed";
    await plans().storePlan({ name, plan: counted });
    const using = planOf({ id: "sub", subPlan: { name } });
    await plans().storePlan({ name: "plans/using", plan: using });
    expect((await refusal(plans().deletePlan({ name }))).message).toContain("plans/using");
    await plans().deletePlan({ name: "plans/using" });
    const waits = await run([pay("p", "pinned"), { id: "sub", subPlan: { name }, after: ["p"] }]);
    expect((await refusal(plans().deletePlan({ name }))).message).toContain(waits.name);
    await tasks().cancelTask({ name: waits.name });
    await plans().deletePlan({ name });
    const listed = await plans().listPlans({});
    expect(listed.plans.map((one) => one.name)).not.toContain(name);
  });

  test("an event that fits starts a plan once, with what it is about", async () => {
    const name = "plans/on-upload";
    const plan = create(PlanSchema, {
      goal: "probe",
      language: "en",
      steps: [range("r", 1)],
      parameters: [{ name: "file", type: ParameterType.FILE }],
    });
    await plans().storePlan({ name, plan });
    const fields = { "file.media_type": jsonValue("text/csv") };
    const on = {
      case: "event" as const,
      value: { kind: "artifact_stored", fields, parameter: "file" },
    };
    await plans().setTriggers({ name, triggers: [{ id: "csv", on }] });
    const upload = (filename: string) =>
      fetch(`${keiko.base}/files`, {
        method: "POST",
        headers: { authorization: `Bearer ${keiko.token}`, "x-filename": filename },
        body: `a,b\n1,${filename}\n`,
      });
    await upload("some.txt");
    await upload("some.csv");
    const started = async () => (await plans().getPlan({ name })).plan?.triggers[0]?.lastTask ?? "";
    await expect.poll(started, { timeout: 10_000 }).toMatch(/^tasks\//);
    const task = await ended(await started());
    expect(task).toMatchObject({ state: State.SUCCEEDED, storedPlan: { name } });
    expect(task.trigger).not.toBe("");
    const { tasks: all } = await tasks().listTasks({});
    expect(all.filter((one) => one.goal === "probe" && one.name === task.name)).toHaveLength(1);
  });

  test("a plan that waits for tasks to end is not started by its own", async () => {
    const name = "plans/after-tasks";
    await plans().storePlan({ name, plan: create(PlanSchema, { ...counted, goal: "after" }) });
    const fields = { state: jsonValue("STATE_SUCCEEDED") };
    const on = { case: "event" as const, value: { kind: "task_changed", fields } };
    await plans().setTriggers({ name, triggers: [{ id: "t", on }] });
    await ended((await run([range("r", 1)])).name);
    const started = async () =>
      (await tasks().listTasks({ query: "after" })).tasks.filter(({ goal }) => goal === "after");
    await expect.poll(started, { timeout: 10_000 }).toHaveLength(1);
    await ended((await started())[0]!.name);
    await new Promise((next) => setTimeout(next, 300));
    expect(await started()).toHaveLength(1);
    await plans().setTriggers({ name, triggers: [] });
  });

  test("a schedule that cannot be is refused where it is wrong; one that can says when", async () => {
    const name = "plans/timed";
    await plans().storePlan({ name, plan: counted });
    const timed = (cron: string, timeZone = "") => ({
      name,
      triggers: [{ id: "t", on: { case: "schedule" as const, value: { cron, timeZone } } }],
    });
    const wrong = await refusal(plans().setTriggers(timed("61 * * * *")));
    expect(wrong.reason).toBe(Reason.INVALID_FIELD);
    const zone = await refusal(plans().setTriggers(timed("0 6 * * *", "Mars/Base")));
    expect(zone.reason).toBe(Reason.INVALID_FIELD);
    const { plan } = await plans().setTriggers(timed("30 6 * * 1-5", "Europe/Berlin"));
    const next = plan!.triggers[0]!.nextTime!;
    expect(Number(next.seconds) * 1000).toBeGreaterThan(Date.now());
    await plans().setTriggers({ name, triggers: [] });
  });
});

test("a recorded task is a test that needs nothing else, and tells where it diverges", async () => {
  const { name } = await run([
    range("r", 3),
    step("sum", "Total", [output("numbers", "r", "numbers")]),
  ]);
  expect(await refusal(tasks().recordTask({ name: "tasks/none" }))).toMatchObject({
    reason: Reason.NOT_FOUND,
  });
  await ended(name);
  const { recorded } = await tasks().recordTask({ name });
  const bytes = toBinary(RecordedTaskSchema, recorded!);
  expect((await tasks().replayTask({ recorded: bytes })).divergence).toBeUndefined();
  const now = await tasks().replayTask({ recorded: bytes, againstCurrent: true });
  expect(now).toMatchObject({ callCount: 2 });
  expect(now.divergence).toBeUndefined();

  // As if the agent had said something else on that day.
  for (const { kind } of recorded!.transitions.flatMap(({ events }) => events)) {
    if (kind.case !== "stepSucceeded" || kind.value.step !== "sum") continue;
    kind.value.response = toBinary(TotalResponseSchema, create(TotalResponseSchema, { total: 7n }));
  }
  const other = toBinary(RecordedTaskSchema, recorded!);
  const { divergence } = await tasks().replayTask({ recorded: other, againstCurrent: true });
  expect(divergence).toMatchObject({
    step: "sum",
    field: "response.total",
    recorded: '"7"',
    now: '"6"',
  });

  // As if the machine had decided otherwise.
  const [first] = recorded!.transitions;
  first!.events.push(...first!.events.slice(1));
  const wrong = await tasks().replayTask({ recorded: toBinary(RecordedTaskSchema, recorded!) });
  expect(wrong.divergence).toMatchObject({ transition: 1, field: "events[2]" });
  const garbage = tasks().replayTask({ recorded: new Uint8Array([1, 2, 3]) });
  expect(await refusal(garbage)).toMatchObject({ reason: Reason.INVALID_FIELD });
});

test("a task from its journal, as another process reads it, replays the same", async () => {
  const { name } = await run([range("r", 3), pay("p", "replayed", { after: ["r"] })]);
  await waiting(name);
  await tasks().answerStep({ name, step: "p", answer: { case: "agree", value: true } });
  await ended(name);
  const same = await tasks().replayTask({ name });
  expect(same.divergence).toBeUndefined();
  expect(same.transitionCount).toBeGreaterThan(2);
  const now = await tasks().replayTask({ name, againstCurrent: true });
  expect(now).toMatchObject({ callCount: 1 });
  expect(now.divergence).toBeUndefined();
});
