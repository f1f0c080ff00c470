// @vitest-environment happy-dom
import { clone } from "@bufbuild/protobuf";
import { WorkloadSchema } from "@keiko/gen/keiko/registry/v1/registry_pb.js";
import { afterEach, beforeEach, expect, test } from "vitest";
import { House } from "../testing/house.ts";
import { type Rendered, renderAt } from "../testing/render.ts";
import { residents } from "../testing/residents.ts";
import { weatherFile } from "../testing/weather.ts";

let page: Rendered;

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
  localStorage.setItem("keiko.language", "en");
});

afterEach(() => page.close());

const quiet = "Nothing has happened since you opened this page.";

/** The page once it listens. */
async function open(path = "/activity", house = new House()): Promise<House> {
  page = renderAt(path, house);
  await page.find("h1", "Activity");
  await page.find(".empty, .line");
  return house;
}

const lines = () =>
  [...document.querySelectorAll(".line")].map((line) =>
    [...line.querySelectorAll(".sentence > *")].map((part) => part.textContent).join(" "),
  );

test("what happens stands on top: who, what became of it, and where that leads", async () => {
  const house = await open();
  await page.find(".empty", quiet);
  const task = house.create({ goal: "mean rain per month", requestId: "a" });
  house.finish(task.name);
  house.leave("workloads/visual-1");
  house.events.tell("policy", {
    case: "policyChanged",
    value: { revision: "0123456789abcdef", sequence: 2n },
  });
  house.events.tell("artifact", { case: "artifactStored", value: { file: weatherFile } });
  await page.find(".line", "seattle-weather.csv");
  await page.find(".line a", "mean rain per month");
  expect(lines()).toEqual([
    "seattle-weather.csv was stored, 48 kB",
    "Policy 01234567 is in force",
    "visual-1 has left",
    "mean rain per month succeeded",
    "mean rain per month step draw succeeded",
    "mean rain per month is queued",
  ]);
  const hrefs = [...document.querySelectorAll(".line a")].map((a) => a.getAttribute("href"));
  expect(hrefs.slice(1)).toEqual(["/agents", "/tasks/000001", "/tasks/000001", "/tasks/000001"]);
  expect(hrefs[0]).toMatch(/^\/tables\/[0-9a-f]{64}\?name=seattle-weather.csv/);
  expect(document.querySelector(".line .who")?.textContent).toBe("artifact");
});

test("the steps of a task are one line, which says the latest and tells each", async () => {
  const house = await open();
  const { name } = house.create({ goal: "mean rain", requestId: "a" });
  house.finish(name);
  const button = await page.find("button[aria-expanded]", "2 steps");
  expect(button.getAttribute("aria-label")).toBe("2 steps, Steps of “mean rain”");
  button.click();
  await page.find("li ul li", "Succeeded");
  const link = await page.find("li ul a", "answer");
  expect(link.getAttribute("href")).toBe("/tasks/000001?task=000001&inspect=step&step=answer");
});

test("a refusal is called one, though its event says only that the task failed", async () => {
  const house = await open();
  house.create({ goal: "what was our profit", requestId: "a" });
  await page.find(".line", "was refused");
  await page.find(".line [data-state=refused]");
});

test("a kind narrows the list and is part of the address", async () => {
  const house = await open();
  house.create({ goal: "mean rain", requestId: "a" });
  house.leave("workloads/visual-1");
  await page.find(".line", "visual-1");
  (await page.find("nav a", "Workloads")).click();
  expect(location.search).toBe("?kind=workloads");
  await page.gone(".line", "mean rain");
  expect(lines()).toEqual(["visual-1 has left"]);
  (await page.find("nav a", "Policy")).click();
  await page.find(".empty", "Nothing of this kind");
  await page.close();
  await open("/activity?kind=nonsense", house);
  expect(document.querySelector("nav a[aria-current=true]")?.textContent).toBe("All");
});

test("paused, the list stands still and says how many wait, of what is looked at", async () => {
  const house = await open();
  house.leave("workloads/visual-1");
  await page.find(".line", "visual-1 has left");
  (await page.find("button", "Pause")).click();
  house.create({ goal: "mean rain", requestId: "a" });
  house.enter(clone(WorkloadSchema, residents[1]!));
  await page.find(".pause", "2 wait");
  expect(lines()).toEqual(["visual-1 has left"]);
  (await page.find("nav a", "Workloads")).click();
  await page.find(".pause", "1 waits");
  (await page.find("button", "Go on")).click();
  await page.find(".line", "visual-1 has registered");
  await page.find("button", "Pause");
});

test("a stream that breaks goes on after the last event, and nothing is told twice", async () => {
  const house = await open();
  house.leave("workloads/visual-1");
  await page.find(".line", "visual-1 has left");
  house.events.break();
  house.leave("workloads/data-1");
  await page.find(".line", "data-1 has left");
  expect(lines()).toEqual(["data-1 has left", "visual-1 has left"]);
});

test("where the last event is not kept any more, a line says that something may be missing", async () => {
  const house = await open();
  house.leave("workloads/visual-1");
  await page.find(".line", "visual-1 has left");
  house.events.forget();
  house.events.break();
  await page.find(".line.gap", "Something may be missing here");
  house.leave("workloads/data-1");
  await page.find(".line", "data-1 has left");
  expect(lines()).toEqual([
    "data-1 has left",
    "Something may be missing here: what happened meanwhile is not kept any more.",
    "visual-1 has left",
  ]);
  // Whatever is looked at, it may be that which is missing.
  (await page.find("nav a", "Files")).click();
  await page.find(".line.gap");
});

test("one stream, held only while the page is shown; coming back shows what was missed", async () => {
  const house = await open();
  house.leave("workloads/visual-1");
  await page.find(".line", "visual-1 has left");
  expect(house.events.listeners).toBe(1);
  (await page.find("nav.rail a", "Agents")).click();
  await page.find("h1", "Agents and skills");
  await expect.poll(() => house.events.listeners).toBe(0);
  const { name } = house.create({ goal: "mean rain", requestId: "a" });
  house.finish(name);
  history.back();
  await page.find(".line", "mean rain succeeded");
  await page.find(".line", "visual-1 has left");
  await page.gone(".line.gap");
});

test("many events are announced as one summary", async () => {
  const house = await open();
  for (let count = 0; count < 3; count++) house.create({ goal: "rain", requestId: `${count}` });
  await page.find("[role=status]", "3 new events");
});

test("it is reached by its key, by the palette and by the rail; in German, too", async () => {
  page = renderAt("/");
  const press = (key: string, more = {}) =>
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, ...more }));
  await page.find("h1", "Ask a table");
  press("g");
  press("e");
  await page.find("h1", "Activity");
  press("k", { ctrlKey: true });
  await page.find("[role=option]", "Activity");
  press("Escape");
  (await page.find("nav.rail button", "Deutsch")).click();
  await page.find("nav.rail a[aria-current]", "Aktivität");
  page.house.leave("workloads/visual-1");
  await page.find(".line", "hat sich abgemeldet");
});
