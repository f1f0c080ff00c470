/** What the plan compiler says of privacy, effects, time, money, people, and plans as steps. */
import { create } from "@bufbuild/protobuf";
import { durationFromMs, durationMs } from "@bufbuild/protobuf/wkt";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { Effect } from "@keiko/gen/keiko/option/v1/option_pb.js";
import { LimitsSchema, ParameterType } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { describe, expect, test } from "vitest";
import { literal, output } from "../support/plans.ts";
import {
  type BindingInit,
  type Case,
  call,
  from,
  invalid,
  item,
  make,
  methods,
  over,
  overList,
  problemsOf,
  run,
  type StepInit,
  take,
} from "../support/written-plans.ts";

describe("data classes", () => {
  const ask = (...inputs: BindingInit[]) => call("ask", "Ask", ...inputs);
  const at = "steps[1].inputs[0].output.field";
  test.each<Case>([
    ["SECRET into SECRET", [make, from("pin", "pin")], []],
    ["PERSONAL into PERSONAL", [make, from("name", "name")], []],
    ["PERSONAL into SECRET", [make, from("pin", "name")], []],
    ["a message that holds a secret into the same", [make, from("person", "person")], []],
    ["not SECRET into PERSONAL", [make, from("name", "pin")], invalid(at)],
    ["not PERSONAL into anything else", [make, from("text", "name")], invalid(at)],
    ["not a secret out of a message", [make, from("text", "person.pin")], invalid(at)],
    ["not what lies in something PERSONAL", [make, from("small", "private.age")], invalid(at)],
    ["not a PERSONAL message into one that is not", [make, from("person", "private")], invalid(at)],
    [
      "not elements that hold a secret",
      [make, { ...take(item("text", "pin")), forEach: over("make", "people") }],
      invalid("steps[1].inputs[0].item"),
    ],
    ["to a model what is nobody's", [make, ask(output("data", "make", "text"))], []],
    ["to a model what is untrusted, as data", [make, ask(output("data", "make", "found"))], []],
    [
      "not to a model what is untrusted, as its goal",
      [make, ask(output("question", "make", "found"))],
      invalid(at),
    ],
    [
      "not to a model a secret, also in a SECRET field",
      [make, ask(output("pin", "make", "pin"))],
      invalid(at),
    ],
    [
      "not to a model what holds a secret",
      [make, ask(output("person", "make", "person"))],
      invalid(at),
    ],
  ])("let %s", (_, steps, expected) => {
    expect(problemsOf({ steps })).toEqual(expected);
  });

  test("a person's word may be a model's goal", () => {
    const question = { text: "What?", type: ParameterType.TEXT };
    const steps = [{ id: "q", question }, ask(output("question", "q", "text"))];
    expect(problemsOf({ steps })).toEqual([]);
  });

  test("no secret is shown to anybody", () => {
    const shown = (text: string) => ({
      steps: [
        make,
        { id: "q", question: { text, type: ParameterType.TEXT } },
        { ...call("post", "Post"), approval: { text } },
      ],
      answer: text,
    });
    expect(problemsOf(shown("{make.name} is {make.small}, {make.time}"))).toEqual([]);
    expect(problemsOf(shown("{make.pin}"))).toEqual(
      invalid("steps[1].question.text", "steps[2].approval.text", "answer"),
    );
    expect(problemsOf({ steps: [make], answer: "{make.person}" })).toEqual(invalid("answer"));
    expect(problemsOf({ steps: [make], answer: "{make.raw}" })).toEqual(invalid("answer"));
    expect(problemsOf({ steps: [make], answer: "{make.nope} {ghost.text}" })).toEqual(
      invalid("answer", "answer"),
    );
    expect(problemsOf({ steps: [make], answer: "{} {make} {{}}" })).toEqual([]);
  });

  test("a plan as a step is given nothing private", () => {
    const inputs = [output("size", "make", "small"), output("word", "make", "name")];
    const steps = [make, { id: "p", subPlan: { name: "plans/count" }, inputs }];
    expect(problemsOf({ steps })).toEqual(invalid("steps[1].inputs[1].output.field"));
  });
});

