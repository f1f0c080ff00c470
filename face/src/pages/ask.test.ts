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

describe("Ask", () => {
  test("a dropped table shows its columns and what it answers", async () => {
    page = renderAt("/");
    await page.attach("seattle-weather.csv");
    await page.find("section[aria-label='seattle-weather.csv'] li", "precipitation");
    await page.find("section.questions button", "What is the mean precipitation per month?");
    expect(document.querySelector("section.questions")?.textContent).not.toContain("Niederschlag");
  });

  test("a question becomes a plan, then sentence, chart, table and evidence", async () => {
    const name = await askedOn();
    await page.find("a.step", "Queued");
    await page.find(".types", "Table");
    const task = page.house.tasks.get(name)!;
    task.steps[0]!.state = State.RUNNING;
    page.house.change(task, State.RUNNING);
    await page.find("[role=status]", "Answer from the table: Running");
    page.house.finish(name);
    await page.find(".sentence strong", "November");
    const picture = await page.find<HTMLImageElement>("figure img");
    expect(picture.alt).toContain("highest in November");
    expect(picture.getAttribute("src")).toContain(
      `/files/${"b".repeat(64)}?type=image%2Fsvg%2Bxml`,
    );
    expect(document.querySelectorAll("figure ~ .table tbody tr")).toHaveLength(12);
    const evidence = document.querySelector("ul[aria-label='Evidence']")?.textContent;
    expect(evidence).toMatch(/seattle-weather\.csv\s*1,461 rows\s*SQL\s*2 steps\s*0\.42 s/);
  });

  test("a question asked while its file is on the way goes out when the file is there", async () => {
    page = renderAt("/");
    await page.attach("seattle-weather.csv");
    await page.type(goal);
    await page.find("a.step");
    expect(page.house.created[0]?.attachments).toHaveLength(1);
  });

  test("the evidence line opens the SQL, and Escape closes it", async () => {
    const name = await askedOn();
    page.house.finish(name);
    (await page.find("ul[aria-label='Evidence'] a", "SQL")).click();
    expect(location.search).toContain("inspect=sql");
    await page.find("pre", "GROUP BY");
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
    await page.gone("pre", "GROUP BY");
    expect(location.search).toBe("");
  });

  test("the trace, the sources and the table are one click away", async () => {
    const name = await askedOn();
    page.house.finish(name);
    (await page.find("ul[aria-label='Evidence'] a", "Trace")).click();
    await page.find("summary b", "DataService.AnswerQuestion");
    const [choice] = [await page.find<HTMLSelectElement>("aside select")];
    choice.value = "draw";
    choice.dispatchEvent(new Event("change", { bubbles: true }));
    await page.gone("summary b", "DataService.AnswerQuestion");
    await page.find("summary b", "VisualService.DrawChart");
    (await page.find("ul[aria-label='Evidence'] a", "seattle-weather.csv")).click();
    (await page.find("aside a", "Explore all rows")).click();
    await page.find("h1", "seattle-weather.csv");
    await page.find("[role=gridcell]", "2012-01-03");
    expect(document.querySelector("[role=grid]")?.getAttribute("aria-rowcount")).toBe("1462");
  });

  test("a trace that is no longer kept says so", async () => {
    const name = await askedOn();
    page.house.finish(name);
    page.house.tracesKept = false;
    (await page.find("ul[aria-label='Evidence'] a", "Trace")).click();
    await page.find("aside p", "no longer kept");
  });

  test("what would show a chart better is one click, as a change of it", async () => {
    const name = await askedOn();
    page.house.finish(name);
    await page.find(".warning", "a line shows that better");
    (await page.find("figcaption button", "as a line")).click();
    await page.find("article:nth-child(2) a.step");
    expect(page.house.created[1]).toMatchObject({ goal: "as a line", previous: name });
  });

  test("figures of a chart are read by arrow keys", async () => {
    const name = await askedOn();
    page.house.finish(name);
    const picture = await page.find("figure [role=group][aria-label^='Chart.']");
    const press = (key: string) =>
      picture.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    press("ArrowRight");
    await page.find("figure [aria-live]", "January: 3.76 mm (1 of 12)");
    press("End");
    await page.find("figure .tip", "December");
  });

  test("a small table is sorted where it is", async () => {
    const name = await askedOn();
    page.house.finish(name);
    await page.find("article tbody tr");
    const first = () => document.querySelector("article tbody td")?.textContent;
    const sort = await page.find<HTMLButtonElement>("th button.sort", "Mean precipitation");
    sort.click();
    await page.find("th[aria-sort=ascending]", "Mean precipitation");
    await page.find("article tbody tr:first-child td", "July");
    sort.click();
    await page.find("article tbody tr:first-child td", "November");
    sort.click();
    await page.find("article tbody tr:first-child td", "January");
    expect(first()).toBe("January");
    expect(page.house.previews).toBe(1);
  });

  test("another reading of a part is asked with one click", async () => {
    const name = await askedOn();
    page.house.finish(name);
    (await page.find("dd li button", "median of precipitation")).click();
    await page.find("article:nth-child(2) a.step");
    expect(page.house.created[1]).toMatchObject({
      goal: "median precipitation per month",
      previous: name,
      attachments: [],
    });
  });

  test("a refusal names the reason and the remedy, and its suggestion runs", async () => {
    page = renderAt("/");
    await page.attach("seattle-weather.csv");
    await page.find("section", "1,461 rows");
    await page.type("What was the profit?");
    await page.find("section.note", "No column of seattle-weather.csv holds a profit.");
    await page.find(".remedy", "It has date, precipitation");
    (await page.find("section.note button", "How many rows are there per weather?")).click();
    await page.find("article:nth-child(2) a.step");
    // The server takes the files of the question before.
    expect(page.house.tasks.get(page.house.created[1]!.previous)?.attachments).toHaveLength(1);
    expect([...page.house.tasks.values()][1]?.attachments).toHaveLength(1);
  });

  test("a question with two readings is asked back, and either is one click", async () => {
    page = renderAt("/");
    await page.attach("seattle-weather.csv");
    await page.find("section", "1,461 rows");
    await page.type("temp per month");
    await page.find("section.note h3", "Which one is meant?");
    (await page.find("section.note button", "temp_min per month")).click();
    await page.find("article:nth-child(2) a.step");
    expect(page.house.created[1]?.goal).toBe("temp_min per month");
  });

  test("a conversation has an address: reloaded, it is what the server has of it", async () => {
    const name = await askedOn();
    page.house.finish(name);
    expect(location.pathname).toMatch(/^\/conversations\/[0-9a-f]{32}$/);
    const address = location.pathname;
    await page.close();
    sessionStorage.clear();
    page = renderAt(address, page.house);
    await page.find(".sentence strong", "November");
    await page.type("and the wettest?");
    await page.find("article:nth-child(2) a.step");
    expect(page.house.created[1]).toMatchObject({
      previous: name,
      conversation: address.slice(1),
      goal: "and the wettest?",
    });
  });

  test("conversations are listed, searched and opened", async () => {
    const name = await askedOn();
    page.house.finish(name);
    (await page.find("nav.rail a", "Ask")).click();
    await page.find("h1", "Ask a table");
    await page.close();
    page = renderAt("/conversations?q=telescope", page.house);
    await page.find("p", "No conversation contains these words.");
    await page.close();
    page = renderAt("/conversations", page.house);
    (await page.find(".conversations a", goal)).click();
    await page.find(".sentence strong", "November");
  });

  test("another window's question in the same conversation appears in this one", async () => {
    const name = await askedOn();
    const conversation = page.house.tasks.get(name)!.conversation;
    await page.house.create({ goal: "and the driest?", conversation });
    await page.find("article:nth-child(2)", "and the driest?");
  });

  test("cancel stops the task and offers to ask again", async () => {
    await askedOn();
    (await page.find("button", "Cancel")).click();
    await page.find(".note", "Stopped before it was done.");
    (await page.find("button", "Ask again")).click();
    await page.find("article:nth-child(2) a.step", "Queued");
  });

  test("a reload shows the same conversation, and asks nothing twice", async () => {
    const name = await askedOn();
    page.house.finish(name);
    await page.find(".sentence");
    await page.close();
    page = renderAt(location.pathname, page.house);
    await page.find(".sentence strong", "November");
    expect(page.house.created).toHaveLength(1);
  });

  test("what is typed survives a reload", async () => {
    page = renderAt("/");
    const field = await page.find<HTMLTextAreaElement>("textarea");
    field.value = "half a question";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    await page.close();
    page = renderAt("/");
    expect((await page.find<HTMLTextAreaElement>("textarea")).value).toBe("half a question");
  });

  test("an example runs with one click", async () => {
    page = renderAt("/");
    (await page.find("button", "Show me the mean precipitation")).click();
    await page.find("a.step");
    expect(page.house.created[0]?.attachments[0]?.filename).toBe("seattle-weather.csv");
  });

  test("without a connection it says so, keeps the question and sends it once", async () => {
    page = renderAt("/");
    await page.find("p.able", "Here Keiko can");
    page.line.cut = true;
    await page.type(goal);
    await page.find(".line", "Keiko cannot be reached");
    await page.find("article", "Will be sent as soon as the connection is back");
    page.line.cut = false;
    await page.find("a.step");
    await page.gone(".line", "Keiko cannot be reached");
    expect(page.house.created).toHaveLength(1);
  });
});
