/** The visual agent in a process of its own. */
import { agentWorkload } from "@keiko/agent";
import { main } from "@keiko/runtime/process/run.ts";
import { visual } from "./agent.ts";

await main(() => agentWorkload(visual));
