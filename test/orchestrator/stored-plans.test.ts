import { create, toBinary } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { LimitsSchema, ParameterType, PlanSchema } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { RecordedTaskSchema } from "@keiko/gen/keiko/task/v1/journal_pb.js";
import { State } from "@keiko/gen/keiko/task/v1/task_pb.js";
import { describe, expect, test } from "vitest";
import { TotalResponseSchema } from "../gen/keiko/ledger/v1/ledger_service_pb.js";
import { ledgerKeiko, pay, range, refusal, reserve, step } from "../support/ledger-keiko.ts";
import { literal, output, planOf } from "../support/plans.ts";
import { jsonValue } from "../support/values.ts";

const { before, tasks, plans, run, when, ended, waiting, rows, keiko, restart } = ledgerKeiko();

const quick = create(LimitsSchema, {
  costMicrosMax: 1_000_000n,
  timeMax: durationFromMs(4_000),
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
    const runs = await tasks().listTasks({ storedPlan: name });
    const listed = runs.tasks.map((one) => one.name);
    expect(listed).toEqual([child.name, wrong.task!.name, task!.name]);
    expect(runs.tasks.every((one) => one.storedPlan === name)).toBe(true);
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
      fetch(`${keiko().base}/files`, {
        method: "POST",
        headers: { authorization: `Bearer ${keiko().token}`, "x-filename": filename },
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
    await restart();
    expect(await started()).toBe(task.name);
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

describe("a plan as a step of another", () => {
  const booked = (...purposes: string[]) =>
    create(PlanSchema, {
      goal: "book",
      language: "en",
      steps: purposes.map((purpose, n) =>
        reserve(`r${n}`, purpose, n > 0 ? { after: [`r${n - 1}`] } : {}),
      ),
    });
  const within = (id: string, name: string) => ({ id, subPlan: { name } });
  const undone = (...purposes: string[]) =>
    purposes.flatMap((purpose) => rows(purpose)).map((row) => row.undone);

  test("what it did is taken back when the other one fails later, also deeper down", async () => {
    await plans().storePlan({ name: "plans/inner", plan: booked("inner-1", "inner-2") });
    const trip = create(PlanSchema, {
      goal: "trip",
      language: "en",
      steps: [reserve("a", "outer-1"), { ...within("deep", "plans/inner"), after: ["a"] }],
    });
    await plans().storePlan({ name: "plans/trip", plan: trip });
    before.set("no-more", () => Promise.reject(new Error("sold out")));
    const { name } = await run([
      within("trip", "plans/trip"),
      reserve("last", "no-more", { after: ["trip"] }),
    ]);
    const task = await ended(name);
    expect(task.state).toBe(State.COMPENSATED);
    expect(task.problems.map(({ field }) => field)).toEqual(["last"]);
    expect(undone("outer-1", "inner-1", "inner-2")).toEqual([1, 1, 1]);
    expect(task.steps[0]).toMatchObject({ state: State.SUCCEEDED, undoState: State.SUCCEEDED });
    const child = (await tasks().getTask({ name: task.steps[0]!.child })).task!;
    expect(child.state).toBe(State.COMPENSATED);
    for (const one of [name, child.name]) {
      expect((await tasks().replayTask({ name: one })).divergence).toBeUndefined();
    }
  });

  test("what could not be taken back is said where it was asked for", async () => {
    await plans().storePlan({ name: "plans/sticky", plan: booked("sticky") });
    before.set("release", () => Promise.reject(new Error("the desk is closed")));
    before.set("no-more", () => Promise.reject(new Error("sold out")));
    const { name } = await run([
      within("stays", "plans/sticky"),
      reserve("last", "no-more", { after: ["stays"] }),
    ]);
    const task = await ended(name);
    before.delete("release");
    expect(task.state).toBe(State.FAILED);
    const stayed = task.problems.find(({ field }) => field === "stays");
    expect(stayed?.message).toContain('what "stays" did could not be taken back');
    expect(stayed?.message).toContain('what "r0" did could not be taken back');
    expect(stayed?.remedy).not.toBe("");
    expect(undone("sticky")).toEqual([0]);
  }, 60_000);

  test("a person may take longer than its steps: the other one waits as well", async () => {
    const asks = create(PlanSchema, {
      goal: "pay",
      language: "en",
      steps: [pay("p", "patient", { timeMax: durationFromMs(1_000) })],
    });
    await plans().storePlan({ name: "plans/asks", plan: asks });
    const { name } = await run([within("sub", "plans/asks")], {}, quick);
    const seen = await when(name, ({ steps }) => steps[0]!.child !== "");
    const { child } = seen.steps[0]!;
    await waiting(child);
    // Longer than the task and its step may take, and the second in which an outcome may be late.
    await new Promise((next) => setTimeout(next, 6_500));
    await tasks().answerStep({ name: child, step: "p", answer: { case: "agree", value: true } });
    const task = await ended(name);
    expect(task.problems).toEqual([]);
    expect(task.state).toBe(State.SUCCEEDED);
    expect(rows("patient")).toHaveLength(1);
  }, 30_000);
});
