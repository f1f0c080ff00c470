import { create, fromJson, type MessageInitShape, toJson } from "@bufbuild/protobuf";
import { durationFromMs, ValueSchema } from "@bufbuild/protobuf/wkt";
import { ChartSchema, type File, FileSchema } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { type Limits, LimitsSchema, type StepSchema } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { SkillSchema } from "@keiko/gen/keiko/registry/v1/registry_pb.js";
import { compile } from "@keiko/orchestrator/compiler.ts";
import { planGoal } from "@keiko/orchestrator/planner.ts";
import { createSkillIndex } from "@keiko/registry/skill-index.ts";
import { describe, expect, test } from "vitest";
import { catalogOf } from "../support/catalog.ts";
import { literal, output, planOf, probe, step } from "../support/plans.ts";

const catalog = catalogOf();
const hash = "a".repeat(64);

function file(filename: string, mediaType: string): File {
  return create(FileSchema, { name: `artifacts/${hash}`, filename, mediaType, sizeBytes: 1n });
}

const weather = file("seattle-weather.csv", "text/csv");
const cars = file("cars.json", "application/json");

const index = createSkillIndex();
for (const { path, skill } of catalog.skills()) {
  index.put(create(SkillSchema, { name: `skills/${path}`, method: path, contract: skill! }));
}

function plan(goal: string, ...attachments: File[]) {
  const ranked = index.search(goal).map(({ name }) => name.replace("skills/", ""));
  return planGoal({ goal, attachments, skills: catalog.skills(), ranked });
}

const methods = (goal: string, ...attachments: File[]) =>
  plan(goal, ...attachments).plan?.steps.map(({ method }) => method.split("/")[1]);

describe("a goal that continues a chart", () => {
  const chart = create(ChartSchema, { title: "mean of sales by region", mark: "bar" });
  const words = "mean of sales by region Region Umsatz Nord Süd";
  const continuing = (goal: string, ...attachments: File[]) => {
    const ranked = index.search(goal).map(({ name }) => name.replace("skills/", ""));
    const skills = catalog.skills();
    return planGoal({ goal, attachments, skills, ranked, chart: { chart, words } });
  };
  const follows = (goal: string) =>
    continuing(goal, weather).plan?.steps.map(({ method }) => method.split("/")[1]);

  test.each([
    "als Linie",
    "as a line",
    "log scale",
    "only the top 5",
    "sort by region",
    "lieber gestapelt",
  ])("changes it when every word belongs to that: %s", (goal) => {
    expect(follows(goal)).toEqual(["ChangeChart"]);
    const { plan: made } = continuing(goal);
    const [step] = made!.steps;
    expect(step!.inputs.map(({ field }) => field)).toEqual(["chart", "wish", "language"]);
    const literalOf = step!.inputs[0]!.value.value as never;
    expect(fromJson(ChartSchema, toJson(ValueSchema, literalOf))).toEqual(chart);
    expect(methods(goal, weather)).not.toEqual(["ChangeChart"]);
  });

  test("is in the language spoken before when its words do not say", () => {
    const skills = catalog.skills();
    const given = {
      goal: "gestapelt",
      attachments: [],
      skills,
      ranked: [],
      chart: { chart, words },
    };
    expect(planGoal({ ...given, spoken: "de" }).plan).toMatchObject({ language: "de" });
    expect(planGoal({ ...given, goal: "stacked", spoken: "en" }).plan).toMatchObject({
      language: "en",
      steps: [{ id: "change_chart" }],
    });
    expect(planGoal({ ...given, goal: "als Linie", spoken: "en" }).plan?.language).toBe("de");
  });

  test.each([
    ["Which month was the wettest?", ["AnswerQuestion"]],
    ["mean sales by region", ["AnswerQuestion"]],
    ["Zeichne die Temperatur als Linie", ["AnswerQuestion", "DrawChart"]],
  ])("asks the table when a word does not: %s", (goal, expected) => {
    expect(follows(goal)).toEqual(expected);
  });
});

