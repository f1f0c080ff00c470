/** What the plan compiler says of values: types, what is known before it runs, loops, conditions. */
import type { JsonValue } from "@bufbuild/protobuf";
import { ParameterType, Test } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { describe, expect, test } from "vitest";
import { literal, output } from "../support/plans.ts";
import {
  type Case,
  call,
  from,
  invalid,
  item,
  json,
  make,
  over,
  overList,
  parameter,
  problemsOf,
  run,
  take,
  when,
} from "../support/written-plans.ts";

describe("types", () => {
  test.each<Case>([
    ["the same", [make, from("small", "small")], []],
    ["int32 into int64", [make, from("large", "small")], []],
    ["int32 into double", [make, from("real", "small")], []],
    ["a list of int32 into one of int64", [make, from("larges", "smalls")], []],
    ["text into its wrapper", [make, from("maybe", "text")], []],
    ["an enum into itself", [make, from("kind", "kind")], []],
    ["a message into itself", [make, from("person", "person")], []],
    ["a well-known type into itself", [make, from("time", "time")], []],
    ["a field of a message", [make, from("small", "person.age")], []],
    ["into a field of a message", [make, from("person.age", "small")], []],
  ])("lets %s", (_, steps, expected) => {
    expect(problemsOf({ steps })).toEqual(expected);
  });

  const at = "steps[1].inputs[0].output.field";
  test.each<Case>([
    ["int64 into int32", [make, from("small", "large")], invalid(at)],
    ["int64 into double", [make, from("real", "large")], invalid(at)],
    ["int32 into float", [make, from("rough", "small")], invalid(at)],
    ["a wrapper into text", [make, from("text", "maybe")], invalid(at)],
    ["an enum into a number", [make, from("small", "kind")], invalid(at)],
    ["one into a list", [make, from("larges", "small")], invalid(at)],
    ["a list into one", [make, from("small", "smalls")], invalid(at)],
    ["what lies in a list", [make, from("small", "people.age")], invalid(at)],
  ])("does not let %s", (_, steps, expected) => {
    expect(problemsOf({ steps })).toEqual(expected);
  });

  test("says how a list can be used where one is wanted", () => {
    const { problems } = run({ steps: [make, from("small", "smalls")] });
    expect(problems[0]!.remedy).toMatch(/for_each/);
  });

  test("of a choice lets only one be filled, at any depth", () => {
    const both = [literal("one", "a"), literal("two", 1)];
    expect(problemsOf({ steps: [call("c", "Choose", both[0]!)] })).toEqual([]);
    expect(problemsOf({ steps: [call("c", "Choose", ...both)] })).toEqual(
      invalid("steps[0].inputs[1].field"),
    );
    const inner = [literal("inner.left", "a"), literal("inner.right", "b")];
    const needed = literal("inner.needed", "c");
    expect(problemsOf({ steps: [call("c", "Choose", inner[0]!, needed)] })).toEqual([]);
    expect(problemsOf({ steps: [call("c", "Choose", ...inner, needed)] })).toEqual(
      invalid("steps[0].inputs[1].field"),
    );
  });

  test("does not fill a message as a whole and in part", () => {
    const steps = [make, take(output("person", "make", "person"), literal("person.age", 3))];
    expect(problemsOf({ steps })).toEqual(invalid("steps[1].inputs[1].field"));
  });
});

describe("what is known before it runs", () => {
  test.each<Case>([
    ["a literal within bounds", [take(literal("text", "short"))], []],
    [
      "a literal out of bounds",
      [take(literal("text", "too long"))],
      [["steps[0].inputs[0]", "INVALID_FIELD"]],
    ],
    [
      "what a message needs, when part of it comes from a result",
      [make, call("c", "Choose", output("inner.left", "make", "text"))],
      [["steps[1].inputs", "INVALID_FIELD"]],
    ],
    ["each element of a list", [{ ...take(item("small")), forEach: overList([1, 10]) }], []],
    [
      "an element out of bounds",
      [{ ...take(item("small")), forEach: overList([1, 11, 12]) }],
      [
        ["steps[0].for_each.literal", "INVALID_FIELD"],
        ["steps[0].for_each.literal", "INVALID_FIELD"],
      ],
    ],
    [
      "an element of another type",
      [{ ...take(item("small")), forEach: overList([1, "many"]) }],
      invalid("steps[0].inputs[0].item"),
    ],
    [
      "fields of elements",
      [{ ...take(item("small", "n")), forEach: overList([{ n: 1 }, { m: 1 }]) }],
      invalid("steps[0].inputs[0].item"),
    ],
    [
      "a list that is too long",
      [{ ...take(item("small")), forEach: overList([1, 2, 3], 2) }],
      [["steps[0].for_each.literal", "LIMIT_EXCEEDED"]],
    ],
    ["a fallback", [make, take({ ...output("small", "make", "small"), fallback: json(3) })], []],
    [
      "a fallback of another type",
      [make, take({ ...output("small", "make", "small"), fallback: json("x") })],
      invalid("steps[1].inputs[0].fallback"),
    ],
    [
      "a fallback out of bounds",
      [make, take({ ...output("small", "make", "small"), fallback: json(11) })],
      [["steps[1].inputs[0].fallback", "INVALID_FIELD"]],
    ],
    [
      "a fallback of what cannot be missing",
      [take({ ...literal("small", 1), fallback: json(1) })],
      invalid("steps[0].inputs[0].fallback"),
    ],
  ])("is checked: %s", (_, steps, expected) => {
    expect(problemsOf({ steps })).toEqual(expected);
  });

  test("so are parameters and their defaults", () => {
    const declared = (type: ParameterType, value?: JsonValue) => ({
      parameters: [{ name: "p", type, ...(value === undefined ? {} : { default: json(value) }) }],
    });
    const steps = [take(parameter("small", "p"))];
    expect(problemsOf({ steps, ...declared(ParameterType.INTEGER) })).toEqual([]);
    expect(problemsOf({ steps, ...declared(ParameterType.INTEGER, 10) })).toEqual([]);
    expect(problemsOf({ steps, ...declared(ParameterType.INTEGER, 11) })).toEqual([
      ["steps[0].inputs[0]", "INVALID_FIELD"],
    ]);
    expect(problemsOf({ steps, ...declared(ParameterType.TEXT) })).toEqual(
      invalid("steps[0].inputs[0].parameter"),
    );
    expect(problemsOf({ steps: [take()], ...declared(ParameterType.INTEGER, "x") })).toEqual(
      invalid("parameters[0].default"),
    );
    expect(problemsOf({ steps })).toEqual(invalid("steps[0].inputs[0].parameter"));
    const twice = [1, 2].map(() => ({ name: "p", type: ParameterType.TEXT }));
    expect(problemsOf({ steps: [take()], parameters: twice })).toEqual(
      invalid("parameters[1].name"),
    );
  });
});

