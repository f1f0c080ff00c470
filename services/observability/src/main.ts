/** The observability in a process of its own. */
import { main } from "@keiko/runtime/process/run.ts";
import { observability } from "./definition.ts";

await main(() => observability);
