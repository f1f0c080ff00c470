/** What a killed writer was told, line by line, and whether a store agrees with it. */
import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";
import type { Delivery, Substrate } from "../substrate.ts";

export const writer_keys = 8;
export const writer_streams = 4;
export const writer_queue = "writer/queue";
export const writer_lease_ms = 300;

/** A number and bytes that follow from it, so that a torn or mixed record shows. */
export function numbered(n: number): Uint8Array {
  const seed = createHash("sha256").update(String(n)).digest("hex");
  return Buffer.from(`${n} ${seed.repeat(1 + (n % 40))}`);
}

export function numberOf(payload: Uint8Array, what: string): number {
  const n = Number.parseInt(Buffer.from(payload).toString().split(" ")[0]!, 10);
  assert.deepEqual(Buffer.from(payload), numbered(n), `${what} is torn`);
  return n;
}

/** The acknowledgements over the life of a store. Lines that begin a call have no effect alone. */
export class Ledger {
  /** key -> the number in its last acknowledged put, or 0 after a delete. */
  readonly puts = new Map<string, number>();
  /** key or stream -> the number of the call that was begun last. */
  readonly begun = new Map<string, number>();
  readonly appends = new Map<string, number[]>();
  readonly sent = new Set<string>();
  /** Ids whose ack was begun: they may or may not come again. */
  readonly acking = new Set<string>();
  readonly acked = new Set<string>();
  readonly blobs = new Set<string>();
  /** Ids that were delivered, with the highest delivery count. */
  readonly delivered = new Map<string, number>();
  readonly acknowledged = { puts: 0, deletes: 0, appends: 0, sends: 0, acks: 0, blobs: 0 };

  /** A line is only as good as its end: what the kill cut off was not said. */
  read(output: string): void {
    const lines = output.slice(0, output.lastIndexOf("\n") + 1).split("\n");
    for (const line of lines) if (line) this.#line(line.split(" "));
  }

  #line([what, name, number]: string[]): void {
    const n = Number(number);
    const count = this.acknowledged;
    if (what === "begin") this.begun.set(name!, n);
    else if (what === "put") {
      this.puts.set(name!, n);
      count.puts++;
    } else if (what === "delete") {
      this.puts.set(name!, 0);
      count.deletes++;
    } else if (what === "append") {
      this.appends.set(name!, [...(this.appends.get(name!) ?? []), n]);
      count.appends++;
    } else if (what === "send") {
      this.sent.add(name!);
      count.sends++;
    } else if (what === "got") this.delivered.set(name!, n);
    else if (what === "acking") this.acking.add(name!);
    else if (what === "acked") {
      this.acked.add(name!);
      count.acks++;
    } else if (what === "blob") {
      this.blobs.add(name!);
      count.blobs++;
    } else assert.equal(what, "ready", `the writer said ${what}`);
  }
}

export async function verify(
  ledger: Ledger,
  substrate: Substrate,
): Promise<{ redelivered: number }> {
  await verifyKeys(ledger, substrate);
  await verifyStreams(ledger, substrate);
  await verifyBlobs(ledger, substrate);
  return { redelivered: await verifyQueue(ledger, substrate) };
}

/** Either the last acknowledged state, or the one of the call that was under way. */
async function verifyKeys(ledger: Ledger, { kv }: Substrate): Promise<void> {
  for (const [key, acknowledged] of ledger.puts) {
    const entry = await kv.get(key);
    const found = entry ? numberOf(entry.value, key) : 0;
    const begun = ledger.begun.get(key)!;
    const allowed = [acknowledged, begun % 5 === 0 ? 0 : begun];
    assert.ok(allowed.includes(found), `${key} is ${found}, not one of ${allowed}`);
    // The next writer goes on from here, whether this was acknowledged or not.
    ledger.puts.set(key, found);
  }
}

/** Every acknowledged record once, in order, without gaps; at most one more, then begun. */
async function verifyStreams(ledger: Ledger, { log }: Substrate): Promise<void> {
  for (const [stream, numbers] of ledger.appends) {
    const found: number[] = [];
    for (let after = 0; ; ) {
      const page = await log.read(stream, { after, limit: 500 });
      found.push(...page.map(({ payload }) => numberOf(payload, stream)));
      after = page.at(-1)?.position ?? after;
      if (page.length < 500) break;
    }
    assert.deepEqual(
      found,
      found.map((_, i) => i + 1),
      `${stream} has gaps or doubles`,
    );
    const acknowledged = numbers.at(-1)!;
    assert.ok(found.length >= acknowledged, `${stream} lost ${acknowledged}, has ${found.length}`);
    const begun = ledger.begun.get(stream)!;
    assert.ok(found.length <= begun, `${stream} has ${found.length}, only ${begun} were begun`);
  }
}

async function verifyBlobs(ledger: Ledger, { blobs }: Substrate): Promise<void> {
  for (const sha256 of ledger.blobs) for await (const _ of blobs.get(sha256));
  ledger.blobs.clear();
}

/** Takes everything from the queue: what was not acked must come, what was acked must not. */
async function verifyQueue(ledger: Ledger, { queue }: Substrate): Promise<number> {
  const expected = [...ledger.sent].filter((id) => !ledger.acking.has(id));
  const got = new Map<string, number>();
  const stop = new AbortController();
  const timeout = AbortSignal.timeout(writer_lease_ms * 10 + 5_000);
  const handler = async (delivery: Delivery) => {
    got.set(delivery.id, delivery.attempt);
    await delivery.ack();
  };
  const declared = await queue.depth(writer_queue).then(
    () => true,
    () => false,
  );
  if (!declared) {
    assert.equal(ledger.sent.size, 0, "the queue is gone");
    return 0;
  }
  const consumed = queue.consume(writer_queue, { concurrency: 50, signal: stop.signal }, handler);
  for (;;) {
    const { ready, leased } = await queue.depth(writer_queue);
    if (ready + leased === 0) break;
    assert.ok(!timeout.aborted, `the queue does not empty: ${ready} ready, ${leased} leased`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  stop.abort();
  await consumed;
  for (const id of expected) assert.ok(got.has(id), `message ${id} is lost`);
  let redelivered = 0;
  for (const [id, attempt] of got) {
    assert.ok(!ledger.acked.has(id), `message ${id} came again after its ack`);
    const before = ledger.delivered.get(id);
    if (before === undefined) continue;
    assert.ok(attempt > before, `message ${id} forgot its ${before} deliveries`);
    redelivered++;
  }
  for (const id of got.keys()) {
    ledger.acking.add(id);
    ledger.acked.add(id);
  }
  return redelivered;
}
