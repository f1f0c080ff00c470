/** Tables: sorted, filtered, walked, copied and saved, whether they came with the answer or stay on
 * the server. */
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { rowsOf } from "../goals/source.ts";
import { seriousViolations } from "./axe.ts";
import { useStage } from "./stage.ts";
import { answerOf, ask, attach } from "./visitor.ts";

const stage = useStage();
const rowCount = 300_000;

/** Numbers in a fixed disorder: the n-th row holds n and its mirror. */
const longCsv = () => {
  const lines = Array.from({ length: rowCount }, (_, n) => `${n},${rowCount - n},name ${n % 100}`);
  return Buffer.from(`n,mirror,name\n${lines.join("\n")}\n`);
};

async function explore(page: Page) {
  await page.getByRole("link", { name: "Explore all rows" }).click();
  const grid = page.getByRole("grid");
  await grid.getByRole("gridcell").first().waitFor();
  return grid;
}

async function filter(page: Page, column: string, condition: string, value: string) {
  await page.getByRole("columnheader", { name: column }).hover();
  await page.getByRole("button", { name: `Filter ${column}` }).click();
  const form = page.getByRole("dialog", { name: `Filter ${column}` });
  await form.getByRole("combobox", { name: "Condition" }).selectOption(condition);
  await form.getByRole("textbox", { name: "Value" }).fill(value);
  expect(await seriousViolations(page)).toEqual([]);
  await page.keyboard.press("Enter");
  await form.waitFor({ state: "detached" });
}

test("a small table sorts and filters where it is, with numbers as numbers", async () => {
  const page = await stage.open("/", { calm: true });
  await attach(page, "seattle-weather.csv");
  await ask(page, "What is the mean precipitation per month?");
  const article = await answerOf(page);
  const first = () => article.locator("tbody td").first().textContent();
  expect(await first()).toBe("January");
  const sort = article.locator("th button.sort").nth(1);
  await sort.click();
  await expect.poll(first).toBe("July");
  await sort.click();
  await expect.poll(first).toBe("November");
  const heading = (await sort.textContent())!.trim();
  await filter(page, heading, "is at least", "5");
  await article.getByText("2 of 12 rows").waitFor();
  await expect.poll(() => article.locator("tbody tr").count()).toBe(2);
  await article.getByRole("button", { name: /^Remove filter/ }).click();
  await expect.poll(() => article.locator("tbody tr").count()).toBe(12);
});

test("an attached file is explored whole: paged, sorted and filtered by the server", async () => {
  const page = await stage.open("/", { calm: true });
  const picker = page.locator("form input[type=file]");
  await picker.setInputFiles({ name: "long.csv", mimeType: "text/csv", buffer: longCsv() });
  await page.locator("form").getByText("300,000 rows").waitFor();
  const grid = await explore(page);
  expect(await grid.getAttribute("aria-rowcount")).toBe(String(rowCount + 1));
  expect(await seriousViolations(page)).toEqual([]);

  await grid.focus();
  await page.keyboard.press("Control+End");
  await grid.getByRole("gridcell", { name: "299,999", exact: true }).waitFor();
  expect(await grid.locator("tbody tr").count()).toBeLessThan(140);
  await page.getByRole("button", { name: "mirror" }).first().click();
  await grid.locator("tbody tr").first().getByText("299,999").waitFor();
  await filter(page, "name", "is", "name 42");
  await page.getByText("3,000 of 300,000 rows").waitFor();

  // A rectangle of cells, copied as a spreadsheet takes it.
  await grid.locator("tbody tr").first().locator("td").first().click();
  await grid.focus();
  await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("Shift+ArrowRight");
  await page.keyboard.press("Control+c");
  await page.getByText("4 cells copied").waitFor({ state: "attached" });
  const copied = String(await page.evaluate("navigator.clipboard.readText()")).split("\n");
  expect(copied).toEqual(["299942\t58", "299842\t158"]);

  const [saved] = await Promise.all([
    page.waitForEvent("download"),
    page.locator("button.save").click(),
  ]);
  const lines = readFileSync((await saved.path())!, "utf8")
    .trim()
    .split("\r\n");
  expect(lines).toHaveLength(3001);
  expect(lines[1]).toBe("299942,58,name 42");

  // The address says how it is looked at.
  await page.reload();
  await page.getByText("3,000 of 300,000 rows").waitFor();
  await grid.locator("tbody tr").first().getByText("299,942").waitFor();

  await filter(page, "name", "is", "nobody");
  await page.getByText("No row meets these conditions.").waitFor();
  await page.getByRole("button", { name: "Back" }).click();
  await page.getByRole("heading", { name: "Ask a table" }).waitFor();
});

test("a long answer is shown in full, page by page, on a phone as well", async () => {
  const page = await stage.open("/", { width: 390, height: 844 });
  await attach(page, "seattle-weather.csv");
  await ask(page, "Show the maximum temp_max per day");
  const article = await answerOf(page);
  await article.getByRole("button", { name: "Show all 1,461 rows" }).tap();
  const last = String(rowsOf("seattle-weather.csv").at(-1)!.date);
  const scroll =
    "(box => { box.scrollTop = box.scrollHeight; return box.innerText })(document.querySelector('article [role=grid]'))";
  await expect.poll(() => page.evaluate(scroll)).toContain(last);
  expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(390);
});

test("a table that is not there says so", async () => {
  const page = await stage.open(`/tables/${"0".repeat(64)}?name=lost.csv&type=text/csv`);
  await page.getByText("There is no such table").waitFor();
  expect(await seriousViolations(page)).toEqual([]);
  stage.visitor.errors.splice(0);
});
