/** `npm run simulate [-- --seeds 100000] [--seed N] [--bug NAME]`: exit status 1 where something broke. */
import { parseArgs } from "node:util";
import { type Bug, makeBug } from "@keiko/orchestrator/bugs.ts";
import { scenarioOf } from "./scenario.ts";
import { described, shrunk } from "./shrink.ts";
import { simulate } from "./simulate.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "100000" },
    from: { type: "string", default: "1" },
    seed: { type: "string" },
    bug: { type: "string" },
  },
});
if (values.bug) makeBug(values.bug as Bug);

const from = Number(values.seed ?? values.from);
const to = values.seed === undefined ? from + Number(values.seeds) : from + 1;
const sum = { seeds: 0, transitions: 0, effects: 0, kills: 0 };
const began = performance.now();
for (let seed = from; seed < to; seed++) {
  const { broken, ...counts } = await simulate(scenarioOf(seed));
  sum.seeds++;
  sum.transitions += counts.transitions;
  sum.effects += counts.effects;
  sum.kills += counts.kills;
  if (broken.length > 0) {
    console.log(`BROKEN by seed ${seed}: run it again with --seed ${seed}`);
    for (const one of broken) console.log(`  ${one}`);
    const small = await shrunk(scenarioOf(seed));
    console.log("the least that still breaks:");
    console.log(described(small));
    process.exit(1);
  }
  if (sum.seeds % 1000 === 0) {
    console.log(`${sum.seeds} seeds, ${((performance.now() - began) / 1000).toFixed(0)} s`);
  }
}
console.log(`${JSON.stringify(sum)}: nothing broke`);
