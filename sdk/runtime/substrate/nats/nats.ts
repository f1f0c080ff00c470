/**
 * The NATS JetStream adapter: state in a NATS server or a cluster of them, shared by as many
 * processes as open it. One stream each for keys, log and blobs, one for each queue; the bus is core
 * NATS. What it needs of a server and what it does without is in the README of the folder above.
 */
import { homedir } from "node:os";
import { join } from "node:path";
import type { NodeConnectionOptions } from "@nats-io/transport-node";
import { type Substrate, SubstrateError } from "../substrate.ts";
import { blobsConfig, createBlobs } from "./blobs.ts";
import { createBus } from "./bus.ts";
import { Connection } from "./connection.ts";
import { Calls, type Context, Life } from "./context.ts";
import { JetStream } from "./jetstream.ts";
import { createKeyValue, kvConfig } from "./kv.ts";
import { type Bounds, bounds_default, server_payload_bytes_min } from "./limits.ts";
import { createLog, logConfig } from "./log.ts";
import { createQueue } from "./queue.ts";
import { ensureStream } from "./streams.ts";

export interface NatsOptions {
  /** `host:port`, `nats://host:port` or `tls://host:port`; with several, any that answers. */
  servers: string | readonly string[];
  /** Shown in the server's own monitoring. */
  name?: string;
  /** Tells this Keiko's streams and subjects from others on the same servers. Default `keiko`. */
  store?: string;
  /** Copies of everything; 3 needs a cluster of at least as many servers. Default 1. */
  replicas?: number;
  /** PEM files, read again at each connection; `cert` and `key` for servers that ask for them. */
  tls?: { ca?: string; cert?: string; key?: string } | undefined;
  user?: string;
  pass?: string;
  token?: string;
  /** Folder for local copies of blobs. Default `~/.cache/keiko/blobs/<store>`. */
  cache?: string;
  /** How much each store may hold (limits.ts). */
  bounds?: Partial<Bounds>;
}

/**
 * Fails with UNAVAILABLE when no server answers or JetStream is off, with FULL when the server has
 * less room than the bounds, with INVALID for options that cannot be with these servers. The substrate keeps the
 * process alive until `close`.
 */
export async function openNats(options: NatsOptions): Promise<Substrate> {
  const { servers, store = "keiko", replicas = 1 } = options;
  if (!/^[A-Za-z0-9_-]{1,32}$/.test(store))
    throw new SubstrateError("INVALID", `store is ${JSON.stringify(store)}.`, {
      remedy: "Use 1 to 32 letters, digits, - and _.",
    });
  const connection = await Connection.open(connectionOptions(options));
  try {
    assertPayloads(connection, String(servers));
    const life = new Life(String(servers));
    const jetstream = new JetStream(connection);
    if (replicas > 1) assertDecides(jetstream, String(servers));
    const context: Context = {
      connection,
      jetstream,
      store,
      replicas,
      bounds: { ...bounds_default, ...options.bounds },
      cache: options.cache ?? join(homedir(), ".cache/keiko/blobs", store),
      life,
      calls: new Calls(life),
    };
    const configs = [kvConfig(context), logConfig(context), blobsConfig(context)];
    await Promise.all(configs.map((config) => ensureStream(context.jetstream, config)));
    return assemble(context);
  } catch (error) {
    await connection.close();
    throw error;
  }
}

function assertPayloads({ nats }: Connection, place: string): void {
  const max = nats.info?.max_payload ?? 0;
  if (max >= server_payload_bytes_min) return;
  throw new SubstrateError("INVALID", `The NATS server at ${place} takes ${max} bytes at most.`, {
    remedy: `Set max_payload to at least ${server_payload_bytes_min} in its configuration.`,
  });
}

function assertDecides(jetstream: JetStream, place: string): void {
  // Pages of several subjects from one moment: without them nobody can tell what is out of date.
  if (jetstream.since(2, 11)) return;
  const { version } = jetstream.connection.nats.info ?? {};
  throw new SubstrateError("INVALID", `The NATS server at ${place} has version ${version}.`, {
    remedy: "Use version 2.11 or newer for several replicas, or one replica.",
  });
}

function connectionOptions(options: NatsOptions): NodeConnectionOptions {
  const { servers, name = `keiko ${process.pid}`, tls, user, pass, token } = options;
  return {
    servers: typeof servers === "string" ? servers : [...servers],
    name,
    ...(user === undefined ? {} : { user }),
    ...(pass === undefined ? {} : { pass }),
    ...(token === undefined ? {} : { token }),
    ...(tls
      ? {
          tls: {
            ...(tls.ca ? { caFile: tls.ca } : {}),
            ...(tls.cert ? { certFile: tls.cert } : {}),
            ...(tls.key ? { keyFile: tls.key } : {}),
          },
        }
      : {}),
  };
}

function assemble(context: Context): Substrate {
  const { life, calls, connection } = context;
  let closing: Promise<void> | undefined;
  const close = async () => {
    life.end();
    await calls.finished();
    await connection.close();
  };
  const blobs = createBlobs(context);
  void blobs.sweep().catch(() => undefined);
  return {
    shared: true,
    kv: createKeyValue(context),
    log: createLog(context),
    queue: createQueue(context),
    bus: createBus(context),
    blobs,
    close() {
      closing ??= close();
      return closing;
    },
  };
}
