/** Requests, conditions, texts and undo, made from results as they were recorded. */
import { create, fromJson, type JsonObject, toBinary, toJson } from "@bufbuild/protobuf";
import { reflect } from "@bufbuild/protobuf/reflect";
import { ValueSchema } from "@bufbuild/protobuf/wkt";
import { ParameterType, PlanSchema, StepSchema, Test } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import {
  bindParameters,
  bindRequest,
  bindUndo,
  countItems,
  describe as describeStep,
  fillTemplate,
  holds,
  type Result,
  type Sources,
} from "@keiko/orchestrator/bind.ts";
import { instantiate } from "@keiko/orchestrator/instantiate.ts";
import { describe, expect, test } from "vitest";
import { literal, output } from "../support/plans.ts";
import {
  call,
  from,
  item,
  json,
  methods,
  over,
  overList,
  parameter,
  type StepInit,
  take,
  when,
} from "../support/written-plans.ts";

const methodOf = (name: string) =>
  methods.find(({ path }) => path === `written.Service/${name}`)!.method;

function result(method: string, values: JsonObject): Result {
  const { output: message } = methodOf(method);
  return { message, bytes: toBinary(message, fromJson(message, values)) };
}

function sourcesOf(made: Record<string, Result | Result[] | "skipped">): Sources {
  return {
    attachments: [],
    response(id) {
      const one = made[id];
      return Array.isArray(one) ? undefined : one;
    },
    runs(id) {
      const all = made[id];
      return Array.isArray(all) ? all : undefined;
    },
  };
}

const people = [
  { name: "Anna", age: 7 },
  { name: "Bert", age: 9 },
];
const made = result("Make", {
  small: 3,
  large: "9",
  text: "hi",
  smalls: [1, 2],
  people,
  kind: "ONE",
  maybe: "hey",
  time: "3s",
});
const sources = sourcesOf({
  make: made,
  many: [made, result("Make", { small: 4, text: "ho" })],
  none: [],
  gone: "skipped",
});

const bound = (init: StepInit, index?: number) => {
  const step = create(StepSchema, init);
  const method = methodOf(step.method.split("/")[1]!);
  return toJson(method.input, bindRequest(method, step, sources, index));
};

describe("a request", () => {
  test.each<[string, StepInit, JsonObject]>([
    ["widens numbers", from("large", "small"), { large: "3" }],
    ["widens each of a list", from("larges", "smalls"), { larges: ["1", "2"] }],
    ["packs text into its wrapper", from("maybe", "text"), { maybe: "hi" }],
    [
      "takes what a wrapper or a time holds",
      take(output("text", "make", "maybe.value"), output("large", "make", "time.seconds")),
      { text: "hey", large: "3" },
    ],
    [
      "fills what they hold",
      take(literal("maybe.value", "a"), literal("time.seconds", 3)),
      { maybe: "a", time: "3s" },
    ],
    ["fills fields of messages", from("person.age", "small"), { person: { age: 3 } }],
    [
      "makes a list of what a loop gave",
      take(output("larges", "many", "small")),
      { larges: ["3", "4"] },
    ],
    ["makes an empty one of what it did not", take(output("texts", "none", "text")), {}],
    [
      "takes the fallback for what was skipped",
      take({ ...output("small", "gone", "small"), fallback: json(5) }),
      { small: 5 },
    ],
    [
      "does not take it for what was not",
      take({ ...output("small", "make", "small"), fallback: json(5) }),
      { small: 3 },
    ],
  ])("%s", (_, step, expected) => {
    expect(bound(step)).toEqual(expected);
  });

  test("takes the element that the loop is at, or a field of it", () => {
    const each = { ...take(item("small")), forEach: over("make", "smalls") };
    expect([bound(each, 0), bound(each, 1)]).toEqual([{ small: 1 }, { small: 2 }]);
    const ages = { ...take(item("large", "age")), forEach: over("make", "people") };
    expect(bound(ages, 1)).toEqual({ large: "9" });
    const again = { ...take(item("text")), forEach: over("many", "text") };
    expect(bound(again, 1)).toEqual({ text: "ho" });
    const written = { ...take(item("text", "word")), forEach: overList([{ word: "a" }]) };
    expect(bound(written, 0)).toEqual({ text: "a" });
  });

  test("counts the elements", () => {
    const count = (forEach: StepInit["forEach"]) =>
      countItems(create(StepSchema, { ...take(), ...(forEach ? { forEach } : {}) }), sources);
    expect(count(over("make", "smalls"))).toBe(2);
    expect(count(over("many", "small"))).toBe(2);
    expect(count(over("none", "small"))).toBe(0);
    expect(count(overList([1, 2, 3]))).toBe(3);
  });

  test("is not made where a message that it wants is not there", () => {
    expect(() => bound(from("person", "person"))).toThrow(/gave no "person"/);
  });

  test("of a plan is values for its parameters", () => {
    const inputs = [
      output("a", "make", "large"),
      output("b", "many", "small"),
      literal("c", "x"),
      output("d", "make", "maybe.value"),
    ];
    const step = create(StepSchema, { id: "p", subPlan: { name: "plans/p" }, inputs });
    expect(bindParameters(step, sources)).toEqual({ a: "9", b: [3, 4], c: "x", d: "hey" });
  });
});

