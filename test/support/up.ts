/** Keiko as many processes on a throwaway home, as `npx keiko up` starts it. */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { DescService } from "@bufbuild/protobuf";
import { type Client, createClient, type Transport } from "@connectrpc/connect";
import { PolicyService } from "@keiko/gen/keiko/policy/v1/policy_service_pb.js";
import { RegistryService } from "@keiko/gen/keiko/registry/v1/registry_service_pb.js";
import { headers } from "@keiko/runtime/call.ts";
import { openIdentity } from "@keiko/runtime/identity/workload-identity.ts";
import { silentLog } from "@keiko/runtime/log.ts";
import { createMesh, type Mesh } from "@keiko/runtime/mesh/mesh.ts";
import { followRegistry } from "@keiko/runtime/process/follow-registry.ts";
import { readToken, transportTo } from "./keiko.ts";

const main = join(import.meta.dirname, "../../services/local/src/up/main.ts");

export interface ListedProcess {
  name: string;
  identity: string;
  pid: number;
  listen: string;
  ready: boolean;
}

export interface RunningUp {
  home: string;
  base: string;
  link: string;
  token: string;
  transport: Transport;
  client<S extends DescService>(service: S): Client<S>;
  /** What runs now. */
  processes(): ListedProcess[];
  /** What it has said so far, newest last. */
  lines: string[];
  child: ChildProcess;
  /** As Ctrl-C does; the exit code. */
  stop(): Promise<number | null>;
}

/** @param args options of `keiko up` besides home and port */
export async function startUp(
  args: readonly string[] = [],
  options: { home?: string; environment?: Record<string, string> } = {},
): Promise<RunningUp> {
  const home = options.home ?? (await mkdtemp(join(tmpdir(), "keiko-up-")));
  const child = spawn(process.execPath, [main, "--home", home, "--port", "0", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...options.environment },
  });
  const lines: string[] = [];
  const gone = new Promise<number | null>((resolve) => child.once("exit", resolve));
  void (async () => {
    for await (const line of createInterface({ input: child.stderr })) lines.push(line);
  })();
  const link = await Promise.race([readyLink(child), gone]);
  if (typeof link !== "string") throw new Error(`Keiko did not start:\n${lines.join("\n")}`);
  const base = new URL(link).origin;
  const token = await readToken(home);
  const transport = transportTo(base, token);
  return {
    home,
    base,
    link,
    token,
    transport,
    client: (service) => createClient(service, transport),
    processes: () =>
      JSON.parse(readFileSync(join(home, "run/processes.json"), "utf8")) as ListedProcess[],
    lines,
    child,
    async stop() {
      child.kill("SIGTERM");
      const code = await gone;
      if (!options.home) await rm(home, { recursive: true, force: true });
      return code;
    },
  };
}

async function readyLink(child: ChildProcess): Promise<string | undefined> {
  for await (const line of createInterface({ input: child.stdout! })) {
    const [, link] = /^Keiko is ready: (\S+)$/.exec(line) ?? [];
    if (link) return link;
  }
  return undefined;
}

export interface MeshCaller {
  mesh: Mesh;
  /** A client that calls as the identity, for the person who is signed in. */
  client<S extends DescService>(service: S): Client<S>;
  close(): void;
}

/** Calls inside the installation, as one of its workloads does: its certificate, its mesh. */
export async function callAs(up: RunningUp, workload: string): Promise<MeshCaller> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const log = silentLog;
  const identity = await openIdentity(join(up.home, "run/identities", workload), { signal, log });
  const seeds = Object.fromEntries(
    [RegistryService, PolicyService].map((service) => {
      const noun = service === RegistryService ? "registry" : "policy";
      const serving = up.processes().filter((one) => one.identity === noun);
      return [service.typeName, serving.map(({ listen }) => ({ address: listen, identity: noun }))];
    }),
  );
  const mesh = createMesh({ identity, log, seeds });
  const registry = createClient(RegistryService, mesh.transport);
  await followRegistry(registry, { catalog: undefined, mesh, signal, log });
  const behalf: Transport = {
    unary: (method, abort, timeout, header, input, values) =>
      mesh.transport.unary(method, abort, timeout, forUser(header), input, values),
    stream: (method, abort, timeout, header, input, values) =>
      mesh.transport.stream(method, abort, timeout, forUser(header), input, values),
  };
  return {
    mesh,
    client: (service) => createClient(service, behalf),
    close() {
      stopping.abort();
      mesh.close();
    },
  };
}

function forUser(header: ConstructorParameters<typeof Headers>[0]): Headers {
  const set = new Headers(header);
  set.set(headers.user, "users/local");
  return set;
}
