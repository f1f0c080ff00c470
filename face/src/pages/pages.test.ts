// @vitest-environment happy-dom

import { State } from "@keiko/gen/keiko/task/v1/task_pb.js";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { House } from "../testing/house.ts";
import { type Rendered, renderAt } from "../testing/render.ts";

let page: Rendered;
const goal = "Show me the mean precipitation per month as a bar chart";

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
  localStorage.setItem("keiko.language", "en");
});

afterEach(() => page.close());

async function askedOn(house = new House()): Promise<string> {
  page = renderAt("/", house);
  await page.attach("seattle-weather.csv");
  await page.find("section", "1,461 rows");
  await page.type(goal);
  await page.find("a.step");
  return [...house.tasks.keys()].at(-1)!;
}

describe("Tasks", () => {
  test("the list is live, and a state filters it", async () => {
    const name = await askedOn();
    await page.close();
    page = renderAt("/tasks", page.house);
    await page.find("a.task", "Queued");
    page.house.finish(name);
    await page.find("a.task", "Succeeded");
    (await page.find("nav a", "Cancelled")).click();
    expect(location.search).toBe("?state=cancelled");
    await page.find("p", "No task is in this state.");
  });

  test("refused tasks are listed apart from failed ones", async () => {
    const house = new House();
    house.create({ goal: "what was our profit", requestId: "a" });
    house.create({ goal: "what broke", requestId: "b" });
    house.change(house.tasks.get("tasks/000002")!, State.FAILED);
    page = renderAt("/tasks?state=refused", house);
    await page.find("a.task", "what was our profit");
    await page.gone("a.task", "what broke");
    (await page.find("nav a", "Failed")).click();
    await page.find("a.task", "what broke");
    await page.gone("a.task", "what was our profit");
    house.create({ goal: "no profit either", requestId: "c" });
    (await page.find("nav a", "Refused")).click();
    await page.find("a.task", "no profit either");
  });

  test("a task has an address of its own, with the messages of its steps", async () => {
    const name = await askedOn();
    page.house.finish(name);
    await page.close();
    page = renderAt(`/${name}`, page.house);
    await page.find("h1", goal);
    await page.find(".sentence strong", "November");
    await page.find("summary", "keiko.data.v1.DataService/AnswerQuestion");
  });

  test("an unknown task is said to be missing", async () => {
    page = renderAt("/tasks/nothing");
    await page.find("h1", "There is no such task");
  });
});

describe("Agents", () => {
  test("skills and workloads come and go while one looks", async () => {
    page = renderAt("/agents");
    await page.find("h3", "Draw the chart");
    await page.find(".groups b", "visual-1");
    page.house.leave("workloads/visual-1");
    await page.gone(".groups b", "visual-1");
    await page.gone("h3", "Draw the chart");
    await page.find("[role=status]", "visual-1 has left");
  });

  test("search narrows the skills, and words that fit none say so", async () => {
    page = renderAt("/agents?q=histogram");
    await page.find("h3", "Draw the chart");
    await page.gone("h3", "Answer from the table");
    await page.close();
    page = renderAt("/agents?q=telescope");
    await page.find("p", "No skill fits these words.");
  });

  test("an example runs with one click, on a sample where no table is attached", async () => {
    page = renderAt("/agents");
    (await page.find("button", "Which month was the wettest?")).click();
    await page.find("a.step");
    expect(page.house.created[0]).toMatchObject({ goal: "Which month was the wettest?" });
    expect(page.house.created[0]?.attachments).toHaveLength(1);
  });

  test("a skill has an address of its own; one that changes charts is tried on a new chart", async () => {
    page = renderAt("/skills/keiko.visual.v1.VisualService/ChangeChart");
    await page.find("h1", "Change the chart");
    await page.find("dd", "keiko.visual.v1.ChangeChartRequest");
    await page.find(".groups b", "visual-1");
    (await page.find("button", "as a line")).click();
    await page.find("a.step");
    expect(page.house.created).toHaveLength(1);
    page.house.finish("tasks/000001");
    await page.find("article:nth-child(2)", "as a line");
    await page.find("article:nth-child(2) a.step");
    expect(page.house.created[1]).toMatchObject({ goal: "as a line", previous: "tasks/000001" });
  });
});

