/** Files that are not what they say, over the public API: each ends with what, why and what to do. */
import { readFile } from "node:fs/promises";
import { fromJson, type JsonValue } from "@bufbuild/protobuf";
import { FileSchema } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { State } from "@keiko/gen/keiko/task/v1/task_pb.js";
import { TaskService } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import { agentsFor } from "@keiko/local/agents.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startKeiko, type TestKeiko } from "../support/keiko.ts";
import { pathOf } from "./source.ts";

let keiko: TestKeiko;
beforeAll(async () => {
  keiko = await startKeiko({ agents: () => agentsFor() });
});
afterAll(() => keiko.stop());

async function ask(filename: string, body: Uint8Array, goal: string) {
  const headers = {
    authorization: `Bearer ${keiko.token}`,
    "x-filename": encodeURIComponent(filename),
  };
  const init = { method: "POST", headers, body: new Uint8Array(body) };
  const response = await fetch(`${keiko.base}/files`, init);
  const file = fromJson(FileSchema, (await response.json()) as JsonValue);
  const tasks = keiko.client(TaskService);
  const { task } = await tasks.createTask({ goal, attachments: [file] });
  let last = task!;
  for await (const { task: now } of tasks.watchTask({ name: task!.name })) last = now!;
  return last;
}

const text = (content: string) => new TextEncoder().encode(content);
const binary = Uint8Array.from({ length: 4096 }, (_, index) => (index * 7919) % 256);

test.each<[string, () => Promise<Uint8Array> | Uint8Array]>([
  ["a binary called.csv", () => binary],
  [
    "a picture called.csv",
    () => Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]),
  ],
  ["empty.csv", () => new Uint8Array()],
  ["torn.json", async () => (await readFile(pathOf("cars.json"))).subarray(0, 5000)],
  ["torn.parquet", async () => (await readFile(pathOf("flights-3m.parquet"))).subarray(0, 50_000)],
  ["page.csv", () => text("<!doctype html><html><body>Not found</body></html>")],
])("%s", async (filename, content) => {
  for (const goal of ["How many rows are there?", "Beschreibe diese Tabelle"]) {
    const task = await ask(filename, await content(), goal);
    expect(task.state).toBe(State.FAILED);
    const [problem] = task.problems;
    expect(Reason[problem!.reason]).toBe("UNREADABLE_FILE");
    expect(problem!.message).toContain(filename);
    expect(problem!.remedy).not.toBe("");
  }
});

test("a file that none of the skills reads is refused before anything runs", async () => {
  const task = await ask("report.pdf", text("%PDF-1.7"), "How many rows are there?");
  expect(task.steps).toEqual([]);
  expect(task.problems[0]).toMatchObject({ field: "attachments[0].media_type" });
  expect(task.problems[0]!.message).toContain("report.pdf");
});

test("and everything else goes on", async () => {
  const task = await ask("fine.csv", text("a,b\n1,2\n3,4\n"), "What is the sum of b?");
  expect(task.state).toBe(State.SUCCEEDED);
  expect(task.answer!.text).toContain("6");
});

test("what is wrong with a file is said in the language of the question", async () => {
  const { problems } = await ask("leer.csv", new Uint8Array(), "Wie viele Zeilen gibt es?");
  expect(problems[0]!.message).toContain(
    "„leer.csv“ ist nicht als Tabelle zu lesen: die Datei ist leer.",
  );
  expect(problems[0]!.remedy).toContain("anhängen");
});