describe("effects", () => {
  test("what cannot be taken back, and what a contract says, waits for a person's word", () => {
    const steps = [call("pay", "Pay", literal("amount", 5)), call("post", "Post"), take()];
    const { plan } = run({ steps });
    expect(plan!.steps.map(({ approval }) => approval !== undefined)).toEqual([true, true, false]);
    const { approval } = run({ steps: [{ ...steps[0]!, approval: { text: "Pay?" } }] }).plan!
      .steps[0]!;
    expect(approval).toMatchObject({ text: "Pay?" });
  });

  test("what takes a step back is filled in, and must be able to", () => {
    const book = call("book", "Book", literal("what", "a"), literal("amount", 1));
    expect(run({ steps: [book] }).plan!.steps[0]!.undo).toMatchObject({
      method: "written.Service/Cancel",
      digest: "d".repeat(64),
      costMicrosMax: 1n,
      attemptsMax: 5,
    });
    // Reserve gives no booking and asks for no amount.
    expect(problemsOf({ steps: [call("x", "Reserve")] })).toEqual(
      invalid("steps[0].method", "steps[0].method"),
    );
    expect(problemsOf({ steps: [call("x", "Deep")] })).toEqual(invalid("steps[0].method"));
    // Lock gives a secret booking, which would not be one any more.
    expect(problemsOf({ steps: [call("x", "Lock")] })).toEqual(invalid("steps[0].method"));
    const without = (path: string) =>
      methods.find((one) => one.path === path && !path.endsWith("Cancel"));
    expect(problemsOf({ steps: [book] }, { method: without })).toEqual(invalid("steps[0].method"));
    const other = { method: "written.Service/Pay", digest: "e".repeat(64) };
    expect(problemsOf({ steps: [{ ...book, undo: other }] })).toEqual(
      invalid("steps[0].undo.method", "steps[0].undo.digest"),
    );
  });

  test("a user must be permitted to take back, too", () => {
    const book = call("book", "Book", literal("what", "a"), literal("amount", 1));
    const refusal = (found: { path: string }) => (found.path.endsWith("Cancel") ? "no" : undefined);
    expect(problemsOf({ steps: [book] }, { refusal })).toEqual([
      ["steps[0].method", "PERMISSION_DENIED"],
    ]);
  });

  test("what may have happened is tried once, everything else as the contract says", () => {
    const attempts = (step: StepInit) => run({ steps: [step] }).plan?.steps[0]?.attemptsMax;
    const book = call("book", "Book", literal("what", "a"), literal("amount", 1));
    expect([attempts(make), attempts(book), attempts(call("pay", "Pay"))]).toEqual([3, 1, 1]);
    expect(attempts({ ...make, attemptsMax: 2 })).toBe(2);
    expect(problemsOf({ steps: [{ ...book, attemptsMax: 2 }] })).toEqual([
      ["steps[0].attempts_max", "LIMIT_EXCEEDED"],
    ]);
    expect(problemsOf({ steps: [{ ...book, costMicrosMax: 11n }] })).toEqual([
      ["steps[0].cost_micros_max", "LIMIT_EXCEEDED"],
    ]);
    expect(durationMs(run({ steps: [make] }).plan!.steps[0]!.retryWait!)).toBe(200);
  });
});

describe("time and money", () => {
  const tight = (time_ms: number, costMicrosMax = 0n) => ({
    limits: create(LimitsSchema, { timeMax: durationFromMs(time_ms), costMicrosMax }),
  });
  const time = [["limits.time_max", "LIMIT_EXCEEDED"]];
  const cost = [["limits.cost_micros_max", "LIMIT_EXCEEDED"]];

  test("one attempt of every run must fit into the time, so many runs at a time as the loop says", () => {
    const loop = { ...make, forEach: { ...overList([1, 2, 3, 4]), parallelMax: 2 } } as StepInit;
    expect(problemsOf({ steps: [loop] }, tight(2_000))).toEqual([]);
    expect(problemsOf({ steps: [loop] }, tight(1_999))).toEqual(time);
    const two = [make, from("small", "small")];
    expect(problemsOf({ steps: two }, tight(2_000))).toEqual([]);
    expect(problemsOf({ steps: two }, tight(1_999))).toEqual(time);
  });

  test("nobody's time to think counts", () => {
    const question = { text: "What?", type: ParameterType.INTEGER };
    const steps = [{ id: "q", question }, take()];
    expect(problemsOf({ steps }, tight(1_000))).toEqual([]);
  });

  test("one attempt of every run must be affordable, and taking all of them back", () => {
    const book = {
      ...call("book", "Book", item("amount")),
      forEach: { ...overList([1, 2]) },
    } as StepInit;
    // Two runs of 10, each taken back in at most five attempts of 1.
    expect(problemsOf({ steps: [book] }, tight(60_000, 30n))).toEqual([]);
    expect(problemsOf({ steps: [book] }, tight(60_000, 29n))).toEqual(cost);
    const cheaper = { ...book, costMicrosMax: 9n };
    expect(problemsOf({ steps: [cheaper] }, tight(60_000, 28n))).toEqual([]);
  });
});

describe("questions", () => {
  const ask = (type: ParameterType, more: object = {}): StepInit => ({
    id: "q",
    question: { text: "How many?", type },
    ...more,
  });
  test.each<Case>([
    [
      "give what they ask for",
      [ask(ParameterType.INTEGER), take(output("large", "q", "integer"))],
      [],
    ],
    [
      "give nothing else",
      [ask(ParameterType.INTEGER), take(output("text", "q", "text"))],
      invalid("steps[1].inputs[0].output.field"),
    ],
    ["say who answered", [ask(ParameterType.TEXT), take(output("name", "q", "by"))], []],
    [
      "take no inputs, loops or approval",
      [
        ask(ParameterType.TEXT, {
          inputs: [literal("a", 1)],
          forEach: overList([1]),
          approval: {},
        }),
      ],
      invalid("steps[0].inputs", "steps[0].for_each", "steps[0].approval"),
    ],
    [
      "have options only for text",
      [{ id: "q", question: { text: "?", type: ParameterType.TRUTH, options: ["a"] } }],
      invalid("steps[0].question.options"),
    ],
    [
      "are nothing else",
      [{ ...make, ...ask(ParameterType.TEXT), inputs: [] }],
      invalid("steps[0]"),
    ],
  ])("%s", (_, steps, expected) => {
    expect(problemsOf({ steps })).toEqual(expected);
  });
});

