import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { create } from "@bufbuild/protobuf";
import { data } from "@keiko/agent-data/agent.ts";
import { visual } from "@keiko/agent-visual/agent.ts";
import { WorkloadSchema } from "@keiko/gen/keiko/registry/v1/registry_pb.js";
import { TaskService } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import { registryStore } from "@keiko/registry/registry-store.ts";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { pathOf, rowsOf } from "../goals/source.ts";
import { startKeiko, type TestKeiko } from "../support/keiko.ts";
import { literal, planOf, step } from "../support/plans.ts";
import { probeAgent } from "../support/probe-agent.ts";
import { seriousViolations } from "./axe.ts";
import { launchBrowser } from "./browser.ts";
import { answerOf, ask, attach, openWindow, signIn, type Visitor } from "./visitor.ts";
import { english, german, monthlyMeans } from "./weather.ts";

// A browser on a busy machine takes its time; what fails fails on what is missing, not on speed.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

let keiko: TestKeiko;
let browser: Browser;
let session: Awaited<ReturnType<typeof signIn>>;
let visitor: Visitor;

beforeAll(async () => {
  [keiko, browser] = await Promise.all([
    startKeiko({ agents: ({ log }) => [data, visual, probeAgent(log)] }),
    launchBrowser(),
  ]);
  session = await signIn(browser, keiko.signInLink());
});

afterAll(async () => {
  await browser?.close();
  await keiko?.stop();
});

const open = async (path: string, options = {}) => {
  visitor = await openWindow(browser, session, options);
  await visitor.page.goto(keiko.base + path);
  return visitor.page;
};

describe("signing in", () => {
  test("the link works once; without a session the console says what to open", async () => {
    const link = keiko.signInLink();
    await signIn(browser, link);
    visitor = await openWindow(browser, undefined);
    const { page } = visitor;
    await page.goto(link);
    await page.getByRole("heading", { name: "Not signed in" }).waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    // Signed in meanwhile, in another window of the same browser.
    await visitor.context.addCookies(session.cookies);
    await page.getByRole("button", { name: "Check again" }).click();
    await page.getByRole("heading", { name: "Ask a table" }).waitFor();
    await visitor.context.close();
  });
});

