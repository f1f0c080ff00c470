/** `npm run bench [-- hop task …]`: measures Keiko and prints one table of ratios. */
import { join } from "node:path";
import { ensureConsole, ensureInstalled, pinnedNode, root, run } from "./lib/ensure.mjs";

ensureInstalled();
ensureConsole();
process.exitCode = run(pinnedNode(), [join(root, "bench/main.ts"), ...process.argv.slice(2)]);
