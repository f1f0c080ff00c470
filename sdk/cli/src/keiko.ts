// What runs when somebody types `keiko`.

import { main } from "./main.ts";
import { systemConsole } from "./terminal.ts";

process.exitCode = await main(process.argv.slice(2), systemConsole());
