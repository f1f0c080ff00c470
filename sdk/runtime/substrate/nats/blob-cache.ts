/**
 * Local copies of blobs, for engines that read files themselves. A copy is written beside the
 * others, checked against its hash on the way, and then renamed to its name. When the copies take
 * more room than they may, those that were asked for longest ago go; a file that is open stays
 * readable for whoever has it open.
 */
import { randomUUID } from "node:crypto";
import { chmod, mkdir, open, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { type BlobInfo, SubstrateError } from "../substrate.ts";

/** A copy that was asked for within this time is not removed: somebody may be about to open it. */
const fresh_ms = 60_000;

export class BlobCache {
  readonly #folder: string;
  readonly #bytes_max: number;
  readonly #making = new Map<string, Promise<string>>();

  constructor(folder: string, bytes_max: number) {
    this.#folder = folder;
    this.#bytes_max = bytes_max;
  }

  /** `read` gives the bytes and fails before the last when they do not give the hash. */
  async file(blob: BlobInfo, read: () => AsyncIterable<Uint8Array>): Promise<string> {
    const path = join(this.#folder, blob.sha256);
    const found = await stat(path).catch(() => undefined);
    if (found?.size === blob.size) {
      const now = new Date();
      await utimes(path, now, now).catch(() => undefined);
      return path;
    }
    const making = this.#making.get(blob.sha256) ?? this.#make(path, read);
    this.#making.set(blob.sha256, making);
    try {
      return await making;
    } finally {
      this.#making.delete(blob.sha256);
    }
  }

  async forget(sha256: string): Promise<void> {
    await rm(join(this.#folder, sha256), { force: true });
  }

  async #make(path: string, read: () => AsyncIterable<Uint8Array>): Promise<string> {
    const unfinished = `${path}.${randomUUID()}`;
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      const file = await open(unfinished, "wx", 0o600);
      try {
        for await (const chunk of read()) await file.writeFile(chunk);
      } finally {
        await file.close();
      }
      if (process.platform !== "win32") await chmod(unfinished, 0o444);
      await rename(unfinished, path);
    } catch (error) {
      await rm(unfinished, { force: true });
      throw error instanceof SubstrateError ? error : cacheFault(path, error);
    }
    await this.#shrink().catch(() => undefined);
    return path;
  }

  async #shrink(): Promise<void> {
    const files = [];
    for (const name of await readdir(this.#folder)) {
      const path = join(this.#folder, name);
      const found = await stat(path).catch(() => undefined);
      if (found) files.push({ path, size: found.size, used: found.mtimeMs });
    }
    let total = files.reduce((sum, { size }) => sum + size, 0);
    for (const { path, size, used } of files.sort((a, b) => a.used - b.used)) {
      if (total <= this.#bytes_max || Date.now() - used < fresh_ms) return;
      await rm(path, { force: true });
      total -= size;
    }
  }
}

function cacheFault(path: string, cause: unknown): SubstrateError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const full = code === "ENOSPC" || code === "EDQUOT" || code === "EFBIG";
  return new SubstrateError(full ? "FULL" : "UNAVAILABLE", `The copy ${path}: ${message}.`, {
    remedy: full ? "Make room on the disk." : "Look whether the folder can be written.",
    cause,
  });
}
