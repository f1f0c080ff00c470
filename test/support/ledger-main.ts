/** The ledger's agent in a process of its own, its database in the file that LEDGER_FILE names. */
import { agentWorkload } from "@keiko/agent";
import { main } from "@keiko/runtime/process/run.ts";
import { Ledger, ledgerAgent } from "./ledger-agent.ts";

await main(() => agentWorkload(ledgerAgent(new Ledger(process.env.LEDGER_FILE ?? ""))));
