/** A full disk: the writes in the failed commit fail, nothing else does, and room brings it back. */
import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openEmbedded } from "./embedded.ts";

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "keiko-full-"));
});
afterEach(() => rm(home, { recursive: true }));

const pages_max = 400;
const value = (i: number) => new Uint8Array(20_000).fill(i);

it("fails exactly the writes of the commit that found no room; the others are kept", async () => {
  const substrate = await openEmbedded({ home, pages_max });
  const put = (i: number) => substrate.kv.put(`key/${i}`, value(i));
  const results: PromiseSettledResult<number>[] = [];
  for (let group = 0; group < 15; group++)
    results.push(
      ...(await Promise.allSettled(Array.from({ length: 10 }, (_, i) => put(group * 10 + i)))),
    );
  const kept = results.flatMap(({ status }, i) => (status === "fulfilled" ? [i] : []));
  expect(kept.length).toBeGreaterThan(20);
  expect(kept.length).toBeLessThan(150);
  for (const result of results)
    if (result.status === "rejected")
      expect(result.reason).toMatchObject({
        code: "FULL",
        message: expect.stringContaining(home),
        remedy: expect.stringContaining("space"),
      });
  const check = async (opened: typeof substrate) => {
    for (let i = 0; i < 150; i++)
      expect((await opened.kv.get(`key/${i}`))?.value).toEqual(
        kept.includes(i) ? value(i) : undefined,
      );
  };
  await check(substrate);
  await substrate.close();
  const again = await openEmbedded({ home });
  await check(again);
  await again.close();
});

it("goes on reading when it is full, and takes writes again when there is room", async () => {
  const substrate = await openEmbedded({ home, pages_max });
  const { kv, log, queue } = substrate;
  await queue.declare("q", { storage: "disk", lease_ms: 9, deliveries_max: 1, messages_max: 9 });
  let stored = 0;
  const fill = async () => {
    for (;;) {
      await kv.put(`key/${stored}`, value(stored));
      stored++;
    }
  };
  await expect(fill()).rejects.toMatchObject({ code: "FULL" });
  await expect(log.append("s", value(1))).rejects.toMatchObject({ code: "FULL" });
  const message = { id: "m", payload: value(2) };
  await expect(queue.send("q", message)).rejects.toMatchObject({ code: "FULL" });
  expect((await kv.list("key/", { limit: 1_000 })).length).toBe(stored);
  expect(await log.read("s", { limit: 1 })).toEqual([]);
  expect((await queue.depth("q")).ready).toBe(0);

  for (let i = 0; i < 5; i++) await kv.delete(`key/${i}`);
  const position = await log.append("s", value(1), { expect: 0 });
  await queue.send("q", message);
  expect((await log.read("s", { limit: 1 }))[0]).toMatchObject({ position, payload: value(1) });
  expect((await queue.depth("q")).ready).toBe(1);
  const before = await kv.put("key/5", new Uint8Array());
  await substrate.close();
  const again = await openEmbedded({ home, pages_max });
  expect(await again.kv.put("key/6", new Uint8Array())).toBeGreaterThan(before);
  await again.close();
});

/** The child's own limit on file sizes stands for a quota: writing past it fails with EFBIG. */
it("fails a blob for which there is no room, keeps nothing of it, and stores smaller ones", async () => {
  const script = `
    process.on("SIGXFSZ", () => undefined);
    const { openEmbedded } = await import(new URL("./embedded.ts", process.argv[1]));
    const { blobs, kv, close } = await openEmbedded({ home: process.argv[2] });
    async function* source(chunks) {
      for (let i = 0; i < chunks; i++) yield new Uint8Array(1_000_000);
    }
    const { code, message, remedy } = await blobs.put(source(20), { size_max: 1e9 }).catch((e) => e);
    const small = await blobs.put(source(1), { size_max: 1e9 });
    const stored = await blobs.stat(small.sha256);
    await kv.put("a", new Uint8Array());
    await close();
    console.log(JSON.stringify({ code, message, remedy, stored }));`;
  const node = [process.execPath, "--input-type=module", "-e", script, import.meta.url, home];
  const limited = ["-c", 'ulimit -f 8000; exec "$@"', "sh", ...node];
  const { stdout, stderr } = spawnSync("sh", limited, { encoding: "utf8" });
  expect(stderr).toBe("");
  expect(JSON.parse(stdout)).toMatchObject({
    code: "FULL",
    message: expect.stringContaining(home),
    remedy: expect.stringContaining("space"),
    stored: { size: 1_000_000 },
  });
  expect(await readdir(join(home, "unfinished"))).toEqual([]);
});
