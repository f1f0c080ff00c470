/**
 * The NATS adapter on a server that has no pages, no removal by age and no syncing of every write:
 * Debian's. NATS_OLD_SERVER names its program; without it, there is nothing to run.
 */
import { spawnSync } from "node:child_process";
import { describeSubstrate, type Part } from "@keiko/runtime/substrate/conformance.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type NatsServers, startNats } from "../support/nats.ts";
import { openerOf, openStore } from "../support/nats-store.ts";

/** NATS_FULL=1 runs the rest of the suite as well. */
const usual: Part[] = ["kv", "watch", "log", "queue", "redelivery", "blobs"];

const path = process.env.NATS_OLD_SERVER;
const said = path ? spawnSync(path, ["--version"], { encoding: "utf8" }).stdout : "";
const version = /v(\d+\.\d+\.\d+)/.exec(said)?.[1] ?? "";

describe("an old server", () => {
  it("is tested when NATS_OLD_SERVER names one", () => {
    expect(version !== "").toBe(path !== undefined);
  });
  if (!path) return;
  let servers: NatsServers;
  beforeAll(async () => {
    servers = await startNats(1, { path, version });
  });
  afterAll(() => servers.stop());
  it("is refused for several replicas, where reads that decide need pages, and says so", async () => {
    const opening = openStore(servers.urls, 3, "old");
    await expect(opening).rejects.toMatchObject({
      code: "INVALID",
      message: expect.stringMatching(/version/),
    });
  });
  describeSubstrate(
    `NATS ${version}`,
    openerOf(() => ({ servers: servers.urls })),
    process.env.NATS_FULL ? undefined : usual,
  );
});