describe("the contract planner", () => {
  test.each([
    "Zeige mir den mittleren Niederschlag pro Monat als Balkendiagramm und sag mir, welcher Monat der nasseste ist",
    "Show me the mean precipitation per month as a bar chart and tell me which month is the wettest",
    "Draw a histogram of the wind",
    "Stelle die Temperatur als Liniendiagramm dar",
    "Plot temp_max over time",
    "Heat map of days by month and weather",
    "Tage pro Monat und Wetter als gestapelte Balken",
    "mean wind per year as a line",
  ])("chains to a chart because the goal names one: %s", (goal) => {
    expect(methods(goal, weather)).toEqual(["AnswerQuestion", "DrawChart"]);
  });

  test.each([
    "Which month was the wettest?",
    "Welches Auto hat die meisten PS?",
    "sum of sales by product line",
    "Umsatz pro Linie",
    "sort by name, only the top 5",
    "xylophone zebra", // The agent that reads the table says what it does not understand.
  ])("asks the table where no chart is named: %s", (goal) => {
    expect(methods(goal, weather)).toEqual(["AnswerQuestion"]);
  });

  test.each([
    "Describe this table",
    "Beschreibe diese Tabelle",
    "Gib mir einen Überblick über die Daten",
  ])(
    "takes a skill that does not hear the words only when its own texts say all of them: %s",
    (goal) => {
      expect(methods(goal, weather)).toEqual(["DescribeTable"]);
      expect(methods(`${goal} precipitation`, weather)).toEqual(["AnswerQuestion"]);
    },
  );

  test("hands on the words, the language and the table", () => {
    const { plan: made } = plan("Zeichne ein Diagramm der Temperatur", weather);
    expect(made?.language).toBe("de");
    const [answer, draw] = made!.steps;
    expect(answer!.inputs.map(({ field, value }) => [field, value.case])).toEqual([
      ["source", "attachment"],
      ["question", "literal"],
      ["language", "literal"],
    ]);
    expect(draw!.inputs[0]).toMatchObject({
      field: "table",
      value: { case: "output", value: { step: answer!.id, field: "table" } },
    });
    expect(made!.reason).toMatch(/^"zeichne" asks for/);
  });

  test("of several files takes the one that the goal names", () => {
    const { plan: made } = plan("How many cars are there?", weather, cars);
    expect(made!.steps[0]!.inputs[0]!.value).toEqual({ case: "attachment", value: 1 });
  });

  test.each([
    ["Book me a flight to Paris", [], Reason.NO_SKILL, "goal"],
    ["Überweise 100 Euro an Anna", [], Reason.NO_SKILL, "goal"],
    ["Which month was the wettest?", [], Reason.INPUT_MISSING, "attachments"],
    ["als Balkendiagramm", [], Reason.INPUT_MISSING, "attachments"],
    [
      "Which month was the wettest?",
      [file("report.pdf", "application/pdf")],
      Reason.UNREADABLE_FILE,
      "attachments[0].media_type",
    ],
  ] as const)("says why it cannot: %s", (goal, attachments, reason, field) => {
    const { plan: made, problems } = plan(goal, ...attachments);
    expect(made).toBeUndefined();
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ reason, field });
    expect(problems[0]!.message).not.toBe("");
    expect(problems[0]!.remedy).not.toBe("");
  });

  test.each([
    ["Mittelwert?", "de"],
    ["Summe 2020", "de"],
    ["sum 2020", "en"],
    ["weather", "en"],
  ])("%s is in %s", (goal, language) => {
    expect(plan(goal, weather).plan!.language).toBe(language);
  });

  test("speaks the language of the goal", () => {
    expect(plan("Überweise 100 Euro an Anna").problems[0]!.message).toMatch(/Fähigkeiten/);
    expect(plan("Transfer 100 euros to Anna").problems[0]!.message).toMatch(/skills/);
  });
});

type StepInit = MessageInitShape<typeof StepSchema>;

function problems(
  steps: StepInit[],
  options: { attachments?: File[]; limits?: Limits; refusal?: string } = {},
) {
  const limits = options.limits ?? create(LimitsSchema, { costMicrosMax: 1000n });
  const result = compile(planOf(...steps), {
    method: (path) => catalog.method(path),
    refusal: () => options.refusal,
    storedPlan: () => undefined,
    attachments: options.attachments ?? [],
    limits,
  });
  return result.problems.map(({ field, reason }) => [field, Reason[reason]]);
}

const one = step("one", "Increment", literal("value", 1));

