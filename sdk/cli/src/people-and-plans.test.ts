// What waits for people, replays and stored plans, against a Keiko on a real port.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fromJson } from "@bufbuild/protobuf";
import { timestampFromDate, ValueSchema } from "@bufbuild/protobuf/wkt";
import { ParameterType } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { State } from "@keiko/gen/keiko/task/v1/task_pb.js";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { main } from "./main.ts";
import { startKeiko, type TaskInit, type TestKeiko } from "./testing/keiko.ts";
import { testTerminal } from "./testing/terminal.ts";

let keiko: TestKeiko;
let folder: string;
beforeAll(async () => {
  keiko = await startKeiko();
  folder = await mkdtemp(join(tmpdir(), "keiko-cli-plans-"));
});
afterAll(async () => {
  await keiko.close();
  await rm(folder, { recursive: true });
});
beforeEach(() => {
  keiko.answers.length = 0;
  keiko.decisions = [];
  keiko.replay = {};
  keiko.stored.clear();
});

async function type(words: readonly string[], terminal = testTerminal()) {
  const code = await main([...words, "--home", keiko.home], terminal);
  return { code, ...terminal.written };
}

/** A terminal where somebody types these lines, then nothing more. */
const typing = (...typed: string[]) => testTerminal({ ask: async () => typed.shift() });

const approval = { approval: true, text: "Ten letters will go out.", deciders: ["users/local"] };
const question = {
  text: "Which colour?",
  question: { type: ParameterType.TEXT, text: "Which colour?", options: ["red", "blue"] },
};

function waiting(waitsFor: object): TaskInit[] {
  const plan = { language: "de", steps: [{ id: "send", method: "a.B/C", title: "Verschicken" }] };
  const step = { id: "send", title: "Verschicken" };
  return [
    { plan, state: State.WAITING, steps: [{ ...step, state: State.WAITING, waitsFor }] },
    { plan, state: State.SUCCEEDED, steps: [step], answer: { text: "Fertig." } },
  ];
}

describe("run, where a person is waited for", () => {
  test("says what is asked, how to answer, and exits with 3", async () => {
    keiko.tell(...waiting(approval));
    const { code, err } = await type(["run", "x"]);
    expect(code).toBe(3);
    expect(err).toContain("Verschicken: braucht eine Entscheidung\n  Ten letters will go out.\n");
    expect(err).toContain("Zustimmung? · entscheidet: users/local");
    expect(err).toContain("keiko task approve tasks/0abc-1 send");
    expect(keiko.answers).toEqual([]);
  });

  test("asks at a terminal and goes on", async () => {
    keiko.tell(...waiting(approval));
    const { code, out } = await type(["run", "x"], typing("vielleicht", "ja"));
    expect([code, out]).toEqual([0, expect.stringContaining("Fertig.")]);
    expect(keiko.answers).toMatchObject([{ step: "send", answer: { case: "agree", value: true } }]);
  });

  test("a no takes the reason along; Enter leaves it, and so does --json", async () => {
    keiko.tell(...waiting(approval));
    await type(["run", "x"], typing("nein", "zu viele"));
    expect(keiko.answers).toMatchObject([{ answer: { value: false }, note: "zu viele" }]);
    keiko.answers.length = 0;
    expect((await type(["run", "x"], typing(""))).code).toBe(3);
    expect((await type(["run", "x", "--json"], typing("ja"))).code).toBe(3);
    expect(keiko.answers).toEqual([]);
  });

  test("a question is read as what it wants", async () => {
    keiko.tell(...waiting(question));
    const { code, err } = await type(["run", "x"], typing("green", "BLUE"));
    expect(code).toBe(0);
    expect(err).toContain('"green" is not one of: red, blue.');
    expect(keiko.answers).toMatchObject([{ answer: { case: "reply", value: { text: "blue" } } }]);
  });

  test("a paused task exits with 3 and says how it goes on", async () => {
    keiko.tell({ state: State.PAUSED });
    const { code, err } = await type(["run", "x"]);
    expect([code, err]).toEqual([3, expect.stringContaining("keiko task resume tasks/0abc-1")]);
  });
});

