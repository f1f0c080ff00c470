/** kill -9: see kill-loop.ts. `SUBSTRATE_KILLS` asks for more of them. */
import { describe, expect, it } from "vitest";
import { killLoop } from "./kill-loop.ts";
import { type Open, withStore } from "./setup.ts";

const kills = Number(process.env.SUBSTRATE_KILLS ?? 15);

export function describeCrashes(open: Open): void {
  describe("kill -9", () => {
    it(
      `loses nothing acknowledged in ${kills} kills`,
      () =>
        withStore(open, async ({ substrate, reopen, address }) => {
          await substrate.close();
          const seed = Date.now() % 1_000_000;
          const result = await killLoop({ kills, seed, reopen, address });
          expect(result.kills).toBe(kills);
          // Otherwise the children died before they did anything, and nothing was shown.
          for (const count of Object.values(result.acknowledged)) expect(count).toBeGreaterThan(0);
          expect(result.redelivered).toBeGreaterThan(0);
        }),
      20_000 + kills * 3_000,
    );
  });
}
