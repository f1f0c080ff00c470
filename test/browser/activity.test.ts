/** What happens inside, as somebody sees it who only looks: live, in order, and honest about gaps. */
import { timestampMs } from "@bufbuild/protobuf/wkt";
import { createClient } from "@connectrpc/connect";
import { WorkloadKind } from "@keiko/gen/keiko/registry/v1/registry_pb.js";
import { RegistryService } from "@keiko/gen/keiko/registry/v1/registry_service_pb.js";
import { TaskService } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import { createDirectory, followStore } from "@keiko/registry/directory.ts";
import { registryService } from "@keiko/registry/registry-service.ts";
import { registryStore } from "@keiko/registry/registry-store.ts";
import { createEmitter } from "@keiko/runtime/events.ts";
import { createHost, hosted } from "@keiko/runtime/host.ts";
import { silentLog as log } from "@keiko/runtime/log.ts";
import { createMemoryTransport } from "@keiko/runtime/mesh/memory-transport.ts";
import { createDecider } from "@keiko/runtime/policy.ts";
import { keepRegistered } from "@keiko/runtime/register.ts";
import type { Substrate } from "@keiko/runtime/substrate/substrate.ts";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { ProbeService } from "../gen/keiko/probe/v1/probe_service_pb.js";
import { literal, planOf, step } from "../support/plans.ts";
import { seriousViolations } from "./axe.ts";
import { lineTo, mortalKeiko } from "./mortal.ts";
import { useStage } from "./stage.ts";
import { answerOf, ask, attach, openWindow, signIn } from "./visitor.ts";
import { english as question } from "./weather.ts";

const stage = useStage();
const quiet = "Nothing has happened since you opened this page.";

const sentences = async (page: Page) =>
  (await page.locator(".line .sentence").allInnerTexts()).map((text) => text.replace(/\s+/g, " "));

/** A replica of the registry on the same store and bus. */
async function replicaOf({ kv, bus }: Substrate, signal: AbortSignal) {
  const now = () => Date.now();
  const store = registryStore(kv, now);
  const directory = createDirectory();
  await followStore(directory, store, { signal, now });
  const emit = createEmitter(bus, { source: "registry", log });
  const deps = { store, directory, now, lease_ms: 10_000, emit, mayServe: () => true };
  const host = createHost({
    server: "registry",
    services: [hosted(RegistryService, registryService(deps))],
    audit: { append: async () => {} },
    tokens: undefined,
    decider: () => createDecider({ all: "permit (principal, action, resource);" }),
    log,
  });
  const transport = createMemoryTransport({ workload: "newcomer", resolve: () => host });
  return createClient(RegistryService, transport);
}

test("what another window does shows up without a reload, its steps in one line", async () => {
  const page = await stage.open("/activity");
  await page.getByText(quiet).waitFor();
  const other = await stage.open("/");
  await attach(other, "seattle-weather.csv");
  await ask(other, question);
  await answerOf(other);
  await page.locator(".line", { hasText: `${question} succeeded` }).waitFor();
  const all = await sentences(page);
  expect(all.at(-1)).toMatch(/^seattle-weather.csv was stored, 48 kB$/);
  expect(all.filter((text) => text.startsWith(`${question} step`))).toHaveLength(1);
  expect(await seriousViolations(page)).toEqual([]);

  await page.getByRole("button", { name: /^\d+ steps?/ }).click();
  await page.locator("li li [data-state=succeeded]").first().waitFor();
  expect(await seriousViolations(page)).toEqual([]);
  await page.locator(".line a").first().focus();
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Home");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: question }).waitFor();
  await page.goBack();
  await page.locator(".line", { hasText: `${question} succeeded` }).waitFor();
});

test("from the creation of a task to its line it takes less than a second", async () => {
  const page = await stage.open("/activity?kind=tasks");
  await page.locator(".empty").waitFor();
  await page.evaluate(`window.seen = {};
    new MutationObserver(() => {
      for (const link of document.querySelectorAll(".line a")) seen[link.textContent] ??= Date.now();
    }).observe(document.body, { subtree: true, childList: true, characterData: true })`);
  const delays: number[] = [];
  // The best of some: on a busy machine any single one may have waited for its turn.
  for (let run = 1; run <= 5; run++) {
    const goal = `run ${run}`;
    const plan = planOf(step("wait", "Wait", literal("time", "0.01s")));
    const { task } = await stage.keiko.client(TaskService).createTask({ goal, plan });
    await page.locator(".line", { hasText: `${goal} succeeded` }).waitFor();
    const seen = Number(await page.evaluate(`seen[${JSON.stringify(goal)}]`));
    delays.push(seen - timestampMs(task!.createTime!));
  }
  expect(Math.min(...delays)).toBeLessThan(1000);
});

