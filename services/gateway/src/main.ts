/** The gateway in a process of its own: the token of who may come in stands in a file. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { main } from "@keiko/runtime/process/run.ts";
import { fileBytesMax, portOf } from "@keiko/runtime/process/settings.ts";
import { gateway } from "./definition.ts";

await main(
  async ({ folder, own }) =>
    gateway({
      host: own.KEIKO_HOST ?? "127.0.0.1",
      port: portOf(own),
      token: (await readFile(join(folder, "token"), "utf8")).trim(),
      file_bytes_max: fileBytesMax(own),
    }),
  ["KEIKO_HOST", "KEIKO_PORT", "KEIKO_FILE_MB"],
);
