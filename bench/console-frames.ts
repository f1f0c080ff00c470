/**
 * How the console bears much: frames while a table of a million rows and a plan of 200 steps are
 * scrolled by a script, and how soon the page takes what is typed. The console alone is measured:
 * behind it stands a Keiko in memory (`face/src/testing`).
 */
import type { Browser, Page } from "playwright-core";
import { bigTask } from "../face/src/testing/big-task.ts";
import { House } from "../face/src/testing/house.ts";
import { serveHouse } from "../face/src/testing/serve.ts";
import { launchBrowser } from "../test/browser/browser.ts";
import { digits, median, quantileOfRounds, type Row } from "./row.ts";

const rowCount = 1_000_000;
const stepCount = 200;
const frame_ms_max = 32;
const ready_ms_max = 1_000;
const starts = 5;
const rounds = 5;

export async function frames(): Promise<Row[]> {
  const house = new House();
  house.rowCount = rowCount;
  const task = bigTask(stepCount);
  house.tasks.set(task.name, task);
  const server = await serveHouse(house);
  const browser = await launchBrowser();
  try {
    return [
      await ready(browser, server.base),
      await scrolled(browser, "a table of 10⁶ rows", {
        address: `${server.base}/tables/${"a".repeat(64)}?name=long.csv&type=text/csv`,
        box: "[role=grid]",
        filled: "tbody tr:not(.waits)",
      }),
      await scrolled(browser, `a running task of ${stepCount} steps`, {
        address: `${server.base}/${task.name}`,
        box: ".box.large",
        filled: "a.step",
      }),
    ];
  } finally {
    await browser.close();
    await server.stop();
  }
}

/** From the address to the first letter that stands in the field, with nothing kept from before. */
async function ready(browser: Browser, base: string): Promise<Row> {
  const times: number[] = [];
  for (let start = 0; start < starts; start++) {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.addInitScript(whenTyped);
    await page.goto(base);
    await page.waitForFunction("globalThis.typed_ms !== undefined");
    times.push(Number(await page.evaluate("typed_ms")));
    await context.close();
  }
  const value = median(times);
  return {
    name: "console: ready for the first letter",
    value: `${digits(value)} ms`,
    goal: `< ${ready_ms_max} ms`,
    met: value < ready_ms_max,
    note: `median of ${starts} first loads, worst ${digits(Math.max(...times))} ms`,
  };
}

/** Types as soon as there is a field, and looks for what the page made of it: the button works. */
const whenTyped = `{
  const look = () => {
    const field = document.querySelector("textarea");
    if (!field) return requestAnimationFrame(look);
    field.value = "a";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    requestAnimationFrame(() => {
      if (document.querySelector("button[type=submit]:not(:disabled)")) globalThis.typed_ms = performance.now();
      else look();
    });
  };
  requestAnimationFrame(look);
}`;

interface Scrolled {
  address: string;
  box: string;
  /** Something of what is to be seen. */
  filled: string;
}

async function scrolled(browser: Browser, what: string, at: Scrolled): Promise<Row> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.goto(at.address);
  await page.locator(at.filled).first().waitFor();
  await settle(page);
  const rest: number[][] = [];
  const moved: number[][] = [];
  for (let round = 0; round < rounds; round++) {
    rest.push((await page.evaluate(scroll(at.box, 0))) as number[]);
    moved.push((await page.evaluate(scroll(at.box, 1))) as number[]);
  }
  await page.locator(at.filled).first().waitFor();
  await context.close();
  const value = quantileOfRounds(moved, 0.95);
  return {
    name: `console: frames while ${what} is scrolled, p95`,
    value: `${digits(value)} ms`,
    goal: `<= ${frame_ms_max} ms`,
    met: value <= frame_ms_max,
    note: `${moved.flat().length} frames, worst ${digits(Math.max(...moved.flat()))} ms; at rest p95 ${digits(quantileOfRounds(rest, 0.95))} ms`,
  };
}

// Until what comes later has been fetched, too.
const settle = (page: Page) => page.waitForTimeout(2_500);

/** Down and to the right a bit each frame, then far jumps, as a person drags the bar; without
 * moves, what the machine itself lets through. */
const scroll = (box: string, moves: 0 | 1) => `new Promise((resolve) => {
  const box = document.querySelector(${JSON.stringify(box)});
  const times = [];
  let last = performance.now();
  let frame = 0;
  const next = (now) => {
    times.push(now - last);
    last = now;
    frame++;
    if (frame < 60) box.scrollBy(40 * ${moves}, 90 * ${moves});
    else if (frame < 100 && ${moves}) box.scrollTo(box.scrollWidth * Math.random(), (box.scrollHeight * (frame % 40)) / 40);
    else return resolve(times.slice(1));
    requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
})`;
