/** The NATS adapter against the conformance suite, on one node. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeSubstrate } from "@keiko/runtime/substrate/conformance.ts";
import { openNats } from "@keiko/runtime/substrate/nats/nats.ts";
import { describe } from "vitest";
import { server, startNats, without } from "../support/nats.ts";

describe.skipIf(!server)(`on one node${without}`, () => {
  describeSubstrate("NATS", async () => {
    const servers = await startNats();
    const cache = await mkdtemp(join(tmpdir(), "keiko-cache-"));
    const open = () => openNats({ servers: servers.urls, name: "test", cache });
    return {
      substrate: await open(),
      reopen: open,
      shared: true,
      address: {
        module: new URL("../../sdk/runtime/substrate/nats/open-at.ts", import.meta.url),
        place: `${servers.urls.join(",")}|1|${cache}`,
      },
      async remove() {
        await servers.stop();
        await rm(cache, { recursive: true, force: true });
      },
    };
  });
});
