/**
 * The long form of the NATS faults: `node test/faults/nats-main.ts [--part kills|partitions] [--rounds 2]
 * [--form namespaces|gates]`, the last for partitions (../support/partition.ts). Broken promises: exit status 1.
 */
import { parseArgs } from "node:util";
import { type PartedForm, partedForm } from "../support/partition.ts";
import { runKills } from "./nats-kills.ts";
import { type Partition, partitions, runPartitions } from "./nats-partitions.ts";

const { values } = parseArgs({
  options: {
    part: { type: "string" },
    rounds: { type: "string", default: "2" },
    form: { type: "string", default: partedForm() },
  },
});
const broken: string[] = [];
const told: Record<PartedForm, string> = {
  namespaces: "links between network namespaces that are taken down",
  gates: "gates that hold back what is sent",
};

async function kills(): Promise<void> {
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
}

async function parted(): Promise<void> {
  if (values.form !== "namespaces" && values.form !== "gates") {
    throw new Error(`--form ${values.form}: namespaces or gates`);
  }
  console.log(`three servers, parted by ${told[values.form]}:`);
  const all = Object.keys(partitions) as Partition[];
  const { anomalies, done_alone, ...counts } = await runPartitions({
    form: values.form,
    rounds: Array.from({ length: Number(values.rounds) }, () => all).flat(),
    // Longer than a call waits, so that some give up while the servers are parted.
    parted_ms: 20_000,
    healed_ms: 4_000,
    progress: console.log,
  });
  console.log(counts);
  broken.push(...anomalies);
  if (done_alone > 0) broken.push(`${done_alone} sets were done beside a server that was alone`);
}

const parts: Record<string, () => Promise<void>> = { kills, partitions: parted };
for (const [name, run] of Object.entries(parts)) {
  if (values.part && values.part !== name) continue;
  await run();
}
for (const violation of broken) console.log(`BROKEN: ${violation}`);
console.log(broken.length === 0 ? "nothing lost, nothing twice" : `${broken.length} broken`);
process.exit(broken.length === 0 ? 0 : 1);
