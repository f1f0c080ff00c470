// The commands against a Keiko on a real port: what they print, write and exit with.

import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { fromJsonString } from "@bufbuild/protobuf";
import { ColumnType } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import { Stage } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { State, TaskSchema } from "@keiko/gen/keiko/task/v1/task_pb.js";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";

import { locate } from "./connection.ts";
import { main } from "./main.ts";
import { startKeiko, type TaskInit, type TestKeiko } from "./testing/keiko.ts";
import { testTerminal } from "./testing/terminal.ts";

let keiko: TestKeiko;
let folder: string;
beforeAll(async () => {
  keiko = await startKeiko();
  folder = await mkdtemp(join(tmpdir(), "keiko-cli-test-"));
});
afterAll(async () => {
  await keiko.close();
  await rm(folder, { recursive: true });
});

async function type(words: readonly string[], terminal = testTerminal()) {
  const code = await main([...words, "--home", keiko.home], terminal);
  return { code, ...terminal.written };
}

const MONTHS =
  "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split(" ");

const table = {
  title: "Niederschlag pro Monat",
  rowCount: 12n,
  columns: [
    { name: "month(date)", label: "Monat", type: ColumnType.TEXT, ordered: true },
    { name: "mean(precipitation)", label: "Niederschlag", unit: "mm", type: ColumnType.NUMBER },
  ],
  rows: MONTHS.map((month, i) => ({
    cells: [
      { value: { case: "text" as const, value: month } },
      { value: { case: "number" as const, value: (i * 1234.5) / 3 } },
    ],
  })),
};

function weather(): TaskInit[] {
  const svg = keiko.keep("x.svg", "image/svg+xml", "<svg/>");
  const specification = keiko.keep("x", "application/vnd.vegalite+json", "{}");
  const plan = {
    language: "de",
    steps: [{ id: "answer", method: "a.B/C", title: "Aus der Tabelle beantworten" }],
  };
  const running = { plan, state: State.RUNNING, steps: [{ id: "answer", state: State.RUNNING }] };
  return [
    { plan, state: State.QUEUED, steps: [{ id: "answer", state: State.QUEUED }] },
    running,
    {
      plan,
      goal: "Niederschlag pro Monat",
      state: State.SUCCEEDED,
      steps: [{ id: "answer", state: State.SUCCEEDED, evidence: "SELECT 1" }],
      usage: { elapsed: { seconds: 0n, nanos: 420_000_000 } },
      answer: {
        text: "Der November ist am nassesten.",
        sources: [{ title: "seattle-weather.csv" }],
        artifacts: [
          { step: "answer", kind: { case: "table", value: table } },
          {
            step: "draw",
            kind: {
              case: "chart",
              value: { title: "../../Böse Niederschläge", mark: "bar", svg, specification },
            },
          },
          {
            step: "write",
            kind: {
              case: "file",
              value: keiko.keep("../../etc/passwd.md", "text/markdown", "# hi"),
            },
          },
        ],
      },
    },
  ];
}