describe("words on what waits", () => {
  const decision = (step: string, asked: object) => ({ task: "tasks/0abc-1", step, asked });

  test("approve and decline find the only step, or take the named one", async () => {
    keiko.decisions = [decision("send:4", approval), decision("colour", question)];
    expect((await type(["task", "approve", "0abc-1"])).out).toBe("Agreed: send:4.\n");
    await type(["task", "decline", "0abc-1", "pay", "--note", "too dear"]);
    expect(keiko.answers).toMatchObject([
      { name: "tasks/0abc-1", step: "send:4", answer: { case: "agree", value: true } },
      { step: "pay", answer: { case: "agree", value: false }, note: "too dear" },
    ]);
    keiko.decisions.push(decision("send:5", approval));
    const many = await type(["task", "approve", "0abc-1"]);
    expect([many.code, many.err]).toEqual([64, expect.stringContaining("send:4, send:5")]);
    keiko.decisions = [];
    expect((await type(["task", "approve", "0abc-1"])).code).toBe(1);
  });

  test.each([
    [ParameterType.INTEGER, "12", { integer: 12n }],
    [ParameterType.NUMBER, "1.5", { number: 1.5 }],
    [ParameterType.TRUTH, "ja", { truth: true }],
    [ParameterType.TEXTS, "a, b", { texts: ["a", "b"] }],
    [ParameterType.TEXTS, '["a,b"]', { texts: ["a,b"] }],
    [ParameterType.TEXT, "a, b", { text: "a, b" }],
  ])("answer reads type %i from %j", async (kind, text, reply) => {
    keiko.decisions = [decision("q", { text: "?", question: { type: kind, text: "?" } })];
    expect((await type(["task", "answer", "0abc-1", "q", text])).code).toBe(0);
    expect(keiko.answers[0]?.answer).toMatchObject({ case: "reply", value: reply });
  });

  test.each([
    [ParameterType.INTEGER, "1.5", "a whole number"],
    [ParameterType.NUMBER, "much", "a number"],
    [ParameterType.TRUTH, "12", "yes or no"],
    [ParameterType.TEXTS, "[1]", "a list"],
    [ParameterType.FILE, "/no/such", "no file"],
  ])("answer refuses for type %i %j", async (kind, text, why) => {
    keiko.decisions = [decision("q", { text: "?", question: { type: kind, text: "?" } })];
    const { code, err } = await type(["task", "answer", "0abc-1", text]);
    expect([code, err, keiko.answers]).toEqual([64, expect.stringContaining(why), []]);
  });

  test("delegate names a person; the inbox says what waits and how to answer", async () => {
    await type(["task", "delegate", "0abc-1", "send", "mia"]);
    expect(keiko.answers[0]?.answer).toEqual({ case: "delegateTo", value: "users/mia" });
    keiko.decisions = [{ ...decision("send", approval), title: "Send", owner: "users/local" }];
    const { out } = await type(["inbox"], testTerminal({ language: "de" }));
    expect(out).toContain("Send\n  von users/local\n  Ten letters will go out.\n");
    expect(JSON.parse((await type(["inbox", "--json"])).out).decisions).toHaveLength(1);
    keiko.decisions = [];
    expect(await type(["inbox"])).toMatchObject({ code: 0, out: "" });
  });

  test("pause and resume say how the task stands", async () => {
    keiko.tell({});
    expect((await type(["task", "pause", "0abc-1"])).out).toBe("tasks/0abc-1: paused\n");
    const { out } = await type(["task", "resume", "0abc-1", "--json"]);
    expect(JSON.parse(out).state).toBe("STATE_RUNNING");
  });
});

test("replay: the same is 0, a divergence 1 with field and both values", async () => {
  keiko.replay = { transitionCount: 4, callCount: 2 };
  expect(await type(["task", "replay", "0abc-1"])).toMatchObject({
    code: 0,
    out: "✓ The same: 4 transitions, 2 calls compared.\n",
  });
  const divergence = { transition: 3, step: "sum", field: "response.total", recorded: "4" };
  keiko.replay = { transitionCount: 4, divergence };
  const { code, out } = await type(["task", "replay", "0abc-1", "--against", "current"]);
  expect(code).toBe(1);
  expect(out).toContain("at transition 3, step sum.");
  expect(out).toContain("response.total\n    recorded: 4\n    now: nothing\n");
});

test("record prints a task that replay reads again from a file; what is none is refused", async () => {
  const { out } = await type(["task", "record", "0abc-1"]);
  const file = join(folder, "task.json");
  await writeFile(file, out);
  keiko.replay = { transitionCount: 1 };
  expect((await type(["task", "replay", file])).code).toBe(0);
  const { name, recorded } = keiko.replayed.at(-1)!;
  expect([name, recorded.length > 0]).toEqual(["", true]);
  await writeFile(file, "{");
  expect(await type(["task", "replay", file])).toMatchObject({ code: 1 });
  expect((await type(["task", "replay", join(folder, "none.json")])).code).toBe(1);
});

