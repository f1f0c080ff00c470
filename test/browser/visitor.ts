/** A person at the console: a browser window that is signed in, and what they do in it. */
import type { Browser, BrowserContext, Page } from "playwright-core";
import { pathOf } from "../goals/source.ts";

export interface WindowOptions {
  width?: number;
  height?: number;
  language?: "de" | "en";
  dark?: boolean;
  calm?: boolean;
}

export interface Visitor {
  page: Page;
  context: BrowserContext;
  /** Every address that the window asked for. */
  requests: string[];
  /** What went wrong in the page: uncaught errors, and what the policy or the console reported. */
  errors: string[];
}

type Session = Awaited<ReturnType<BrowserContext["storageState"]>>;

/** Opens the one-time link and keeps the session that it gives. */
export async function signIn(browser: Browser, link: string): Promise<Session> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(link);
  await page.getByRole("heading", { level: 1 }).waitFor();
  const session = await context.storageState();
  await context.close();
  return session;
}

export async function openWindow(
  browser: Browser,
  session: Session | undefined,
  options: WindowOptions = {},
): Promise<Visitor> {
  const { width = 1440, height = 900, language = "en", dark = false, calm = false } = options;
  const touch = width < 700;
  const context = await browser.newContext({
    viewport: { width, height },
    locale: language === "de" ? "de-DE" : "en-US",
    colorScheme: dark ? "dark" : "light",
    reducedMotion: calm ? "reduce" : "no-preference",
    hasTouch: touch,
    isMobile: touch,
    permissions: ["clipboard-read", "clipboard-write", "notifications"],
    ...(session ? { storageState: session } : {}),
  });
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  const requests: string[] = [];
  const errors: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  return { page, context, requests, errors };
}

/** Attaches a file of vega-datasets and waits until its columns are there. */
export async function attach(page: Page, file: string): Promise<void> {
  await page.locator("form input[type=file]").setInputFiles(pathOf(file));
  await page
    .locator("form")
    .getByText(/\d (rows|Zeilen)/)
    .waitFor();
}

export async function ask(page: Page, goal: string): Promise<void> {
  await page.getByRole("textbox", { name: /^(Question|Frage)$/ }).fill(goal);
  await page.keyboard.press("Enter");
}

/** The newest answer of the conversation, once it is complete. */
export async function answerOf(page: Page) {
  const article = page.locator("article").last();
  await article.getByRole("list", { name: /^(Evidence|Belege)$/ }).waitFor();
  return article;
}
