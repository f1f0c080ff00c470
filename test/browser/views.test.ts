/** Every view in both languages, both themes and every width; by keyboard, on paper, figure by
 * figure. */
import { TaskService } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import { beforeAll, describe, expect, test } from "vitest";
import { literal, planOf, step } from "../support/plans.ts";
import { seriousViolations } from "./axe.ts";
import { useStage } from "./stage.ts";
import { answerOf, ask, attach } from "./visitor.ts";
import { english } from "./weather.ts";

const stage = useStage();
let conversation = "";
let task = "";

beforeAll(async () => {
  const page = await stage.open("/");
  await attach(page, "seattle-weather.csv");
  await ask(page, english);
  const article = await answerOf(page);
  conversation = new URL(page.url()).pathname;
  task = (await article.getByRole("link", { name: "Open task" }).getAttribute("href"))!;
});

const skill = "/skills/keiko.data.v1.DataService/AnswerQuestion";
const views = () => [
  ["home", "/"],
  ["thread", conversation],
  ["conversations", "/conversations"],
  ["tasks", "/tasks"],
  ["task with its plan", `${task}?task=${task.slice(7)}&inspect=plan`],
  ["task with its trace", `${task}?task=${task.slice(7)}&inspect=trace`],
  ["agents", "/agents"],
  ["skill", skill],
  ["activity", "/activity"],
  ["settings", "/settings"],
  ["missing", "/no/where"],
];

describe.each([
  [1440, "light", "en"],
  [1024, "dark", "de"],
  [390, "light", "de"],
  [360, "dark", "en"],
] as const)("at %i px, %s, %s", (width, theme, language) => {
  test("every view fits, and axe finds nothing", async () => {
    const options = { width, height: width > 700 ? 900 : 740, dark: theme === "dark", language };
    const page = await stage.open("/", options);
    for (const [name, path] of views()) {
      await page.goto(stage.keiko.base + path);
      await page.locator("h1").first().waitFor();
      await expect.poll(() => page.locator(".skeleton").count(), { timeout: 10_000 }).toBe(0);
      const wide = await page.evaluate("document.documentElement.scrollWidth");
      expect(wide, `${name} is wider than the window`).toBeLessThanOrEqual(width);
      expect(await seriousViolations(page), name).toEqual([]);
    }
  });
});

test("the palette leads everywhere, asks what is typed, and changes the look", async () => {
  const page = await stage.open("/tasks");
  await page.locator("a.task").first().waitFor();
  const palette = page.getByRole("dialog", { name: "Search or run" });
  const open = async (typed: string) => {
    await page.keyboard.press("Control+k");
    await palette.waitFor();
    await page.keyboard.type(typed);
  };
  await open("draw the");
  await palette.getByRole("option", { name: /^Draw the chart/ }).waitFor();
  expect(await seriousViolations(page)).toEqual([]);
  await page.keyboard.press("ArrowDown");
  await palette.getByRole("option", { name: /^Draw the chart/ }).click();
  await page.getByRole("heading", { level: 1, name: "Draw the chart" }).waitFor();
  await open("wettest");
  await palette.getByRole("option", { name: english }).first().click();
  await page.locator("article").first().waitFor();
  await open("dunkel");
  await palette.getByRole("option", { name: "Ask: dunkel" }).waitFor();
  await page.keyboard.press("Escape");
  // At once: what closes must not answer for what opens.
  await open("dark");
  await page.keyboard.press("Enter");
  expect(await page.evaluate("document.documentElement.dataset.theme")).toBe("dark");
});

test("keys lead to every place, and are listed", async () => {
  const page = await stage.open("/");
  await page.getByRole("heading", { name: "Ask a table" }).waitFor();
  for (const [keys, heading] of [
    ["gt", "Tasks"],
    ["gc", "Conversations"],
    ["gs", "Agents and skills"],
    ["ge", "Activity"],
    ["c", "Ask a table"],
  ] as const) {
    await page.keyboard.type(keys);
    await page.getByRole("heading", { level: 1, name: heading }).waitFor();
  }
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keyboard" }).getByText("New conversation").waitFor();
  expect(await seriousViolations(page)).toEqual([]);
  // Before the browser tells that it closed: the sheet that goes must not answer for the next.
  await page.evaluate(`(async () => {
    document.querySelector("dialog header button").click();
    for (let turn = 0; turn < 5; turn++) await null;
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "?", bubbles: true }));
  })()`);
  await page.waitForTimeout(300);
  await page.getByRole("dialog", { name: "Keyboard" }).getByText("New conversation").waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("/");
  expect(await page.evaluate("document.activeElement.tagName")).toBe("TEXTAREA");
});