describe("stored plans", () => {
  const yaml = `goal: Letters
parameters:
  - { name: count, type: PARAMETER_TYPE_INTEGER }
  - { name: list, type: PARAMETER_TYPE_FILE, title: Addresses }
steps:
  - id: write
    method: a.v1.B/Write
    inputs:
      - { field: count, parameter: count }
`;
  const store = async (name = "letters", text = yaml) => {
    const path = join(folder, "plan.yaml");
    await writeFile(path, text);
    return type(["plan", "store", name, path]);
  };

  test("store, list, show and delete", async () => {
    expect(await store()).toMatchObject({ code: 0, out: "plans/letters is stored, version 1.\n" });
    expect((await type(["plan", "list"])).out).toBe("plans/letters  version 1  Letters\n");
    const shown = (await type(["plan", "show", "letters"])).out;
    expect(shown).toContain("  list: file needed  Addresses\n");
    expect(shown).toContain("count ← parameter count");
    expect((await type(["plan", "delete", "plans/letters"])).code).toBe(0);
    expect(await type(["plan", "list"])).toMatchObject({ out: "", err: "No plan is stored.\n" });
  });

  test("what does not compile is refused with 2, what is no plan with 64", async () => {
    expect(await store("x", "goal: nothing")).toMatchObject({ code: 2, out: "" });
    for (const text of ["steps: [", "stps: []"]) expect((await store("x", text)).code).toBe(64);
    const needed = await type(["plan", "delete", "needed"]);
    expect([needed.code, needed.err]).toEqual([2, expect.stringContaining("needs it")]);
  });

  test("run reads inputs as the parameters want them and follows the task", async () => {
    await store();
    const path = join(folder, "addresses.csv");
    await writeFile(path, "name\n");
    keiko.tell({ state: State.SUCCEEDED, answer: { text: "Sent." } });
    const words = ["--input", "count=3", "--input", `list=${path}`, "--attach", path];
    const { code, out } = await type(["plan", "run", "letters", ...words]);
    expect([code, out]).toEqual([0, expect.stringContaining("Sent.")]);
    const request = keiko.created.at(-1);
    expect(request?.storedPlan?.name).toBe("plans/letters");
    expect(request?.inputs.count).toEqual(fromJson(ValueSchema, 3));
    expect(JSON.stringify(request?.inputs.list)).toContain("addresses.csv");
    expect(request?.attachments).toHaveLength(1);
    expect((await type(["plan", "run", "letters", "--input", "colour=red"])).code).toBe(64);
    expect((await type(["plan", "run", "letters", "--input", "count=many"])).code).toBe(64);
  });

  test("trigger sets a schedule, an event, or none", async () => {
    await store();
    const cron = ["--cron", "30 6 * * 1-5", "--time-zone", "Europe/Berlin"];
    const both = [...cron, "--event", "artifact-stored", "--where", "file.media_type=text/csv"];
    const { out } = await type(["plan", "trigger", "letters", ...both, "--parameter", "list"]);
    expect(out).toBe('30 6 * * 1-5 Europe/Berlin\nartifact_stored file.media_type="text/csv"\n');
    const nextTime = timestampFromDate(new Date(2026, 10, 30, 6, 30));
    const on = { case: "schedule" as const, value: { cron: "30 6 * * 1-5" } };
    keiko.stored.set("plans/letters", {
      name: "plans/letters",
      triggers: [{ id: "schedule", on, nextTime }],
    });
    expect((await type(["plan", "show", "letters"])).out).toContain("(next 11/30/26, 6:30");
    expect((await type(["plan", "trigger", "letters", "--none"])).out).toContain("only when");
  });
});

test.each([
  [["task", "answer", "x"], "TASK [STEP] VALUE"],
  [["task", "delegate", "x", "y"], "TASK STEP USER"],
  [["task", "approve", "x", "No Step"], "no step"],
  [["task", "replay", "x", "--against", "No Workload"], "the name of a workload"],
  [["plan", "store", "x"], "NAME FILE"],
  [["plan", "store", "Big Name", "x"], "no name"],
  [["plan", "run", "x", "--input", "y"], "name=value"],
  [["plan", "trigger", "x"], "--none"],
  [["plan", "trigger", "x", "--none", "--cron", "* * * * *"], "--none"],
  [["plan", "trigger", "x", "--cron", "* * * * *", "--where", "a=b"], "--event"],
  [["inbox", "all"], "no words"],
])("%j is wrong usage", async (words, text) => {
  const { code, err, out } = await type(words);
  expect([code, out, err]).toEqual([64, "", expect.stringContaining(text)]);
});
