/** A plan is written by hand, in a real browser against a real Keiko. */
import { create } from "@bufbuild/protobuf";
import { PlanSchema } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { PlanService } from "@keiko/gen/keiko/plan/v1/plan_service_pb.js";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { literal, planOf, step } from "../support/plans.ts";
import { seriousViolations } from "./axe.ts";
import { useStage } from "./stage.ts";

const stage = useStage();

const add = async (page: Page, skill: RegExp) => {
  await page.getByRole("button", { name: "Add a step" }).click();
  await page.getByRole("dialog").getByRole("button", { name: skill }).click();
};
const optionsOf = (page: Page, field: string) =>
  page
    .getByRole("combobox", { name: `Where ${field} comes from` })
    .locator("option")
    .allTextContents();

test("a plan of two steps is built by clicking, stored and run; what does not fit is not offered", async () => {
  const page = await stage.open("/plans");
  await page.getByRole("link", { name: "New plan" }).click();
  await page.getByRole("heading", { level: 1, name: "New plan" }).waitFor();
  await page.getByRole("textbox", { name: "Name" }).first().fill("written");
  await page
    .getByRole("textbox", { name: "What it is for" })
    .fill("Count one up and write it down");
  await page.getByRole("button", { name: "Add a parameter" }).click();
  const parameter = page.getByRole("group", { name: "value" });
  await parameter.getByRole("combobox", { name: "Type" }).selectOption("A whole number");

  await add(page, /^Increment/);
  await page
    .getByRole("combobox", { name: "Where value comes from" })
    .selectOption("value (INTEGER)");
  await add(page, /^Record/);
  // A text gets no number: neither the parameter nor what was counted is offered for it.
  expect(await optionsOf(page, "entry")).toEqual(["nothing", "A fixed value"]);
  expect(await optionsOf(page, "after_value")).toEqual([
    "nothing",
    "A fixed value",
    "value (INTEGER)",
    "value (int64)",
  ]);
  await page
    .getByText(/needs "entry"|entry: /)
    .first()
    .waitFor();
  await page
    .getByRole("combobox", { name: "Where entry comes from" })
    .selectOption("A fixed value");
  await page.getByRole("textbox", { name: "Value of entry" }).fill("one more");

  // In the graph: what a step gives, then the field that gets it.
  await page.getByRole("button", { name: "Connect increment.value" }).click();
  await page.getByText("increment.value goes where?", { exact: true }).waitFor();
  expect(
    await page
      .getByRole("button", { name: "Connect increment.value with record.entry" })
      .isDisabled(),
  ).toBe(true);
  await page
    .getByRole("button", { name: "Connect increment.value with record.after_value" })
    .click();
  await page.getByText("Every type fits. It can be stored.").waitFor();
  expect(await seriousViolations(page)).toEqual([]);

  // Nothing typed is lost.
  await page.reload();
  expect(await page.getByRole("textbox", { name: "Value of entry" }).inputValue()).toBe("one more");
  await page.getByText("Every type fits. It can be stored.").waitFor();
  await page.getByRole("button", { name: "Store", exact: true }).click();
  await page.getByRole("heading", { level: 1, name: "written" }).waitFor();
  await page.getByRole("textbox", { name: "value" }).fill("4");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.getByRole("heading", { level: 1, name: "Count one up and write it down" }).waitFor();
  await expect.poll(() => page.locator(".plan [data-state=succeeded]").count()).toBe(2);
});

