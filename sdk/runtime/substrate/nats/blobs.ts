/**
 * Blobs: chunks under a subject of their own for each upload, and then, under the hash, a note that
 * names the upload. Without the note the chunks are nothing; so there is never half a blob, and
 * storing the same bytes again puts a new upload in the place of one that may be damaged.
 */
import { createHash, randomBytes } from "node:crypto";
import { assertInteger, assertSha256 } from "../limits.ts";
import { type BlobInfo, type Blobs, SubstrateError } from "../substrate.ts";
import { BlobCache } from "./blob-cache.ts";
import type { Context } from "./context.ts";
import { fault, Refused } from "./faults.ts";
import type { Stored } from "./jetstream.ts";
import { blob_chunk_bytes, blob_chunks_in_flight, unfinished_blob_ms } from "./limits.ts";
import { type StreamConfig, StreamReader } from "./streams.ts";

interface Note {
  upload: string;
  size: number;
  chunks: number;
  /** The sequence of the first chunk. */
  first: number;
  /** The sequences of all, only when a chunk that was sent again came behind a later one. */
  order?: number[];
}

export function blobsConfig({ store, replicas, bounds }: Context): StreamConfig {
  return {
    name: `${store}_blobs`,
    subjects: [`${store}.blobs.>`],
    storage: "file",
    num_replicas: replicas,
    max_bytes: bounds.blob_bytes_max,
  };
}

export function createBlobs(context: Context): Blobs & { sweep(): Promise<void> } {
  const { calls, life } = context;
  const store = new BlobStore(context);
  const cache = new BlobCache(context.cache, context.bounds.cache_bytes_max);

  const info = async (sha256: string): Promise<BlobInfo | undefined> => {
    assertSha256(sha256);
    const note = await store.note(sha256);
    return note && { sha256, size: note.note.size };
  };

  return {
    put: (source, { size_max }) =>
      calls.run(async () => {
        assertInteger("size_max", size_max, 0, Number.MAX_SAFE_INTEGER);
        return store.put(source, size_max);
      }),
    stat: (sha256) => calls.run(() => info(sha256)),
    async *get(sha256, { signal } = {}) {
      life.assertOpen();
      assertSha256(sha256);
      for await (const chunk of store.read(sha256)) {
        if (signal?.aborted) return;
        life.assertOpen();
        yield chunk;
      }
    },
    file: (sha256) =>
      calls.run(async () => {
        const found = await info(sha256);
        if (!found) throw notFound(sha256);
        return cache.file(found, () => store.read(sha256));
      }),
    delete: (sha256) =>
      calls.run(async () => {
        assertSha256(sha256);
        await store.delete(sha256);
        await cache.forget(sha256);
      }),
    sweep: () => calls.run(() => store.sweep()),
  };
}

class BlobStore {
  readonly #context: Context;
  readonly #reader: StreamReader;
  readonly #notes: string;
  readonly #chunks: string;

  constructor(context: Context) {
    this.#context = context;
    this.#reader = new StreamReader(context.jetstream, `${context.store}_blobs`, context.replicas);
    this.#notes = `${context.store}.blobs.note.`;
    this.#chunks = `${context.store}.blobs.chunk.`;
  }

  async note(sha256: string): Promise<{ note: Note; sequence: number } | undefined> {
    const stored = await this.#reader.last(`The blob ${sha256}`, this.#notes + sha256);
    return (
      stored && {
        note: JSON.parse(Buffer.from(stored.payload).toString()),
        sequence: stored.sequence,
      }
    );
  }

  async put(source: AsyncIterable<Uint8Array>, size_max: number): Promise<BlobInfo> {
    const upload = `${Date.now().toString(36)}-${randomBytes(9).toString("hex")}`;
    try {
      const { sha256, ...written } = await this.#upload(upload, source, size_max);
      await this.#publish(sha256, { upload, ...written });
      return { sha256, size: written.size };
    } catch (error) {
      await this.#purge(this.#chunks + upload).catch(() => undefined);
      throw error;
    }
  }