test("figures of the chart are said by pointer and by keys; full screen and dark ground", async () => {
  const page = await stage.open(task);
  const picture = page.locator("figure [role=group]");
  await picture.locator("img").first().waitFor();
  await expect.poll(() => picture.getAttribute("aria-label")).toContain("Arrow keys");
  await picture.focus();
  await page.keyboard.press("End");
  await picture.locator(".tip", { hasText: "December" }).waitFor();
  await page.keyboard.press("ArrowLeft");
  await picture.locator(".tip", { hasText: "5.35" }).waitFor();
  await picture.locator("[aria-live]", { hasText: "11 of 12" }).waitFor({ state: "attached" });
  await page.keyboard.press("Escape");
  const frame = (await picture.locator("img").first().boundingBox())!;
  await page.mouse.move(frame.x + frame.width * 0.87, frame.y + frame.height * 0.5);
  await picture.locator(".tip", { hasText: "November" }).waitFor();
  await picture.focus();
  await page.keyboard.press("Enter");
  const full = page.getByRole("dialog");
  await full.getByRole("link", { name: "Download: SVG" }).waitFor();
  expect(await seriousViolations(page)).toEqual([]);
  await page.keyboard.press("Escape");
  const light = await picture.locator("img").first().getAttribute("src");
  await page.emulateMedia({ colorScheme: "dark" });
  await expect.poll(() => picture.locator("img").first().getAttribute("src")).not.toBe(light);
});

test("a finger on the chart says the figure, and does not open it", async () => {
  const page = await stage.open(task, { width: 390, height: 844 });
  const picture = page.locator("figure [role=group]");
  await picture.locator("img").first().waitFor();
  await expect.poll(() => picture.getAttribute("aria-label")).toContain("Arrow keys");
  await picture.scrollIntoViewIfNeeded();
  const frame = (await picture.locator("img").first().boundingBox())!;
  await page.touchscreen.tap(frame.x + frame.width * 0.87, frame.y + frame.height * 0.5);
  await picture.locator(".tip", { hasText: "November" }).waitFor();
  expect(await page.getByRole("dialog").count()).toBe(0);
});

test("a plan is walked along its edges, and the slow way through it is set off", async () => {
  const plan = planOf(
    step("fast", "Wait", literal("time", "0.05s")),
    step("slow", "Wait", literal("time", "4s")),
    { ...step("last", "Wait", literal("time", "0.05s")), after: ["fast", "slow"] },
  );
  const { task: made } = await stage.keiko.client(TaskService).createTask({ plan });
  const page = await stage.open(`/${made!.name}`);
  await page.locator("a.step.running").first().waitFor();
  await page.getByText(/Longest path/).waitFor();
  expect(await page.locator("a.step.critical").count()).toBe(2);
  await page.locator("[data-step=fast] a").focus();
  await page.keyboard.press("ArrowDown");
  const focused = "document.activeElement.closest('[data-step]')?.dataset.step";
  expect(await page.evaluate(focused)).toBe("slow");
  await page.keyboard.press("ArrowRight");
  expect(await page.evaluate(focused)).toBe("last");
  await page.keyboard.press("Enter");
  await page.getByRole("complementary").getByText("Response", { exact: true }).waitFor();
  expect(await seriousViolations(page)).toEqual([]);
});

test("a plan of 200 steps shows what is in sight, fits on request, and is walked to its end", async () => {
  const steps = Array.from({ length: 200 }, (_, index) => ({
    ...step(`s${index}`, "Increment", literal("value", index)),
    after: index < 8 ? [] : [`s${index - 8}`],
  }));
  // A step that only reads has to be of use: the ends of the eight chains are what is answered.
  const answer = steps.slice(-8).map(({ id }) => `{${id}.value}`);
  const { task: made } = await stage.keiko
    .client(TaskService)
    .createTask({ plan: { ...planOf(...steps), answer: answer.join(", ") } });
  const page = await stage.open(`/${made!.name}`);
  await page.locator("a.step").first().waitFor();
  expect(await page.locator("a.step").count()).toBeLessThan(80);
  expect(await page.locator(".plan .canvas > svg rect").count()).toBe(200);
  await page.locator("a.step[tabindex='-1']").first().waitFor({ state: "attached" });
  await page.locator("a.step:not([tabindex='-1'])").first().focus();
  await page.keyboard.press("End");
  const focused = "document.activeElement.closest('[data-step]')?.dataset.step";
  await expect.poll(() => page.evaluate(focused)).toBe("s199");
  expect(await seriousViolations(page)).toEqual([]);
  await page.getByRole("button", { name: "Show all" }).click();
  await expect.poll(() => page.locator("a.step.bare").count()).toBe(200);
  await page.getByRole("button", { name: "Zoom in" }).click();
});

test("an answer prints as a page of its own, on white, without the console around it", async () => {
  const page = await stage.open(task, { dark: true });
  await page.locator("figure img").first().waitFor();
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  for (const gone of ["nav.rail", "figure .tools", "button"]) {
    expect(await page.locator(gone).first().isVisible(), gone).toBe(false);
  }
  expect(await page.locator("figure img.print-only").isVisible()).toBe(true);
  expect(await page.locator(".sentence").isVisible()).toBe(true);
  const ink = "getComputedStyle(document.querySelector('.sentence')).color";
  expect(await page.evaluate(ink)).toBe("rgb(20, 25, 31)");
  expect((await page.pdf()).byteLength).toBeGreaterThan(5000);
});

test("an example of a skill runs on a click", async () => {
  const page = await stage.open("/skills/keiko.visual.v1.VisualService/ChangeChart");
  await page.getByRole("button", { name: "as a line", exact: true }).click();
  await page.locator("article").nth(1).waitFor();
  const article = await answerOf(page);
  expect(await article.locator("figure img").first().getAttribute("alt")).toMatch(/^Line/);
});
