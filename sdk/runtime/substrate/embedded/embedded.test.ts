/** The embedded adapter against the conformance suite. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeSubstrate } from "../conformance.ts";
import { openEmbedded } from "./embedded.ts";

describeSubstrate("embedded", async () => {
  const place = await mkdtemp(join(tmpdir(), "keiko-substrate-"));
  return {
    substrate: await openEmbedded({ home: place }),
    reopen: () => openEmbedded({ home: place }),
    address: { module: new URL("./open-at.ts", import.meta.url), place },
    remove: () => rm(place, { recursive: true }),
  };
});
