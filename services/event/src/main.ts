/** The event in a process of its own. */
import { main } from "@keiko/runtime/process/run.ts";
import { event } from "./definition.ts";

await main(() => event);
