/**
 * `npm run faults [-- PART… [options]]`: breaks Keiko in every way that is promised to be survived, and
 * counts what was lost, doubled or failed. Parts: `embedded` (kill -9 of the one process), `up` (many
 * processes killed, restarted, stopped, with certificates that change), `orchestrator` (killed amid plans
 * with effects in a database), `nats` (the store's nodes, killed
 * and parted), `mesh` (what attackers take from a good client).
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ensureInstalled, pinnedNode, root, run } from "./lib/ensure.mjs";

const parts = {
  embedded: "main.ts",
  up: "up-main.ts",
  orchestrator: "orchestrator-main.ts",
  nats: "nats-main.ts",
  mesh: "mesh-main.ts",
};
const args = process.argv.slice(2);
const first = args.findIndex((word) => word.startsWith("-"));
const named = first < 0 ? args : args.slice(0, first);
const options = first < 0 ? [] : args.slice(first);
const unknown = named.filter((name) => !(name in parts));
if (unknown.length > 0) {
  console.error(
    `No such part: ${unknown.join(", ")}. There are: ${Object.keys(parts).join(", ")}.`,
  );
  process.exit(1);
}
if (options.length > 0 && named.length !== 1) {
  console.error("Options belong to one part: name it before them.");
  process.exit(1);
}

ensureInstalled();
for (const name of named.length > 0 ? named : Object.keys(parts)) {
  const script = join(root, "test/faults", parts[name]);
  if (!existsSync(script)) continue;
  console.log(`— ${name}`);
  const status = run(pinnedNode(), [script, ...options]);
  if (status !== 0) process.exitCode = status;
}
