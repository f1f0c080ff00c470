import { expect, test } from "vitest";
import { runFaults } from "./faults.ts";

test("a dozen kills at random points: nothing lost, nothing twice", {
  timeout: 300_000,
}, async () => {
  const report = await runFaults({ kills: 12 });
  expect(report.violations).toEqual([]);
  expect(report.succeeded).toBe(report.requests);
  expect(report.requests).toBeGreaterThan(12);
});
