// Finds the Keiko that runs here and opens a connection to its one port. Starts none.

import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { DescService } from "@bufbuild/protobuf";
import { type Client, createClient, type Interceptor, type Transport } from "@connectrpc/connect";
import { createConnectTransport, Http2SessionManager } from "@connectrpc/connect-node";

import { CommandFailed, WrongUsage } from "./exit.ts";

const PORT_USUAL = "7600";
const MESSAGE_BYTES_MAX = 64 * 1024 * 1024;

export interface Connection {
  readonly transport: Transport;
  /** For people: where Keiko is. */
  readonly url: string;
  client<S extends DescService>(service: S): Client<S>;
  close(): void;
}

interface Place {
  readonly home: string | undefined;
  readonly port: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Where Keiko is said to be; nothing is asked of it yet. */
export function locate(given: Place, environment: Environment, folder: string) {
  const home = resolve(folder, given.home ?? environment.KEIKO_HOME ?? nearestHome(folder));
  const port = given.port ?? environment.KEIKO_PORT;
  if (port !== undefined && !/^\d{1,5}$/.test(port)) {
    const name = given.port !== undefined ? "--port" : "KEIKO_PORT";
    throw new WrongUsage(`${name} "${port}" is not a port number.`);
  }
  const url = port === undefined ? readText(join(home, "address")) : undefined;
  return { home, url: url ?? `http://127.0.0.1:${port ?? PORT_USUAL}` };
}

function nearestHome(folder: string): string {
  for (let at = resolve(folder); ; at = dirname(at)) {
    if (existsSync(join(at, ".keiko"))) return join(at, ".keiko");
    if (at === dirname(at)) return join(folder, ".keiko");
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Opens a connection with the token of the home. The connection is made with the first call. */
export function connect(given: Place): Connection {
  const { home, url } = locate(given, process.env, process.cwd());
  const sessionManager = new Http2SessionManager(url);
  const transport = createConnectTransport({
    baseUrl: url,
    httpVersion: "2",
    sessionManager,
    readMaxBytes: MESSAGE_BYTES_MAX,
    interceptors: [signedBy(readText(join(home, "token"))), notRunning(url)],
  });
  return {
    transport,
    url,
    client: (service) => createClient(service, transport),
    close: () => sessionManager.abort(),
  };
}

function signedBy(token: string | undefined): Interceptor {
  return (next) => (request) => {
    if (token) request.header.set("authorization", `Bearer ${token}`);
    return next(request);
  };
}

const REFUSED = new Set(["ECONNREFUSED", "ENOTFOUND", "EHOSTUNREACH", "EADDRNOTAVAIL"]);

/** Says "not running" where the network says that nobody listens. */
function notRunning(url: string): Interceptor {
  return (next) => async (request) => {
    try {
      return await next(request);
    } catch (error) {
      if (!nobodyListens(error)) throw error;
      throw new CommandFailed(
        `Keiko is not running at ${url}. Start it with "npm start" in its folder, or say where it is with --port or --home.`,
      );
    }
  };
}

function nobodyListens(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    const { code } = at as { code?: unknown };
    if (typeof code === "string" && REFUSED.has(code)) return true;
  }
  return false;
}
