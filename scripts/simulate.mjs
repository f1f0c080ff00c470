/** `npm run simulate [-- --seeds 100000] [--from 1] [--seed N] [--bug NAME]`: see test/simulator. */
import { join } from "node:path";
import { ensureInstalled, pinnedNode, root, run } from "./lib/ensure.mjs";

ensureInstalled();
const script = join(root, "test/simulator/main.ts");
process.exitCode = run(pinnedNode(), [script, ...process.argv.slice(2)]);
