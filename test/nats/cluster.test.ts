/**
 * The NATS adapter against the conformance suite on three servers that keep everything thrice.
 * NATS_FULL=1 runs all of it; without, what does not depend on the number of servers is left out.
 */
import { describeSubstrate, type Part } from "@keiko/runtime/substrate/conformance.ts";
import { afterAll, beforeAll, describe } from "vitest";
import { type NatsServers, server, startNats, without } from "../support/nats.ts";
import { openerOf } from "../support/nats-store.ts";

const usual: Part[] = ["kv", "watch", "log", "queue", "redelivery", "blobs", "lifetime"];

describe.skipIf(!server)(`three servers${without}`, () => {
  let servers: NatsServers;
  beforeAll(async () => {
    servers = await startNats(3);
  });
  afterAll(() => servers.stop());
  const open = openerOf(() => ({ servers: servers.urls, replicas: 3 }));
  const name = `NATS ${server?.version}, three replicas`;
  describeSubstrate(name, open, process.env.NATS_FULL ? undefined : usual);
});
