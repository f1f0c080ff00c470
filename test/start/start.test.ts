import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readConfig } from "@keiko/local/config.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const main = join(import.meta.dirname, "../../services/local/src/main.ts");
const children: ChildProcess[] = [];
let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "keiko-start-"));
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await rm(home, { recursive: true, force: true });
});

interface Started {
  child: ChildProcess;
  /** Resolves with the last line once ready; with the output when the process ends before. */
  output: Promise<{
    ready: string | undefined;
    stdout: string;
    stderr: string;
    code: number | null;
  }>;
  ended: Promise<number | null>;
}

function start(environment: Record<string, string>, args: string[] = []): Started {
  const child = spawn(process.execPath, [main, ...args], {
    cwd: home,
    env: { ...process.env, KEIKO_HOME: join(home, "k"), KEIKO_PORT: "0", ...environment },
  });
  children.push(child);
  let [stdout, stderr] = ["", ""];
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const output = new Promise<Awaited<Started["output"]>>((resolve) => {
    child.stdout!.on("data", (chunk: Buffer) => {
      stdout += chunk;
      const [ready] = /^Keiko is ready: .*$/m.exec(stdout) ?? [];
      if (ready) resolve({ ready, stdout, stderr, code: null });
    });
    child.stderr!.on("data", (chunk: Buffer) => {
      stderr += chunk;
    });
    void ended.then((code) =>
      setTimeout(() => resolve({ ready: undefined, stdout, stderr, code }), 50),
    );
  });
  return { child, output, ended };
}

describe("a start that works", { timeout: 60_000 }, () => {
  test("prints one link, keeps its token to itself, says where it is, and leaves cleanly", async () => {
    const { child, output, ended } = start({});
    const { ready, stdout } = await output;
    expect(stdout.trim().split("\n").at(-1)).toBe(ready);
    expect(ready).toMatch(/^Keiko is ready: http:\/\/127\.0\.0\.1:\d+\/\?code=\S+$/);
    const token = await stat(join(home, "k/token"));
    expect(token.mode & 0o777).toBe(0o600);
    const address = (await readFile(join(home, "k/address"), "utf8")).trim();
    expect(ready).toContain(address);
    const signedIn = await fetch(ready!.replace("Keiko is ready: ", ""), { redirect: "manual" });
    expect(signedIn.headers.get("set-cookie")).toContain("keiko_session=");
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
    await expect(stat(join(home, "k/address"))).rejects.toThrow();
  });

  test("a second start on the same home says so in one line; the first goes on", async () => {
    const first = start({});
    const { ready } = await first.output;
    const second = await start({}).output;
    expect(second).toMatchObject({ ready: undefined, code: 1 });
    expect(second.stderr.trim().split("\n")).toHaveLength(1);
    expect(second.stderr).toContain(join(home, "k"));
    expect(
      (await fetch(`${new URL(ready!.replace("Keiko is ready: ", "")).origin}/healthz`)).status,
    ).toBe(200);
  });

  test("after kill -9 the next start works", async () => {
    const first = start({});
    await first.output;
    first.child.kill("SIGKILL");
    await first.ended;
    expect((await start({}).output).ready).toBeDefined();
  });
});

describe("a start that cannot be gives one line and exit 1", { timeout: 60_000 }, () => {
  const oneLine = async (started: Started, ...named: (string | RegExp)[]) => {
    const { ready, stderr, code } = await started.output;
    expect(ready).toBeUndefined();
    expect(code).toBe(1);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    for (const part of named) expect(stderr).toMatch(part);
  };

  test("a busy port", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as { port: number };
    await oneLine(start({ KEIKO_PORT: String(port) }), String(port), /KEIKO_PORT/);
    server.close();
  });

  test("a home that is a file, or lies where nothing can be written", async () => {
    await writeFile(join(home, "file"), "");
    await oneLine(start({ KEIKO_HOME: join(home, "file") }), /file/);
    await oneLine(start({ KEIKO_HOME: "/proc/keiko" }), /\/proc\/keiko/);
  });

  // A disk of its own, in a mount namespace that only the child sees.
  test.each([
    ["size=64k", /^Keiko did not start: No room left/],
    ["size=400k", /^Keiko did not start: No room left/],
    ["ro", /^Keiko did not start: .*(read-only|cannot be written|not writable)/i],
  ])("a disk mounted with %s", async (option, said) => {
    const disk = join(home, "disk");
    await mkdir(disk);
    const command = `mount -t tmpfs -o ${option} tmpfs "${disk}" && exec "${process.execPath}" "${main}"`;
    const namespace = process.getuid?.() === 0 ? ["-m"] : ["-rm"];
    const child = spawn("unshare", [...namespace, "sh", "-c", command], {
      cwd: home,
      env: { ...process.env, KEIKO_HOME: join(disk, "k"), KEIKO_PORT: "0" },
    });
    children.push(child);
    let stderr = "";
    child.stderr.on("data", (chunk: Buffer) => {
      stderr += chunk;
    });
    const code = await new Promise((resolve) => child.once("exit", resolve));
    expect(stderr).toMatch(said);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(code).toBe(1);
  });

  test("a damaged store", async () => {
    const first = start({});
    await first.output;
    first.child.kill("SIGTERM");
    await first.ended;
    await writeFile(join(home, "k/store.db"), Buffer.alloc(8192, 0x5a));
    await rm(join(home, "k/store.db-wal"), { force: true });
    await oneLine(start({}), /store\.db/);
  });

  test.each([
    [{ KEIKO_PROT: "1" }, [], /KEIKO_PROT.*KEIKO_PORT/],
    [{ KEIKO_PORT: "http" }, [], /port "http"/],
    [{ KEIKO_PORT: "99999" }, [], /99999/],
    [{}, ["--colour"], /colour.*--home, --port/],
  ] as const)("a setting that is none: %j %j", async (environment, args, named) => {
    await oneLine(start(environment, [...args]), named);
  });
});

test("options go before the environment, the environment before the defaults", () => {
  const environment = { KEIKO_HOME: "/e", KEIKO_PORT: "1", KEIKO_FILE_MB: "3", PATH: "/bin" };
  const said = ["--port", "2", "--home", "/o", "--file-mb", "500"];
  const size = 1024 * 1024;
  expect(readConfig(said, environment)).toEqual({
    home: "/o",
    port: 2,
    file_bytes_max: 500 * size,
  });
  expect(readConfig([], environment)).toEqual({ home: "/e", port: 1, file_bytes_max: 3 * size });
  expect(readConfig([], {})).toMatchObject({ port: 7600, file_bytes_max: 64 * size });
  for (const wrong of ["0", "1e3", "much", ""]) {
    expect(() => readConfig(["--file-mb", wrong], {})).toThrow(
      /file-mb ".*" is not a whole number/,
    );
  }
});
