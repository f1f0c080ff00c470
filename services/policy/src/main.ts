/** Policy in a process of its own: what workloads may call stands in declared-calls.json. */
import { join } from "node:path";
import { main } from "@keiko/runtime/process/run.ts";
import { policy } from "./definition.ts";

await main(
  ({ folder, own }) =>
    policy({
      declared: join(folder, "declared-calls.json"),
      ...(own.KEIKO_POLICIES ? { folder: own.KEIKO_POLICIES } : {}),
    }),
  ["KEIKO_POLICIES"],
);
