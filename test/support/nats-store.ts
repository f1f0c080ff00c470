/** Fresh stores on a running NATS server, as the conformance suite wants them. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Open } from "@keiko/runtime/substrate/conformance.ts";
import { type NatsOptions, openNats } from "@keiko/runtime/substrate/nats/nats.ts";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import { testBounds } from "./nats.ts";

export const bytes = (text: string) => new TextEncoder().encode(text);
export const text = (data: Uint8Array) => new TextDecoder().decode(data);
export const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
export const range = (count: number) => Array.from({ length: count }, (_, i) => i);

/** Waits until `ready` says so; fails by the test's own timeout. */
export async function until(ready: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await ready())) await sleep(5);
}

export async function collect<T>(items: AsyncIterable<T>, take: (item: T) => void): Promise<void> {
  for await (const item of items) take(item);
}

/** A store with a folder of its own for copies. `close` closes it and removes the folder. */
export async function openStore(
  servers: readonly string[],
  replicas: 1 | 3,
  store: string,
  bounds: NonNullable<NatsOptions["bounds"]> = testBounds,
) {
  const cache = await mkdtemp(join(tmpdir(), "keiko-nats-cache-"));
  const options = { servers, replicas, store, cache, bounds };
  const substrate = await openNats(options);
  const close = async () => {
    await substrate.close();
    await rm(cache, { recursive: true });
  };
  return { substrate, options, close };
}

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

export type Ask = (subject: string, body?: object) => Promise<Record<string, unknown>>;

/** For what only an administrator does. */
export async function administered(
  { servers }: Pick<NatsOptions, "servers">,
  use: (ask: Ask, nats: NatsConnection) => Promise<void>,
): Promise<void> {
  const nats = await connect({ servers: typeof servers === "string" ? servers : [...servers] });
  const ask: Ask = async (subject, body) => {
    const payload = body ? JSON.stringify(body) : "";
    // Three servers on a busy machine may be between two leaders: asked again, they answer.
    for (let tries = 1; ; tries++) {
      try {
        const answer = await nats.request(`$JS.API.${subject}`, payload, { timeout: 10_000 });
        return JSON.parse(answer.string());
      } catch (error) {
        if (tries === 3) throw error;
      }
    }
  };
  await use(ask, nats);
  await nats.close();
}

/** The number of the server that leads a stream (`startNats` calls them n0, n1 and n2). */
export async function leaderOf(servers: readonly string[], stream: string): Promise<number> {
  let leader = "";
  await administered({ servers }, async (ask) => {
    while (leader === "") {
      const { cluster } = (await ask(`STREAM.INFO.${stream}`)) as { cluster?: { leader?: string } };
      leader = cluster?.leader ?? "";
    }
  });
  return Number(leader.slice(1));
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
