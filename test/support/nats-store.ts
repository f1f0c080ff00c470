/** Fresh stores on a running NATS server, as the conformance suite wants them. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Open } from "@keiko/runtime/substrate/conformance.ts";
import { type NatsOptions, openNats } from "@keiko/runtime/substrate/nats/nats.ts";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import { testBounds } from "./nats.ts";

let stores = 0;

/** Every store is a name of its own on the same servers. */
export function openerOf(options: () => NatsOptions): Open {
  return async () => {
    const store = `test${process.pid}-${++stores}`;
    const cache = await mkdtemp(join(tmpdir(), "keiko-nats-cache-"));
    const whole = { bounds: testBounds, ...options(), store, cache };
    return {
      substrate: await openNats(whole),
      reopen: () => openNats(whole),
      address: {
        module: new URL("../../sdk/runtime/substrate/nats/open-at.ts", import.meta.url),
        place: JSON.stringify(whole),
      },
      shared: true,
      damage: (sha256) => damage(whole, sha256),
      async remove() {
        await removeStreams(whole, store);
        await rm(cache, { recursive: true });
      },
    };
  };
}

type Ask = (subject: string, body?: object) => Promise<Record<string, unknown>>;

async function administered(
  { servers }: NatsOptions,
  use: (ask: Ask, nats: NatsConnection) => Promise<void>,
): Promise<void> {
  const nats = await connect({ servers: typeof servers === "string" ? servers : [...servers] });
  const ask: Ask = async (subject, body) => {
    const payload = body ? JSON.stringify(body) : "";
    const answer = await nats.request(`$JS.API.${subject}`, payload, { timeout: 5_000 });
    return JSON.parse(answer.string());
  };
  await use(ask, nats);
  await nats.close();
}

function removeStreams(options: NatsOptions, store: string): Promise<void> {
  return administered(options, async (ask) => {
    const { streams } = (await ask("STREAM.NAMES")) as { streams: string[] | null };
    for (const stream of streams ?? [])
      if (stream.startsWith(`${store}_`)) await ask(`STREAM.DELETE.${stream}`);
  });
}

/** Stores the blob's chunks again behind the old ones, one byte changed, and removes those. */
function damage(options: NatsOptions & { store: string }, sha256: string): Promise<void> {
  return administered(options, async (ask, nats) => {
    const stream = `${options.store}_blobs`;
    const get = async (what: object) => {
      const { message } = await ask(`STREAM.MSG.GET.${stream}`, what);
      return message as { seq: number; subject: string; data: string } | undefined;
    };
    const subject = `${options.store}.blobs.note.${sha256}`;
    const found = await get({ last_by_subj: subject });
    const note = JSON.parse(Buffer.from(found!.data, "base64").toString());
    const chunks: { seq: number; data: Buffer; subject: string }[] = [];
    for (let seq = 1; ; seq = chunks.at(-1)!.seq + 1) {
      const next_by_subj = `${options.store}.blobs.chunk.${note.upload}`;
      const message = await get({ seq, next_by_subj });
      if (!message) break;
      chunks.push({ ...message, data: Buffer.from(message.data, "base64") });
    }
    const middle = chunks[chunks.length >> 1]!.data;
    middle[middle.length >> 1]! ^= 1;
    for (const { seq, data, subject: to } of chunks) {
      await nats.request(to, data);
      await ask(`STREAM.MSG.DELETE.${stream}`, { seq });
    }
  });
}