  async #upload(upload: string, source: AsyncIterable<Uint8Array>, size_max: number) {
    const hash = createHash("sha256");
    const sending = new Set<Promise<void>>();
    let failure: { error: unknown } | undefined;
    const order: number[] = [];
    let [size, chunks] = [0, 0];
    for await (const chunk of inChunks(checked(source, size_max))) {
      hash.update(chunk);
      size += chunk.length;
      const index = chunks++;
      const sent = this.#send(this.#chunks + upload, chunk)
        .then((sequence) => {
          order[index] = sequence;
        })
        .catch((error: unknown) => {
          failure ??= { error };
        })
        .finally(() => sending.delete(sent));
      sending.add(sent);
      if (sending.size >= blob_chunks_in_flight) await Promise.race(sending);
      if (failure) break;
    }
    await Promise.all(sending);
    if (failure) throw failure.error;
    const inOrder = order.every((sequence, i) => i === 0 || sequence > order[i - 1]!);
    const first = order[0] ?? 0;
    return {
      sha256: hash.digest("hex"),
      size,
      chunks,
      first,
      ...(inOrder ? {} : { order }),
    };
  }

  async #send(subject: string, payload: Uint8Array): Promise<number> {
    try {
      const write = { subject, payload };
      return await this.#context.jetstream.write("Storing a blob", this.#reader.name, write);
    } catch (error) {
      throw fault("Storing a blob", error);
    }
  }

  /** Makes the upload the blob of this hash, and removes what was it before. */
  async #publish(sha256: string, note: Note): Promise<void> {
    const before = await this.note(sha256);
    const subject = this.#notes + sha256;
    const sequence = await this.#send(subject, Buffer.from(JSON.stringify(note)));
    await this.#purge(subject, sequence);
    if (before) await this.#purge(this.#chunks + before.note.upload);
  }

  /** Holds each chunk back until the next, so that the last is given only when all is well. */
  async *read(sha256: string): AsyncGenerator<Uint8Array> {
    const hash = createHash("sha256");
    let held: Uint8Array | undefined;
    let given = 0;
    for (let round = 0; ; round++) {
      const found = await this.note(sha256);
      if (!found && round === 0) throw notFound(sha256);
      if (!found) throw corrupt(sha256);
      let skip = given + (held?.length ?? 0);
      for await (const { payload } of this.#stored(found.note)) {
        if (skip >= payload.length) {
          skip -= payload.length;
          continue;
        }
        const chunk = skip > 0 ? payload.subarray(skip) : payload;
        skip = 0;
        if (held) {
          given += held.length;
          yield held;
        }
        held = chunk;
        hash.update(held);
      }
      if (given + (held?.length ?? 0) >= found.note.size) break;
      // Somebody stored it again meanwhile: the same bytes are in another upload now.
      const now = await this.note(sha256);
      if (!now || now.note.upload === found.note.upload || round > 5) throw corrupt(sha256);
    }
    if (hash.digest("hex") !== sha256) throw corrupt(sha256);
    if (held) yield held;
  }

  async *#stored({ upload, chunks, first, order }: Note): AsyncGenerator<Stored> {
    for (const seq of order ?? []) {
      const chunk = await this.#reader.get("Reading a blob", { seq });
      if (!chunk) return;
      yield chunk;
    }
    if (order) return;
    const subject = this.#chunks + upload;
    for (let from = first, left = chunks; left > 0; ) {
      const what = "Reading a blob";
      const limit = Math.min(left, blob_chunks_in_flight);
      const { messages } = await this.#reader.page(what, subject, from, limit);
      yield* messages;
      if (messages.length === 0) return;
      left -= messages.length;
      from = messages.at(-1)!.sequence + 1;
    }
  }

  async delete(sha256: string): Promise<void> {
    const found = await this.note(sha256);
    if (!found) return;
    await this.#purge(this.#notes + sha256);
    await this.#purge(this.#chunks + found.note.upload);
  }

  /** Removes what writers left that died before their note. */
  async sweep(): Promise<void> {
    const oldest = Date.now() - unfinished_blob_ms;
    const { subjects } = await this.#reader.subjects(`${this.#chunks}>`);
    const old = subjects.filter((subject) => {
      const started = subject.slice(this.#chunks.length).split("-")[0]!;
      return Number.parseInt(started, 36) < oldest;
    });
    if (old.length === 0) return;
    const kept = new Set<string>();
    const notes = await this.#reader.subjects(`${this.#notes}>`);
    for (const subject of notes.subjects) {
      const found = await this.note(subject.slice(this.#notes.length));
      if (found) kept.add(this.#chunks + found.note.upload);
    }
    for (const subject of old) if (!kept.has(subject)) await this.#purge(subject);
  }

  /** Removes the subject's messages, those before `before` only when it is given. */
  async #purge(subject: string, before?: number): Promise<void> {
    const body = { filter: subject, ...(before === undefined ? {} : { seq: before }) };
    try {
      const call = `STREAM.PURGE.${this.#reader.name}`;
      await this.#context.jetstream.api("Removing a blob", call, body);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      throw fault("Removing a blob", error);
    }
  }
}

async function* checked(
  source: AsyncIterable<Uint8Array>,
  size_max: number,
): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of source) {
    size += chunk.byteLength;
    if (size > size_max)
      throw new SubstrateError("TOO_LARGE", `The blob has more than ${size_max} bytes.`, {
        remedy: "Send less, or raise size_max.",
      });
    yield chunk;
  }
}

/** Pieces of the size that messages have; each is a copy. */
async function* inChunks(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let buffer = new Uint8Array(blob_chunk_bytes);
  let filled = 0;
  for await (const piece of source)
    for (let at = 0; at < piece.length; ) {
      const taken = Math.min(piece.length - at, buffer.length - filled);
      buffer.set(piece.subarray(at, at + taken), filled);
      at += taken;
      filled += taken;
      if (filled < buffer.length) continue;
      yield buffer;
      buffer = new Uint8Array(blob_chunk_bytes);
      filled = 0;
    }
  if (filled > 0) yield buffer.subarray(0, filled);
}

export function notFound(sha256: string): SubstrateError {
  return new SubstrateError("NOT_FOUND", `There is no blob ${sha256}.`, {
    remedy: "It was never stored here, or it was deleted.",
  });
}

function corrupt(sha256: string): SubstrateError {
  return new SubstrateError("CORRUPT", `The blob ${sha256} is damaged.`, {
    remedy: "Store it again from its source, or delete it.",
  });
}
