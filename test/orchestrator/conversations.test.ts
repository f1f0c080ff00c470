import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { create, fromJson, type JsonValue } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { data } from "@keiko/agent-data/agent.ts";
import { visual } from "@keiko/agent-visual/agent.ts";
import { FileSchema } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { State, type Task } from "@keiko/gen/keiko/task/v1/task_pb.js";
import {
  TaskService,
  type TaskSummary,
  TaskSummarySchema,
} from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import { createWatchers } from "@keiko/orchestrator/watchers.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startKeiko, type TestKeiko } from "../support/keiko.ts";
import { literal, planOf, step, threeSteps } from "../support/plans.ts";
import { probeAgent } from "../support/probe-agent.ts";

let keiko: TestKeiko;
beforeAll(async () => {
  keiko = await startKeiko({
    agents: ({ log }) => [probeAgent(log), data, visual],
  });
});
afterAll(() => keiko.stop());

const tasks = () => keiko.client(TaskService);

async function finished(name: string): Promise<Task> {
  let last: Task | undefined;
  for await (const { task } of tasks().watchTask({ name })) last = task;
  return last!;
}

async function uploaded(filename: string) {
  const path = join(import.meta.dirname, "../../node_modules/vega-datasets/data", filename);
  const response = await fetch(`${keiko.base}/files`, {
    method: "POST",
    headers: { authorization: `Bearer ${keiko.token}`, "x-filename": filename },
    body: await readFile(path),
  });
  expect(response.ok).toBe(true);
  return fromJson(FileSchema, (await response.json()) as JsonValue);
}

async function done(request: Parameters<ReturnType<typeof tasks>["createTask"]>[0]): Promise<Task> {
  return finished((await tasks().createTask(request)).task!.name);
}

test("conversations are listed by their latest task, with their first goal as title", async () => {
  const ask = (conversation: string, goal: string) => {
    const plan = { ...threeSteps(), goal };
    return done({ plan, conversation: `conversations/${conversation}` });
  };
  await ask("one", "first of one");
  await ask("two", "first of two");
  await ask("one", "second of one");
  const { conversations } = await tasks().listConversations({});
  expect(conversations.map(({ name, title, taskCount }) => [name, title, taskCount])).toEqual([
    ["conversations/one", "first of one", 2],
    ["conversations/two", "first of two", 1],
  ]);
  const first = await tasks().listConversations({ pageSize: 1 });
  const second = await tasks().listConversations({ pageSize: 1, pageToken: first.nextPageToken });
  const third = await tasks().listConversations({ pageSize: 1, pageToken: second.nextPageToken });
  const pages = [first, second, third].map((page) => page.conversations.map(({ name }) => name));
  expect(pages).toEqual([["conversations/one"], ["conversations/two"], []]);
  const found = await tasks().listConversations({ query: "FIRST OF TWO" });
  expect(found.conversations.map(({ name }) => name)).toEqual(["conversations/two"]);
  const ofOne = await tasks().listTasks({ conversation: "conversations/one" });
  expect(ofOne.tasks.map(({ goal }) => goal)).toEqual(["second of one", "first of one"]);
  const said = await tasks().listTasks({ query: "second OF" });
  expect(said.tasks.map(({ goal }) => goal)).toEqual(["second of one"]);
  expect((await tasks().listTasks({ query: "of nobody" })).tasks).toEqual([]);
});

test("a watcher hears of every task: the unfinished ones first, then each change, the last one final", async () => {
  const waiting = planOf(step("w", "Wait", literal("time", "0.3s")));
  const open = (await tasks().createTask({ plan: waiting })).task!.name;
  const stop = new AbortController();
  const heard: TaskSummary[][] = [];
  let later = "";
  try {
    for await (const { tasks: some } of tasks().watchTasks({}, { signal: stop.signal })) {
      heard.push(some);
      if (heard.length === 1) later = (await tasks().createTask({ plan: threeSteps() })).task!.name;
      const last = new Map(heard.flat().map((task) => [task.name, task.state]));
      if ([open, later].every((name) => last.get(name) === State.SUCCEEDED)) stop.abort();
    }
  } catch (error) {
    expect(ConnectError.from(error).code).toBe(Code.Canceled);
  }
  expect(heard[0]!.map(({ name }) => name)).toEqual([open]);
  expect(later).not.toBe("");
});

