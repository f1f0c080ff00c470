/** Each attack on a server, at the same time as a good client calls it. */
import { limits } from "@keiko/runtime/limits.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Attacker, closed, createAttacker, type Held, post } from "./attacker.ts";
import { load, openStage, pause, type Stage, until } from "./stage.ts";

let stage: Stage;
let attacker: Attacker;
let good: ReturnType<typeof load>;
/** What the good client's calls took: before anybody attacks, and then. */
const quiet_ms: number[] = [];
const attacked_ms: number[] = [];
let took_ms = quiet_ms;

beforeAll(async () => {
  stage = await openStage();
  const replica = await stage.replica();
  const { contextOptions } = await stage.identity("attacker");
  attacker = createAttacker(replica.endpoint.address, contextOptions);
  const { client, see } = await stage.caller("good");
  see(replica);
  good = load(async () => {
    const began = performance.now();
    await client.increment({ value: 1n });
    took_ms.push(performance.now() - began);
  }, 100);
  await pause(2_000);
  took_ms = attacked_ms;
});

afterAll(async () => {
  const { calls, failures } = await good.stop();
  const p99 = (all: number[]) => all.sort((a, b) => a - b)[Math.floor(all.length * 0.99)] ?? 0;
  const [before, under] = [p99(quiet_ms), p99(attacked_ms)];
  // Server, attackers and client share this process, so the figure is for reading: the one that
  // is judged comes from processes of their own (`npm run faults -- mesh`).
  console.log(
    `the good client: ${failures.length} of ${calls} failed, p99 ${under.toFixed(1)} ms, ` +
      `${(under / before).toFixed(1)} of what it was, slowest ${attacked_ms.at(-1)! | 0} ms`,
  );
  expect(failures).toEqual([]);
  await stage[Symbol.asyncDispose]();
});

async function closedWithin(held: Held): Promise<number> {
  const began = performance.now();
  await closed(held);
  return performance.now() - began;
}

test.concurrent("connections that say nothing, or half of a greeting, are closed", async () => {
  const ms = await closedWithin(await attacker.silent());
  console.log(`220 silent connections were closed within ${ms | 0} ms`);
  expect(ms).toBeLessThan(10_000);
}, 40_000);

test.concurrent("headers that never end, and requests that never come whole, end the connection", async () => {
  const ms = await closedWithin(await attacker.slow());
  console.log(`slow loris: 20 connections were closed within ${ms | 0} ms`);
  expect(ms).toBeLessThan(10_000);
}, 40_000);

test.concurrent("500 connections that nobody calls by do not stay", async () => {
  const idle = await attacker.idle(500);
  const open = () => idle.filter((each) => !each.destroyed && !each.closed).length;
  const few = () => open() <= limits.connections_unused_max;
  const ms = await until("only a few are left", few, 20_000);
  console.log(`500 idle connections: ${open()} were left after ${ms | 0} ms`);
  expect(ms).toBeLessThan(10_000);
  for (const each of idle) each.destroy();
}, 40_000);

test("who opens streams and cancels them at once is disconnected", async () => {
  const began = performance.now();
  const { gone, opened } = await attacker.resets(9_000);
  const ms = performance.now() - began;
  console.log(`rapid reset: disconnected after ${opened} streams, ${ms | 0} ms`);
  expect(gone).toBe(true);
  expect(ms).toBeLessThan(10_000);
}, 40_000);

test("a message that claims to have a gigabyte is refused before it comes", async () => {
  const session = await attacker.session();
  const before = process.memoryUsage().rss;
  for (const answer of await attacker.claims(session)) {
    expect(answer).toMatch(/^8 .*1073741824%20bytes/);
  }
  expect(process.memoryUsage().rss - before).toBeLessThan(64 * 2 ** 20);
  session.destroy();
});

test("what is compressed is refused, so nothing can swell", async () => {
  const session = await attacker.session();
  const before = process.memoryUsage().rss;
  expect(await attacker.bomb(session)).toMatch(/^8 .*compressed/);
  expect(process.memoryUsage().rss - before).toBeLessThan(32 * 2 ** 20);
  // The connection goes on: the next call by it is answered.
  const stream = session.request(post);
  stream.end(Buffer.from([0, 0, 0, 0, 0]));
  const status = await new Promise((resolve) => {
    stream.on("trailers", (trailers) => resolve(trailers["grpc-status"]));
    stream.resume();
  });
  expect(status).toBe("0");
  session.destroy();
});

test("headers without end, and more streams at a time than are allowed, are refused", async () => {
  const session = await attacker.session();
  expect(await attacker.endlessHeaders(session)).toBe("closed");
  expect(session.remoteSettings.maxConcurrentStreams).toBe(limits.streams_per_connection_max);
  session.destroy();
});
