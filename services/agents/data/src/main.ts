/** The data agent in a process of its own. */
import { agentWorkload } from "@keiko/agent";
import { main } from "@keiko/runtime/process/run.ts";
import { fileBytesMax } from "@keiko/runtime/process/settings.ts";
import { dataAgent } from "./agent.ts";
import { limitsFor } from "./limits.ts";

await main(
  ({ own }) => agentWorkload(dataAgent(limitsFor({ file_bytes_max: fileBytesMax(own) }))),
  ["KEIKO_FILE_MB"],
);