test("an agent that registers and leaves shows up; a pause holds the news back", async () => {
  const page = await stage.open("/activity?kind=workloads");
  await page.locator(".empty").waitFor();
  const stop = new AbortController();
  const registry = await replicaOf(stage.keiko.substrate, stop.signal);
  const newcomer = {
    identity: "newcomer",
    version: "1.0.0",
    kind: WorkloadKind.AGENT,
    endpoints: ["in-process:newcomer"],
    services: [ProbeService],
  };
  const registration = await keepRegistered(registry, newcomer, { log });
  await page.locator(".line", { hasText: "newcomer has registered" }).waitFor();
  await page.locator("[role=status]", { hasText: "1 new event" }).waitFor({ state: "attached" });
  await page.getByRole("button", { name: "Pause" }).click();
  await registration.remove();
  stop.abort();
  await page.getByText("1 waits").waitFor();
  expect(await page.locator(".line").count()).toBe(1);
  expect(await seriousViolations(page)).toEqual([]);
  await page.getByRole("button", { name: "Go on" }).click();
  await page.locator(".line", { hasText: "newcomer has left" }).waitFor();
  await page.getByRole("link", { name: "newcomer" }).first().click();
  await page.getByRole("heading", { level: 1, name: "Agents and skills" }).waitFor();
});

test("a line that breaks loses nothing: what happened meanwhile is told, once", async () => {
  const line = await lineTo(stage.keiko.base);
  const { page, context } = await openWindow(stage.browser, stage.session);
  const run = async (goal: string) => {
    const plan = planOf(step("wait", "Wait", literal("time", "0.01s")));
    const tasks = stage.keiko.client(TaskService);
    const { task } = await tasks.createTask({ goal, plan });
    for await (const _ of tasks.watchTask({ name: task!.name }));
  };
  await page.goto(`${line.base}/activity`);
  await page.getByText(quiet).waitFor();
  await run("before the break");
  await page.locator(".line", { hasText: "before the break succeeded" }).waitFor();
  line.cut();
  await page.getByText("Keiko cannot be reached.").first().waitFor();
  await run("during the break");
  line.mend();
  await page.locator(".line", { hasText: "during the break succeeded" }).waitFor();
  await run("after the break");
  await page.locator(".line", { hasText: "after the break succeeded" }).waitFor();
  const of = (goal: string) => [
    `${goal} succeeded`,
    `${goal} step wait succeeded`,
    `${goal} is running`,
    `${goal} is queued`,
  ];
  expect(await sentences(page)).toEqual([
    ...of("after the break"),
    ...of("during the break"),
    ...of("before the break"),
  ]);
  await context.close();
  await line.end();
});

test("a Keiko that was killed remembers no events: a line says that some may be missing", async () => {
  const keiko = await mortalKeiko();
  const session = await signIn(stage.browser, await keiko.start());
  const phone = { width: 360, height: 740, dark: true, language: "de" } as const;
  const { page, context } = await openWindow(stage.browser, session, phone);
  await page.goto(`${keiko.base}/activity`);
  await page.getByText("Seit dem Öffnen dieser Seite ist nichts geschehen.").waitFor();
  const other = await context.newPage();
  await other.goto(`${keiko.base}/`);
  await attach(other, "seattle-weather.csv");
  await other.close();
  await page.locator(".line", { hasText: "seattle-weather.csv" }).waitFor();
  await keiko.kill();
  await page.getByText("Keiko ist nicht erreichbar.").first().waitFor();
  await keiko.start();
  await page.locator(".line.gap", { hasText: "Hier kann etwas fehlen" }).waitFor();
  expect(await page.locator(".line").count()).toBe(2);
  expect(await seriousViolations(page)).toEqual([]);
  const wide = await page.evaluate("document.documentElement.scrollWidth");
  expect(wide).toBeLessThanOrEqual(phone.width);
  await context.close();
  await keiko.end();
});
