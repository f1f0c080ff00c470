/** The NATS server of one laptop: found, started, told to read its certificates again, stopped. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { ConfigError } from "@keiko/runtime/process/config.ts";
import { natsServerConfig } from "@keiko/runtime/substrate/nats/server-config.ts";
import { findNatsServer, howToInstall } from "../../../../scripts/lib/nats-server.mjs";
import type { UpConfig } from "./config.ts";
import { freePorts } from "./ports.ts";

export interface NatsProcess {
  url: string;
  /** After its certificate was replaced. */
  reload(): void;
  stop(): Promise<void>;
}

const start_ms_max = 10_000;

/** @param identity folder of its certificate */
export async function startNats(
  config: UpConfig,
  identity: string,
  line: (name: string, text: string) => void,
): Promise<NatsProcess> {
  if (config.nats) return { url: config.nats, reload() {}, async stop() {} };
  const server = await findNatsServer();
  if (!server) throw new ConfigError(`no nats-server was found. ${howToInstall}`);
  const [port = 0] = await freePorts(1);
  const folder = join(config.home, "nats");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(config.home, "run/nats.conf");
  const tls = {
    ca: join(identity, "ca.pem"),
    cert: join(identity, "cert.pem"),
    key: join(identity, "key.pem"),
  };
  const text = natsServerConfig({ host: "127.0.0.1", port, folder, tls, version: server.version });
  await writeFile(file, text, { mode: 0o600 });
  const child = spawn(server.path, ["-c", file], {
    stdio: ["ignore", "ignore", "pipe"],
    detached: true,
  });
  child.stderr!.setEncoding("utf8").on("data", (chunk: string) => {
    for (const text of chunk.split("\n")) if (/\[(WRN|ERR|FTL)\]/.test(text)) line("nats", text);
  });
  await listening(child, port);
  return {
    url: `tls://127.0.0.1:${port}`,
    reload: () => void child.kill("SIGHUP"),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise((resolve) => child.once("exit", resolve));
      // Orderly, so that nothing has to be recovered at the next start.
      child.kill("SIGTERM");
      await gone;
    },
  };
}

async function listening(child: ChildProcess, port: number): Promise<void> {
  const until = performance.now() + start_ms_max;
  while (performance.now() < until) {
    if (child.exitCode !== null) {
      throw new Error(`nats-server ended with exit code ${child.exitCode}; its lines say why`);
    }
    if (await reachable(port)) return;
    await new Promise((next) => setTimeout(next, 20));
  }
  child.kill("SIGKILL");
  throw new Error(`nats-server did not listen within ${start_ms_max / 1_000} s`);
}

function reachable(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
