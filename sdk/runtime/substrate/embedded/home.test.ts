/** Homes that cannot be opened: each gives one error with the path and what to do about it. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, open, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SubstrateError, type SubstrateErrorCode } from "../substrate.ts";
import { openEmbedded } from "./embedded.ts";

let place: string;
let home: string;

beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), "keiko-home-"));
  home = join(place, "home");
});
afterEach(() => rm(place, { recursive: true }));

async function refused(path: string, code: SubstrateErrorCode, named = path): Promise<void> {
  const error = await openEmbedded({ home: path }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(SubstrateError);
  expect(error).toMatchObject({ code, message: expect.stringContaining(named) });
  expect((error as SubstrateError).message).not.toContain("\n");
  expect((error as SubstrateError).remedy).not.toBe("");
}

async function filled(): Promise<void> {
  const substrate = await openEmbedded({ home });
  const put = (i: number) => substrate.kv.put(`key/${i}`, new Uint8Array(1_000).fill(i));
  await Promise.all(Array.from({ length: 200 }, (_, i) => put(i)));
  await substrate.close();
}

const child = (script: string, ...args: string[]): ChildProcess =>
  spawn(process.execPath, ["--input-type=module", "-e", script, import.meta.url, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });

describe("the lock of a home", () => {
  it("keeps a second process out at once, and goes with a process that was killed", async () => {
    const holder = child(
      `const { openEmbedded } = await import(new URL("./embedded.ts", process.argv[1]));
       await openEmbedded({ home: process.argv[2] });
       console.log("open");`,
      home,
    );
    await once(holder.stdout!, "data");
    await refused(home, "LOCKED");
    holder.kill("SIGKILL");
    await once(holder, "close");
    await (await openEmbedded({ home })).close();
  });

  it("keeps a second opening of the same process out, and ends with close", async () => {
    const first = await openEmbedded({ home });
    await refused(home, "LOCKED");
    await first.kv.put("a", new Uint8Array());
    await first.close();
    await (await openEmbedded({ home })).close();
  });
});

describe("a home that cannot be used", () => {
  it("names a path below a file, or where there can be no folder", async () => {
    await writeFile(home, "a file");
    await refused(join(home, "below"), "INVALID");
    await refused(home, "INVALID");
    await refused("/proc/self/keiko/home", "INVALID", "/proc/self/keiko");
  });

  /** Root may write everywhere, so the child gives up root first. */
  it.each([
    ["a new one below a read-only folder", false],
    ["an existing one", true],
  ])("is refused when it is read-only: %s", async (_, existing) => {
    if (existing) await filled();
    const script = `
      const { openEmbedded } = await import(new URL("./embedded.ts", process.argv[1]));
      if (process.getuid() === 0) {
        process.setgroups([]); process.setgid(65534); process.setuid(65534);
      }
      const { code, message } = await openEmbedded({ home: process.argv[2] }).catch((e) => e);
      console.log(JSON.stringify({ code, message }));
      process.exit();`;
    spawnSync("chmod", ["-R", "a-w,a+rX", place]);
    const process_ = child(script, home);
    let output = "";
    process_.stdout!.on("data", (data) => {
      output += data;
    });
    await once(process_, "close");
    spawnSync("chmod", ["-R", "u+w", place]);
    expect(JSON.parse(output)).toEqual({
      code: "READ_ONLY",
      message: expect.stringContaining(home),
    });
  });

  it.each([
    ["overwritten at the beginning", 0, "x".repeat(200)],
    ["overwritten as a whole", 0, "no database at all. ".repeat(2_000)],
  ])("is refused when its database was %s", async (_, at, text) => {
    await filled();
    const file = await open(join(home, "store.db"), "r+");
    await file.write(Buffer.from(text), 0, text.length, at);
    await file.close();
    await refused(home, "CORRUPT");
    await refused(home, "CORRUPT");
  });

  it("is refused when its database was cut off", async () => {
    await filled();
    const { size } = await stat(join(home, "store.db"));
    await truncate(join(home, "store.db"), size - 20_000);
    await refused(home, "CORRUPT");
  });

  it("says CORRUPT where a damaged page is met, and serves what is whole", async () => {
    await filled();
    const { size } = await stat(join(home, "store.db"));
    const file = await open(join(home, "store.db"), "r+");
    await file.write(Buffer.alloc(8 * 4096, "damage"), 0, 8 * 4096, size - 10 * 4096);
    await file.close();
    const substrate = await openEmbedded({ home });
    const reads = await Promise.allSettled(
      Array.from({ length: 200 }, (_, i) => substrate.kv.get(`key/${i}`)),
    );
    const failed = reads.filter((read) => read.status === "rejected");
    expect(failed.length).toBeGreaterThan(0);
    expect(failed.length).toBeLessThan(200);
    for (const { reason } of failed)
      expect(reason).toMatchObject({ code: "CORRUPT", message: expect.stringContaining(home) });
    await substrate.close();
  });

  it("is refused when a newer version wrote it, and left as it is", async () => {
    await filled();
    const setVersion = (version: number) => {
      const database = new DatabaseSync(join(home, "store.db"));
      database.exec(`PRAGMA user_version = ${version}`);
      database.close();
    };
    setVersion(7);
    await refused(home, "INVALID");
    setVersion(1);
    const substrate = await openEmbedded({ home });
    expect((await substrate.kv.get("key/7"))?.value).toEqual(new Uint8Array(1_000).fill(7));
    await substrate.close();
  });

  it("keeps its files to its user", async () => {
    await filled();
    expect((await stat(home)).mode & 0o077).toBe(0);
  });
});
