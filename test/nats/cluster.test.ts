/** The NATS adapter against the conformance suite on three servers that keep everything thrice. */
import { describeSubstrate } from "@keiko/runtime/substrate/conformance.ts";
import { afterAll, beforeAll, describe } from "vitest";
import { type NatsServers, server, startNats, without } from "../support/nats.ts";
import { openerOf } from "../support/nats-store.ts";

describe.skipIf(!server)(`three servers${without}`, () => {
  let servers: NatsServers;
  beforeAll(async () => {
    servers = await startNats(3);
  });
  afterAll(() => servers.stop());
  describeSubstrate(
    `NATS ${server?.version}, three replicas`,
    openerOf(() => ({ servers: servers.urls, replicas: 3 })),
  );
});
