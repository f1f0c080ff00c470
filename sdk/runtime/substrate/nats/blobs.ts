/**
 * Blobs in pieces on one stream, with a copy in a local folder for engines that read files. The
 * stream is the truth: whether a blob exists is asked there, the copy is made when it is missing.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createBlobs as createLocalBlobs } from "../embedded/blobs.ts";
import { assertInteger, assertSha256 } from "../limits.ts";
import { type BlobInfo, type Blobs, SubstrateError } from "../substrate.ts";
import type { Context } from "./connection.ts";
import { blob_chunk_bytes, blob_chunks_in_flight } from "./limits.ts";
import { headerOf, type Stream } from "./stream.ts";

export const blobSubjects = "ko.>";
const headSubject = (sha256: string) => `ko.${sha256}.head`;
const pieceSubject = (sha256: string, index: number) => `ko.${sha256}.${index}`;

export function createBlobs(context: Context, stream: Stream, cache: string): Blobs {
  const { life } = context;
  const folders = { blobs: join(cache, "blobs"), unfinished: join(cache, "unfinished") };
  for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const local = createLocalBlobs({ home: folders as never, life });

  const stat = async (sha256: string): Promise<BlobInfo | undefined> => {
    life.assertOpen();
    assertSha256(sha256);
    const head = await stream.last(headSubject(sha256));
    return head && { sha256, size: Number(headerOf(head, "Keiko-Size")) };
  };

  /** Makes the local copy unless it is there; the bytes are checked on their way. */
  const fetched = async (sha256: string): Promise<void> => {
    const info = await stat(sha256);
    if (!info) throw notFound(sha256);
    const copy = await local.stat(sha256);
    if (copy?.size === info.size) return;
    const made = await local.put(pieces(stream, info), { size_max: info.size });
    if (made.sha256 === sha256) return;
    await local.delete(made.sha256);
    throw corrupt(sha256);
  };

  return {
    async put(source, { size_max }) {
      life.assertOpen();
      assertInteger("size_max", size_max, 0, Number.MAX_SAFE_INTEGER);
      const info = await local.put(source, { size_max });
      if (!(await stat(info.sha256))) await upload(stream, info, local.get(info.sha256));
      return info;
    },
    stat,
    async *get(sha256, { signal } = {}) {
      await fetched(sha256);
      yield* local.get(sha256, signal ? { signal } : {});
    },
    async file(sha256) {
      await fetched(sha256);
      return local.file(sha256);
    },
    async delete(sha256) {
      life.assertOpen();
      assertSha256(sha256);
      // The head first, which is what makes a blob: a reader then sees none rather than half of one.
      await stream.purge(headSubject(sha256));
      await stream.purge(`ko.${sha256}.>`);
      await local.delete(sha256);
    },
  };
}

/** Pieces, then the head that says they are all there. Writing the same piece twice is one piece. */
async function upload(
  stream: Stream,
  { sha256, size }: BlobInfo,
  content: AsyncIterable<Uint8Array>,
): Promise<void> {
  const underway = new Set<Promise<unknown>>();
  let count = 0;
  for await (const piece of inPieces(content)) {
    const written = stream.write(pieceSubject(sha256, count++), piece);
    const done = written.finally(() => underway.delete(done));
    done.catch(() => {});
    underway.add(done);
    if (underway.size >= blob_chunks_in_flight) await Promise.race(underway);
  }
  await Promise.all(underway);
  const headers = { "Keiko-Size": String(size), "Keiko-Pieces": String(count) };
  await stream.write(headSubject(sha256), new Uint8Array(), { headers });
}

async function* inPieces(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of content) {
    for (let at = 0; at < chunk.length; ) {
      const part = chunk.subarray(at, at + blob_chunk_bytes - size);
      held.push(part);
      size += part.length;
      at += part.length;
      if (size < blob_chunk_bytes) continue;
      yield Buffer.concat(held);
      held = [];
      size = 0;
    }
  }
  if (size > 0) yield Buffer.concat(held);
}

async function* pieces(stream: Stream, { sha256, size }: BlobInfo): AsyncGenerator<Uint8Array> {
  for (let index = 0, sent = 0; sent < size; index++) {
    const piece = await stream.last(pieceSubject(sha256, index));
    if (!piece) throw corrupt(sha256);
    sent += piece.data.length;
    yield piece.data;
  }
}

function notFound(sha256: string): SubstrateError {
  return new SubstrateError("NOT_FOUND", `There is no blob ${sha256}.`, {
    remedy: "Store it first, or check the hash.",
  });
}

function corrupt(sha256: string): SubstrateError {
  return new SubstrateError("CORRUPT", `The blob ${sha256} does not match its hash.`, {
    remedy: "Store it again.",
  });
}
