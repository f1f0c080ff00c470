/** What was replaced and then deleted stays away, also when the server is killed. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openNats } from "@keiko/runtime/substrate/nats/nats.ts";
import { expect, it } from "vitest";
import { server, startNats, testBounds } from "../support/nats.ts";

it.skipIf(!server)("brings no acknowledged message back after kill -9 of the server", async () => {
  const servers = await startNats();
  const cache = await mkdtemp(join(tmpdir(), "keiko-cache-"));
  const open = () => openNats({ servers: servers.urls, name: "test", cache, bounds: testBounds });
  const config = {
    storage: "disk",
    lease_ms: 10_000,
    deliveries_max: 3,
    messages_max: 100,
  } as const;
  const substrate = await open();
  const { queue } = substrate;
  try {
    await queue.declare("q", config);
    for (let i = 0; i < 20; i++) await queue.send("q", { id: `m${i}`, payload: new Uint8Array(9) });
    const stop = new AbortController();
    let acked = 0;
    await queue.consume("q", { concurrency: 4, signal: stop.signal }, async ({ ack }) => {
      await ack();
      if (++acked === 20) stop.abort();
    });
    await servers.nodes[0]!.kill();
    await servers.nodes[0]!.start();
    expect(await queue.depth("q")).toEqual({ ready: 0, leased: 0, dead: 0 });
    const again = await open();
    expect(await again.queue.depth("q")).toEqual({ ready: 0, leased: 0, dead: 0 });
    await again.close();
  } finally {
    await substrate.close();
    await servers.stop();
    await rm(cache, { recursive: true, force: true });
  }
});