describe("run", () => {
  test("uploads, watches and shows sentence, table, chart and evidence in the language of the task", async () => {
    const path = join(folder, "data.csv");
    await writeFile(path, Buffer.alloc(1_300_000, "a,b\n"));
    keiko.tell(...weather());
    const { code, out, err } = await type(["run", "Niederschlag pro Monat", "--attach", path]);
    expect(code).toBe(0);
    const [attachment] = keiko.created.at(-1)?.attachments ?? [];
    expect(attachment).toMatchObject({
      filename: "data.csv",
      mediaType: "text/csv",
      sizeBytes: 1_300_000n,
    });
    expect(keiko.files.get(attachment?.name ?? "")?.length).toBe(1_300_000);
    expect(err).toBe("Aus der Tabelle beantworten: läuft\nAus der Tabelle beantworten: fertig\n");
    expect(out).toMatch(/^Der November ist am nassesten\.\n\nMonat +Niederschlag \(mm\)\n/);
    expect(out).toMatch(/\nJanuar +0,0\n/);
    expect(out).toMatch(/\nNovember +4115,0\n/);
    expect(out).toContain("seattle-weather.csv · 1 Schritt · 0,42 s · tasks/0abc-1");
    expect(out).toContain("--out ORDNER");
  });

  test("--after goes on from a task by name, or from the latest, in its conversation", async () => {
    keiko.tell(...weather());
    expect((await type(["run", "als Linie", "--after", "0abc-1"])).code).toBe(0);
    expect(keiko.created.at(-1)).toMatchObject({ goal: "als Linie", previous: "tasks/0abc-1" });
    keiko.tell(...weather());
    expect((await type(["run", "als Linie", "--after", "last"])).code).toBe(0);
    expect(keiko.created.at(-1)!.previous).toMatch(/^tasks\//);
    keiko.tell(...weather());
    const wrong = await type(["run", "als Linie", "--after", "0nobody"]);
    expect(wrong.code).not.toBe(0);
    expect(wrong.err).toContain("tasks/0nobody");
  });

  test("--json prints one task and nothing else", async () => {
    keiko.tell(...weather());
    const { code, out } = await type(["run", "x", "--json"]);
    expect(code).toBe(0);
    const task = fromJsonString(TaskSchema, out);
    expect(task.state).toBe(State.SUCCEEDED);
    expect(task.answer?.artifacts).toHaveLength(3);
    expect(JSON.parse(out).state).toBe("STATE_SUCCEEDED");
  });

  test("--out writes every result under a safe name with its natural ending", async () => {
    keiko.tell(...weather());
    const out = join(folder, "out");
    const { code } = await type(["run", "x", "--out", out]);
    expect(code).toBe(0);
    expect((await readdir(out)).sort()).toEqual([
      "answer.md",
      "böse-niederschläge.svg",
      "böse-niederschläge.vl.json",
      "etc-passwd.md",
      "niederschlag-pro-monat.csv",
    ]);
    const csv = (await readFile(join(out, "niederschlag-pro-monat.csv"), "utf8")).split("\r\n");
    expect(csv[0]).toBe("month(date),mean(precipitation)");
    expect(csv).toHaveLength(14);
    expect(csv[2]).toBe("Februar,411.5");
    const answer = await readFile(join(out, "answer.md"), "utf8");
    expect(answer).toContain("Der November ist am nassesten.");
    expect(answer).toContain("(b%C3%B6se-niederschl%C3%A4ge.svg)");
  });

  test.each([
    ["no plan", { state: State.FAILED, problems: [{ stage: Stage.PLAN }] }, 2],
    ["plan does not compile", { state: State.FAILED, problems: [{ stage: Stage.COMPILE }] }, 2],
    ["a step failed", { state: State.FAILED, problems: [{ stage: Stage.RUN }] }, 1],
    ["cancelled", { state: State.CANCELLED }, 1],
    ["a person has to decide", { state: State.WAITING }, 3],
  ] as const)("exit code when %s", async (_, state, expected) => {
    keiko.tell(state as TaskInit);
    expect((await type(["run", "x"])).code).toBe(expected);
  });

  test("prints every problem with field, remedy and what would work", async () => {
    const problem = {
      stage: Stage.PLAN,
      field: "goal",
      message: "No skill fits.\u001b[2J",
      remedy: "Attach a table.",
      suggestions: ["Describe this table"],
    };
    keiko.tell({ state: State.FAILED, problems: [problem] });
    const { err } = await type(["run", "x"]);
    expect(err).toContain("✗ No skill fits.");
    expect(err).not.toContain("\u001b[2J");
    expect(err).toContain("field: goal\n  remedy: Attach a table.\n  try: Describe this table");
  });

  test("Ctrl-C cancels the task and says so", async () => {
    keiko.tell({ goal: "long", state: State.RUNNING }, { state: State.CANCELLED });
    const terminal = testTerminal();
    const running = type(["run", "x"], terminal);
    await vi.waitFor(() => {
      terminal.interrupt();
      expect(keiko.cancelled.length).toBeGreaterThan(0);
    });
    const { code, err } = await running;
    expect(code).toBe(1);
    expect(err).toContain("Cancelling …");
    expect(err).toContain("Cancelled tasks/0abc-1.");
  });

  test("goes on watching after the connection broke", async () => {
    keiko.tell(
      { goal: "long", state: State.RUNNING },
      { state: State.SUCCEEDED, answer: { text: "done" } },
    );
    const running = type(["run", "x"]);
    await new Promise((resolve) => setTimeout(resolve, 200));
    keiko.tell({ state: State.SUCCEEDED, answer: { text: "after all" } });
    keiko.breakConnections();
    const { code, out } = await running;
    expect(code).toBe(0);
    expect(out).toContain("after all");
  });

  test("redraws steps in place on a terminal, within its width", async () => {
    const [first = {}, second = {}, last = {}] = weather();
    keiko.tell(first, second, last);
    const { err } = await type(["run", "x"], testTerminal({ live: true, width: 30 }));
    expect(err).toContain("\u001b[1A\r");
    const visible = stripVTControlCharacters(err);
    for (const line of visible.split(/[\r\n]+/)) expect(line.length).toBeLessThanOrEqual(30);
    expect(visible).toContain("✓ Aus der");
  });
});

describe("the other commands", () => {
  test("plan shows the steps and what goes into them", async () => {
    keiko.plan({
      plan: {
        steps: [
          {
            id: "answer",
            title: "Answer",
            method: "a.B/C",
            inputs: [{ field: "source", value: { case: "attachment", value: 0 } }],
          },
          {
            id: "draw",
            title: "Draw",
            method: "d.E/F",
            inputs: [
              {
                field: "table",
                value: { case: "output", value: { step: "answer", field: "table" } },
              },
            ],
          },
        ],
      },
    });
    const { code, out } = await type(["plan", "x"]);
    expect(code).toBe(0);
    expect(out).toContain("1  Answer\n   a.B/C\n   source ← attachment 1");
    expect(out).toContain("table ← answer.table");
    keiko.plan({ problems: [{ stage: Stage.PLAN, message: "No." }] });
    expect(await type(["plan", "x"])).toMatchObject({ code: 2, out: "" });
  });

  test("task list, show and cancel", async () => {
    keiko.tell(...weather());
    expect((await type(["task", "list"])).out).toContain("tasks/0abc-1");
    expect((await type(["task", "show", "0abc-1"])).out).toContain("SELECT 1");
    expect((await type(["task", "cancel", "tasks/0abc-1"])).out).toContain("tasks/0abc-1: fertig");
    const missing = await type(["task", "show", "0nope"]);
    expect(missing.code).toBe(1);
    expect(missing.err).toContain(
      "There is no task tasks/0nope\n  field:  name\n  remedy: list your tasks",
    );
  });

  test("skill list, search and show", async () => {
    expect((await type(["skill"])).out).toContain(
      "keiko.data.v1.DataService/AnswerQuestion  File → Table",
    );
    expect((await type(["skill", "search", "nothing"])).err).toContain(
      'Nothing found for "nothing"',
    );
    expect((await type(["skill", "show", "answerquestion"])).out).toContain("effect");
    expect((await type(["skill", "show", "Nope"])).code).toBe(1);
  });

  test("call reaches any method by its descriptor; a stream is one JSON a line", async () => {
    keiko.tell(...weather());
    const one = await type([
      "call",
      "keiko.task.v1.TaskService/GetTask",
      '{"name":"tasks/0abc-1"}',
    ]);
    expect(JSON.parse(one.out).task.state).toBe("STATE_SUCCEEDED");
    const stream = await type([
      "call",
      "keiko.task.v1.TaskService/WatchTask",
      '{"name":"tasks/0abc-1"}',
    ]);
    expect(
      stream.out
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line).task.state),
    ).toEqual(["STATE_QUEUED", "STATE_RUNNING", "STATE_SUCCEEDED"]);
    const pieces = '[{"filename":"a.txt","content":"aGk="},{"content":"IQ=="}]';
    const upload = await type(["call", "keiko.artifact.v1.ArtifactService/WriteFile", pieces]);
    expect(keiko.files.get(JSON.parse(upload.out).file.name)?.toString()).toBe("hi!");
    const wrong = await type(["call", "keiko.task.v1.TaskService/Nope"]);
    expect(wrong).toMatchObject({ code: 1, out: "" });
    expect(wrong.err).toContain("It has: CreateTask, GetTask");
  });
});

