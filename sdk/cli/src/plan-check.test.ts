// `keiko plan check`: plan files in YAML and JSON, and where in them something is wrong.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Code, ConnectError } from "@connectrpc/connect";
import { ErrorInfoSchema, Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { main } from "./main.ts";
import { readPlanText } from "./plan-text.ts";
import { startKeiko, type TestKeiko } from "./testing/keiko.ts";
import { testTerminal } from "./testing/terminal.ts";

const good = `# Prices of what is left
goal: Rechne zusammen
parameters:
  - name: limit
    type: PARAMETER_TYPE_INTEGER
    default: 10
steps:
  - id: list
    method: a.B/List
    inputs:
      - field: limit
        parameter: limit
  - id: pay
    method: a.B/Pay
    for_each:
      output: { step: list, field: items }
      items_max: 100
    inputs:
      - field: amount
        item: {}
    when:
      - output: { step: list, field: total }
        test: TEST_AT_MOST
        value: 500
    approval:
      text: "Pay {list.total}?"
`;

const places: [string, string | undefined][] = [
  ["goal", "2:7"],
  ["steps[0].id", "8:9"],
  ["steps[1].for_each.output.field", "16:36"],
  ["steps[1].inputs[0].item.field", "20:9"],
  ["steps[1].inputs[0]", "19:9"],
  ["steps[1].inputs", "18:5"],
  ["steps[1].when[0].value", "24:16"],
  ["steps[1].undo.method", "13:5"],
  ["steps[7].id", "7:1"],
  ["parameters[0].default", "6:14"],
  ["limits.time_max", undefined],
];

describe("a plan file", () => {
  test("is YAML of a Plan", () => {
    const { plan, problems } = readPlanText(good);
    expect(problems).toEqual([]);
    expect(plan).toMatchObject({ goal: "Rechne zusammen", parameters: [{ name: "limit" }] });
    expect(plan?.steps[1]?.forEach).toMatchObject({ itemsMax: 100, over: { case: "output" } });
  });

  test("is JSON of a Plan just as well, with names as JSON has them", () => {
    const text = '{"steps": [\n  {"id": "a", "method": "b.C/D",\n   "timeMax": "3s"}]}';
    const { plan, locate } = readPlanText(text);
    expect(plan?.steps[0]?.timeMax?.seconds).toBe(3n);
    expect(locate("steps[0].time_max")).toEqual({ line: 3, column: 15 });
  });

  test.each(places)("knows where %s is written", (path, expected) => {
    const place = readPlanText(good).locate(path);
    expect(place && `${place.line}:${place.column}`).toBe(expected);
  });

  test.each<[string, string, string, RegExp]>([
    ["a field that no step has", "steps:\n  - id: a\n    metod: x", "3:5", /no field "metod"/],
    [
      "a field that no binding has",
      "steps:\n  - id: a\n    inputs: [{field: x, litteral: 1}]",
      "3:25",
      /no field "litteral"/,
    ],
    ["a value of another type", "steps:\n  - id: [a]", "2:9", /"id" cannot be this/],
    ["a name that no enum has", "parameters:\n  - {name: a, type: TEXT}", "2:21", /"type" cannot/],
    ["a list that is none", "steps: {id: a}", "1:1", /"steps" is a list/],
    ["a step that is text", "steps:\n  - increment", "2:5", /fields with values/],
    ["a field without a value", "steps:\n  - id:", "2:5", /"id" has no value/],
    ["what is no YAML", 'steps:\n  - id: "a', "2:11", /./],
    ["a field that stands twice", "goal: a\ngoal: b", "2:1", /unique/],
    ["nothing", "", "1:1", /no plan/],
  ])("names %s with its place", (_, text, expected, message) => {
    const { plan, problems } = readPlanText(text);
    expect(plan).toBeUndefined();
    const [first] = problems;
    expect(`${first?.place?.line}:${first?.place?.column}`).toBe(expected);
    expect(first?.message).toMatch(message);
    expect(first?.remedy).not.toBe("");
  });
});

describe("keiko plan check", () => {
  let keiko: TestKeiko;
  let folder: string;
  let path: string;
  beforeAll(async () => {
    keiko = await startKeiko();
    folder = await mkdtemp(join(tmpdir(), "keiko-plan-check-"));
    path = join(folder, "plan.yaml");
    await writeFile(path, good);
  });
  afterAll(async () => {
    await keiko.close();
    await rm(folder, { recursive: true });
  });

  async function check(...words: string[]) {
    const terminal = testTerminal();
    const all = ["plan", "check", ...words, "--home", keiko.home];
    const code = await main(all, terminal);
    return { code, ...terminal.written };
  }

  test("prints what is wrong as a compiler does, in the order of the file", async () => {
    keiko.check(() => ({
      problems: [
        {
          field: "steps[1].for_each.output.field",
          message: 'a.B/ListResponse has no field "items"',
          remedy: "use one of: rows",
        },
        { field: "steps[0].method", message: "nobody serves a.B/List", remedy: "start it" },
        { field: "limits.cost_micros_max", message: "it may cost 5", remedy: "raise the limit" },
      ],
    }));
    const { code, err, out } = await check(path);
    expect(code).toBe(2);
    expect(out).toBe("");
    expect(err).toBe(`${path}: error: limits.cost_micros_max: it may cost 5
  remedy: raise the limit
${path}:9:13: error: nobody serves a.B/List
  9 |     method: a.B/List
    |             ^
  remedy: start it
${path}:16:36: error: a.B/ListResponse has no field "items"
  16 |       output: { step: list, field: items }
     |                                    ^
  remedy: use one of: rows
3 problems
`);
  });

  test("sums up a plan that is fine, as it was compiled", async () => {
    keiko.check(({ plan }) => ({ plan: plan! }));
    const { code, out, err } = await check(path);
    expect(err).toBe("");
    expect(code).toBe(0);
    expect(out).toContain("plan.yaml: 2 steps, 1 parameter, 1 step where a person is asked");
    expect(out).toContain("limit ← parameter limit");
    expect(out).toContain("for each of list.items, at most 100");
    expect(out).toContain("if list.total at most 500");
    expect(out).toContain("once a person agrees");
  });

  test("gives what it may take to the compiler", async () => {
    let asked = "";
    keiko.check(({ plan, limits }) => {
      asked = `${limits?.timeMax?.seconds} s, ${limits?.costMicrosMax}`;
      return { plan: plan! };
    });
    expect((await check(path, "--minutes", "90", "--euros", "0.5")).code).toBe(0);
    expect(asked).toBe("5400 s, 500000");
    expect((await check(path, "--euros", "much")).code).toBe(64);
  });

  test("shows where the plan breaks the rules of plans themselves", async () => {
    keiko.check(() => {
      const metadata = { "plan.steps[0].id": "must match a pattern" };
      const value = { reason: Reason.INVALID_FIELD, remedy: "correct the named fields", metadata };
      const details = [{ desc: ErrorInfoSchema, value }];
      throw new ConnectError("no", Code.InvalidArgument, undefined, details);
    });
    const { code, err } = await check(path);
    expect(code).toBe(2);
    expect(err).toContain(`${path}:8:9: error: steps[0].id: must match a pattern`);
  });

  test("finds what is no Plan without asking anybody", async () => {
    const wrong = join(folder, "wrong.yaml");
    await writeFile(wrong, "steps:\n  - id: a\n    metod: x\n");
    keiko.check(() => {
      throw new Error("nobody must be asked");
    });
    const { code, err } = await check(wrong);
    expect(code).toBe(2);
    expect(err).toContain('wrong.yaml:3:5: error: Step has no field "metod"');
    expect(err).toContain("1 problem\n");
  });

  test("says which file is missing, and that one is", async () => {
    expect((await check(join(folder, "ghost.yaml"))).code).toBe(1);
    expect((await check()).code).toBe(64);
    expect((await check(path, path)).code).toBe(64);
  });
});
