/** A real Keiko on a throwaway home, reached as a program would reach it: over its port, by token. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DescService } from "@bufbuild/protobuf";
import { type Client, createClient, type Transport } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import type { AgentDefinition } from "@keiko/agent";
import { compose } from "@keiko/local/compose.ts";
import { ensureToken } from "@keiko/local/home.ts";
import { createLog } from "@keiko/runtime/log.ts";
import { openEmbedded } from "@keiko/runtime/substrate/embedded/embedded.ts";
import type { Substrate } from "@keiko/runtime/substrate/substrate.ts";

export interface TestKeiko {
  base: string;
  home: string;
  token: string;
  substrate: Substrate;
  /** Log lines, newest last. */
  lines: string[];
  transport: Transport;
  client<S extends DescService>(service: S): Client<S>;
  signInLink(): string;
  stop(): Promise<void>;
}

export async function startKeiko(
  options: { home?: string; agents?: (substrate: Substrate) => readonly unknown[] } = {},
): Promise<TestKeiko> {
  const home = options.home ?? (await mkdtemp(join(tmpdir(), "keiko-home-")));
  const substrate = await openEmbedded({ home });
  const token = await ensureToken(home);
  const lines: string[] = [];
  const log = createLog((line) => lines.push(line), { level: "debug" });
  const agents = (options.agents?.(substrate) ?? []) as readonly AgentDefinition[];
  const keiko = await compose({ substrate, token, port: 0, log, agents });
  const base = `http://127.0.0.1:${keiko.port}`;
  const transport = transportTo(base, token);
  return {
    base,
    home,
    token,
    substrate,
    lines,
    transport,
    client: (service) => createClient(service, transport),
    signInLink: () => keiko.signInLink(),
    async stop() {
      await keiko.stop();
      await substrate.close();
      if (!options.home) await rm(home, { recursive: true, force: true });
    },
  };
}

export function transportTo(base: string, token: string): Transport {
  return createConnectTransport({
    baseUrl: base,
    httpVersion: "2",
    interceptors: [
      (next) => (request) => {
        request.header.set("authorization", `Bearer ${token}`);
        return next(request);
      },
    ],
  });
}

export async function readToken(home: string): Promise<string> {
  return (await readFile(join(home, "token"), "utf8")).trim();
}
