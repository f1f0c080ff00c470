/** The keeper of files in a process of its own. */

import { main } from "@keiko/runtime/process/run.ts";
import { fileBytesMax } from "@keiko/runtime/process/settings.ts";
import { artifact } from "./definition.ts";

await main(({ own }) => artifact({ file_bytes_max: fileBytesMax(own) }), ["KEIKO_FILE_MB"]);