describe("Frame", () => {
  test("whoever is not signed in is told what to open, and let in when signed in", async () => {
    const house = new House();
    house.signedIn = false;
    page = renderAt("/", house);
    await page.find("h1", "Not signed in");
    house.signedIn = true;
    (await page.find("button", "Check again")).click();
    await page.find("h1", "Ask a table");
  });

  test("the language changes at once and is kept", async () => {
    page = renderAt("/");
    (await page.find("nav.rail button", "Deutsch")).click();
    await page.find("h1", "Eine Tabelle befragen");
    expect(document.documentElement.lang).toBe("de");
    expect(localStorage.getItem("keiko.language")).toBe("de");
  });

  test("a task that ends elsewhere is told, unless its page is shown", async () => {
    page = renderAt("/agents");
    await page.find("h3", "Draw the chart");
    const task = page.house.create({ goal: "one for later", requestId: "a" });
    await page.find("nav.rail", "1 task running");
    page.house.finish(task.name);
    await page.find(".toast b", "one for later");
    (await page.find<HTMLButtonElement>(".toast button")).click();
    await page.gone(".toast", "one for later");
    (await page.find("nav.rail a", "Tasks")).click();
    await page.find("a.task", "one for later");
    const second = page.house.create({ goal: "and another", requestId: "b" });
    page.house.finish(second.name);
    await page.find("a.task", "and another");
    await page.gone(".toast");
  });

  test("the palette finds pages, skills, tasks and conversations, and asks what is typed", async () => {
    const house = new House();
    house.finish(house.create({ goal: "mean rain", conversation: "conversations/c1" }).name);
    page = renderAt("/tasks", house);
    await page.find("a.task");
    const press = (key: string, more = {}) =>
      document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, ...more }));
    press("k", { ctrlKey: true });
    await page.find("[role=option]", "New conversation");
    await page.find("[role=option]", "Draw the chart");
    await page.find("[role=option] .hint", "1 question");
    const field = await page.find<HTMLInputElement>("[role=combobox]");
    const type = (text: string) => {
      field.value = text;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    };
    type("dark");
    (await page.find("[role=option]", "Appearance: Dark")).click();
    expect(document.documentElement.dataset.theme).toBe("dark");
    press("k", { ctrlKey: true });
    const again = await page.find<HTMLInputElement>("[role=combobox]");
    again.value = "which month was wet";
    again.dispatchEvent(new Event("input", { bubbles: true }));
    (await page.find("[role=option]", "Ask: which month was wet")).click();
    await page.find("article h2", "which month was wet");
  });

  test("keys lead to pages, and ? shows them", async () => {
    page = renderAt("/");
    await page.find("h1", "Ask a table");
    const press = (key: string) =>
      document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    press("g");
    press("t");
    await page.find("h1", "Tasks");
    press("c");
    await page.find("h1", "Ask a table");
    press("?");
    await page.find("dialog kbd", "?");
  });

  test("settings are kept", async () => {
    page = renderAt("/settings");
    (await page.find("label input[value=compact]")).click();
    expect(localStorage.getItem("keiko.density")).toBe("compact");
    expect(document.documentElement.className).toBe("compact");
    (await page.find("label input[value=comfortable]")).click();
    expect(document.documentElement.className).toBe("");
  });

  test("back and forward change the page", async () => {
    page = renderAt("/");
    (await page.find("nav.rail a", "Agents")).click();
    await page.find("h1", "Agents and skills");
    history.back();
    await page.find("h1", "Ask a table");
  });

  test("an unknown address is a page that leads home", async () => {
    page = renderAt("/nowhere");
    await page.find("h1", "There is nothing at this address");
  });
});
