/** Conversations: each has an address, goes on from what was made before, and is found again. */
import { TaskService } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import { describe, expect, test } from "vitest";
import { literal, planOf, step } from "../support/plans.ts";
import { seriousViolations } from "./axe.ts";
import { useStage } from "./stage.ts";
import { answerOf, ask, attach } from "./visitor.ts";
import { english } from "./weather.ts";

const stage = useStage();

test("a follow-up changes the chart; the address shows the same in another window", async () => {
  const page = await stage.open("/");
  await attach(page, "seattle-weather.csv");
  await ask(page, english);
  await answerOf(page);
  expect(new URL(page.url()).pathname).toMatch(/^\/conversations\/[0-9a-f]{32}$/);
  await page.getByText("Goes on with seattle-weather.csv").waitFor();
  await ask(page, "as a line");
  await page.locator("article").nth(1).waitFor();
  const changed = await answerOf(page);
  expect(await changed.locator("a.step .title").allTextContents()).toEqual(["Change the chart"]);
  expect(await changed.locator("figure img").first().getAttribute("alt")).toMatch(/^Line/);
  expect(await seriousViolations(page)).toEqual([]);

  // A window that never saw it: nothing but the address is known there.
  const other = await stage.open(new URL(page.url()).pathname);
  await other.locator("article").nth(1).locator("figure img").first().waitFor();
  expect(await other.locator("article h2").allTextContents()).toEqual([english, "as a line"]);

  // What is asked there appears here, and is continued here.
  await ask(other, "as a bar chart");
  await page.locator("article").nth(2).locator("figure img").first().waitFor();
});

test("the list beside the thread is searched, walked by keys and follows what happens", async () => {
  const page = await stage.open("/");
  await attach(page, "cars.json");
  await ask(page, "How many cars have more than 6 cylinders?");
  await answerOf(page);
  const panel = page.getByRole("region", { name: "Conversations" });
  await panel.locator("a[aria-current=page]", { hasText: "How many cars" }).waitFor();
  await page.getByRole("button", { name: "New conversation" }).click();
  await page.getByRole("heading", { name: "Ask a table" }).waitFor();
  await panel.getByRole("textbox", { name: "Search conversations" }).fill("cylinders");
  await expect.poll(() => panel.locator("ul a").count()).toBe(1);
  await panel.locator("ul a").focus();
  await page.keyboard.press("Enter");
  await answerOf(page);
  await panel.getByRole("textbox", { name: "Search conversations" }).fill("telescope");
  await panel.getByText("No conversation contains these words.").waitFor();
  expect(await seriousViolations(page)).toEqual([]);
  await panel.getByRole("button", { name: "Hide conversations" }).click();
  await page.reload();
  await page.getByRole("button", { name: "Show conversations" }).click();
  await panel.waitFor();
});

test("a question with two readings is asked back, and the one that is meant is one click", async () => {
  const page = await stage.open("/");
  await attach(page, "movies.json");
  await ask(page, "average rating by genre since 2000");
  const note = page.getByRole("region", { name: "Which one is meant?" });
  await note.getByRole("button", { name: /Rotten Tomatoes/ }).waitFor();
  expect(await seriousViolations(page)).toEqual([]);
  await note.getByRole("button", { name: /IMDB/ }).click();
  await page.locator("article").nth(1).waitFor();
  const article = await answerOf(page);
  await article.getByRole("columnheader", { name: /IMDB/ }).waitFor();
  await page.getByRole("link", { name: "Tasks" }).click();
  await page
    .locator("a.task", { hasText: "average rating by genre" })
    .getByText("Refused")
    .waitFor();
});

test("another reading of a part is a question of its own, one click away", async () => {
  const page = await stage.open("/", { language: "de" });
  await attach(page, "seattle-weather.csv");
  await ask(page, "Niederschlag pro Monat");
  const article = await answerOf(page);
  await article.locator("dd details summary").first().click();
  const other = article.locator("dd details[open] li button").first();
  const question = (await other.getAttribute("title"))!;
  expect(await seriousViolations(page)).toEqual([]);
  await other.click();
  await page.locator("article").nth(1).waitFor();
  expect(await (await answerOf(page)).locator("h2").textContent()).toBe(question);
});

test("an unknown conversation is empty and says so", async () => {
  const page = await stage.open("/conversations/nothing");
  await page.getByText("There is nothing in this conversation").waitFor();
  expect(await seriousViolations(page)).toEqual([]);
});

describe("a task that ends elsewhere", () => {
  test("is told in the page, and leads there", async () => {
    const page = await stage.open("/agents");
    await page.getByRole("heading", { name: "Draw the chart" }).waitFor();
    const plan = planOf(step("wait", "Wait", literal("time", "0.4s")));
    await stage.keiko.client(TaskService).createTask({ goal: "wait a little", plan });
    await page.getByRole("navigation").getByText("1 task running").waitFor({ state: "attached" });
    const toast = page.locator(".toast", { hasText: "wait a little" });
    await toast.getByText("Succeeded").waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await toast.getByRole("link").click();
    await page.getByRole("heading", { level: 1, name: "wait a little" }).waitFor();
    await toast.waitFor({ state: "detached" });
  });

  test("is told outside of the page while another tab is shown, for whoever wants that", async () => {
    const page = await stage.open("/settings");
    await page.getByRole("checkbox", { name: /^Tell outside of this page/ }).check();
    expect(await page.getByRole("checkbox").isChecked()).toBe(true);
    // A window without a screen is never hidden, so the page is told that it is.
    await page.evaluate(`{
      globalThis.told = [];
      globalThis.Notification = class {
        static permission = "granted";
        constructor(title, options) { told.push(title + " " + options.tag); }
      };
      Object.defineProperty(document, "visibilityState", { get: () => "hidden" });
    }`);
    const plan = planOf(step("wait", "Wait", literal("time", "0.2s")));
    const { task } = await stage.keiko
      .client(TaskService)
      .createTask({ goal: "wait unseen", plan });
    await expect
      .poll(() => page.evaluate("told"), { timeout: 10_000 })
      .toEqual([`Succeeded: wait unseen ${task!.name}`]);
  });
});

describe.each([390, 360])("on a phone of %i px", (width) => {
  test("conversations are in a sheet", async () => {
    const page = await stage.open("/", { width, height: 740, language: "de" });
    await attach(page, "seattle-weather.csv");
    await ask(page, "Wie viele Zeilen gibt es?");
    await answerOf(page);
    await page.getByRole("button", { name: "Gespräche anzeigen" }).click();
    const sheet = page.getByRole("dialog", { name: "Gespräche" });
    await sheet.locator("a[aria-current=page]").waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Neues Gespräch" }).click();
    await page.getByRole("heading", { name: "Eine Tabelle befragen" }).waitFor();
    await page.getByRole("button", { name: "Gespräche anzeigen" }).click();
    await sheet.locator("a", { hasText: "Wie viele Zeilen gibt es?" }).first().click();
    await answerOf(page);
    await sheet.waitFor({ state: "detached" });
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
  });
});
