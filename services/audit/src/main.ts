/** The audit in a process of its own. */
import { main } from "@keiko/runtime/process/run.ts";
import { audit } from "./definition.ts";

await main(() => audit);
