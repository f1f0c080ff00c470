import { create, type JsonValue } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { Code } from "@connectrpc/connect";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { LimitsSchema, ParameterType, Test } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { State } from "@keiko/gen/keiko/task/v1/task_pb.js";
import { describe, expect, test } from "vitest";
import { ledgerAgent } from "../support/ledger-agent.ts";
import {
  ledgerKeiko,
  type NewStep,
  pay,
  range,
  refusal,
  reserve,
  rich,
  step,
} from "../support/ledger-keiko.ts";
import { literal, output } from "../support/plans.ts";
import { jsonValue } from "../support/values.ts";

const { before, tasks, run, when, ended, waiting, rows, restart } = ledgerKeiko();

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

describe("replay against a workload", () => {
  test("a newer agent beside the older one is asked alone, and its first other answer is shown", async () => {
    const { name } = await run([step("t", "Total", [literal("numbers", ["1", "2"])])]);
    expect((await ended(name)).steps[0]?.responseJson).toBe('{"total":"3"}');
    await restart((ledger) => {
      const newer = ledgerAgent(ledger);
      const skills = { ...newer.skills, total: async () => ({ total: 4n }) };
      return [{ ...newer, name: "ledger-next", version: "0.2.0", skills }];
    });
    const against = (againstWorkload: string) =>
      tasks().replayTask({ name, againstCurrent: true, againstWorkload });
    for (let n = 0; n < 5; n++) {
      const same = await against("ledger");
      expect([same.callCount, same.divergence]).toEqual([1, undefined]);
      expect((await against("ledger-next")).divergence).toMatchObject({
        step: "t",
        field: "response.total",
        recorded: '"3"',
        now: '"4"',
      });
    }
    expect(await refusal(against("visual"))).toMatchObject({ reason: Reason.NOT_FOUND });
    const alone = tasks().replayTask({ name, againstWorkload: "ledger" });
    expect((await refusal(alone)).message).toContain("against_current");
    await restart();
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
    await restart();
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
