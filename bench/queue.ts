/**
 * The work queue under load: how fast at 50 and at 500 messages under way, what a second and third process
 * of workers bring, and what one message that always fails takes from ten thousand others.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openEmbedded } from "@keiko/runtime/substrate/embedded/embedded.ts";
import { openNats } from "@keiko/runtime/substrate/nats/nats.ts";
import type { Delivery, Queue } from "@keiko/runtime/substrate/substrate.ts";
import { howToInstall } from "../scripts/lib/nats-server.mjs";
import { server, startNats, testBounds } from "../test/support/nats.ts";
import { startChild } from "./lib/processes.ts";
import type { Question } from "./queue/worker.ts";
import { digits, median, printRows, type Row } from "./row.ts";

const payload = new Uint8Array(300).fill(7);
const poison_messages = 10_000;
const workers = 3;
const worker_ms = 2_000;
const config = { lease_ms: 30_000, deliveries_max: 5, messages_max: 100_000 };

type Storage = "memory" | "disk";

/** Sends so many with `in_flight` under way; messages per second. */
async function fill(queue: Queue, name: string, count: number, in_flight: number): Promise<number> {
  const start = performance.now();
  let next = 0;
  const one = async () => {
    while (next < count) await queue.send(name, { id: `m${next++}`, payload });
  };
  await Promise.all(Array.from({ length: in_flight }, one));
  return perSecond(count, start);
}

/** Takes and acknowledges until so many are done; messages per second. */
async function drain(
  queue: Queue,
  name: string,
  options: { count: number; concurrency: number; handle?: (delivery: Delivery) => Promise<void> },
): Promise<number> {
  const { count, concurrency, handle = ({ ack }) => ack() } = options;
  const stop = new AbortController();
  const finished = Promise.withResolvers<void>();
  let done = 0;
  const start = performance.now();
  const consumed = queue.consume(name, { concurrency, signal: stop.signal }, async (delivery) => {
    await handle(delivery);
    if (++done === count) finished.resolve();
  });
  await finished.promise;
  const rate = perSecond(count, start);
  stop.abort();
  await consumed;
  return rate;
}

const perSecond = (count: number, start: number) => (count / (performance.now() - start)) * 1_000;

async function throughput(queue: Queue, storage: Storage, count: number): Promise<Row> {
  const few = { in_flight: 50, sent: [] as number[], taken: [] as number[] };
  const many = { in_flight: 500, sent: [] as number[], taken: [] as number[] };
  for (const round of [1, 2, 3]) {
    for (const { in_flight, sent, taken } of [few, many]) {
      const name = `${storage}-${in_flight}-${round}`;
      await queue.declare(name, { ...config, storage });
      sent.push(await fill(queue, name, count, in_flight));
      taken.push(await drain(queue, name, { count, concurrency: in_flight }));
    }
  }
  const middle = ({ sent, taken }: typeof few) =>
    `${digits(median(sent))}/s, ${digits(median(taken))}/s`;
  const ratio = (kind: "sent" | "taken") => digits(median(many[kind]) / median(few[kind]));
  return {
    name: `queue: in ${storage} over NATS, 500 under way against 50, sent and taken`,
    value: `${ratio("sent")} and ${ratio("taken")}`,
    note: `${middle(few)} at 50; ${middle(many)} at 500; median of 3 rounds of ${count}`,
  };
}

