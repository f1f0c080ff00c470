/** kill -9 of the only node under load; the long form with three is `node test/faults/nats-main.ts`. */
import { describe, expect, it } from "vitest";
import { runKills } from "../faults/nats-kills.ts";
import { server, without } from "../support/nats.ts";

describe.skipIf(!server)(`a killed server${without}`, { timeout: 60_000 }, () => {
  it.each(["disk", "memory"] as const)(
    "loses nothing acknowledged, queue in %s",
    async (storage) => {
      const report = await runKills({ nodes: 1, how: ["kill"], per_second: 500, storage });
      expect(report.violations).toEqual([]);
      expect(report.acknowledged.puts).toBeGreaterThan(50);
      expect(report.acknowledged.appends).toBeGreaterThan(50);
      expect(report.acknowledged.acks).toBeGreaterThan(50);
      // The server is away for half a second of it.
      expect(report.stalls_ms["kill n0"]).toBeLessThan(3_000);
    },
  );
});