describe("wrong usage exits with 64 and says what is wrong", () => {
  test.each([
    [["run"], "GOAL is missing"],
    [["run", "two", "words"], "put it in quotes"],
    [["run", "x", "--attach", "/no/such/file"], 'no file "/no/such/file"'],
    [["run", "x", "--fast"], "--fast"],
    [["task", "show"], "TASK is missing"],
    [["task", "dance"], "list, show, cancel, pause, resume"],
    [["task", "list", "--limit", "many"], "--limit"],
    [["call", "nonsense"], "method is missing"],
    [["call", "keiko.task.v1.TaskService/GetTask", "{"], "not JSON"],
    [["call", "keiko.task.v1.TaskService/GetTask", '{"nam":1}'], "does not fit"],
    [["task", "list", "--port", "x"], "--port"],
    [["frobnicate"], "no command"],
  ])("%j", async (words, text) => {
    const { code, err, out } = await type(words);
    expect([code, out]).toEqual([64, ""]);
    expect(err).toContain(text);
    expect(err).not.toMatch(/\n\s+at /);
  });

  test("help is no error", async () => {
    expect(await type(["help", "run"])).toMatchObject({ code: 0, err: "" });
    expect((await type(["run", "--help"])).out).toContain("--attach");
    expect((await type(["--help"])).out).toContain("Usage: keiko COMMAND");
  });
});

