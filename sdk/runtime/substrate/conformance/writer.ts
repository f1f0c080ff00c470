/**
 * The process that kill-loop.ts kills: writes as fast as it can through every part of the store and
 * prints each acknowledgement at once. Arguments: the module that opens the store, and its place.
 */
import { writeSync } from "node:fs";
import type { Delivery, Substrate } from "../substrate.ts";
import {
  numbered,
  numberOf,
  writer_keys,
  writer_lease_ms,
  writer_queue,
  writer_streams,
} from "./ledger.ts";

const [module, place] = process.argv.slice(2);
const { openAt } = (await import(module!)) as { openAt(place: string): Promise<Substrate> };
const { kv, log, queue, blobs } = await openAt(place!);

/** Straight to the file descriptor: a buffer would die with the process. */
function say(...words: (string | number)[]): void {
  const line = Buffer.from(`${words.join(" ")}\n`);
  for (let at = 0; at < line.length; ) {
    try {
      at += writeSync(1, line, at);
    } catch (error) {
      // The pipe is full because its reader is busy; what was not said must not be passed over.
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
    }
  }
}

/** Numbers go on over the lives of the process; every fifth call deletes. */
async function writeKey(key: string): Promise<void> {
  const entry = await kv.get(key);
  let n = entry ? numberOf(entry.value, key) : Date.now();
  for (;;) {
    n++;
    say("begin", key, n);
    if (n % 5 === 0) {
      await kv.delete(key);
      say("delete", key);
    } else {
      await kv.put(key, numbered(n));
      say("put", key, n);
    }
  }
}

async function writeStream(stream: string): Promise<void> {
  const last = (await log.readBack(stream, { limit: 1 }))[0];
  let n = last ? numberOf(last.payload, stream) : 0;
  let position = last?.position ?? 0;
  for (;;) {
    n++;
    say("begin", stream, n);
    position = await log.append(stream, numbered(n), { expect: position });
    say("append", stream, n);
  }
}

/** Sends no faster than the others write, so that checking the queue stays quick. */
async function sendMessages(): Promise<void> {
  for (let n = 0; ; n++) {
    const id = `${process.pid}-${Date.now()}-${n}`;
    await queue.send(writer_queue, { id, payload: numbered(n) });
    say("send", id);
  }
}

/** Acks two of three; the third is held until the kill. */
async function handle(delivery: Delivery): Promise<void> {
  say("got", delivery.id, delivery.attempt);
  numberOf(delivery.payload, delivery.id);
  if (Number(delivery.id.split("-")[2]) % 3 === 0) return;
  say("acking", delivery.id);
  await delivery.ack();
  say("acked", delivery.id);
}

async function writeBlobs(): Promise<void> {
  for (let n = Date.now(); ; n++) {
    const source = (async function* () {
      yield numbered(n);
      yield new Uint8Array(n % 200_000);
    })();
    const { sha256 } = await blobs.put(source, { size_max: 1_000_000 });
    say("blob", sha256);
  }
}

await queue.declare(writer_queue, {
  storage: "disk",
  lease_ms: writer_lease_ms,
  deliveries_max: 1_000,
  messages_max: 100_000,
});
say("ready");
await Promise.all([
  ...Array.from({ length: writer_keys }, (_, i) => writeKey(`writer/key/${i}`)),
  ...Array.from({ length: writer_streams }, (_, i) => writeStream(`writer/stream/${i}`)),
  sendMessages(),
  queue.consume(writer_queue, { concurrency: 4, signal: new AbortController().signal }, handle),
  writeBlobs(),
]);
