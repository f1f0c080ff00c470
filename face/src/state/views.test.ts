import { create } from "@bufbuild/protobuf";
import { ColumnType, TableSchema } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { TaskSchema } from "@keiko/gen/keiko/task/v1/task_pb.js";
import { describe, expect, test } from "vitest";
import { answerJson, drawJson, monthlyTable, sentence, sql } from "../testing/weather.ts";
import { chartRemarksOf, evidenceOf, isRefusal, understandingsOf } from "./evidence.ts";
import { planGraph } from "./plan-graph.ts";
import { spansOf } from "./sentence.ts";
import { cellWriter, fileNameOf, toCsv, toTabbed } from "./table-view.ts";

const output = (field: string, step: string) => ({
  field,
  value: { case: "output" as const, value: { step, field } },
});

describe("planGraph", () => {
  test("puts steps that need nothing of each other into one column", () => {
    const method = "a.v1.S/M";
    const task = create(TaskSchema, {
      plan: {
        steps: [
          { id: "a", method, inputs: [{ field: "f", value: { case: "attachment", value: 0 } }] },
          { id: "b", method, inputs: [] },
          { id: "c", method, inputs: [output("table", "a"), output("table", "b")] },
          { id: "d", method, after: ["c"] },
        ],
      },
    });
    const { columns, edges } = planGraph(task, []);
    expect(columns.map((nodes) => nodes.map(({ step }) => step.id))).toEqual([
      ["a", "b"],
      ["c"],
      ["d"],
    ]);
    expect(edges.map(({ from, to, types }) => [from, to, ...types])).toEqual([
      ["attachment:0", "a", "File"],
      ["a", "c", "Table"],
      ["b", "c", "Table"],
      ["c", "d"],
    ]);
  });

  test("a task without plan has no columns", () =>
    expect(planGraph(create(TaskSchema), []).columns).toEqual([]));
});

describe("evidence", () => {
  const task = create(TaskSchema, {
    plan: { steps: [{ id: "answer", method: "keiko.data.v1.DataService/AnswerQuestion" }] },
    steps: [{ id: "answer", title: "Answer", evidence: sql, responseJson: answerJson("en") }],
    answer: { sources: [{ step: "answer", title: "seattle-weather.csv" }] },
  });

  test("names files, rows, SQL and steps", () =>
    expect(evidenceOf(task)).toEqual({
      files: ["seattle-weather.csv"],
      rowCount: 1461n,
      sql: [{ step: "answer", title: "Answer", text: sql }],
      stepCount: 1,
    }));

  test("says how each part was read", () =>
    expect(understandingsOf(task)[0]?.parts.map(({ meaning }) => meaning)).toEqual([
      "mean of precipitation",
      "month of date",
    ]));

  test("a step without a kept response is understood from its own words alone", () => {
    const bare = create(TaskSchema, { steps: [{ id: "a", understanding: "the mean" }] });
    expect(understandingsOf(bare)).toEqual([
      { step: "a", title: "", summary: "the mean", parts: [], confidence: 1, unknownWords: [] },
    ]);
  });
});

describe("why a task failed", () => {
  test.each([
    [Reason.NOT_UNDERSTOOD, true],
    [Reason.AMBIGUOUS, true],
    [Reason.NO_SKILL, true],
    [Reason.INPUT_MISSING, true],
    [Reason.INTERNAL, false],
    [Reason.DEADLINE_EXCEEDED, false],
    [Reason.UNSPECIFIED, false],
  ])("reason %i is a refusal: %s", (reason, refusal) => expect(isRefusal(reason)).toBe(refusal));

  test("what a step says of its chart is found by the step", () => {
    const method = "keiko.visual.v1.VisualService/DrawChart";
    const task = create(TaskSchema, {
      plan: { steps: [{ id: "draw", method }] },
      steps: [{ id: "draw", responseJson: drawJson }],
    });
    expect(chartRemarksOf(task).get("draw")?.suggestions).toEqual(["as a line"]);
  });
});

describe("spansOf", () => {
  test("sets off the values of the table that the sentence names", () => {
    const strong = spansOf(sentence.en, [monthlyTable("en")]).filter((span) => span.strong);
    expect(strong.map(({ text }) => text)).toEqual(["November", "July"]);
  });

  test("sets off nothing when everything would be set off", () => {
    const all = "January, February, March and April";
    expect(spansOf(all, [monthlyTable("en")])).toEqual([{ text: all, strong: false }]);
  });

  test("never a part of a word", () =>
    expect(spansOf("Mayor", [monthlyTable("en")])).toEqual([{ text: "Mayor", strong: false }]));
});

describe("table view", () => {
  const numbers = (...values: number[]) =>
    values.map((value) => ({ cells: [{ value: { case: "number" as const, value } }] }));
  const written = (type: ColumnType, language: "de" | "en", ...values: number[]) => {
    const table = create(TableSchema, { columns: [{ name: "n", type }], rows: numbers(...values) });
    const write = cellWriter(table.columns[0]!, 0, table.rows, language, { yes: "y", no: "n" });
    return table.rows.map(({ cells }) => write(cells[0]));
  };

  test.each([
    [ColumnType.NUMBER, "en", [5.354, 0.389], ["5.35", "0.39"]],
    [ColumnType.NUMBER, "de", [1234.5, 2], ["1234,5", "2,0"]],
    [ColumnType.NUMBER, "en", [0.00123], ["0.00123"]],
    [ColumnType.INTEGER, "en", [2012, 1461], ["2012", "1461"]],
    [ColumnType.INTEGER, "de", [1234567], ["1.234.567"]],
  ] as const)("type %i in %s: %j", (type, language, values, expected) =>
    expect(written(type, language, ...values)).toEqual(expected),
  );

  test("CSV quotes what needs it", () => {
    const table = create(TableSchema, {
      columns: [{ name: 'a "b"', type: ColumnType.TEXT }],
      rows: [{ cells: [{ value: { case: "text", value: "x, y" } }] }, { cells: [{}] }],
    });
    expect(toCsv(table.columns, table.rows)).toBe('"a ""b"""\r\n"x, y"\r\n\r\n');
  });

  test("copied cells carry the decimal sign of the language", () => {
    const table = monthlyTable("de");
    expect(toTabbed(table.columns, table.rows.slice(0, 1), "de")).toBe(
      "Monat\tMittlerer Niederschlag (mm)\nJanuar\t3,76",
    );
  });

  test.each([
    ["Mittelwert von Ölpreis / Monat", "mittelwert-von-ölpreis-monat.csv"],
    ["../..", "keiko.csv"],
  ])("the file name of %s", (title, name) => expect(fileNameOf(title, "csv")).toBe(name));
});
