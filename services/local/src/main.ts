/** `npm start`: everything in one process, on this machine only. Prints one link, then stays. */

import { createLog } from "@keiko/runtime/log.ts";
import { openEmbedded } from "@keiko/runtime/substrate/embedded/embedded.ts";
import { agentsFor } from "./agents.ts";
import { compose } from "./compose.ts";
import { readConfig } from "./config.ts";
import { explain } from "./explain.ts";
import { ensureToken, publishAddress } from "./home.ts";

try {
  const config = readConfig(process.argv.slice(2), process.env);
  const log = createLog((line) => console.error(line), { level: "warn" });
  const substrate = await openEmbedded({ home: config.home });
  const token = await ensureToken(config.home);
  const { port, file_bytes_max } = config;
  const agents = agentsFor({ file_bytes_max });
  const keiko = await compose({ substrate, token, port, log, agents, file_bytes_max });
  const withdraw = await publishAddress(config.home, keiko.port);
  console.log(`Keiko is ready: ${keiko.signInLink()}`);
  const stop = async () => {
    await withdraw();
    await keiko.stop();
    await substrate.close();
    process.exit(0);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void stop());
} catch (error) {
  console.error(explain(error));
  process.exit(1);
}
