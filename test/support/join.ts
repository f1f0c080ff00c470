/** An agent that joins a running installation: declared to policy, given a certificate, started. */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createCertificateAuthority } from "@keiko/runtime/identity/authority.ts";
import { writeIdentity } from "@keiko/runtime/identity/files.ts";
import { ProbeService } from "../gen/keiko/probe/v1/probe_service_pb.js";
import type { RunningUp } from "./up.ts";

export interface JoinedAgent {
  child: ChildProcess;
  /** Resolves when it says that it is ready. */
  ready: Promise<void>;
  /** SIGTERM; its exit code. */
  stop(): Promise<number | null>;
}

/** Lets policy know of the probe; resolves when the file is written. */
export async function declareProbe({ home }: RunningUp): Promise<void> {
  const file = join(home, "run/config/declared-calls.json");
  const declared = JSON.parse(await readFile(file, "utf8")) as { workload: string }[];
  const serves = [ProbeService.typeName];
  const others = declared.filter(({ workload }) => workload !== "probe");
  await writeFile(file, JSON.stringify([...others, { workload: "probe", services: [], serves }]));
}

export async function joinProbe(up: RunningUp, instance = "1"): Promise<JoinedAgent> {
  const authority = await createCertificateAuthority({ folder: join(up.home, "authority") });
  const folder = join(up.home, "run/identities/probe");
  const issued = await authority.issue("probe", { life_s: 3_600, hosts: ["127.0.0.1"] });
  await writeIdentity(folder, { bundle: authority.bundle, ...issued });
  const lines = readFileSync(join(up.home, "run/environment"), "utf8").trim().split("\n");
  const child = spawn(process.execPath, [join(import.meta.dirname, "probe-main.ts")], {
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    env: {
      ...process.env,
      ...Object.fromEntries(lines.map((line) => line.split("=", 2) as [string, string])),
      KEIKO_IDENTITY: folder,
      KEIKO_LISTEN: "127.0.0.1:0",
      KEIKO_HEALTH: "127.0.0.1:0",
      KEIKO_INSTANCE: instance,
      KEIKO_CACHE: join(up.home, `run/cache/probe-${instance}`),
      KEIKO_CONFIG: join(up.home, "run/config"),
      KEIKO_LOG: "warn",
    },
  });
  let said = "";
  child.stderr!.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const gone = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const ready = new Promise<void>((resolve, reject) => {
    child.once("message", () => resolve());
    child.once("exit", (code) => reject(new Error(`the probe ended with ${code}:\n${said}`)));
  });
  ready.catch(() => {});
  return {
    child,
    ready,
    async stop() {
      child.kill("SIGTERM");
      return gone;
    },
  };
}
