/** The short form of `npm run faults -- orchestrator`: a few kills, nothing lost, nothing twice. */
import { describe, expect, test } from "vitest";
import { server, without } from "../support/nats.ts";
import { runOrchestratorKills } from "./orchestrator-kills.ts";

test("one process that is killed goes on where it was, and no effect happens twice", async () => {
  const report = await runOrchestratorKills({ kills: 4, replicas: 0, at_a_time: 2 });
  console.log(JSON.stringify(report));
  expect(report.violations).toEqual([]);
  expect(report.tasks).toBeGreaterThan(0);
  expect(report.resumed_max_ms).toBeLessThan(30_000);
}, 120_000);

describe.skipIf(!server)(`kill -9 of an orchestrator${without}`, () => {
  test("another one takes over what it led, and no effect happens twice", async () => {
    const report = await runOrchestratorKills({ kills: 3, replicas: 2, at_a_time: 2 });
    console.log(JSON.stringify(report));
    expect(report.violations).toEqual([]);
    expect(report.tasks).toBeGreaterThan(0);
    // Seconds are what the long form is for; here only that it does go on by itself.
    expect(report.resumed_max_ms).toBeLessThan(30_000);
  }, 240_000);
});
