/** The long loop: at least 200 kills. Prints the counts; anything broken makes the exit status 1. */
import { parseArgs } from "node:util";
import { runFaults } from "./faults.ts";

const { values } = parseArgs({ options: { kills: { type: "string", default: "200" } } });
const report = await runFaults({ kills: Number(values.kills), progress: console.log });
const { violations, ...counts } = report;
console.log(counts);
for (const violation of violations) console.log(`BROKEN: ${violation}`);
console.log(
  violations.length === 0 ? "nothing lost, nothing twice" : `${violations.length} broken`,
);
process.exitCode = violations.length === 0 ? 0 : 1;
