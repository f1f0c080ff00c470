/** Asks as a person's program would: upload, CreateTask, watch, over the gateway's port. */
import { readFile } from "node:fs/promises";
import { fromJson, type JsonValue } from "@bufbuild/protobuf";
import {
  type Chart,
  type File,
  FileSchema,
  type Table,
} from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { State, type Task } from "@keiko/gen/keiko/task/v1/task_pb.js";
import { TaskService } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import type { TestKeiko } from "../support/keiko.ts";
import { check } from "./check.ts";
import type { Goal, RefusedGoal } from "./goal.ts";
import { pathOf, rowsOf } from "./source.ts";

export interface Asker {
  ask(file: string, goal: string): Promise<Task>;
  /** The text of a file that a task made. */
  read(file: File): Promise<string>;
}

export function createAsker(keiko: TestKeiko): Asker {
  const tasks = keiko.client(TaskService);
  const authorization = `Bearer ${keiko.token}`;
  const uploaded = new Map<string, Promise<File>>();

  async function upload(file: string): Promise<File> {
    const headers = { authorization, "x-filename": file };
    const init = { method: "POST", headers, body: await readFile(pathOf(file)) };
    const response = await fetch(`${keiko.base}/files`, init);
    return fromJson(FileSchema, (await response.json()) as JsonValue);
  }
  return {
    async ask(file, goal) {
      if (!uploaded.has(file)) uploaded.set(file, upload(file));
      const { task } = await tasks.createTask({ goal, attachments: [await uploaded.get(file)!] });
      let last = task!;
      for await (const { task: now } of tasks.watchTask({ name: task!.name })) last = now!;
      return last;
    },
    async read(file) {
      const address = `${keiko.base}/files/${file.name.replace("artifacts/", "")}`;
      return (await fetch(address, { headers: { authorization } })).text();
    },
  };
}

/** All tables of the answer as one: two questions in one sentence may give two. */
export function tableOf(task: Task): Pick<Table, "columns" | "rows" | "rowCount"> {
  const tables = (task.answer?.artifacts ?? []).flatMap(({ kind }) =>
    kind.case === "table" ? [kind.value] : [],
  );
  return {
    columns: tables.flatMap(({ columns }) => columns),
    rows: tables.flatMap(({ rows }) => rows),
    rowCount: tables[0]?.rowCount ?? 0n,
  };
}

export function chartOf(task: Task): Chart | undefined {
  const charts = (task.answer?.artifacts ?? []).flatMap(({ kind }) =>
    kind.case === "chart" ? [kind.value] : [],
  );
  return charts[0];
}

const wantsChart = /diagramm|säulen|balken|als linie|chart|plot|histogram|zeichne|\bdraw/i;

/** @returns what is wrong with the answer; empty: nothing. */
export async function wrongWith(asker: Asker, task: Task, asked: Goal): Promise<string[]> {
  const { file, goal, language, expect: expected } = asked;
  const text = task.answer?.text ?? "";
  const wrong = check(expected(rowsOf(file)), text, tableOf(task), language);
  if (!task.answer?.sources.some(({ title }) => title === file)) wrong.push("no source is named");
  if (!/FROM source/.test(task.steps[0]?.evidence ?? "")) wrong.push("no SQL is shown");
  if (!wantsChart.test(goal)) return wrong;
  const chart = chartOf(task);
  if (!chart?.svg) return [...wrong, "no chart was drawn"];
  if (chart.alternativeText === "") wrong.push("the chart has no text for who cannot see it");
  if (!(await asker.read(chart.svg)).startsWith("<svg")) wrong.push("the chart is no picture");
  return wrong;
}

/** @returns what is wrong with the refusal, its reason, its words and its suggestions. */
export async function wrongWithRefusal(
  asker: Asker,
  task: Task,
  { file, refuse, names }: RefusedGoal,
): Promise<string[]> {
  const [problem] = task.problems;
  if (task.state !== State.FAILED || !problem) return ["it was not refused"];
  const wrong: string[] = [];
  const reason = `REASON_${Reason[problem.reason]}`;
  if (reason !== refuse) wrong.push(`${reason} instead of ${refuse}: ${problem.message}`);
  for (const name of names) {
    if (!problem.message.includes(name)) wrong.push(`it does not name ${name}: ${problem.message}`);
  }
  if (task.answer) wrong.push("it has an answer all the same");
  if (problem.remedy === "") wrong.push("it does not say what to do");
  if (problem.suggestions.length < 2) wrong.push("it suggests fewer than two questions");
  for (const suggestion of problem.suggestions.slice(0, 1)) {
    const other = await asker.ask(file, suggestion);
    if (other.state !== State.SUCCEEDED) wrong.push(`its suggestion fails: ${suggestion}`);
  }
  return wrong;
}
