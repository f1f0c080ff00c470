/** A Keiko with the probe agent in a process of its own, to be killed. Prints its port when ready. */

import type { AgentDefinition } from "@keiko/agent";
import { compose } from "@keiko/local/compose.ts";
import { ensureToken } from "@keiko/local/home.ts";
import { createLog } from "@keiko/runtime/log.ts";
import { openEmbedded } from "@keiko/runtime/substrate/embedded/embedded.ts";
import { probeAgent } from "../support/probe-agent.ts";

const home = process.argv[2]!;
const substrate = await openEmbedded({ home });
const keiko = await compose({
  substrate,
  token: await ensureToken(home),
  port: 0,
  log: createLog((line) => console.error(line), { level: "warn" }),
  agents: [probeAgent(substrate.log)] as unknown as readonly AgentDefinition[],
});
console.log(`ready ${keiko.port}`);