describe("the plan compiler", () => {
  test("fills what the contracts say and finds nothing wrong with a sound plan", () => {
    const { plan: compiled, problems: found } = compile(
      planOf(one, step("two", "Increment", output("value", "one", "value"))),
      {
        method: (path) => catalog.method(path),
        refusal: () => undefined,
        storedPlan: () => undefined,
        attachments: [],
        limits: undefined,
      },
    );
    expect(found).toEqual([]);
    expect(compiled!.steps[0]).toMatchObject({ title: "Increment" });
    expect(compiled!.steps[0]!.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(compiled!.steps[0]!.timeMax?.seconds).toBe(10n);
  });

  test.each<[string, StepInit[], [string, string][]]>([
    ["an unknown method", [{ id: "x", method: "a.B/C" }], [["steps[0].method", "UNKNOWN_METHOD"]]],
    [
      "a method that is no skill",
      [{ id: "x", method: "keiko.task.v1.TaskService/CreateTask" }],
      [["steps[0].method", "PLAN_INVALID"]],
    ],
    ["two steps with one id", [one, one], [["steps[1].id", "PLAN_INVALID"]]],
    [
      "a contract that has changed",
      [{ ...one, digest: hash }],
      [["steps[0].digest", "PLAN_INVALID"]],
    ],
    [
      "a field that is not there",
      [step("x", "Increment", literal("valeu", 1))],
      [["steps[0].inputs[0].field", "PLAN_INVALID"]],
    ],
    [
      "a field that is filled twice",
      [step("x", "Increment", literal("value", 1), literal("value", 2))],
      [["steps[0].inputs[1].field", "PLAN_INVALID"]],
    ],
    [
      "a literal of the wrong type",
      [step("x", "Increment", literal("value", "many"))],
      [["steps[0].inputs[0].literal", "PLAN_INVALID"]],
    ],
    [
      "a literal out of bounds",
      [step("x", "Increment", literal("value", -1))],
      [["steps[0].inputs[0]", "INVALID_FIELD"]],
    ],
    [
      "a result of a step that comes later",
      [step("x", "Increment", output("value", "one", "value")), one],
      [["steps[0].inputs[0].output.step", "PLAN_INVALID"]],
    ],
    [
      "a result of a step itself",
      [step("x", "Increment", output("value", "x", "value"))],
      [["steps[0].inputs[0].output.step", "PLAN_INVALID"]],
    ],
    [
      "a result that the step does not give",
      [one, step("x", "Increment", output("value", "one", "number"))],
      [["steps[1].inputs[0].output.field", "PLAN_INVALID"]],
    ],
    [
      "a result of another type",
      [one, step("x", "Record", output("entry", "one", "value"))],
      [["steps[1].inputs[0].output.field", "PLAN_INVALID"]],
    ],
    [
      "a secret that would end where it is shown",
      [
        step("x", "Record", literal("entry", "pin")),
        {
          id: "y",
          method: "keiko.data.v1.DataService/DescribeTable",
          inputs: [output("language", "x", "entry")],
        },
      ],
      [
        ["steps[1].inputs[0].output.field", "PLAN_INVALID"],
        ["steps[1].inputs", "INPUT_MISSING"],
      ],
    ],
    [
      "an attachment that is not there",
      [
        {
          id: "x",
          method: "keiko.data.v1.DataService/DescribeTable",
          inputs: [{ field: "source", value: { case: "attachment", value: 3 } }],
        },
      ],
      [["steps[0].inputs[0].attachment", "INPUT_MISSING"]],
    ],
    [
      "an order that cannot be",
      [{ ...one, after: ["later"] }],
      [["steps[0].after[0]", "PLAN_INVALID"]],
    ],
    [
      "more time than the contract allows",
      [{ ...one, timeMax: durationFromMs(3600_000) }],
      [["steps[0].time_max", "LIMIT_EXCEEDED"]],
    ],
  ])("refuses %s, with its path", (_, steps, expected) => {
    expect(problems(steps)).toEqual(expected);
  });

  test("refuses what policy does not allow, in the words of policy", () => {
    expect(problems([one], { refusal: "users/bob may not" })).toEqual([
      ["steps[0].method", "PERMISSION_DENIED"],
    ]);
  });

  test("holds worst-case time and cost against the limits", () => {
    const chain = ["a", "b", "c"].map((id, position, ids) => ({
      ...step(id, "Increment", literal("value", 1)),
      after: position > 0 ? [ids[position - 1]!] : [],
    }));
    const tight = create(LimitsSchema, { timeMax: durationFromMs(25_000) });
    expect(problems(chain, { limits: tight })).toEqual([["limits.time_max", "LIMIT_EXCEEDED"]]);
    const parallel = chain.map((one) => ({ ...one, after: one.id === "c" ? ["a", "b"] : [] }));
    expect(problems(parallel, { limits: tight })).toEqual([]);
    const costly = { id: "x", method: probe("Fail"), inputs: [] };
    expect(problems([costly], { limits: create(LimitsSchema, {}) })).toEqual([
      ["limits.cost_micros_max", "LIMIT_EXCEEDED"],
    ]);
    expect(problems([costly])).toEqual([]);
  });

  test("reports every problem, not the first", () => {
    const steps = [
      { id: "x", method: "a.B/C" },
      step("y", "Increment", literal("value", -1), literal("nope", 1)),
      { ...one, after: ["ghost"] },
    ];
    expect(problems(steps)).toHaveLength(4);
  });
});
