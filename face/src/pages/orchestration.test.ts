// @vitest-environment happy-dom

import { create } from "@bufbuild/protobuf";
import { State, TaskSchema } from "@keiko/gen/keiko/task/v1/task_pb.js";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { House } from "../testing/house.ts";
import { lettersPlan, lettersTask } from "../testing/letters.ts";
import { type Rendered, renderAt } from "../testing/render.ts";

let page: Rendered;
beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});
afterEach(() => page.close());

function houseWith(stage: "asked" | "undone"): House {
  const house = new House();
  const task = lettersTask(stage);
  house.tasks.set(task.name, task);
  return house;
}

const type = (field: HTMLInputElement | HTMLTextAreaElement, text: string) => {
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
};

describe("a task that waits", () => {
  test("says what will happen, who may decide, and is agreed with in place", async () => {
    page = renderAt("/tasks/700001", houseWith("asked"));
    const card = await page.find("[data-asks=approval]", "12 letters go out by post");
    expect(card.textContent).toContain("for local and mia");
    (await page.find("[data-asks=approval] button", "Agree")).click();
    await page.gone("[data-asks=approval]");
    expect(page.house.desk.answers).toMatchObject([
      { name: "tasks/700001", step: "send", answer: { case: "agree", value: true } },
    ]);
  });

  test("is declined only with a second word, and takes the reason along", async () => {
    page = renderAt("/tasks/700001", houseWith("asked"));
    (await page.find("[data-asks=approval] button", "Decline")).click();
    type(await page.find<HTMLTextAreaElement>("[data-asks=approval] textarea"), "too many");
    expect(page.house.desk.answers).toEqual([]);
    (await page.find("button", "Decline and stop the task")).click();
    await page.gone("[data-asks=approval]");
    expect(page.house.desk.answers).toMatchObject([
      { answer: { case: "agree", value: false }, note: "too many" },
    ]);
  });

  test("can be handed to somebody else by name", async () => {
    page = renderAt("/tasks/700001", houseWith("asked"));
    (await page.find("[data-asks=approval] button", "Hand over")).click();
    type(await page.find<HTMLInputElement>("[data-asks=approval] input"), "mia");
    (await page.find("[data-asks=approval] button", "Hand over")).click();
    await page.find("[data-asks=approval]", "That was noted");
    expect(page.house.desk.answers[0]?.answer).toEqual({ case: "delegateTo", value: "users/mia" });
  });

  test("a question is a form of its type: nothing chosen is said at the field", async () => {
    page = renderAt("/tasks/700001", houseWith("asked"));
    const send = await page.find("[data-asks=question] button", "Answer");
    send.click();
    await page.find("[data-asks=question] .wrong p", "has to be filled in");
    expect(page.house.desk.answers).toEqual([]);
    (await page.find("[data-asks=question] label", "plain")).querySelector("input")?.click();
    send.click();
    await page.gone("[data-asks=question]");
    expect(page.house.desk.answers).toMatchObject([
      { step: "tone", answer: { case: "reply", value: { text: "plain" } } },
    ]);
  });
});

describe("what a task shows", () => {
  test("loops, consent, skipped steps, budget, retries and its plan", async () => {
    page = renderAt("/tasks/700001", houseWith("asked"));
    await page.find("[data-step=write] .loop", "7 of 12");
    await page.find("[data-step='consent:send'] [data-state=waiting]");
    await page.find("[data-step=call] [data-state=skipped]");
    await page.find("[data-step=find]", "attempt 3");
    await page.find(".when", "total > 10000");
    await page.find(".budget", "€0.14 of €0.50 spent");
    await page.find("a[href='/plans/reminders?version=1']", "Plan reminders, version 1");
    (await page.find("[data-step=write] a")).click();
    await page.find("aside li", "Element 12");
    expect(document.querySelectorAll("aside ol li")).toHaveLength(12);
  });

  test("what is being taken back, last first, and the task that asked for it", async () => {
    page = renderAt("/tasks/700002", houseWith("undone"));
    await page.find("section li", "Is being taken back");
    await page.find("[data-step=reserve]", "Is being taken back");
    await page.find("a[href='/tasks/700001']", "Part of another task");
    await page.find(".stopping", "It will not go on");
  });

  test("pauses and goes on", async () => {
    const house = new House();
    const task = house.create({ goal: "mean rain" });
    page = renderAt(`/${task.name}`, house);
    (await page.find("button[aria-label=Pause]")).click();
    await page.find("ul [data-state=paused]", "Paused");
    await page.find(".waiting", "nothing new starts");
    (await page.find("button", "Go on")).click();
    await page.gone("[data-state=paused]");
    await page.find("button[aria-label=Pause]");
  });

  test("a replay says the same, or marks the step with the field and both values", async () => {
    const house = new House();
    const task = house.create({ goal: "mean rain" });
    house.finish(task.name);
    page = renderAt(`/${task.name}`, house);
    (await page.find("button", "Replay what was recorded")).click();
    await page.find("section", "Comes out the same");
    const divergence = { transition: 3, step: "draw", field: "response.chart", recorded: '"bar"' };
    house.desk.replay = { transitionCount: 4, divergence };
    (await page.find("button", "Compare with today")).click();
    await page.find("section", "Comes out otherwise");
    await page.find("dd", "response.chart");
    await page.find("[data-step=draw] .diverged");
  });
});