describe("on a desktop", () => {
  afterEach(async () => {
    // Nothing of the console comes from, or goes to, anywhere but the gateway.
    const foreign = visitor.requests.filter(
      (url) => !/^(blob|data):/.test(url) && !url.startsWith(`${keiko.base}/`),
    );
    await visitor.context.close();
    expect(foreign).toEqual([]);
    expect(visitor.errors).toEqual([]);
  });

  test("a dropped file shows rows, columns and types, and offers questions", async () => {
    const page = await open("/");
    const text = readFileSync(pathOf("seattle-weather.csv"), "utf8");
    await page.evaluate(`{
      const data = new DataTransfer();
      data.items.add(new File([${JSON.stringify(text)}], "seattle-weather.csv", { type: "text/csv" }));
      for (const type of ["dragover", "drop"]) {
        document.body.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
      }
    }`);
    const card = page.getByRole("region", { name: "seattle-weather.csv" });
    await card.getByText("1,461 rows").waitFor();
    for (const column of ["date", "precipitation", "temp_max", "temp_min", "wind", "weather"]) {
      await card.getByRole("listitem").filter({ hasText: column }).first().waitFor();
    }
    expect(await seriousViolations(page)).toEqual([]);
    await page.locator("section.questions button").first().click();
    const article = await answerOf(page);
    expect(await article.locator(".sentence").textContent()).not.toBe("");
  });

  test("a question becomes plan, sentence, chart, table, SQL and evidence", async () => {
    const page = await open("/");
    await attach(page, "seattle-weather.csv");
    await ask(page, english);
    await page.locator("a.step").nth(1).waitFor();
    expect(await page.locator("a.step .title").allTextContents()).toEqual([
      "Answer from the table",
      "Draw the chart",
    ]);
    const article = await answerOf(page);
    await expect.poll(() => article.locator(".plan [data-state=succeeded]").count()).toBe(2);
    const means = monthlyMeans();
    const wettest = Math.max(...means);
    expect(await article.locator(".sentence").textContent()).toContain("November");
    expect(await article.locator(".sentence").textContent()).toContain(wettest.toFixed(2));
    expect(await article.locator("tbody td.number").allTextContents()).toEqual(
      means.map((mean) => mean.toFixed(2)),
    );
    const picture = article.locator("figure img:not(.print-only)");
    expect(await picture.getAttribute("alt")).toContain("November");
    expect(
      await page.evaluate(
        "(async (img) => (await img.decode(), img.naturalWidth))(document.querySelector('figure img:not(.print-only)'))",
      ),
    ).toBeGreaterThan(300);
    expect(await seriousViolations(page)).toEqual([]);

    await article.getByRole("link", { name: "SQL" }).click();
    const inspector = page.getByRole("complementary");
    await inspector.getByText("GROUP BY").waitFor();
    expect(page.url()).toContain("inspect=sql");
    expect(await seriousViolations(page)).toEqual([]);
    for (const view of ["Plan", "Step", "Understanding", "Sources", "Trace"]) {
      await inspector.getByRole("button", { name: view, exact: true }).click();
      expect(await seriousViolations(page)).toEqual([]);
    }
    await page.goBack();
    await inspector.waitFor({ state: "detached" });

    await article.getByRole("button", { name: "Full screen" }).click();
    await page.getByRole("dialog").getByRole("img").waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  });

  test("German is asked, answered and shown in German", async () => {
    const page = await open("/", { language: "de" });
    await page.getByRole("heading", { name: "Eine Tabelle befragen" }).waitFor();
    await attach(page, "seattle-weather.csv");
    await ask(page, german);
    const article = await answerOf(page);
    expect(await article.locator(".sentence").textContent()).toContain("November");
    expect(await article.locator("tbody td").first().textContent()).toBe("Januar");
    expect(await article.locator("tbody td.number").first().textContent()).toBe(
      monthlyMeans()[0]!.toFixed(2).replace(".", ","),
    );
    await article.getByText("Erledigt").first().waitFor();
    expect(await page.evaluate("document.documentElement.lang")).toBe("de");
  });

  test("an example runs with one click", async () => {
    const page = await open("/");
    await page.getByRole("button", { name: /^Show me the mean precipitation/ }).click();
    const article = await answerOf(page);
    await article.locator("figure img:not(.print-only)").waitFor();
  });

  test("the table is copied as cells and saved as CSV; the chart in four forms", async () => {
    const page = await open("/");
    await attach(page, "seattle-weather.csv");
    await ask(page, english);
    const article = await answerOf(page);
    await article.getByRole("button", { name: "Copy table" }).click();
    await article.getByRole("button", { name: "Copied" }).waitFor();
    const copied = String(await page.evaluate("navigator.clipboard.readText()")).split("\n");
    expect(copied).toHaveLength(13);
    expect(copied[1]!.split("\t")[0]).toBe("January");
    const [saved] = await Promise.all([
      page.waitForEvent("download"),
      article.locator(".save").click(),
    ]);
    expect(readFileSync((await saved.path())!, "utf8").split("\r\n")).toHaveLength(14);
    for (const [form, ending] of [
      ["PNG", ".png"],
      ["SVG", ".svg"],
      ["CSV", ".csv"],
      ["Vega-Lite", ".vl.json"],
    ]) {
      const [file] = await Promise.all([
        page.waitForEvent("download"),
        article.getByRole("link", { name: `Download: ${form}` }).click(),
      ]);
      expect(file.suggestedFilename().endsWith(ending!)).toBe(true);
    }
  });

  test("a long table shows ten rows, then all, as far as one scrolls", async () => {
    const page = await open("/");
    await attach(page, "seattle-weather.csv");
    await ask(page, "Show the maximum temp_max per day");
    const article = await answerOf(page);
    expect(await article.locator("tbody tr").count()).toBe(10);
    await article.getByRole("button", { name: "Show all 1,461 rows" }).click();
    const scroll =
      "(box => { box.scrollTop = box.scrollHeight; return box.innerText })(document.querySelector('article [role=grid]'))";
    await expect.poll(() => page.evaluate(scroll)).toContain("2015-12-31");
    expect(await article.locator("tbody tr").count()).toBeLessThan(120);
  });

  test("a refusal says what is missing, and its suggestion is answered", async () => {
    const page = await open("/");
    await attach(page, "seattle-weather.csv");
    await ask(page, "What was our profit in Berlin?");
    const note = page.locator("section.note");
    await note.getByText("precipitation", { exact: false }).first().waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await note.locator("li button").first().click();
    await page.locator("article").nth(1).waitFor();
    const article = await answerOf(page);
    expect(await article.locator(".sentence").textContent()).not.toBe("");
  });

  test("a question without a table is asked again with one", async () => {
    const page = await open("/");
    await ask(page, "What is the mean precipitation per month?");
    const again = page.locator("section.note label");
    await again.waitFor();
    await again.locator("input").setInputFiles(pathOf("seattle-weather.csv"));
    await page.locator("article").nth(1).waitFor();
    const article = await answerOf(page);
    expect(await article.locator("tbody tr").count()).toBe(12);
  });

  test("what is typed survives a reload, and the conversation too", async () => {
    const page = await open("/");
    await attach(page, "cars.json");
    await ask(page, "How many cars have more than 6 cylinders?");
    await answerOf(page);
    await page.getByRole("textbox", { name: "Question" }).fill("half a question");
    await page.reload();
    const article = await answerOf(page);
    const expected = rowsOf("cars.json").filter(({ Cylinders }) => Number(Cylinders) > 6).length;
    expect(await article.locator(".sentence").textContent()).toContain(String(expected));
    expect(await page.getByRole("textbox", { name: "Question" }).inputValue()).toBe(
      "half a question",
    );
    await page.getByText("Goes on with cars.json").waitFor();
  });

  test("a running task can be cancelled, with nothing moving for whoever wants calm", async () => {
    const plan = planOf(step("wait", "Wait", literal("time", "30s")));
    const { task } = await keiko.client(TaskService).createTask({ plan });
    const page = await open(`/${task!.name}`, { calm: true });
    await page.locator("[data-state=running]").first().waitFor();
    const turning = "document.getAnimations().filter((a) => a.playState === 'running').length";
    expect(await page.evaluate(turning)).toBe(0);
    expect(await seriousViolations(page)).toEqual([]);
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByText("Stopped before it was done.").waitFor();
    expect(await seriousViolations(page)).toEqual([]);
  });

  test("tasks are listed live, filtered, walked by arrow keys and opened by their address", async () => {
    const page = await open("/tasks");
    await page.locator("a.task").first().waitFor();
    const before = await page.locator("a.task").count();
    const plan = planOf(step("wait", "Wait", literal("time", "30s")));
    const { task } = await keiko.client(TaskService).createTask({ goal: "wait a minute", plan });
    const row = page.locator("a.task").filter({ hasText: "wait a minute" });
    await row.getByText("Running").waitFor();
    await keiko.client(TaskService).cancelTask({ name: task!.name });
    await row.getByText("Cancelled").waitFor();
    expect(await page.locator("a.task").count()).toBe(before + 1);
    expect(await seriousViolations(page)).toEqual([]);

    await row.focus();
    await page.keyboard.press("ArrowDown");
    expect(await page.evaluate("document.activeElement.matches('li:nth-child(2) a.task')")).toBe(
      true,
    );
    await page.getByRole("link", { name: "Cancelled" }).first().click();
    await expect
      .poll(() => page.locator("a.task").filter({ hasNotText: "Cancelled" }).count())
      .toBe(0);

    await page.getByRole("link", { name: "Succeeded" }).first().click();
    const asked = page.locator("a.task").filter({ hasText: english }).first();
    await asked.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: english }).waitFor();
    await page.reload();
    await page.getByRole("heading", { level: 1, name: english }).waitFor();
    await page.locator("figure img:not(.print-only)").waitFor();
    await page.getByText("keiko.data.v1.DataService/AnswerQuestion").first().click();
    await page.getByText("rowsUsed").first().waitFor();
    expect(await seriousViolations(page)).toEqual([]);
  });

  test("an unknown task and an unknown address say so", async () => {
    const page = await open("/tasks/nothing");
    await page.getByRole("heading", { name: "There is no such task" }).waitFor();
    await page.goto(`${keiko.base}/no/where`);
    await page.getByRole("heading", { name: "There is nothing at this address" }).waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    visitor.errors.splice(0);
  });

  test("what cannot be read is refused by name, and the console goes on", async () => {
    const page = await open("/");
    const bytes = Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 7919) % 256));
    const picker = page.locator("form input[type=file]");
    await picker.setInputFiles({ name: "photo.csv", mimeType: "text/csv", buffer: bytes });
    await page.getByRole("region", { name: "photo.csv" }).getByText("cannot be read").waitFor();
    await page.getByRole("button", { name: "Remove photo.csv" }).click();
    await attach(page, "cars.json");
    visitor.errors.splice(0);
  });

  test("agents come and go while one looks, and skills are found in both languages", async () => {
    const page = await open("/agents");
    await page.getByRole("heading", { name: "Draw the chart" }).waitFor();
    const search = page.getByRole("textbox", { name: "Search skills in English or German" });
    await page.keyboard.press("/");
    await search.fill("Balkendiagramm");
    await page.getByRole("heading", { name: "Draw the chart" }).waitFor();
    await page.getByRole("heading", { name: "Describe the table" }).waitFor({ state: "detached" });
    await search.fill("");
    await page.getByRole("heading", { name: "Describe the table" }).waitFor();
    expect(await seriousViolations(page)).toEqual([]);

    // A second replica registers itself, and both leave.
    const store = registryStore(keiko.substrate.kv, Date.now);
    const first = (await store.get("workloads/visual"))!;
    const second = create(WorkloadSchema, { ...first.workload, name: "workloads/visual-2" });
    const names = page.locator(".groups b");
    await store.put(second, "lease-of-the-second");
    await names.getByText("visual-2", { exact: true }).waitFor();
    const { revision } = (await store.get("workloads/visual-2"))!;
    await store.remove("workloads/visual-2", revision);
    await names.getByText("visual-2", { exact: true }).waitFor({ state: "detached" });
    const present = (await store.get("workloads/visual"))!;
    await store.remove("workloads/visual", present.revision);
    await page.getByRole("heading", { name: "Draw the chart" }).waitFor({ state: "detached" });
    await page.getByText("visual has left").waitFor({ state: "attached" });
    await store.put(present.workload, present.lease);
    await page.getByRole("heading", { name: "Draw the chart" }).waitFor();
  });
});

