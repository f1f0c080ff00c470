import { createClient } from "@connectrpc/connect";
import { expect, test } from "vitest";
import type { CountResponse } from "../gen/keiko/probe/v1/probe_service_pb.js";
import { createAttacker, post } from "./attacker.ts";
import {
  callers,
  openStage,
  type Probe,
  pause,
  type Replica,
  unrepeatable,
  until,
} from "./stage.ts";

test("replicas restart one after the other under calls that may not be repeated: none fails", async () => {
  await using stage = await openStage();
  const probe = {
    async increment({ value }: { value: bigint }) {
      await pause(5 + Math.random() * 10);
      return { value: value + 1n };
    },
  };
  const replicas = await Promise.all([1, 2, 3].map(() => stage.replica({ probe })));
  const { mesh, see } = await stage.caller();
  see(...replicas);
  const client = createClient(unrepeatable, mesh.transport);
  await client.increment({ value: 1n });
  const reached: Replica[] = [...replicas];
  const running = callers(() => client.increment({ value: 1n }), 16);
  for (let round = 0; round < 2; round++) {
    for (const at of [0, 1, 2]) {
      const { address } = replicas[at]!.endpoint;
      await replicas[at]!.stop();
      replicas[at] = await stage.replica({ probe, address });
      reached.push(replicas[at]!);
      await until("it is called again", () => replicas[at]!.calls() > 0, 30_000);
    }
  }
  const { calls, failures } = await running.stop();
  const handled = reached.reduce((sum, replica) => sum + replica.calls(), 0);
  console.log(`six restarts: ${failures.length} of ${calls} calls failed`);
  expect([...new Set(failures)]).toEqual([]);
  // Each call came to a handler once: what was sent again had never been looked at.
  expect(handled).toBe(calls + 1);
});

test("a process that is killed loses such calls, and says so", async () => {
  await using stage = await openStage();
  const hanging: Partial<Probe> = {
    increment: (_, { signal }) =>
      new Promise((_answer, end) => signal.addEventListener("abort", () => end(signal.reason))),
  };
  const replica = await stage.replica({ probe: hanging });
  const { mesh, see } = await stage.caller();
  see(replica);
  const client = createClient(unrepeatable, mesh.transport);
  const call = client.increment({ value: 1n });
  call.catch(() => {});
  await until("it arrives", () => replica.server.connections === 1);
  await pause(50);
  replica.server.abort();
  await expect(call).rejects.toThrow(/unavailable/);
});

test("a running stream is ended so that its reader opens it elsewhere; a call runs to its end", async () => {
  await using stage = await openStage();
  const slow = Promise.withResolvers<void>();
  const replica = await stage.replica({
    probe: {
      async *count(_, { signal }) {
        yield { number: 1 };
        await new Promise((end) => signal.addEventListener("abort", end));
      },
      async increment({ value }) {
        await slow.promise;
        return { value: value + 1n };
      },
    },
  });
  const { client, see } = await stage.caller();
  see(replica);
  const numbers: number[] = [];
  const ended = (async () => {
    const stream: AsyncIterable<CountResponse> = client.count({ limit: 5 });
    for await (const { number } of stream) numbers.push(number);
  })();
  ended.catch(() => {});
  const call = client.increment({ value: 1n });
  await until("the stream runs", () => numbers.length === 1);
  const began = performance.now();
  const stopped = replica.stop();
  await expect(ended).rejects.toThrow(/the service is stopping/);
  slow.resolve();
  expect((await call).value).toBe(2n);
  await stopped;
  expect(performance.now() - began).toBeLessThan(5_000);
});

test("a request that was begun and on which nothing moves any more holds up no restart", async () => {
  await using stage = await openStage();
  const replica = await stage.replica({ probe: {} });
  const { contextOptions } = await stage.identity("attacker");
  const session = await createAttacker(replica.endpoint.address, contextOptions).session();
  const stream = session.request(post);
  stream.on("error", () => {});
  // Of a message of 100 bytes, five: the process that sent them is gone, and nobody was told.
  stream.write(Buffer.from([0, 0, 0, 0, 100]));
  await until("it arrives", () => replica.server.connections === 1);
  await pause(100);
  const began = performance.now();
  await replica.stop();
  const took_ms = performance.now() - began;
  expect(took_ms).toBeGreaterThan(1_000);
  expect(took_ms).toBeLessThan(4_000);
});
