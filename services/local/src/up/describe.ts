/** Prints what there is to run as JSON: told in a process of its own, so that nobody else loads it. */
import { agentsFor } from "../agents.ts";
import { declaredCalls, definitions } from "../definitions.ts";
import type { UnitDescription } from "./units.ts";

const all = definitions({
  agents: agentsFor(),
  host: "",
  port: 0,
  token: "",
  file_bytes_max: 0,
});
const list = [all.policy, ...all.backbone, ...all.agents, all.gateway];
const agents = new Set(all.agents.map(({ identity }) => identity));
const units: UnitDescription[] = list.map(({ identity, single }) => ({
  identity,
  folder: agents.has(identity) ? `agents/${identity}` : identity,
  ...(single ? { single } : {}),
}));
console.log(JSON.stringify({ units, declared: declaredCalls(list) }));
process.exit(0);
