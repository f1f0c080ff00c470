/** Every goal as a person's program would send it: upload, CreateTask, watch, over the gateway's port. */
import { readFile } from "node:fs/promises";
import { fromJson, type JsonValue } from "@bufbuild/protobuf";
import { type File, FileSchema } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { State, type Task } from "@keiko/gen/keiko/task/v1/task_pb.js";
import { TaskService } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import { agentsFor } from "@keiko/local/agents.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startKeiko, type TestKeiko } from "../support/keiko.ts";
import { check } from "./check.ts";
import { goals, refusedGoals } from "./goals.ts";
import { pathOf, rowsOf } from "./source.ts";

let keiko: TestKeiko;
beforeAll(async () => {
  keiko = await startKeiko({ agents: () => agentsFor() });
});
afterAll(() => keiko.stop());

const uploaded = new Map<string, Promise<File>>();

function upload(file: string): Promise<File> {
  let sent = uploaded.get(file);
  if (!sent) {
    sent = readFile(pathOf(file)).then(async (body) => {
      const headers = { authorization: `Bearer ${keiko.token}`, "x-filename": file };
      const response = await fetch(`${keiko.base}/files`, { method: "POST", headers, body });
      return fromJson(FileSchema, (await response.json()) as JsonValue);
    });
    uploaded.set(file, sent);
  }
  return sent;
}

async function ask(file: string, goal: string): Promise<Task> {
  const tasks = keiko.client(TaskService);
  const { task } = await tasks.createTask({ goal, attachments: [await upload(file)] });
  let last = task!;
  for await (const { task: now } of tasks.watchTask({ name: task!.name })) last = now!;
  return last;
}

function artifact<K extends "table" | "chart">(task: Task, kind: K) {
  const found = task.answer?.artifacts.find((one) => one.kind.case === kind);
  return found?.kind.value as Extract<NonNullable<typeof found>["kind"], { case: K }>["value"];
}

const wantsChart = /diagramm|chart|plot|histogram|zeichne|draw/i;

describe("goals that are answered", () => {
  test.each(goals)("$file: $goal", async ({ file, goal, language, expect: expected }) => {
    const task = await ask(file, goal);
    expect(task.problems).toEqual([]);
    expect(task.state).toBe(State.SUCCEEDED);
    const table = artifact(task, "table");
    expect(check(expected(rowsOf(file)), task.answer!.text, table, language)).toEqual([]);
    expect(task.answer!.sources.map(({ title }) => title)).toContain(file);
    expect(task.steps[0]!.evidence).toMatch(/FROM source/);
    if (wantsChart.test(goal)) {
      const chart = artifact(task, "chart");
      expect(chart.alternativeText).not.toBe("");
      const svg = await fetch(`${keiko.base}/files/${chart.svg!.name.replace("artifacts/", "")}`, {
        headers: { authorization: `Bearer ${keiko.token}` },
      });
      expect(await svg.text()).toMatch(/^<svg/);
    }
  });
});

describe("goals that are refused, with questions that work instead", () => {
  test.each(refusedGoals)("$file: $goal", async ({ file, goal, refuse, names }) => {
    const task = await ask(file, goal);
    expect(task.state).toBe(State.FAILED);
    expect(task.answer).toBeUndefined();
    const [problem] = task.problems;
    expect(`REASON_${Reason[problem!.reason]}`).toBe(refuse);
    for (const name of names) expect(problem!.message).toContain(name);
    expect(problem!.remedy).not.toBe("");
    expect(problem!.suggestions.length).toBeGreaterThanOrEqual(2);
    const other = await ask(file, problem!.suggestions[0]!);
    expect(other.state).toBe(State.SUCCEEDED);
  });
});
