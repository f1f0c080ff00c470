/** `npm run faults [-- --kills 200]`: kills Keiko at random points and counts what was lost or doubled. */
import { join } from "node:path";
import { ensureInstalled, pinnedNode, root, run } from "./lib/ensure.mjs";

ensureInstalled();
process.exitCode = run(pinnedNode(), [join(root, "test/faults/main.ts"), ...process.argv.slice(2)]);
