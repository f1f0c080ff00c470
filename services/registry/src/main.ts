/** The registry in a process of its own. */
import { main } from "@keiko/runtime/process/run.ts";
import { registry } from "./definition.ts";

await main(() => registry);