describe.each([390, 360])("on a phone of %i px, in the dark", (width) => {
  afterEach(() => visitor.context.close());

  const fits = async () =>
    expect(await visitor.page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(
      width,
    );

  test("ask, look at the evidence in a sheet, and find the task again", async () => {
    const page = await open("/", { width, height: 844, dark: true });
    await attach(page, "seattle-weather.csv");
    await fits();
    await ask(page, english);
    const article = await answerOf(page);
    await fits();
    expect(await seriousViolations(page)).toEqual([]);
    await article.getByRole("link", { name: "SQL" }).click();
    await page.getByRole("dialog").getByText("GROUP BY").waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    const bar = page.getByRole("navigation", { name: "Main" });
    await bar.getByRole("link", { name: "Tasks" }).click();
    await page.locator("a.task").first().waitFor();
    await fits();
    expect(await seriousViolations(page)).toEqual([]);
    await page.locator("a.task").filter({ hasText: english }).first().click();
    await page.locator("figure img:not(.print-only)").waitFor();
    await fits();
    await bar.getByRole("link", { name: "Agents" }).click();
    await page.getByRole("heading", { name: "Draw the chart" }).waitFor();
    await fits();
    expect(await seriousViolations(page)).toEqual([]);
    await bar.getByRole("button", { name: /^More/ }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Deutsch" }).click();
    await page.getByRole("dialog", { name: "Mehr" }).waitFor();
    expect(await seriousViolations(page)).toEqual([]);
  });
});

test("the first load stays under 200 kB of packed scripts and styles, all of it under 280 kB", () => {
  const dist = join(import.meta.dirname, "../../face/dist");
  const read = (name: string) => readFileSync(join(dist, "assets", name));
  const packed = (names: Iterable<string>) =>
    [...names].reduce((sum, name) => sum + gzipSync(read(name)).length, 0);
  // What the page names, and whatever that imports at once.
  const first = new Set<string>();
  const named = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, n]) => n!);
  const page = readFileSync(join(dist, "index.html"), "utf8");
  const open = named(page, /(?:src|href)="\/assets\/([^"]+\.(?:js|css))"/g);
  for (let name = open.pop(); name; name = open.pop()) {
    if (first.has(name)) continue;
    first.add(name);
    const imports = /(?:import|from)\s*"\.\/([^"]+\.js)"/g;
    if (name.endsWith(".js")) open.push(...named(read(name).toString(), imports));
  }
  const all = readdirSync(join(dist, "assets")).filter((name) => /\.(js|css)$/.test(name));
  expect(first.size).toBeGreaterThan(2);
  expect(packed(first)).toBeLessThan(200_000);
  // With what comes later, of which the editor of plans alone is 33 kB.
  expect(packed(all)).toBeLessThan(280_000);
});
