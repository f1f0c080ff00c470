/** A Keiko that a test can kill and start again on the same home and port, and a line to it that can
 * be cut while it lives. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const main = join(import.meta.dirname, "../../services/local/src/main.ts");

export interface MortalKeiko {
  base: string;
  /** Starts it; the link that it prints. */
  start(): Promise<string>;
  kill(): Promise<void>;
  /** Kills it and removes its home. */
  end(): Promise<void>;
}

export async function mortalKeiko(): Promise<MortalKeiko> {
  const home = await mkdtemp(join(tmpdir(), "keiko-mortal-"));
  const port = await freePort();
  let keiko: ChildProcess | undefined;
  const kill = async () => {
    if (!keiko || keiko.exitCode !== null || keiko.signalCode !== null) return;
    const gone = new Promise((resolve) => keiko?.once("exit", resolve));
    keiko.kill("SIGKILL");
    await gone;
  };
  return {
    base: `http://127.0.0.1:${port}`,
    start() {
      const child = spawn(process.execPath, [main, "--port", String(port), "--home", home]);
      keiko = child;
      return new Promise((resolve, reject) => {
        let said = "";
        const hear = (chunk: Buffer) => {
          said += chunk;
          const link = said.match(/Keiko is ready: (\S+)/)?.[1];
          if (link) resolve(link);
        };
        child.stdout.on("data", hear);
        child.stderr.on("data", hear);
        child.once("exit", (code) => reject(new Error(`Keiko ended with ${code}: ${said}`)));
      });
    },
    kill,
    async end() {
      await kill();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** An address of its own for a server; whoever uses it loses every connection when it is cut. */
export async function lineTo(base: string) {
  const to = Number(new URL(base).port);
  const ends = new Set<Socket>();
  let whole = true;
  const server = createServer((near) => {
    if (!whole) return void near.destroy();
    const far = connect(to, "127.0.0.1");
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      ends.add(one);
      one.pipe(other);
      one.on("error", () => other.destroy());
      one.on("close", () => {
        ends.delete(one);
        other.destroy();
      });
    }
  });
  const port = await listening(server);
  const cut = () => {
    whole = false;
    for (const end of ends) end.destroy();
  };
  return {
    base: `http://127.0.0.1:${port}`,
    cut,
    mend: () => {
      whole = true;
    },
    async end() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listening(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function listening(server: ReturnType<typeof createServer>): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : 0);
    });
  });
}
