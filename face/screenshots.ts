/**
 * Takes the pictures in `face/screenshots` from a real Keiko on a throwaway home:
 * `node face/screenshots.ts`, after `npm run build -w face`.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { data } from "@keiko/agent-data/agent.ts";
import { visual } from "@keiko/agent-visual/agent.ts";
import type { Page } from "playwright-core";
import { launchBrowser } from "../test/browser/browser.ts";
import { answerOf, ask, attach, openWindow, signIn } from "../test/browser/visitor.ts";
import { english, german as germanQuestion } from "../test/browser/weather.ts";
import { startKeiko } from "../test/support/keiko.ts";

const folder = join(import.meta.dirname, "screenshots");
mkdirSync(folder, { recursive: true });
const keiko = await startKeiko({ agents: () => [data, visual] });
const browser = await launchBrowser();
const session = await signIn(browser, keiko.signInLink());

const take = async (page: Page, name: string) => {
  // What moves or fades is left to come to rest.
  await page.waitForTimeout(700);
  await page.screenshot({ path: join(folder, `${name}.png`) });
};
const open = async (path: string, options: Parameters<typeof openWindow>[2]) => {
  const { page } = await openWindow(browser, session, { height: 900, ...options });
  await page.goto(keiko.base + path);
  return page;
};

const page = await open("/", { width: 1440 });
await page.getByRole("heading", { level: 1 }).waitFor();
await take(page, "home");
await attach(page, "seattle-weather.csv");
await ask(page, "How many rows are there per weather?");
await answerOf(page);
await ask(page, "What was our profit in Berlin?");
await page.locator("article").nth(1).locator("section.note, .sentence").first().waitFor();
await page.getByRole("button", { name: "New conversation" }).click();
await attach(page, "seattle-weather.csv");
await ask(page, english);
const article = await answerOf(page);
await page.evaluate("scrollTo(0, 0)");
await article.locator("figure [role=group]").focus();
for (let mark = 0; mark < 11; mark++) await page.keyboard.press("ArrowRight");
await take(page, "answer");
await article.getByRole("link", { name: "Trace" }).click();
await take(page, "trace");
const thread = new URL(page.url()).pathname;
await page.goto(`${keiko.base}/tasks`);
await page.locator("a.task").first().waitFor();
await take(page, "tasks");
await page.goto(`${keiko.base}/agents`);
await page.getByRole("heading", { name: "Draw the chart" }).waitFor();
await take(page, "agents");

const activity = await open("/activity", { width: 1440 });
const german = await open("/activity", { width: 390, height: 844, dark: true, language: "de" });
for (const shown of [activity, german]) await shown.locator(".empty").waitFor();
const asked = await open("/", { width: 1440 });
await attach(asked, "seattle-weather.csv");
await ask(asked, "What was our profit in Berlin?");
await asked.locator("section.note").first().waitFor();
await ask(asked, english);
await answerOf(asked);
await activity.getByRole("button", { name: /^2 steps/ }).click();
await take(activity, "activity");
await take(german, "activity-german");

const dark = await open(thread, { width: 1440, dark: true });
await answerOf(dark);
await dark.evaluate("scrollTo(0, 0)");
await dark.keyboard.press("Control+k");
await dark.getByRole("option").first().waitFor();
await take(dark, "palette-dark");

const table = await open("/", { width: 1440, dark: true });
await attach(table, "seattle-weather.csv");
await table.getByRole("link", { name: "Explore all rows" }).click();
await table.getByRole("gridcell").first().waitFor();
await table.getByRole("button", { name: "temp_max" }).first().dblclick();
await take(table, "table-dark");

const phone = await open("/", { width: 390, height: 844, language: "de" });
await attach(phone, "seattle-weather.csv");
await ask(phone, germanQuestion);
await answerOf(phone);
await phone.evaluate("scrollTo(0, 0)");
await take(phone, "phone-german");

await browser.close();
await keiko.stop();
process.exit();