test.each<[ReturnType<typeof when>, boolean]>([
  [when("make", "small", Test.EQUALS, 3), true],
  [when("make", "small", Test.DIFFERS, 3), false],
  [when("make", "large", Test.LESS, "10"), true],
  [when("make", "large", Test.AT_MOST, "8"), false],
  [when("make", "small", Test.GREATER, 2), true],
  [when("make", "small", Test.AT_LEAST, 4), false],
  [when("make", "text", Test.CONTAINS, "h"), true],
  [when("make", "smalls", Test.CONTAINS, 2), true],
  [when("make", "smalls", Test.CONTAINS, 5), false],
  [when("make", "smalls", Test.EQUALS, [1, 2]), true],
  [when("make", "kind", Test.EQUALS, "ONE"), true],
  [when("make", "time", Test.EQUALS, "3s"), true],
  [when("make", "time.seconds", Test.LESS, "3"), false],
  [when("make", "people", Test.CONTAINS, { name: "Anna", age: 7 }), true],
  [when("make", "person", Test.PRESENT), false],
  [when("make", "pin", Test.ABSENT), true],
  [when("many", "small", Test.CONTAINS, 4), true],
  [when("many", "small", Test.EQUALS, [3, 4]), true],
  [when("none", "small", Test.EQUALS, []), true],
  [when("none", "small", Test.PRESENT), false],
  [when("gone", "small", Test.ABSENT), false],
])("a condition holds or not: %j", (condition, expected) => {
  expect(holds(create(StepSchema, { ...take(), when: [condition] }), sources)).toBe(expected);
});

describe("words", () => {
  test("have results in them, plainly, and nothing for what was skipped", () => {
    const text =
      "{make.text} {make.large} {make.kind} {make.smalls} {many.text}{gone.text}. {} {x}";
    expect(fillTemplate(text, sources)).toBe("hi 9 ONE 1, 2 hi, ho. {} {x}");
  });

  test("say what a step will do, but no secrets", () => {
    const init = take(output("small", "make", "small"), literal("pin", "hunter2"));
    const step = create(StepSchema, { ...init, title: "Take" });
    expect(describeStep(methodOf("Take"), step, sources)).toBe("Take\nsmall: 3\npin: (secret)");
  });
});

describe("taking back", () => {
  const [book, cancel] = [methodOf("Book"), methodOf("Cancel")];
  const request = fromJson(book.input, { what: "a", amount: 3 });

  test("takes from the response first, then from the request, and widens", () => {
    const response = fromJson(book.output, { booking: "b1" });
    const undo = bindUndo(cancel, book, request, response);
    expect(toJson(cancel.input, undo)).toEqual({ booking: "b1", amount: "3" });
  });

  test("is not tried without what it needs", () => {
    expect(() => bindUndo(cancel, book, request, undefined)).toThrow(/needs "booking"/);
    const empty = reflect(book.output).message;
    expect(() => bindUndo(cancel, book, request, empty)).toThrow(/needs "booking"/);
  });
});

describe("a plan with parameters", () => {
  const plan = create(PlanSchema, {
    parameters: [
      { name: "size", type: ParameterType.INTEGER },
      { name: "words", type: ParameterType.TEXTS, default: json(["a", "b"]) },
    ],
    steps: [
      call("make", "Make", parameter("size", "size")),
      {
        ...take(item("text")),
        forEach: { over: { case: "parameter", value: "words" }, itemsMax: 9 },
      },
    ],
  });

  test("has literals in place of them, as they are given or else by default", () => {
    const { plan: ready, problems } = instantiate(plan, { size: 3 });
    expect(problems).toEqual([]);
    expect(ready).toMatchObject({ parameters: [] });
    const { value } = ready!.steps[0]!.inputs[0]!;
    expect(value.case === "literal" && toJson(ValueSchema, value.value)).toBe(3);
    expect(countItems(ready!.steps[1]!, sources)).toBe(2);
    expect(countItems(instantiate(plan, { size: 3, words: [] }).plan!.steps[1]!, sources)).toBe(0);
    // The plan itself stays as it was.
    expect(plan.parameters).toHaveLength(2);
  });

  test.each<[JsonObject, string[]]>([
    [{}, ['inputs["size"]']],
    [{ size: "three" }, ['inputs["size"]']],
    [{ size: 1.5 }, ['inputs["size"]']],
    [{ size: "12345678901234567890" }, []],
    [{ size: 1, words: "a" }, ['inputs["words"]']],
    [{ size: 1, colour: "red" }, ['inputs["colour"]']],
    [{ words: [1], colour: "red" }, ['inputs["colour"]', 'inputs["size"]', 'inputs["words"]']],
  ])("says all that is wrong with %j", (inputs, expected) => {
    expect(instantiate(plan, inputs).problems.map(({ field }) => field)).toEqual(expected);
  });
});