describe("loops", () => {
  const many = { ...call("many", "Make", item("size")), forEach: over("make", "smalls") };
  test.each<Case>([
    ["over a list", [make, { ...take(item("small")), forEach: over("make", "smalls") }], []],
    [
      "with fields of its elements",
      [make, { ...take(item("small", "age")), forEach: over("make", "people") }],
      [],
    ],
    ["and give lists", [make, many, take(output("larges", "many", "small"))], []],
    [
      "over what a loop gave",
      [make, many, { ...take(item("small")), forEach: over("many", "small") }],
      [],
    ],
    [
      "not over what is no list",
      [make, { ...take(), forEach: over("make", "small") }],
      invalid("steps[1].for_each.output.field"),
    ],
    [
      "not over a list of lists",
      [make, many, take(output("larges", "many", "smalls"))],
      invalid("steps[2].inputs[0].output.field"),
    ],
    [
      "not with elements of another type",
      [make, { ...take(item("text")), forEach: over("make", "smalls") }],
      invalid("steps[1].inputs[0].item"),
    ],
    [
      "not with fields that elements lack",
      [make, { ...take(item("small", "size")), forEach: over("make", "people") }],
      invalid("steps[1].inputs[0].item.field"),
    ],
    ["not without a loop", [take(item("small"))], invalid("steps[0].inputs[0].item")],
    [
      "not without a bound",
      [make, { ...take(), forEach: over("make", "smalls", 0) }],
      invalid("steps[1].for_each.items_max"),
    ],
    [
      "not over a step that comes later",
      [{ ...take(), forEach: over("make", "smalls") }, make],
      invalid("steps[0].for_each.output.step"),
    ],
  ])("%s", (_, steps, expected) => {
    expect(problemsOf({ steps })).toEqual(expected);
  });
});

describe("conditions", () => {
  const guarded = (condition: ReturnType<typeof when>) => [make, { ...take(), when: [condition] }];
  test.each<Case>([
    ["numbers are compared", guarded(when("make", "large", Test.AT_MOST, "9")), []],
    ["text contains text", guarded(when("make", "text", Test.CONTAINS, "a")), []],
    ["lists contain elements", guarded(when("make", "smalls", Test.CONTAINS, 3)), []],
    ["enums are the same", guarded(when("make", "kind", Test.EQUALS, "ONE")), []],
    ["anything is there or not", guarded(when("make", "person", Test.ABSENT)), []],
    [
      "text is not less",
      guarded(when("make", "text", Test.LESS, "b")),
      invalid("steps[1].when[0].test"),
    ],
    [
      "numbers contain nothing",
      guarded(when("make", "small", Test.CONTAINS, 1)),
      invalid("steps[1].when[0].test"),
    ],
    [
      "the value has the type",
      guarded(when("make", "kind", Test.EQUALS, "THREE")),
      invalid("steps[1].when[0].value"),
    ],
    [
      "a value is needed",
      guarded(when("make", "small", Test.EQUALS)),
      invalid("steps[1].when[0].value"),
    ],
    [
      "or is not",
      guarded(when("make", "small", Test.PRESENT, 1)),
      invalid("steps[1].when[0].value"),
    ],
    [
      "the field is there",
      guarded(when("make", "smal", Test.PRESENT)),
      invalid("steps[1].when[0].output.field"),
    ],
    [
      "the step comes before",
      [{ ...take(), when: [when("make", "small", Test.PRESENT)] }, make],
      invalid("steps[0].when[0].output.step"),
    ],
  ])("%s", (_, steps, expected) => {
    expect(problemsOf({ steps })).toEqual(expected);
  });
});
