/** Blobs. */
import { createHash, randomBytes } from "node:crypto";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import type { Substrate } from "../substrate.ts";
import { bytes, fails, failsToIterate, type Open, sharedStore, withStore } from "./setup.ts";

async function* source(...chunks: Uint8Array[]): AsyncIterable<Uint8Array> {
  yield* chunks;
}

async function joined(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}

const sha256 = (data: Uint8Array) => createHash("sha256").update(data).digest("hex");
const unknown = sha256(bytes("never stored"));

const damageFile = (substrate: Substrate) => async (hash: string) => {
  const path = await substrate.blobs.file(hash);
  const damaged = await readFile(path);
  damaged[damaged.length >> 1]! ^= 1;
  await chmod(path, 0o600);
  await writeFile(path, damaged);
};

export function describeBlobs(open: Open): void {
  describe("blobs", () => {
    const store = sharedStore(open);
    const blobs = () => store.substrate.blobs;
    const put = (data: Uint8Array, size_max = 10_000_000) =>
      blobs().put(source(data), { size_max });

    it("gives back what was put, in one piece or many, as a stream and as a file", async () => {
      const data = randomBytes(1_500_000);
      const pieces = [data.subarray(0, 1), data.subarray(1, 900_000), data.subarray(900_000)];
      const info = await blobs().put(source(...pieces), { size_max: data.length });
      expect(info).toEqual({ sha256: sha256(data), size: data.length });
      expect(await blobs().stat(info.sha256)).toEqual(info);
      expect((await joined(blobs().get(info.sha256))).equals(data)).toBe(true);
      expect((await readFile(await blobs().file(info.sha256))).equals(data)).toBe(true);
    });

    it("keeps an empty blob", async () => {
      const info = await blobs().put(source(), { size_max: 0 });
      expect(info).toEqual({ sha256: sha256(new Uint8Array()), size: 0 });
      expect(await joined(blobs().get(info.sha256))).toHaveLength(0);
    });

    it("takes the same bytes twice as one blob, also at the same time", async () => {
      const data = bytes("the same");
      const infos = await Promise.all([put(data), put(data), put(data)]);
      expect(new Set(infos.map((info) => info.sha256)).size).toBe(1);
      await blobs().delete(infos[0]!.sha256);
      expect(await blobs().stat(infos[0]!.sha256)).toBeUndefined();
    });

    it("takes exactly size_max bytes and keeps nothing of more", async () => {
      const data = randomBytes(1_000);
      await fails(put(data, 999), "TOO_LARGE");
      expect(await blobs().stat(sha256(data))).toBeUndefined();
      expect((await put(data, 1_000)).size).toBe(1_000);
    });

    it("passes the source's own error on and keeps nothing", async () => {
      const broken = (async function* () {
        yield bytes("begun");
        throw new Error("the source broke");
      })();
      await expect(blobs().put(broken, { size_max: 100 })).rejects.toThrow("the source broke");
      expect(await blobs().stat(sha256(bytes("begun")))).toBeUndefined();
    });

    it("says NOT_FOUND for what was never stored or was deleted", async () => {
      const { sha256: gone } = await put(bytes("soon gone"));
      await blobs().delete(gone);
      for (const hash of [unknown, gone]) {
        expect(await blobs().stat(hash)).toBeUndefined();
        await failsToIterate(() => blobs().get(hash), "NOT_FOUND");
        await fails(blobs().file(hash), "NOT_FOUND");
        await blobs().delete(hash);
      }
    });

    it("says CORRUPT before the last bytes, and putting it again heals it", () =>
      withStore(open, async ({ substrate, damage = damageFile(substrate) }) => {
        const data = randomBytes(1_700_000);
        const again = () => substrate.blobs.put(source(data), { size_max: data.length });
        const { sha256: hash } = await again();
        await damage(hash);
        let received = 0;
        const read = async () => {
          for await (const chunk of substrate.blobs.get(hash)) received += chunk.length;
        };
        await fails(read(), "CORRUPT");
        expect(received).toBeLessThan(data.length);
        await again();
        expect((await joined(substrate.blobs.get(hash))).equals(data)).toBe(true);
      }));

    it("stops reading on abort", async () => {
      const { sha256: hash } = await put(randomBytes(2_000_000));
      const stop = new AbortController();
      let received = 0;
      for await (const chunk of blobs().get(hash, { signal: stop.signal })) {
        received += chunk.length;
        stop.abort();
      }
      expect(received).toBeGreaterThan(0);
      expect(received).toBeLessThan(2_000_000);
    });

    it("has them after a reopen, without the deleted ones", () =>
      withStore(open, async ({ substrate, reopen }) => {
        const kept = await substrate.blobs.put(source(bytes("kept")), { size_max: 100 });
        const gone = await substrate.blobs.put(source(bytes("gone")), { size_max: 100 });
        await substrate.blobs.delete(gone.sha256);
        await substrate.close();
        const again = await reopen();
        expect(await again.blobs.stat(kept.sha256)).toEqual(kept);
        expect(await again.blobs.stat(gone.sha256)).toBeUndefined();
        await again.close();
      }));
  });
}