/** With one that always fails and without, in turn: what the others' rate is of what it was. */
async function poison(queue: Queue, where: string, rounds: number): Promise<Row> {
  const ratios: number[] = [];
  const rates: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const rate = async (poisoned: boolean) => {
      const name = `poison-${round}-${poisoned}`;
      await queue.declare(name, { ...config, storage: "memory" });
      await fill(queue, name, poison_messages, 50);
      const handle = async ({ id, ack }: Delivery) => {
        // As work does that asks somebody else: ten thousand without any take a few moments only.
        await new Promise((next) => setTimeout(next, 1));
        if (poisoned && id === "m100") throw new Error("cannot be read");
        await ack();
      };
      const count = poison_messages - (poisoned ? 1 : 0);
      return drain(queue, name, { count, concurrency: 50, handle });
    };
    // The order changes, so that what comes second is not always the same.
    const first = await rate(round % 2 === 0);
    const second = await rate(round % 2 !== 0);
    // Whatever is compiled at first use is, after one.
    if (round === 0) continue;
    const [poisoned, clean] = round % 2 === 0 ? [first, second] : [second, first];
    ratios.push(poisoned / clean);
    rates.push(poisoned);
  }
  const ratio = median(ratios);
  return {
    name: `queue: ${poison_messages} messages, one of which always fails, rate of the others (${where})`,
    value: digits(ratio),
    goal: "≥ 0.95",
    met: ratio >= 0.95,
    note: `${digits(median(rates))}/s; ${rounds} rounds from ${digits(Math.min(...ratios))} to ${digits(Math.max(...ratios))}`,
  };
}

async function processes(queue: Queue, url: string, folder: string): Promise<Row[]> {
  const all = await Promise.all(
    Array.from({ length: workers }, (_, n) =>
      startChild("queue/worker.ts", url, `${folder}/w${n}`),
    ),
  );
  const take = async (count: number, question: Question) => {
    const answers = await Promise.all(
      all.slice(0, count).map((worker) => worker.ask<{ done: number }>(question)),
    );
    return answers.reduce((sum, { done }) => sum + done, 0) / (question.time_ms / 1_000);
  };
  const compare = async (name: string, how: Pick<Question, "concurrency" | "work_ms">) => {
    const rates: [number[], number[]] = [[], []];
    for (let round = 0; round < 3; round++) {
      for (const [at, count] of [1, workers].entries()) {
        const own = `${name}-${round}-${count}`;
        await queue.declare(own, { ...config, storage: "memory" });
        await fill(queue, own, 12_000, 50);
        rates[at]!.push(await take(count, { queue: own, time_ms: worker_ms, ...how }));
      }
    }
    const [one, three] = rates.map(median) as [number, number];
    return { ratio: digits(three / one), note: `${digits(one)}/s and ${digits(three)}/s` };
  };
  try {
    const waiting = await compare("waiting", { concurrency: 10, work_ms: 20 });
    const nothing = await compare("nothing", { concurrency: 50, work_ms: 0 });
    return [
      {
        name: "queue: 3 processes of workers against 1, each message waits 20 ms",
        value: waiting.ratio,
        note: `${waiting.note}; 10 at a time in each: 3 is all there is`,
      },
      {
        name: "queue: 3 processes of workers against 1, no work at all",
        value: nothing.ratio,
        note: `${nothing.note}; what the server and two cores can do is the bound`,
      },
    ];
  } finally {
    await Promise.all(all.map((worker) => worker.stop()));
  }
}

export async function run(): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), "keiko-bench-queue-"));
  const embedded = await openEmbedded({ home: join(folder, "home") });
  const rows = [await poison(embedded.queue, "embedded", 15)];
  await embedded.close();
  if (!server) {
    await rm(folder, { recursive: true });
    return [...rows, { name: "queue: NATS not measured", value: "", note: howToInstall }];
  }
  const servers = await startNats();
  const [url = ""] = servers.urls;
  const substrate = await openNats({ servers: url, cache: `${folder}/own`, bounds: testBounds });
  try {
    rows.push(await poison(substrate.queue, "NATS", 3));
    rows.push(await throughput(substrate.queue, "memory", 3_000));
    rows.push(await throughput(substrate.queue, "disk", 1_500));
    rows.push(...(await processes(substrate.queue, url, folder)));
    return rows;
  } finally {
    await substrate.close();
    await servers.stop();
    await rm(folder, { recursive: true });
  }
}

if (import.meta.main) printRows(await run());
