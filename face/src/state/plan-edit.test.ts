import { create, fromJson } from "@bufbuild/protobuf";
import { ValueSchema } from "@bufbuild/protobuf/wkt";
import { ParameterType, type Plan, PlanSchema, Test } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { describe, expect, test } from "vitest";
import {
  addParameter,
  addStep,
  bind,
  canMove,
  emptyPlan,
  freshName,
  moveStep,
  removeParameter,
  removeStep,
  renameParameter,
  renameStep,
  stepOf,
  unbind,
} from "./plan-edit.ts";

const output = (step: string, field: string) => ({
  case: "output" as const,
  value: { $typeName: "keiko.plan.v1.StepOutput" as const, step, field },
});
const fixed = (value: number) => ({
  case: "literal" as const,
  value: fromJson(ValueSchema, value),
});

/** b takes from a in every way there is; c takes nothing. */
const wired = (): Plan =>
  create(PlanSchema, {
    parameters: [{ name: "list", type: ParameterType.TEXTS }],
    answer: "{a.x} and {c.x}",
    result: "a",
    steps: [
      { id: "a" },
      {
        id: "b",
        inputs: [
          { field: "one", value: output("a", "x") },
          { field: "two", value: { case: "item", value: {} } },
          { field: "three", value: { case: "parameter", value: "list" } },
        ],
        after: ["a"],
        when: [{ output: { step: "a", field: "x" }, test: Test.PRESENT }],
        forEach: { over: output("a", "list"), itemsMax: 3 },
        approval: { text: "{a.x}, {c.x}" },
      },
      { id: "c" },
    ],
  });

test.each([
  ["DrawChart", [], "draw_chart"],
  ["DrawChart", ["draw_chart"], "draw_chart_2"],
  ["DrawChart", ["draw_chart", "draw_chart_2"], "draw_chart_3"],
  ["12 Äpfel", [], "pfel"],
  ["", [], "step"],
  ["x".repeat(80), [], "x".repeat(59)],
])("%j beside %j is called %s", (wanted, taken, name) =>
  expect(freshName(wanted, taken)).toBe(name),
);

test("a step is put last, under an id of its own, and the plan before stays as it was", () => {
  const before = emptyPlan("en");
  const first = addStep(before, "Increment", { method: "a.B/Increment" });
  const second = addStep(first.plan, "Increment", { method: "a.B/Increment" });
  expect(second.plan.steps.map(({ id }) => id)).toEqual(["increment", "increment_2"]);
  expect(second.id).toBe("increment_2");
  expect(before.steps).toEqual([]);
});

describe("filling a field", () => {
  const plan = addStep(emptyPlan("en"), "s", {}).plan;
  const inputs = (one: Plan) => stepOf(one, "s")!.inputs.map(({ field }) => field);

  test("takes the place of what filled it", () => {
    const twice = bind(bind(plan, "s", "a", fixed(1)), "s", "a", fixed(2));
    expect(stepOf(twice, "s")!.inputs.map(({ value }) => value)).toEqual([fixed(2)]);
  });

  test("as a whole takes the place of its parts, and a part that of the whole", () => {
    const parts = bind(bind(plan, "s", "a.b", fixed(1)), "s", "a.c", fixed(2));
    expect(inputs(bind(parts, "s", "a", fixed(3)))).toEqual(["a"]);
    expect(inputs(bind(bind(parts, "s", "a", fixed(3)), "s", "a.b", fixed(4)))).toEqual(["a.b"]);
    expect(inputs(bind(parts, "s", "ab", fixed(5)))).toEqual(["a.b", "a.c", "ab"]);
  });

  test("is undone with its parts", () => {
    const parts = bind(bind(plan, "s", "a.b", fixed(1)), "s", "ab", fixed(2));
    expect(inputs(unbind(parts, "s", "a"))).toEqual(["ab"]);
  });
});

test("a step that is taken out takes along what others had of it, and nothing else", () => {
  const plan = removeStep(wired(), "a");
  const b = stepOf(plan, "b")!;
  expect(b.inputs.map(({ field }) => field)).toEqual(["three"]);
  expect([b.after, b.when, b.forEach]).toEqual([[], [], undefined]);
  expect(plan.result).toBe("");
  expect(plan.answer).toBe("{a.x} and {c.x}");
});

test("another id reaches every place that names the step", () => {
  const plan = renameStep(wired(), "a", "first");
  const b = stepOf(plan, "b")!;
  expect(JSON.stringify(plan, (_, v) => (typeof v === "bigint" ? String(v) : v))).not.toContain(
    '"a"',
  );
  expect(b.inputs[0]?.value).toEqual(output("first", "x"));
  expect(b.approval?.text).toBe("{first.x}, {c.x}");
  expect([plan.answer, plan.result]).toEqual(["{first.x} and {c.x}", "first"]);
});

test("steps change places where neither needs the other, those that a text names included", () => {
  const plan = wired();
  expect([canMove(plan, "a", -1), canMove(plan, "a", 1), canMove(plan, "b", -1)]).toEqual([
    false,
    false,
    false,
  ]);
  expect(canMove(plan, "c", -1)).toBe(true);
  expect(moveStep(plan, "c", -1).steps.map(({ id }) => id)).toEqual(["a", "c", "b"]);
  // b asks for consent with "{c.x}": below c it needs c.
  expect(canMove(moveStep(plan, "c", -1), "b", -1)).toBe(false);
  expect(moveStep(plan, "a", 1)).toBe(plan);
});

test("a parameter gets another name everywhere, and goes with what was filled from it", () => {
  const plan = renameParameter(wired(), 0, "lines");
  expect(stepOf(plan, "b")!.inputs[2]?.value).toEqual({ case: "parameter", value: "lines" });
  const without = removeParameter(plan, 0);
  expect(without.parameters).toEqual([]);
  expect(stepOf(without, "b")!.inputs.map(({ field }) => field)).toEqual(["one", "two"]);
  expect(addParameter(plan, "lines").parameters.map(({ name }) => name)).toEqual([
    "lines",
    "lines_2",
  ]);
});