describe("finding Keiko", () => {
  test("the option goes before the environment, that before the folder, that before 7600", async () => {
    const home = join(folder, "project", ".keiko");
    const below = join(folder, "project", "a", "b");
    await mkdir(home, { recursive: true });
    await mkdir(below, { recursive: true });
    const none = { home: undefined, port: undefined };
    expect(locate(none, {}, below)).toEqual({ home, url: "http://127.0.0.1:7600" });
    await writeFile(join(home, "address"), "http://127.0.0.1:8123\n");
    expect(locate(none, {}, below).url).toBe("http://127.0.0.1:8123");
    expect(locate(none, { KEIKO_PORT: "9000" }, below).url).toBe("http://127.0.0.1:9000");
    expect(locate({ ...none, port: "9001" }, { KEIKO_PORT: "9000" }, below).url).toBe(
      "http://127.0.0.1:9001",
    );
    expect(locate({ ...none, home: "/x" }, { KEIKO_HOME: "/y" }, below).home).toBe("/x");
    expect(locate(none, { KEIKO_HOME: "/y" }, below).home).toBe("/y");
  });

  test("not running is one line that says how to start it", async () => {
    const { code, err } = await type(["task", "list", "--port", "1"]);
    expect(code).toBe(1);
    expect(err).toBe(
      'keiko: Keiko is not running at http://127.0.0.1:1. Start it with "npm start" in its folder, or say where it is with --port or --home.\n',
    );
  });

  test("without its token the remedy names the folder", async () => {
    const terminal = testTerminal();
    const code = await main(
      ["task", "list", "--home", folder, "--port", String(keiko.port)],
      terminal,
    );
    expect(code).toBe(1);
    expect(terminal.written.err).toContain("point --home at the folder");
  });
});
