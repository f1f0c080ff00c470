/**
 * The orchestrator under a thousand seeds, and under each mistake that it could make: a simulator that
 * finds none of them proves nothing. KEIKO_SEEDS asks for another number; `npm run simulate` for many.
 */
import { type Bug, bugs, makeBug } from "@keiko/orchestrator/bugs.ts";
import { afterEach, expect, test } from "vitest";
import { scenarioOf } from "./scenario.ts";
import { described, shrunk } from "./shrink.ts";
import { simulate } from "./simulate.ts";

const seeds = Number(process.env.KEIKO_SEEDS ?? 1_000);

afterEach(() => allowed(() => makeBug(undefined)));

function allowed(act: () => void): void {
  process.env.KEIKO_TEST_BUGS = "allowed";
  act();
  delete process.env.KEIKO_TEST_BUGS;
}

test("nothing is lost, doubled, overspent, left behind or left waiting, whatever fails", async () => {
  const sum = { transitions: 0, effects: 0, kills: 0 };
  for (let seed = 1; seed <= seeds; seed++) {
    const { broken, transitions, effects, kills } = await simulate(scenarioOf(seed));
    if (broken.length > 0) {
      const small = described(await shrunk(scenarioOf(seed), 50));
      expect.fail(
        `seed ${seed}: ${broken.join("; ")}\nnode test/simulator/main.ts --seed ${seed}\n${small}`,
      );
    }
    sum.transitions += transitions;
    sum.effects += effects;
    sum.kills += kills;
  }
  console.log(`${seeds} seeds: ${JSON.stringify(sum)}`);
  expect(sum.kills).toBeGreaterThan(seeds / 2);
}, 600_000);

test("the same seed gives the same run", async () => {
  for (const seed of [3, 14, 159]) {
    expect(await simulate(scenarioOf(seed))).toEqual(await simulate(scenarioOf(seed)));
  }
});

/** The first seed that finds it, of as many as the others have to pass. */
async function found(bug: Bug): Promise<string> {
  allowed(() => makeBug(bug));
  for (let seed = 1; seed <= 1_000; seed++) {
    const { broken } = await simulate(scenarioOf(seed));
    if (broken.length > 0) return `seed ${seed}: ${broken[0]}`;
  }
  return "";
}

test.each(bugs)(
  "the mistake is found: %s",
  async (bug) => {
    const how = await found(bug);
    console.log(`${bug}: ${how.slice(0, 150)}`);
    expect(how).not.toBe("");
  },
  300_000,
);

test("no mistake can be made where no tests run", () => {
  expect(() => makeBug("effects are repeated")).toThrow(/KEIKO_TEST_BUGS/);
});
