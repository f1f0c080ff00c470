/**
 * A Keiko in a process of its own, to be killed, with the probe's agent, or with the ledger's where a file
 * for its database is given. Prints its port when ready.
 */
import type { AgentDefinition } from "@keiko/agent";
import { compose } from "@keiko/local/compose.ts";
import { ensureToken } from "@keiko/local/home.ts";
import { createLog } from "@keiko/runtime/log.ts";
import { openEmbedded } from "@keiko/runtime/substrate/embedded/embedded.ts";
import { Ledger, ledgerAgent } from "../support/ledger-agent.ts";
import { probeAgent } from "../support/probe-agent.ts";

const [home = "", ledger] = process.argv.slice(2);
const substrate = await openEmbedded({ home });
const agent = ledger ? ledgerAgent(new Ledger(ledger)) : probeAgent(substrate.log);
const keiko = await compose({
  substrate,
  token: await ensureToken(home),
  port: 0,
  log: createLog((line) => console.error(line), { level: "warn" }),
  agents: [agent] as unknown as readonly AgentDefinition[],
});
console.log(`ready ${keiko.port}`);
