import { create, type DescMethod } from "@bufbuild/protobuf";
import { DataService } from "@keiko/gen/keiko/data/v1/data_service_pb.js";
import { ParameterType, type Plan, PlanSchema } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { VisualService } from "@keiko/gen/keiko/visual/v1/visual_service_pb.js";
import { describe, expect, test } from "vitest";
import { editGraph, parametersId, wirePath } from "./edit-graph.ts";
import { placeProblem } from "./plan-problems.ts";
import {
  type Contracts,
  elementOf,
  loopSources,
  outputsOf,
  slotAt,
  slotsOf,
  sourceFits,
  sourceKey,
  sourcesOf,
} from "./plan-shapes.ts";
import { keyOf, targetsOf, valueFrom } from "./plan-sources.ts";

const methods = new Map<string, DescMethod>(
  [DataService, VisualService].flatMap((service) =>
    service.methods.map((one): [string, DescMethod] => [`${service.typeName}/${one.name}`, one]),
  ),
);
const inner = create(PlanSchema, {
  parameters: [{ name: "file", type: ParameterType.FILE }],
  steps: [{ id: "answer", method: "keiko.data.v1.DataService/AnswerQuestion" }],
});
const contracts: Contracts = {
  method: (path) => methods.get(path),
  plan: (name) => (name === "plans/inner" ? inner : undefined),
};

const plan = (): Plan =>
  create(PlanSchema, {
    parameters: [
      { name: "file", type: ParameterType.FILE },
      { name: "words", type: ParameterType.TEXT },
      { name: "lines", type: ParameterType.TEXTS },
    ],
    steps: [
      {
        id: "answer",
        method: "keiko.data.v1.DataService/AnswerQuestion",
        inputs: [{ field: "source", value: { case: "parameter", value: "file" } }],
      },
      { id: "tone", question: { text: "{answer.sentence}?", type: ParameterType.TRUTH } },
      { id: "draw", method: "keiko.visual.v1.VisualService/DrawChart" },
      { id: "sub", subPlan: { name: "plans/inner" } },
    ],
  });
const at = (index: number) => plan().steps[index]!;
const keysFor = (index: number, path: string) => {
  const slot = slotAt(at(index), path, contracts)!;
  return sourcesOf(plan(), at(index), contracts)
    .filter((source) => sourceFits(source, slot))
    .map(sourceKey);
};

test("fields say whether they must be filled, read from the rules of the contract", () => {
  const slots = slotsOf(at(0), contracts);
  expect(slots.filter(({ required }) => required).map(({ path }) => path)).toEqual(["source"]);
  expect(slots.find(({ path }) => path === "source")?.open).toBe(false);
});

describe("what fits a field", () => {
  test("a table is only given a table of what stands before", () =>
    expect(keysFor(2, "table")).toEqual(["output answer table"]));

  test("a text is given texts, also those inside of messages, and no file, list or truth", () => {
    const keys = keysFor(2, "wish");
    expect(keys).toContain("parameter words");
    expect(keys).toContain("output answer understanding.summary");
    expect(keys).toContain("output tone by");
    expect(keys).not.toContain("parameter lines");
    expect(keys).not.toContain("output tone truth");
  });

  test("a parameter of another plan is given what fits its type: files, and nothing else", () => {
    const keys = keysFor(3, "file");
    expect(keys.slice(0, 3)).toEqual([
      "parameter file",
      "output answer table.data",
      "output draw chart.svg",
    ]);
    expect(keys).not.toContain("output answer table");
  });

  test("a step is given nothing of itself or of what stands after it", () =>
    expect(keysFor(0, "question")).toEqual(["parameter words"]));
});

test("of a reply there is the field that was asked for, and who said it", () =>
  expect(outputsOf(at(1), contracts).map(({ field }) => field)).toEqual(["truth", "by"]));

test("a plan gives what its last step gives", () =>
  expect(outputsOf(at(3), contracts).map(({ field }) => field)).toContain("table.row_count"));

