/** Every goal as a person's program would send it, and what comes back. */
import { State } from "@keiko/gen/keiko/task/v1/task_pb.js";
import { agentsFor } from "@keiko/local/agents.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startKeiko, type TestKeiko } from "../support/keiko.ts";
import { type Asker, createAsker, wrongWith, wrongWithRefusal } from "./ask.ts";
import { answerable, gapGoals, goals, refusedGoals, unanswerable } from "./goals.ts";
import { knownGaps } from "./known-gaps.ts";

let keiko: TestKeiko;
let asker: Asker;
beforeAll(async () => {
  keiko = await startKeiko({ agents: () => agentsFor() });
  asker = createAsker(keiko);
});
afterAll(() => keiko.stop());

describe("goals that are answered", () => {
  test.each(goals)("$file: $goal", async (goal) => {
    const task = await asker.ask(goal.file, goal.goal);
    expect(task.problems).toEqual([]);
    expect(task.state).toBe(State.SUCCEEDED);
    expect(await wrongWith(asker, task, goal)).toEqual([]);
  });
});

describe("goals that are refused, with questions that work instead", () => {
  test.each(refusedGoals)("$file: $goal", async (goal) => {
    const task = await asker.ask(goal.file, goal.goal);
    expect(await wrongWithRefusal(asker, task, goal)).toEqual([]);
  });
});

describe("goals that are not understood yet are refused and never guessed", () => {
  test.each([...gapGoals])("$file: $goal", async ({ file, goal }) => {
    const task = await asker.ask(file, goal);
    expect(task.state).toBe(State.FAILED);
    expect(task.answer).toBeUndefined();
    expect(task.problems[0]!.remedy).not.toBe("");
  });
});

describe("the goals themselves", () => {
  test("each gap belongs to a goal", () => {
    expect(gapGoals.map(({ goal }) => goal).sort()).toEqual(Object.keys(knownGaps).sort());
  });

  test("no goal is there twice", () => {
    const asked = [...answerable, ...unanswerable].map(({ file, goal }) => `${file}: ${goal}`);
    expect(new Set(asked).size).toBe(asked.length);
  });

  test("they are many, in two languages, over many files", () => {
    const german = answerable.filter(({ language }) => language === "de");
    expect(answerable.length).toBeGreaterThanOrEqual(130);
    expect(unanswerable.length).toBeGreaterThanOrEqual(45);
    expect(german.length / answerable.length).toBeCloseTo(0.5, 1);
    expect(new Set(answerable.map(({ file }) => file)).size).toBeGreaterThanOrEqual(15);
  });
});
