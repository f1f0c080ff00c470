/** The long form of the NATS faults: `node test/faults/nats-main.ts`. Broken promises: exit status 1. */
import { runKills } from "./nats-kills.ts";

const broken: string[] = [];
const runs = [
  { nodes: 1, how: ["kill"], storage: "disk" },
  { nodes: 1, how: ["kill"], storage: "memory" },
  { nodes: 3, how: ["kill", "retire"], storage: "disk" },
] as const;
for (const run of runs) {
  console.log(`${run.nodes} node(s), ${run.how.join(" and ")} each, queue in ${run.storage}:`);
  const { violations, ...counts } = await runKills({
    ...run,
    per_second: 500,
    progress: console.log,
  });
  console.log(counts);
  broken.push(...violations);
}
for (const violation of broken) console.log(`BROKEN: ${violation}`);
console.log(broken.length === 0 ? "nothing lost, nothing twice" : `${broken.length} broken`);
process.exit(broken.length === 0 ? 0 : 1);
