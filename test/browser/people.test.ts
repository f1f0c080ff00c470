/** What people decide, steer and store, in a real browser against a real Keiko. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create } from "@bufbuild/protobuf";
import { main } from "@keiko/cli/src/main.ts";
import { testTerminal } from "@keiko/cli/src/testing/terminal.ts";
import { ParameterType, PlanSchema } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { PlanService } from "@keiko/gen/keiko/plan/v1/plan_service_pb.js";
import { State } from "@keiko/gen/keiko/task/v1/task_pb.js";
import { TaskService } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import { expect, test, vi } from "vitest";
import { literal, output, planOf, probe, step } from "../support/plans.ts";
import { seriousViolations } from "./axe.ts";
import { useStage } from "./stage.ts";

const stage = useStage();

/** One number is asked for, one is counted up from it for each of three, and a person agrees before
 * an entry is written. */
const asking = () =>
  create(PlanSchema, {
    ...planOf(
      {
        id: "start",
        title: "Ask for the start",
        question: { text: "From which number?", type: ParameterType.INTEGER },
      },
      step("count", "Increment", output("value", "start", "integer")),
      {
        id: "write",
        method: probe("Record"),
        inputs: [literal("entry", "done")],
        title: "Write it down",
        after: ["count"],
        approval: { text: "{count.value} is written into the ledger." },
      },
    ),
    goal: "Count and write it down",
  });

const createTask = async (plan = asking()) => {
  const { task } = await stage.keiko.client(TaskService).createTask({ plan });
  return task!.name;
};
const stateOf = async (name: string) =>
  (await stage.keiko.client(TaskService).getTask({ name })).task?.state;

test("the inbox counts what waits; a question and a consent are answered in place", async () => {
  const page = await stage.open("/inbox");
  await page.getByText("Nothing waits for you.").waitFor();
  const name = await createTask();
  await page.getByRole("link", { name: "Inbox 1 decision waits for you" }).waitFor();
  const question = page.getByRole("region", { name: /Question/ });
  await question.getByRole("textbox").fill("four");
  await question.getByRole("button", { name: "Answer" }).click();
  await question.getByText("Only a whole number fits here.").waitFor();
  expect(await seriousViolations(page)).toEqual([]);
  await question.getByRole("textbox").fill("41");
  await question.getByRole("button", { name: "Answer" }).click();
  const consent = page.getByRole("region", { name: /Needs consent/ });
  await consent.getByText("42 is written into the ledger.").waitFor();
  expect(await seriousViolations(page)).toEqual([]);
  await consent.getByRole("button", { name: "Agree" }).click();
  await page.getByText("Nothing waits for you.").waitFor();
  await vi.waitFor(async () => expect(await stateOf(name)).toBe(State.SUCCEEDED), 10_000);
});

test("on its page a task is declined with a reason; nothing typed is lost by a reload", async () => {
  const name = await createTask();
  await stage.keiko.client(TaskService).answerStep({
    name,
    step: "start",
    answer: { case: "reply", value: { integer: 1n } },
  });
  const page = await stage.open(`/${name}`);
  const consent = page.getByRole("region", { name: /Needs consent/ });
  await consent.getByRole("button", { name: "Decline" }).click();
  await consent.getByRole("textbox", { name: "Why not" }).fill("not today");
  await page.reload();
  await consent.getByRole("button", { name: "Decline" }).click();
  expect(await consent.getByRole("textbox", { name: "Why not" }).inputValue()).toBe("not today");
  await consent.getByRole("button", { name: "Decline and stop the task" }).click();
  await consent.waitFor({ state: "detached" });
  await vi.waitFor(async () => expect(await stateOf(name)).toBe(State.FAILED), 10_000);
  expect(await seriousViolations(page)).toEqual([]);
});

test("a task is paused and goes on; replayed, it comes out the same", async () => {
  const slow = planOf(step("wait", "Wait", literal("time", "8s")), {
    id: "count",
    method: probe("Increment"),
    inputs: [literal("value", 1)],
    after: ["wait"],
  });
  const name = await createTask(slow);
  const page = await stage.open(`/${name}`);
  await page.getByRole("button", { name: "Pause" }).click();
  await page.getByText("nothing new starts").waitFor();
  await page.getByRole("button", { name: "Go on" }).click();
  await vi.waitFor(async () => expect(await stateOf(name)).toBe(State.SUCCEEDED), 30_000);
  await page.getByRole("button", { name: "Replay what was recorded" }).click();
  await page.getByText("Comes out the same").waitFor();
  await page.getByRole("button", { name: "Compare with today" }).click();
  await page.getByText(/\d calls? compared/).waitFor();
  expect(await seriousViolations(page)).toEqual([]);
});