test("a step that repeats gives lists, and its elements are what it repeats over", () => {
  const looping = create(PlanSchema, {
    parameters: [{ name: "lines", type: ParameterType.TEXTS }],
    steps: [
      {
        id: "answer",
        method: "keiko.data.v1.DataService/AnswerQuestion",
        forEach: { over: { case: "parameter", value: "lines" }, itemsMax: 3 },
      },
      {
        id: "again",
        method: "keiko.visual.v1.VisualService/DrawChart",
        forEach: {
          over: { case: "output", value: { step: "answer", field: "table" } },
          itemsMax: 3,
        },
      },
    ],
  });
  const [first, again] = looping.steps;
  expect(outputsOf(first!, contracts).find(({ field }) => field === "table")?.type.kind).toBe(
    "list",
  );
  expect(outputsOf(first!, contracts).map(({ field }) => field)).not.toContain("table.columns");
  expect(elementOf(looping, again!, contracts)).toMatchObject({
    kind: "message",
    message: { typeName: "keiko.artifact.v1.Table" },
  });
  const slot = slotAt(again!, "table", contracts)!;
  const keys = sourcesOf(looping, again!, contracts)
    .filter((source) => sourceFits(source, slot))
    .map(sourceKey);
  expect(keys).toEqual(["item "]);
  expect(loopSources(looping, first!, contracts).map(sourceKey)).toEqual(["parameter lines"]);
});

test("what is chosen and what the plan says are the same", () => {
  for (const source of sourcesOf(plan(), at(2), contracts)) {
    expect(keyOf(valueFrom(source))).toBe(sourceKey(source));
  }
});

test("only later fields that fit can be connected", () => {
  const source = sourcesOf(plan(), at(2), contracts).find(
    (one) => sourceKey(one) === "output answer table",
  )!;
  expect([...targetsOf(plan(), source, contracts)]).toEqual(["draw table"]);
});

test("the graph has the parameters, a card for each step, and a wire for each that is named", () => {
  const { cards, wires, graph } = editGraph(plan(), contracts, {
    upright: false,
    bare: () => false,
    titleOf: ({ id }) => id,
    parametersTitle: "Parameters",
  });
  expect([...cards.keys()]).toEqual([parametersId, "answer", "tone", "draw", "sub"]);
  expect(wires.map(({ from, to, kind }) => `${from} ${to} ${kind}`)).toEqual([
    `${parametersId} answer value`,
    "answer tone order",
  ]);
  expect(graph.columns.map((column) => column.map(({ id }) => id))).toEqual([
    [parametersId],
    ["answer", "draw", "sub"],
    ["tone"],
  ]);
});

test("a wire goes around a card that stands in its way", () => {
  const card = { x: 100, y: 0, width: 50, height: 80 };
  const [start, end] = [
    { x: 0, y: 40 },
    { x: 250, y: 40 },
  ];
  expect(wirePath(start, end, false, [card])).toContain("L150 90");
  expect(wirePath(start, end, false, [{ ...card, y: 60 }])).not.toContain("L");
});

describe("a problem is placed", () => {
  test.each([
    ["steps[0].inputs[0].parameter", {}, { step: "answer", part: "inputs", field: "source" }],
    ["steps[2].inputs", { field: "table" }, { step: "draw", part: "inputs", field: "table" }],
    ["steps[1].question.text", {}, { step: "tone", part: "question", field: "" }],
    ["steps[0].when[1].value", {}, { step: "answer", part: "when[1]", field: "" }],
    ["parameters[1].default", {}, { step: "", part: "parameters[1]", field: "" }],
    ["plan.steps[3].id", {}, { step: "sub", part: "id", field: "" }],
    ["answer", {}, { step: "", part: "answer", field: "" }],
  ])("%s", (field, metadata, place) =>
    expect(
      placeProblem(
        { field, message: "m", remedy: "r" },
        metadata as Record<string, string>,
        plan(),
      ),
    ).toMatchObject(place),
  );
});
