/**
 * What the embedded substrate costs beyond SQLite itself: the same table, the same durability, the
 * same disk and the same run, once as plain synchronous `node:sqlite` and once through the adapter.
 * Rounds alternate, so that a neighbour's load falls on both.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openEmbedded } from "@keiko/runtime/substrate/embedded/embedded.ts";
import type { Substrate } from "@keiko/runtime/substrate/substrate.ts";
import { printRows, quantile, type Row } from "./row.ts";

const rounds = 12;
const per_round = 150;
const in_flight = 50;
const payload = new Uint8Array(300).fill(7);
const streamOf = (i: number) => `task/${i % 20}`;

interface Bare {
  append(stream: string): void;
  appendAll(count: number): void;
  get(key: string): unknown;
  close(): void;
}

function openBare(path: string): Bare {
  const database = new DatabaseSync(path);
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    CREATE TABLE kv (key TEXT NOT NULL UNIQUE, value BLOB NOT NULL, revision INTEGER NOT NULL);
    CREATE TABLE log (position INTEGER PRIMARY KEY, stream TEXT NOT NULL, time_ms INTEGER NOT NULL,
      payload BLOB NOT NULL);
    CREATE INDEX log_by_stream ON log (stream, position)`);
  const put = database.prepare("INSERT INTO kv VALUES (?, ?, 1)");
  for (const key of keys) put.run(key, payload);
  const insert = database.prepare("INSERT INTO log (stream, time_ms, payload) VALUES (?, ?, ?)");
  const get = database.prepare("SELECT key, value, revision FROM kv WHERE key = ?");
  const append = (stream: string) => void insert.run(stream, Date.now(), payload);
  return {
    append,
    appendAll(count) {
      database.exec("BEGIN");
      for (let i = 0; i < count; i++) append(streamOf(i));
      database.exec("COMMIT");
    },
    get: (key) => get.get(key),
    close: () => database.close(),
  };
}

const keys = Array.from({ length: 100 }, (_, i) => `key/${i}`);

/** Microseconds of each call. */
async function timed(count: number, call: (i: number) => unknown): Promise<number[]> {
  const samples: number[] = [];
  for (let i = 0; i < count; i++) {
    const start = performance.now();
    const result = call(i);
    if (result instanceof Promise) await result;
    samples.push((performance.now() - start) * 1_000);
  }
  return samples;
}

async function grouped(substrate: Substrate, count: number): Promise<void> {
  let left = count;
  const appendNext = async () => {
    while (left-- > 0) await substrate.log.append(streamOf(left), payload);
  };
  await Promise.all(Array.from({ length: in_flight }, appendNext));
}

async function measure(bare: Bare, substrate: Substrate) {
  const single = { bare: [] as number[], ours: [] as number[] };
  const rate = { bare: [] as number[], group: [] as number[], ours: [] as number[] };
  const get = { bare: [] as number[], ours: [] as number[] };
  const perSecond = async (count: number, run: () => unknown) => {
    const start = performance.now();
    await run();
    return (count / (performance.now() - start)) * 1_000;
  };
  const many = per_round * 10;
  for (let round = 0; round < rounds; round++) {
    single.bare.push(...(await timed(per_round, (i) => bare.append(streamOf(i)))));
    single.ours.push(
      ...(await timed(per_round, (i) => substrate.log.append(streamOf(i), payload))),
    );
    rate.bare.push(1e6 / quantile(single.bare, 0.5));
    rate.group.push(
      await perSecond(many, () => {
        for (let i = 0; i < many; i += in_flight) bare.appendAll(in_flight);
      }),
    );
    rate.ours.push(await perSecond(many, () => grouped(substrate, many)));
    get.bare.push(...(await timed(per_round, (i) => bare.get(keys[i % 100]!))));
    get.ours.push(...(await timed(per_round, (i) => substrate.kv.get(keys[i % 100]!))));
  }
  return { single, rate, get };
}

export async function run(): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), "keiko-bench-"));
  const bare = openBare(join(folder, "bare.db"));
  const substrate = await openEmbedded({ home: join(folder, "home") });
  try {
    for (const key of keys) await substrate.kv.put(key, payload);
    await grouped(substrate, 500);
    return report(await measure(bare, substrate));
  } finally {
    bare.close();
    await substrate.close();
    await rm(folder, { recursive: true });
  }
}

function report({ single, rate, get }: Awaited<ReturnType<typeof measure>>): Row[] {
  const us = (value: number) => `${value.toFixed(0)} µs`;
  const compare = (q: number) => {
    const [ours, bare] = [quantile(single.ours, q), quantile(single.bare, q)];
    return `${(ours / bare).toFixed(2)} (${us(ours)} against ${us(bare)})`;
  };
  const rates = {
    bare: quantile(rate.bare, 0.5),
    group: quantile(rate.group, 0.5),
    ours: quantile(rate.ours, 0.5),
  };
  const gain = rates.ours / rates.bare;
  return [
    {
      name: "substrate: one durable append, p50 against bare node:sqlite",
      value: compare(0.5),
      goal: "≤ 1.5",
      met: quantile(single.ours, 0.5) / quantile(single.bare, 0.5) <= 1.5,
      note: "the rest is waking two threads; the caller's event loop stays free meanwhile",
    },
    { name: "substrate: one durable append, p99 against bare", value: compare(0.99) },
    {
      name: `substrate: durable appends/s with ${in_flight} in flight against bare one by one`,
      value: `${gain.toFixed(1)} (${rates.ours.toFixed(0)}/s against ${rates.bare.toFixed(0)}/s)`,
      goal: "≥ 2",
      met: gain >= 2,
      note: `${(rates.ours / rates.group).toFixed(2)} of bare transactions of ${in_flight}`,
    },
    {
      name: "substrate: kv get, p50 against bare",
      value: `${(quantile(get.ours, 0.5) / quantile(get.bare, 0.5)).toFixed(2)} (${quantile(get.ours, 0.5).toFixed(1)} µs)`,
      goal: "≤ 3",
      met: quantile(get.ours, 0.5) / quantile(get.bare, 0.5) <= 3,
    },
  ];
}

if (import.meta.main) printRows(await run());
