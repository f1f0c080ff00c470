/**
 * What the NATS substrate costs beyond NATS itself: the same server, stream settings and run, once as
 * bare requests of the client library and once through the adapter. Rounds alternate, so that a
 * neighbour's load falls on both. The server syncs every write before it acknowledges it.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openNats } from "@keiko/runtime/substrate/nats/nats.ts";
import type { Delivery, Substrate } from "@keiko/runtime/substrate/substrate.ts";
import { connect, headers, type NatsConnection } from "@nats-io/transport-node";
import { server, startNats, testBounds } from "../test/support/nats.ts";
import { printRows, quantile, type Row } from "./row.ts";

const rounds = 10;
const per_round = 60;
const in_flight = 50;
const payload = new Uint8Array(300).fill(7);

interface Bare {
  append(): Promise<void>;
  get(): Promise<unknown>;
  close(): Promise<void>;
}

/** What a program would write that uses JetStream directly: an expectation, and nothing else. */
async function openBare(url: string): Promise<Bare> {
  const nats: NatsConnection = await connect({ servers: url });
  const config = { name: "bare", subjects: ["bare.>"], storage: "file", allow_direct: true };
  await nats.request("$JS.API.STREAM.CREATE.bare", JSON.stringify(config));
  let last = 0;
  return {
    async append() {
      const expected = headers();
      expected.set("Nats-Expected-Last-Subject-Sequence", String(last));
      const answer = await nats.request("bare.log", payload, { headers: expected, timeout: 5_000 });
      last = answer.json<{ seq: number }>().seq;
    },
    get: () =>
      nats.request("$JS.API.DIRECT.GET.bare", JSON.stringify({ last_by_subj: "bare.log" })),
    close: () => nats.close(),
  };
}

/** Microseconds of each call. */
async function timed(count: number, call: () => Promise<unknown>): Promise<number[]> {
  const samples: number[] = [];
  for (let i = 0; i < count; i++) {
    const start = performance.now();
    await call();
    samples.push((performance.now() - start) * 1_000);
  }
  return samples;
}

/** Calls per second with several under way. */
async function rate(count: number, call: (i: number) => Promise<unknown>): Promise<number> {
  const start = performance.now();
  let next = 0;
  const one = async () => {
    while (next < count) await call(next++);
  };
  await Promise.all(Array.from({ length: in_flight }, one));
  return (count / (performance.now() - start)) * 1_000;
}

async function queueRate(substrate: Substrate, storage: "memory" | "disk", count: number) {
  const { queue } = substrate;
  const config = { storage, lease_ms: 30_000, deliveries_max: 3, messages_max: 100_000 };
  await queue.declare(storage, config);
  const sent = await rate(count, (i) => queue.send(storage, { id: `m${i}`, payload }));
  const stop = new AbortController();
  const start = performance.now();
  let done = 0;
  const finished = Promise.withResolvers<void>();
  const handler = async (delivery: Delivery) => {
    await delivery.ack();
    if (++done === count) finished.resolve();
  };
  const options = { concurrency: in_flight, signal: stop.signal };
  const consumed = queue.consume(storage, options, handler);
  await finished.promise;
  const taken = (count / (performance.now() - start)) * 1_000;
  stop.abort();
  await consumed;
  return { sent, taken };
}

async function measure(bare: Bare, substrate: Substrate) {
  const { kv, log } = substrate;
  const append = { bare: [] as number[], ours: [] as number[] };
  const get = { bare: [] as number[], ours: [] as number[] };
  let position = 0;
  await kv.put("key", payload);
  for (let round = 0; round < rounds; round++) {
    append.bare.push(...(await timed(per_round, () => bare.append())));
    append.ours.push(
      ...(await timed(per_round, async () => {
        position = await log.append("s", payload, { expect: position });
      })),
    );
    get.bare.push(...(await timed(per_round, () => bare.get())));
    get.ours.push(...(await timed(per_round, () => kv.get("key"))));
  }
  const appends = await rate(2_000, (i) => log.append(`task/${i % 20}`, payload));
  const read_ms = (await timed(5, () => log.scan("task/", { limit: 1_000 }))).map((us) => us / 1e3);
  const memory = await queueRate(substrate, "memory", 3_000);
  const disk = await queueRate(substrate, "disk", 1_500);
  return { append, get, appends, read_ms, memory, disk };
}

export async function run(): Promise<Row[]> {
  if (!server) return [];
  const folder = await mkdtemp(join(tmpdir(), "keiko-bench-"));
  const servers = await startNats();
  const [url = ""] = servers.urls;
  const bare = await openBare(url);
  const substrate = await openNats({ servers: url, cache: folder, bounds: testBounds });
  try {
    return report(await measure(bare, substrate));
  } finally {
    await bare.close();
    await substrate.close();
    await servers.stop();
    await rm(folder, { recursive: true });
  }
}

function report(measured: Awaited<ReturnType<typeof measure>>): Row[] {
  const { append, get, appends, read_ms, memory, disk } = measured;
  const compare = ({ bare, ours }: { bare: number[]; ours: number[] }, q: number) => {
    const [a, b] = [quantile(ours, q), quantile(bare, q)];
    return {
      ratio: a / b,
      text: `${(a / b).toFixed(2)} (${a.toFixed(0)} µs against ${b.toFixed(0)} µs)`,
    };
  };
  const [single, look] = [compare(append, 0.5), compare(get, 0.5)];
  const perSecond = (value: number) => `${value.toFixed(0)}/s`;
  return [
    {
      name: "nats: one durable append with expectation, p50 against a bare request",
      value: single.text,
      goal: "≤ 1.3",
      met: single.ratio <= 1.3,
      note: "each write is synced by the server before it is acknowledged",
    },
    { name: "nats: one durable append, p99 against bare", value: compare(append, 0.99).text },
    {
      name: "nats: kv get, p50 against a bare direct get",
      value: look.text,
      goal: "≤ 1.3",
      met: look.ratio <= 1.3,
    },
    { name: `nats: appends with ${in_flight} in flight`, value: perSecond(appends) },
    { name: "nats: scan of 1,000 records", value: `${quantile(read_ms, 0.5).toFixed(1)} ms` },
    {
      name: "nats: queue in memory, sent and then taken and acked",
      value: `${perSecond(memory.sent)}, ${perSecond(memory.taken)}`,
    },
    {
      name: "nats: queue on disk, sent and then taken and acked",
      value: `${perSecond(disk.sent)}, ${perSecond(disk.taken)}`,
    },
  ];
}

if (import.meta.main) printRows(await run());
