/**
 * `npm run faults -- orchestrator [--kills 1000] [--replicas 12]`: exit status 1 where a promise broke.
 * `--replicas 0`: everything in one process, over the embedded store.
 */
import { parseArgs } from "node:util";
import { runOrchestratorKills } from "./orchestrator-kills.ts";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "1000" },
    replicas: { type: "string", default: "12" },
    tasks: { type: "string", default: "4" },
  },
});
const { violations, ...counts } = await runOrchestratorKills({
  kills: Number(values.kills),
  replicas: Number(values.replicas),
  at_a_time: Number(values.tasks),
  progress: console.log,
});
console.log(counts);
for (const violation of violations) console.log(`BROKEN: ${violation}`);
console.log(
  violations.length === 0 ? "nothing lost, nothing twice" : `${violations.length} broken`,
);
process.exit(violations.length === 0 ? 0 : 1);
