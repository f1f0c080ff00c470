/** The orchestrator in a process of its own. */
import { main } from "@keiko/runtime/process/run.ts";
import { orchestrator } from "./definition.ts";

await main(() => orchestrator);
