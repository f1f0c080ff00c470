/**
 * Blobs as files named by their hash. A blob is written beside the others, synced, and then renamed
 * to its name, so that under that name there is never half a blob, whatever interrupts.
 */
import { createHash, randomUUID } from "node:crypto";
import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { assertInteger, assertSha256 } from "../limits.ts";
import { type BlobInfo, type Blobs, SubstrateError } from "../substrate.ts";
import type { Context } from "./context.ts";
import { fileFault } from "./faults.ts";

const chunk_bytes = 256 * 1024;
/** Read-only, except on Windows, where a read-only file cannot be replaced or deleted. */
const blob_mode = process.platform === "win32" ? 0o600 : 0o444;

export function createBlobs({ home, life }: Pick<Context, "home" | "life">): Blobs {
  const folderOf = (sha256: string) => join(home.blobs, sha256.slice(0, 2));
  const pathOf = (sha256: string) => join(folderOf(sha256), sha256);

  const info = async (sha256: string): Promise<BlobInfo | undefined> => {
    life.assertOpen();
    assertSha256(sha256);
    try {
      return { sha256, size: (await stat(pathOf(sha256))).size };
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw fileFault(pathOf(sha256), error);
    }
  };

  return {
    async put(source, { size_max }) {
      life.assertOpen();
      assertInteger("size_max", size_max, 0, Number.MAX_SAFE_INTEGER);
      const unfinished = join(home.unfinished, randomUUID());
      try {
        const blob = await write(unfinished, source, size_max);
        // Also over a blob that is there already: if that one is damaged, this heals it.
        await place(unfinished, folderOf(blob.sha256), pathOf(blob.sha256), home.blobs);
        return blob;
      } catch (error) {
        await rm(unfinished, { force: true });
        throw error;
      }
    },
    stat: info,
    async *get(sha256, { signal } = {}) {
      const found = await info(sha256);
      if (!found) throw notFound(sha256);
      for await (const chunk of read(pathOf(sha256), found)) {
        if (signal?.aborted) return;
        life.assertOpen();
        yield chunk;
      }
    },
    async file(sha256) {
      if (!(await info(sha256))) throw notFound(sha256);
      return pathOf(sha256);
    },
    async delete(sha256) {
      if (!(await info(sha256))) return;
      await guarded(pathOf(sha256), async () => {
        await rm(pathOf(sha256), { force: true });
        await syncFolder(folderOf(sha256));
      });
    },
  };
}

function isAbsent(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ENOENT";
}

function notFound(sha256: string): SubstrateError {
  return new SubstrateError("NOT_FOUND", `There is no blob ${sha256}.`, {
    remedy: "It was never stored here, or it was deleted.",
  });
}

async function guarded<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw fileFault(path, error);
  }
}

/** Errors of the source pass unchanged; those of the file become faults. */
async function write(
  path: string,
  source: AsyncIterable<Uint8Array>,
  size_max: number,
): Promise<BlobInfo> {
  const file = await guarded(path, () => open(path, "wx", blob_mode));
  const hash = createHash("sha256");
  let size = 0;
  try {
    for await (const chunk of source) {
      size += chunk.byteLength;
      if (size > size_max)
        throw new SubstrateError("TOO_LARGE", `The blob has more than ${size_max} bytes.`, {
          remedy: "Send less, or raise size_max.",
        });
      hash.update(chunk);
      await guarded(path, () => writeAll(file, chunk));
    }
    await guarded(path, () => file.sync());
  } finally {
    await file.close();
  }
  return { sha256: hash.digest("hex"), size };
}

/** A write may take only a part, on a disk that is nearly full for example. */
async function writeAll(file: Awaited<ReturnType<typeof open>>, chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.byteLength; )
    at += (await file.write(chunk, at, chunk.byteLength - at)).bytesWritten;
}

async function place(from: string, folder: string, to: string, blobs: string): Promise<void> {
  await guarded(to, async () => {
    const made = await mkdir(folder, { recursive: true, mode: 0o700 });
    if (made !== undefined) await syncFolder(blobs);
    await rename(from, to);
    await syncFolder(folder);
  });
}

/** A new name is durable only when its folder is. Windows has no such thing and needs none. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Holds each chunk back until the next is read, so that the last is given only when all is well. */
async function* read(path: string, { sha256, size }: BlobInfo): AsyncGenerator<Uint8Array> {
  const file = await open(path, "r").catch((error: unknown) => {
    throw isAbsent(error) ? notFound(sha256) : fileFault(path, error);
  });
  try {
    const length = Math.max(1, Math.min(size, chunk_bytes));
    const hash = createHash("sha256");
    let held: Uint8Array | undefined;
    for (;;) {
      const buffer = new Uint8Array(length);
      const { bytesRead } = await guarded(path, () => file.read(buffer, 0, length));
      if (bytesRead === 0) break;
      if (held) yield held;
      held = buffer.subarray(0, bytesRead);
      hash.update(held);
    }
    if (hash.digest("hex") !== sha256)
      throw new SubstrateError("CORRUPT", `The blob at ${path} is damaged.`, {
        remedy: "Store it again from its source, or delete it.",
      });
    if (held) yield held;
  } finally {
    await file.close();
  }
}
