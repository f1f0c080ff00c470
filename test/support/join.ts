/** An agent that joins a running installation: declared to policy, given a certificate, started. */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { DescService } from "@bufbuild/protobuf";
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

/** Who joins: its workload, the script that it is, what it serves. */
export interface Joining {
  workload: string;
  /** In this folder. */
  main: string;
  serves: readonly DescService[];
  environment?: Record<string, string>;
}

const probe: Joining = { workload: "probe", main: "probe-main.ts", serves: [ProbeService] };

export const declareProbe = (up: RunningUp) => declareAgent(up, probe);
export const joinProbe = (up: RunningUp, instance = "1") => joinAgent(up, probe, instance);

/** Lets policy know of the agent; resolves when the file is written. */
export async function declareAgent({ home }: RunningUp, { workload, serves }: Joining) {
  const file = join(home, "run/config/declared-calls.json");
  const declared = JSON.parse(await readFile(file, "utf8")) as { workload: string }[];
  const others = declared.filter((one) => one.workload !== workload);
  const names = serves.map(({ typeName }) => typeName);
  await writeFile(file, JSON.stringify([...others, { workload, services: [], serves: names }]));
}

export async function joinAgent(
  up: RunningUp,
  { workload, main, environment = {} }: Joining,
  instance = "1",
): Promise<JoinedAgent> {
  const authority = await createCertificateAuthority({ folder: join(up.home, "authority") });
  const folder = join(up.home, "run/identities", workload);
  const issued = await authority.issue(workload, { life_s: 3_600, hosts: ["127.0.0.1"] });
  await writeIdentity(folder, { bundle: authority.bundle, ...issued });
  const lines = readFileSync(join(up.home, "run/environment"), "utf8").trim().split("\n");
  const child = spawn(process.execPath, [join(import.meta.dirname, main)], {
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    env: {
      ...process.env,
      ...Object.fromEntries(lines.map((line) => line.split("=", 2) as [string, string])),
      KEIKO_IDENTITY: folder,
      KEIKO_LISTEN: "127.0.0.1:0",
      KEIKO_HEALTH: "127.0.0.1:0",
      KEIKO_INSTANCE: instance,
      KEIKO_CACHE: join(up.home, `run/cache/${workload}-${instance}`),
      KEIKO_CONFIG: join(up.home, "run/config"),
      KEIKO_LOG: "warn",
      ...environment,
    },
  });
  let said = "";
  child.stderr!.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const gone = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const ready = new Promise<void>((resolve, reject) => {
    child.once("message", () => resolve());
    child.once("exit", (code) => reject(new Error(`${workload} ended with ${code}:\n${said}`)));
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
