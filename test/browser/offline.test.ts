/** The console in front of a Keiko that dies: it says so, loses nothing, and goes on by itself. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { seriousViolations } from "./axe.ts";
import { launchBrowser } from "./browser.ts";
import { answerOf, ask, attach, openWindow, signIn } from "./visitor.ts";

const main = join(import.meta.dirname, "../../services/local/src/main.ts");
let home: string;
let port: number;
let keiko: ChildProcess;
let browser: Browser;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "keiko-offline-"));
  port = await freePort();
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  await kill();
  await rm(home, { recursive: true, force: true });
});

/** Starts Keiko on the same home and port as before; the link that it prints. */
function start(): Promise<string> {
  keiko = spawn(process.execPath, [main, "--port", String(port), "--home", home]);
  return new Promise((resolve, reject) => {
    let said = "";
    const hear = (chunk: Buffer) => {
      said += chunk;
      const link = said.match(/Keiko is ready: (\S+)/)?.[1];
      if (link) resolve(link);
    };
    keiko.stdout?.on("data", hear);
    keiko.stderr?.on("data", hear);
    keiko.once("exit", (code) => reject(new Error(`Keiko ended with ${code}: ${said}`)));
  });
}

async function kill(): Promise<void> {
  if (!keiko || keiko.exitCode !== null || keiko.signalCode !== null) return;
  const gone = new Promise((resolve) => keiko.once("exit", resolve));
  keiko.kill("SIGKILL");
  await gone;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

test("killed while somebody looks: one line says so, a question waits, and is asked once", async () => {
  const session = await signIn(browser, await start());
  const { page, context } = await openWindow(browser, session);
  await page.goto(`http://127.0.0.1:${port}/`);
  await attach(page, "seattle-weather.csv");
  await kill();
  const line = page.getByText("Keiko cannot be reached.", { exact: false });
  await line.first().waitFor();
  await ask(page, "What is the mean precipitation per month?");
  await page.getByText("Will be sent as soon as the connection is back").waitFor();
  await page.getByRole("textbox", { name: "Question" }).fill("and the next one");
  await start();
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
  await kill();
  const session = await signIn(browser, await start());
  const { page, context, errors } = await openWindow(browser, session, { calm: true });
  const base = `http://127.0.0.1:${port}`;
  const line = page.locator("p.line");
  for (const [path, heading] of [
    ["/", "Ask a table"],
    ["/conversations", "Conversations"],
    ["/tasks", "Tasks"],
    ["/agents", "Agents and skills"],
    ["/settings", "Settings"],
  ] as const) {
    await page.goto(base + path);
    await page.getByRole("heading", { level: 1, name: heading }).waitFor();
    // What comes later has been fetched meanwhile, and is there without a server.
    if (path === "/") await page.waitForTimeout(2500);
  }
  await kill();
  await line.filter({ hasText: "Keiko cannot be reached." }).waitFor();
  for (const [name, heading] of [
    ["Tasks", "Tasks"],
    ["Agents", "Agents and skills"],
    ["Ask", "Ask a table"],
  ] as const) {
    await page.getByRole("link", { name, exact: true }).click();
    await page.getByRole("heading", { level: 1, name: heading }).waitFor();
    await line.filter({ hasText: "Keiko cannot be reached." }).waitFor();
    expect(await seriousViolations(page)).toEqual([]);
  }
  await page.getByRole("link", { name: "Tasks", exact: true }).click();
  await start();
  await page.locator("a.task, .empty").first().waitFor();
  await line.waitFor({ state: "detached" });
  expect(errors.filter((error) => !error.includes("net::ERR_"))).toEqual([]);
  await context.close();
}, 120_000);