test("a watcher that does not read is told so, and costs no more than there are tasks", async () => {
  const { watch, changed } = createWatchers(2);
  const summary = (name: string) => create(TaskSummarySchema, { name });
  const stop = new AbortController();
  const watched = watch("users/a", stop.signal, () => []);
  expect((await watched.next()).value).toEqual([]);
  for (let count = 0; count < 1000; count++) changed("users/a", summary("tasks/1"));
  changed("users/b", summary("tasks/2"));
  expect((await watched.next()).value).toHaveLength(1);
  for (const name of ["tasks/1", "tasks/2", "tasks/3"]) {
    changed("users/a", summary(name));
  }
  await expect(watched.next()).rejects.toThrow(/3 changed tasks wait/);
});

test("a refusal says in the list that it is one", async () => {
  const { task } = await tasks().createTask({ goal: "Book me a flight to Paris" });
  const { tasks: listed } = await tasks().listTasks({ query: "flight to Paris" });
  expect(listed[0]).toMatchObject({ name: task!.name, reason: Reason.NO_SKILL });
  const fine = await done({ plan: threeSteps() });
  const all = await tasks().listTasks({});
  expect(all.tasks.find(({ name }) => name === fine.name)!.reason).toBe(Reason.UNSPECIFIED);
});

test("a task that continues another one has its files and changes its chart", async () => {
  const file = await uploaded("seattle-weather.csv");
  const conversation = "conversations/weather";
  const first = await done({
    goal: "Zeige den mittleren Niederschlag pro Monat als Balkendiagramm",
    attachments: [file],
    conversation,
  });
  expect(first.state).toBe(State.SUCCEEDED);
  const asked = await done({
    goal: "Wie viele Tage hatten Schnee?",
    previous: first.name,
    conversation,
  });
  expect(asked.attachments.map(({ name }) => name)).toEqual([file.name]);
  expect(asked.state).toBe(State.SUCCEEDED);
  // The chart lies two tasks back.
  const changed = await done({ goal: "als Linie", previous: asked.name, conversation });
  expect(changed.plan!.steps.map(({ method }) => method.split("/")[1])).toEqual(["ChangeChart"]);
  expect(changed.state).toBe(State.SUCCEEDED);
  const marks = [first, changed].map(({ answer }) =>
    answer!.artifacts.flatMap(({ kind }) => (kind.case === "chart" ? [kind.value.mark] : [])),
  );
  expect(marks).toEqual([["bar"], ["line"]]);
  expect(changed.answer!.text).toMatch(/Linie/);
});

test("a question goes on from the one before, also where a chart was asked for", async () => {
  const file = await uploaded("seattle-weather.csv");
  const conversation = "conversations/going-on";
  const ask = (goal: string, previous: Task | undefined, attachments = previous ? [] : [file]) =>
    done({ goal, attachments, conversation, previous: previous?.name ?? "" });
  const said = async (goal: string) => (await ask(goal, undefined)).answer!.text;
  const snow = await ask("How many days had snow in 2012?", undefined);
  const rain = await ask("and rain?", snow);
  expect(rain.answer!.text).toBe(await said("How many days had rain in 2012?"));
  const later = await ask("what about 2014?", rain);
  expect(later.answer!.text).toBe(await said("How many days had rain in 2014?"));
  const inputs = later.plan!.steps[0]!.inputs.find(({ field }) => field === "earlier_questions");
  expect(inputs?.value.value).toMatchObject({ kind: { case: "listValue" } });
  const alone = await ask("What is the maximum wind?", later);
  expect(alone.answer!.text).toBe(await said("What is the maximum wind?"));
  // Asked of other rows, the words before say nothing.
  const other = await ask("and rain?", snow, [await uploaded("cars.json")]);
  expect(other.state).toBe(State.FAILED);

  const chart = await ask("Zeige den mittleren Niederschlag pro Monat als Balken", undefined);
  const drawn = await ask("und pro Jahr?", chart);
  const charts = drawn.answer!.artifacts.filter(({ kind }) => kind.case === "chart");
  expect(drawn.state).toBe(State.SUCCEEDED);
  expect(charts).toHaveLength(1);
  expect(drawn.answer!.text).toContain("2012");
  // After an answer without a chart, another one.
  const figure = await ask("Wie viele Tage hatten 2012 Schnee?", drawn);
  const next = await ask("und Regen?", figure);
  expect(next.plan!.steps.map(({ method }) => method.split("/")[1])).toEqual(["AnswerQuestion"]);
});

test("what a task continues must be there, and be one's own", async () => {
  const failed = await tasks()
    .createTask({ goal: "als Linie", previous: "tasks/0-nobody" })
    .then(
      () => expect.fail("it should have been refused"),
      (error) => ConnectError.from(error),
    );
  expect(failed.code).toBe(Code.NotFound);
  expect(failed.message).toContain("tasks/0-nobody");
});