test("a change is the next version; somebody else's is not lost", async () => {
  const name = "plans/changing";
  const plans = stage.keiko.client(PlanService);
  const plan = create(PlanSchema, { ...planOf(step("count", "Increment", literal("value", 1))) });
  await plans.storePlan({ name, plan });
  const page = await stage.open("/plans/changing");
  await page.getByRole("link", { name: "Edit" }).click();
  await page
    .getByRole("button", { name: /^Increment/ })
    .first()
    .click();
  await page.getByRole("textbox", { name: "Value of value" }).fill("2");
  await page.getByText("Every type fits. It can be stored.").waitFor();
  const other = create(PlanSchema, { ...plan, goal: "somebody else's" });
  await plans.storePlan({ name, plan: other });
  await page.getByRole("button", { name: "Store as version 2" }).click();
  await page.getByRole("heading", { name: "Version 2 was stored meanwhile" }).waitFor();
  expect(await seriousViolations(page)).toEqual([]);
  await page.getByRole("button", { name: "Store mine as the next version" }).click();
  await page.getByRole("combobox", { name: "Version" }).waitFor();
  // Browsers report a call that was refused; here that was meant.
  expect(stage.visitor.errors.splice(0)).toEqual([expect.stringContaining("409")]);
  const { plan: stored } = await plans.getPlan({ name });
  expect(stored?.version).toBe(3);
  expect(stored?.plan?.steps[0]?.inputs[0]?.value).toEqual(literal("value", 2).value);
});

test("with keys alone: a source is picked, only what fits is reached, steps change places", async () => {
  const name = "plans/keyed";
  const plan = planOf(
    step("first", "Increment", literal("value", 1)),
    step("second", "Increment", literal("value", 1)),
    step("last", "Record", literal("entry", "x")),
  );
  const client = stage.keiko.client(PlanService);
  await client.storePlan({ name, plan: { ...plan, answer: "{first.value} {second.value}" } });
  const page = await stage.open("/edit/plans/keyed");
  await page.getByRole("button", { name: "Connect second.value" }).focus();
  await page.keyboard.press("Enter");
  const focused = "document.activeElement.dataset.target";
  await expect.poll(() => page.evaluate(focused)).toBe("last after_value");
  await page.keyboard.press("Escape");
  const row = page.locator("button.step", { hasText: "first" });
  await row.focus();
  await page.keyboard.press("Alt+ArrowDown");
  await expect
    .poll(() => page.locator("button.step .id").allTextContents())
    .toEqual(["Parameters: 0", "second", "first", "last"]);
  await page.keyboard.press("Control+z");
  await expect
    .poll(() => page.locator("button.step .id").allTextContents())
    .toEqual(["Parameters: 0", "first", "second", "last"]);
});

test("a field is dragged to another; what does not fit is said where it stands; text comes back", async () => {
  const page = await stage.open("/edit/plans");
  await add(page, /^A question/);
  await page.getByRole("combobox", { name: "What the reply is" }).selectOption("A whole number");
  await add(page, /^Increment/);
  const from = (await page
    .getByRole("button", { name: "Connect question.integer" })
    .boundingBox())!;
  const to = (await page.getByRole("button", { name: "Fill increment.value" }).boundingBox())!;
  await page.mouse.move(from.x + from.width - 8, from.y + from.height / 2);
  await page.mouse.down();
  await page.mouse.move(to.x + 8, to.y + to.height / 2, { steps: 6 });
  await page.mouse.up();
  const source = page.getByRole("combobox", { name: "Where value comes from" });
  await expect.poll(() => source.inputValue()).toBe("output question integer");
  await source.selectOption("A fixed value");
  await page.getByRole("textbox", { name: "Value of value" }).fill("four");
  await page.getByText(/^the literal is no int64: .* write it as protobuf JSON$/).waitFor();
  expect(await page.getByRole("button", { name: "Store", exact: true }).isDisabled()).toBe(true);
  expect(await seriousViolations(page)).toEqual([]);
  await page.getByRole("button", { name: "As text" }).click();
  const text = page.getByRole("textbox", { name: "The plan as text" });
  const written = await text.inputValue();
  await text.fill("{");
  await page.getByRole("button", { name: "Take this text over" }).click();
  await page.getByText(/^That is no plan: /).waitFor();
  await text.fill(written.replace('"four"', "4"));
  await page.getByRole("button", { name: "Take this text over" }).click();
  await page.getByText("Every type fits. It can be stored.").waitFor();
});