describe("the inbox", () => {
  test("counts what waits, hears of more, and answers in place", async () => {
    page = renderAt("/inbox", houseWith("asked"));
    await page.find("nav.rail .count", "2");
    await page.find("li", "asked for by local");
    page.house.desk.foreign.push({
      task: "tasks/999",
      step: "pay",
      title: "Pay the invoice",
      owner: "users/mia",
      asked: { approval: true, text: "100 € are paid." },
    });
    page.house.create({ goal: "something else happens" });
    await page.find("nav.rail .count", "3");
    const card = await page.find("li section", "100 € are paid.");
    expect(card.textContent).toContain("asked for by mia");
    [...card.querySelectorAll("button")].find((one) => one.textContent?.includes("Agree"))?.click();
    await page.find("nav.rail .count", "2");
  });

  test("says when nothing waits", async () => {
    page = renderAt("/inbox");
    await page.find(".empty", "Nothing waits for you.");
  });
});

describe("stored plans", () => {
  const kept = () => {
    const house = new House();
    house.desk.keep("plans/reminders", lettersPlan());
    return house;
  };

  test("are listed, and empty says how to store one", async () => {
    page = renderAt("/plans", kept());
    (await page.find("ol a", "reminders")).click();
    await page.find("h1", "reminders");
    await page.close();
    page = renderAt("/plans");
    await page.find(".empty code", "keiko plan store");
  });

  test("run with a form of their parameters; what is missing is said at its field", async () => {
    page = renderAt("/plans/reminders", kept());
    const run = await page.find("form button", "Run");
    run.click();
    await page.find(".wrong", "A file has to be chosen");
    const picker = await page.find<HTMLInputElement>("input[type=file]");
    const files = [new File(["a\n"], "invoices.csv", { type: "text/csv" })];
    Object.defineProperty(picker, "files", { value: files, configurable: true });
    picker.dispatchEvent(new Event("change", { bubbles: true }));
    await page.find(".kept");
    (await page.find("label.choice", "Yes")).querySelector("input")?.click();
    run.click();
    await page.find("h1", "Remind everybody");
    const request = page.house.created.at(-1);
    expect(request?.storedPlan?.name).toBe("plans/reminders");
    expect(Object.keys(request?.inputs ?? {}).sort()).toEqual(["copy", "days", "list"]);
    expect(request?.inputs.days?.kind).toEqual({ case: "numberValue", value: 14 });
  });

  test("get and lose triggers; a wrong schedule is refused in words", async () => {
    page = renderAt("/plans/reminders", kept());
    (await page.find("button", "At times")).click();
    const cron = await page.find<HTMLInputElement>("input.cron");
    (await page.find("button", "Save")).click();
    await page.find("form:has(.cron) .wrong", "A file has to be chosen");
    const picker = await page.find<HTMLInputElement>("form:has(.cron) input[type=file]");
    const files = [new File(["a\n"], "invoices.csv", { type: "text/csv" })];
    Object.defineProperty(picker, "files", { value: files, configurable: true });
    picker.dispatchEvent(new Event("change", { bubbles: true }));
    await page.find("form:has(.cron) .kept");
    (await page.find("form:has(.cron) label.choice", "No")).querySelector("input")?.click();
    type(cron, "a b c d e");
    (await page.find("button", "Save")).click();
    await page.find("section.note", "is no schedule");
    (await page.find("button", "Weekdays at 7:00")).click();
    (await page.find("button", "Save")).click();
    await page.find("li", "Weekdays at 7:00");
    await page.find("li", "next Jan 4, 2027");
    (await page.find("li button", "Pause")).click();
    await page.find("li", "rests");
    (await page.find("li button[aria-label^=Remove]")).click();
    await page.find("p", "Only when somebody runs it");
  });

  test("are deleted after a second word; a refusal says who needs them", async () => {
    const house = kept();
    const name = "plans/reminders";
    house.tasks.set(
      "tasks/1",
      create(TaskSchema, { name: "tasks/1", state: State.RUNNING, storedPlan: { name } }),
    );
    page = renderAt("/plans/reminders", house);
    (await page.find("button", "Delete")).click();
    (await page.find("button", "Delete with all versions")).click();
    await page.find("section.note", "tasks/1 still runs plans/reminders");
    house.tasks.clear();
    (await page.find("button", "Delete")).click();
    (await page.find("button", "Delete with all versions")).click();
    await page.find("h1", "Plans");
    expect(house.desk.stored.size).toBe(0);
  });
});
