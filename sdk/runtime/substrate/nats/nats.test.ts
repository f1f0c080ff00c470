/** The NATS adapter against the conformance suite, on one server. */
import { afterAll, beforeAll, describe } from "vitest";
import { type NatsServers, server, startNats, without } from "../../../../test/support/nats.ts";
import { openerOf } from "../../../../test/support/nats-store.ts";
import { describeSubstrate } from "../conformance.ts";

describe.skipIf(!server)(`one server${without}`, () => {
  let servers: NatsServers;
  beforeAll(async () => {
    servers = await startNats();
  });
  afterAll(() => servers.stop());
  describeSubstrate(
    `NATS ${server?.version}`,
    openerOf(() => ({ servers: servers.urls })),
  );
});
