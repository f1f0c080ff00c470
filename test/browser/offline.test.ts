/** The console in front of a Keiko that dies: it says so, loses nothing, and goes on by itself. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { seriousViolations } from "./axe.ts";
import { launchBrowser } from "./browser.ts";
import { type MortalKeiko, mortalKeiko } from "./mortal.ts";
import { answerOf, ask, attach, openWindow, signIn } from "./visitor.ts";

let keiko: MortalKeiko;
let browser: Browser;

beforeAll(async () => {
  [keiko, browser] = await Promise.all([mortalKeiko(), launchBrowser()]);
});

afterAll(async () => {
  await browser?.close();
  await keiko?.end();
});

test("killed while somebody looks: one line says so, a question waits, and is asked once", async () => {
  const session = await signIn(browser, await keiko.start());
  const { page, context } = await openWindow(browser, session);
  await page.goto(`${keiko.base}/`);
  await attach(page, "seattle-weather.csv");
  await keiko.kill();
  const line = page.getByText("Keiko cannot be reached.", { exact: false });
  await line.first().waitFor();
  await ask(page, "What is the mean precipitation per month?");
  await page.getByText("Will be sent as soon as the connection is back").waitFor();
  await page.getByRole("textbox", { name: "Question" }).fill("and the next one");
  await keiko.start();
  const article = await answerOf(page);
  expect(await article.locator("tbody tr").count()).toBe(12);
  await page.locator("p.line").waitFor({ state: "detached" });
  expect(await page.getByRole("textbox", { name: "Question" }).inputValue()).toBe(
    "and the next one",
  );
  await page.getByRole("link", { name: "Tasks" }).first().click();
  await page.locator("a.task").first().waitFor();
  expect(await page.locator("a.task").count()).toBe(1);
  await context.close();
}, 120_000);

test("every page says that it is offline, and comes back by itself", async () => {
  await keiko.kill();
  const session = await signIn(browser, await keiko.start());
  const { page, context, errors } = await openWindow(browser, session, { calm: true });
  const line = page.locator("p.line");
  for (const [path, heading] of [
    ["/", "Ask a table"],
    ["/conversations", "Conversations"],
    ["/tasks", "Tasks"],
    ["/agents", "Agents and skills"],
    ["/activity", "Activity"],
    ["/settings", "Settings"],
  ] as const) {
    await page.goto(keiko.base + path);
    await page.getByRole("heading", { level: 1, name: heading }).waitFor();
    // What comes later has been fetched meanwhile, and is there without a server.
    if (path === "/") await page.waitForTimeout(2500);
  }
  await keiko.kill();
  await line.filter({ hasText: "Keiko cannot be reached." }).waitFor();
  for (const [name, heading] of [
    ["Tasks", "Tasks"],
    ["Agents", "Agents and skills"],
    ["Activity", "Activity"],
    ["Ask", "Ask a table"],
  ] as const) {
    await page.getByRole("link", { name, exact: true }).click();
    await page.getByRole("heading", { level: 1, name: heading }).waitFor();
    await line.filter({ hasText: "Keiko cannot be reached." }).waitFor();
    expect(await seriousViolations(page)).toEqual([]);
  }
  await page.getByRole("link", { name: "Tasks", exact: true }).click();
  await keiko.start();
  await page.locator("a.task, .empty").first().waitFor();
  await line.waitFor({ state: "detached" });
  expect(errors.filter((error) => !error.includes("net::ERR_"))).toEqual([]);
  await context.close();
}, 120_000);