describe("plans as steps", () => {
  const count = (...inputs: BindingInit[]): StepInit => ({
    id: "p",
    subPlan: { name: "plans/count" },
    inputs,
  });
  const at = "steps[0].sub_plan.name";

  test("are filled with the version, what they may cost and take, and whose response they give", () => {
    const step = run({ steps: [count(literal("size", 1))] }).plan!.steps[0]!;
    expect(step).toMatchObject({
      method: "written.Service/Take",
      digest: "d".repeat(64),
      effect: Effect.IDEMPOTENT,
      attemptsMax: 1,
      subPlan: { version: 1 },
    });
    // Three attempts of a second, and the waits between them.
    expect(durationMs(step.timeMax!)).toBe(3_600);
  });

  test.each<Case>([
    ["take what their parameters are", [make, count(output("size", "make", "large"))], []],
    ["give a response", [count(literal("size", 1)), take(output("text", "p", "text"))], []],
    [
      "give a reply, where a question ends them",
      [{ id: "p", subPlan: { name: "plans/asks" } }, take(output("text", "p", "text"))],
      [],
    ],
    ["need values", [count()], [["steps[0].inputs", "INPUT_MISSING"]]],
    [
      "need values of the right type",
      [make, count(output("size", "make", "text"))],
      invalid("steps[1].inputs[0].output.field"),
    ],
    [
      "need no other values",
      [count(literal("size", 1), literal("weight", 1))],
      invalid("steps[0].inputs[1].field"),
    ],
    [
      "are checked with the values that are known",
      [count(literal("size", 11))],
      [["steps[0].sub_plan.steps[0].inputs[0]", "INVALID_FIELD"]],
    ],
    ["must be there", [{ id: "p", subPlan: { name: "plans/ghost" } }], [[at, "NOT_FOUND"]]],
    [
      "must be there in that version",
      [{ id: "p", subPlan: { name: "plans/count", version: 2 } }],
      [[at, "NOT_FOUND"]],
    ],
    [
      "must compile",
      [{ id: "p", subPlan: { name: "plans/wrong" } }],
      [["steps[0].sub_plan.steps[0].method", "UNKNOWN_METHOD"]],
    ],
    ["must give one response", [{ id: "p", subPlan: { name: "plans/loops" } }], invalid(at)],
    [
      "must not run themselves",
      [{ id: "p", subPlan: { name: "plans/a" } }],
      invalid("steps[0].sub_plan.steps[0].sub_plan.steps[0].sub_plan.name"),
    ],
  ])("%s", (_, steps, expected) => {
    expect(problemsOf({ steps })).toEqual(expected);
  });

  test("must not run the plan that they are a step of", () => {
    const steps = [count(literal("size", 1))];
    expect(problemsOf({ steps }, { name: "plans/count" })).toEqual(invalid(at));
    expect(problemsOf({ steps }, { name: "plans/other" })).toEqual([]);
  });

  test("go so deep and no deeper", () => {
    const [problem] = run({ steps: [{ id: "p", subPlan: { name: "plans/deep0" } }] }).problems;
    expect(problem).toMatchObject({ reason: Reason.LIMIT_EXCEEDED });
  });
});

describe("steps", () => {
  test("that nothing uses are named", () => {
    const other = call("other", "Read");
    expect(problemsOf({ steps: [other, make] })).toEqual(invalid("steps[0]"));
    expect(problemsOf({ steps: [other, { ...make, after: ["other"] }] })).toEqual([]);
    expect(problemsOf({ steps: [other, make], answer: "{other.number}" })).toEqual([]);
    expect(problemsOf({ steps: [make, other], result: "make" })).toEqual(invalid("steps[1]"));
    expect(problemsOf({ steps: [take(), make] })).toEqual([]);
  });

  test("are the result only where they are there, and do not loop", () => {
    expect(problemsOf({ steps: [make], result: "ghost" })).toContainEqual([
      "result",
      "PLAN_INVALID",
    ]);
    const loop = { ...make, forEach: overList([1]) };
    expect(problemsOf({ steps: [loop], result: "make" })).toEqual(invalid("result"));
  });

  test("do one thing", () => {
    expect(problemsOf({ steps: [{ id: "x" }] })).toEqual(invalid("steps[0]"));
    const both = { ...make, inputs: [], subPlan: { name: "plans/asks" } };
    expect(problemsOf({ steps: [both] })).toEqual(invalid("steps[0].method"));
  });
});
