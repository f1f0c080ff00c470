/** The NATS server of one laptop: found, started, told to read its certificates again, stopped. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ConfigError } from "@keiko/runtime/process/config.ts";
import { natsServerConfig } from "@keiko/runtime/substrate/nats/server-config.ts";
import { findNatsServer, howToInstall } from "../../../../scripts/lib/nats-server.mjs";
import type { UpConfig } from "./config.ts";
import { freePorts } from "./ports.ts";

export interface NatsProcess {
  url: string;
  /** As in the list of processes; undefined: it is somebody else's. */
  listed(): { pid: number | undefined; ready: boolean } | undefined;
  /** After its certificate was replaced. */
  reload(): void;
  stop(): Promise<void>;
}

const start_ms_max = 10_000;
const again_ms = 500;

/** @param identity folder of its certificate */
export async function startNats(
  config: UpConfig,
  identity: string,
  tell: { line(name: string, text: string): void; changed(): void },
): Promise<NatsProcess> {
  if (config.nats)
    return { url: config.nats, listed: () => undefined, reload() {}, async stop() {} };
  const server = findNatsServer();
  if (!server) throw new ConfigError(`no nats-server was found. ${howToInstall}`);
  const [port = 0] = await freePorts(1);
  const file = await writeConfig(config.home, identity, { port, version: server.version });
  let stopping = false;
  let running: { child: ChildProcess; ready: boolean };
  const launch = async () => {
    const child = spawn(server.path, ["-c", file], {
      stdio: ["ignore", "ignore", "pipe"],
      detached: true,
    });
    const started = { child, ready: false };
    running = started;
    await ready(child, tell.line);
    started.ready = true;
    child.once("exit", (code, signal) => {
      started.ready = false;
      tell.changed();
      if (stopping) return;
      tell.line("nats", `ended (${signal ?? `exit code ${code}`}), starts again`);
      again();
    });
    tell.changed();
  };
  // What it had acknowledged is on disk; whoever calls waits meanwhile.
  const again = () => {
    launch().catch((cause) => {
      tell.line("nats", `did not start again: ${cause}`);
      if (!stopping) setTimeout(again, again_ms);
    });
  };
  await launch();
  return {
    url: `tls://127.0.0.1:${port}`,
    listed: () => ({ pid: running.child.pid, ready: running.ready }),
    reload: () => void running.child.kill("SIGHUP"),
    async stop() {
      stopping = true;
      const { child } = running;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise((resolve) => child.once("exit", resolve));
      // Orderly, so that nothing has to be recovered at the next start.
      child.kill("SIGTERM");
      await gone;
    },
  };
}

async function writeConfig(
  home: string,
  identity: string,
  { port, version }: { port: number; version: string },
): Promise<string> {
  const folder = join(home, "nats");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(home, "run/nats.conf");
  const tls = {
    ca: join(identity, "ca.pem"),
    cert: join(identity, "cert.pem"),
    key: join(identity, "key.pem"),
  };
  const text = natsServerConfig({ host: "127.0.0.1", port, folder, tls, version });
  await writeFile(file, text, { mode: 0o600 });
  return file;
}

/** Passes on what it warns of; resolves when it says that it is ready. */
async function ready(child: ChildProcess, line: (name: string, text: string) => void) {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  child.once("error", reject);
  child.once("exit", (code) => reject(new Error(`nats-server ended with exit code ${code}`)));
  const late = setTimeout(() => {
    child.kill("SIGKILL");
    reject(new Error(`nats-server was not ready within ${start_ms_max / 1_000} s`));
  }, start_ms_max);
  child.stderr!.setEncoding("utf8").on("data", (chunk: string) => {
    for (const text of chunk.split("\n")) {
      if (/\[(WRN|ERR|FTL)\]/.test(text)) line("nats", text.replace(/^.*?\[(?=\w{3}\])/, "["));
      if (text.includes("Server is ready")) resolve();
    }
  });
  await promise.finally(() => clearTimeout(late));
}