test("a stored plan is run with its form, gets a schedule, and is deleted", async () => {
  const plan = create(PlanSchema, {
    goal: "Count up from a number",
    parameters: [{ name: "from", type: ParameterType.INTEGER, title: "From" }],
    steps: [
      {
        id: "count",
        method: probe("Increment"),
        inputs: [{ field: "value", value: { case: "parameter", value: "from" } }],
      },
    ],
  });
  await stage.keiko.client(PlanService).storePlan({ name: "plans/counting", plan });
  const page = await stage.open("/plans");
  await page.getByRole("link", { name: /counting/ }).click();
  await page.getByRole("heading", { level: 1, name: "counting" }).waitFor();
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.getByText("Only a whole number fits here.").waitFor();
  await page.getByRole("textbox", { name: "From" }).fill("7");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.getByRole("heading", { level: 1, name: "Count up from a number" }).waitFor();
  await page.getByRole("link", { name: "Plan counting, version 1" }).click();
  await page.getByRole("link", { name: /Succeeded.*version 1/ }).waitFor();
  await page.getByRole("button", { name: "At times" }).click();
  await page.getByRole("button", { name: "Every hour" }).click();
  await page.getByRole("textbox", { name: "From" }).last().fill("1");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText(/^Every hour · /).waitFor();
  await page.getByText(/^next /).waitFor();
  expect(await seriousViolations(page)).toEqual([]);
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Delete with all versions" }).click();
  await page.getByText("No plan is stored yet.").waitFor();
});

test("the command stores, runs, answers and replays what the console shows", async () => {
  const folder = await mkdtemp(join(tmpdir(), "keiko-people-"));
  const type = async (...words: string[]) => {
    const terminal = testTerminal();
    const code = await main([...words, "--home", stage.keiko.home], terminal);
    return { code, ...terminal.written };
  };
  // The command finds the port in its folder.
  await writeFile(join(stage.keiko.home, "address"), `${stage.keiko.base}\n`);
  const path = join(folder, "plan.yaml");
  await writeFile(
    path,
    `goal: Count with consent
language: en
parameters:
  - { name: from, type: PARAMETER_TYPE_INTEGER }
steps:
  - id: count
    method: ${probe("Increment")}
    approval: { text: Counting begins. }
    inputs:
      - { field: value, parameter: from }
`,
  );
  expect((await type("plan", "store", "consent", path)).code).toBe(0);
  const ran = await type("plan", "run", "consent", "--input", "from=3", "--json");
  expect(ran.code).toBe(3);
  const { name } = JSON.parse(ran.out) as { name: string };
  expect((await type("inbox")).out).toContain("Counting begins.");
  const page = await stage.open(`/${name}`);
  await page.getByRole("region", { name: /Needs consent/ }).waitFor();
  const outer = join(folder, "outer.yaml");
  const inner =
    "{ id: inner, sub_plan: { name: plans/consent }, inputs: [{ field: from, literal: 1 }] }";
  await writeFile(outer, `goal: More\nsteps:\n  - ${inner}\n`);
  expect((await type("plan", "store", "outer", outer)).err).toBe("");
  const needed = await type("plan", "delete", "consent");
  expect([needed.code, needed.err]).toEqual([2, expect.stringContaining("plans/outer")]);
  expect((await type("plan", "delete", "outer")).code).toBe(0);
  expect((await type("task", "approve", name)).code).toBe(0);
  await page.getByRole("button", { name: "Replay what was recorded" }).waitFor();
  expect(await type("task", "replay", name, "--against", "current")).toMatchObject({ code: 0 });
  const other = await type("task", "decline", name, "count");
  expect([other.code, other.out]).toEqual([2, ""]);
  expect(
    (await type("plan", "trigger", "consent", "--cron", "0 7 * * *", "--input", "from=1")).code,
  ).toBe(0);
  expect((await type("plan", "show", "consent")).out).toContain("0 7 * * * UTC (next");
  expect((await type("plan", "delete", "consent")).code).toBe(0);
  await rm(folder, { recursive: true });
});
