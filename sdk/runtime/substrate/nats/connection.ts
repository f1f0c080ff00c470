/**
 * One connection to the servers, and how every call over it ends: tried again while servers restart
 * or elect, and then with an error of the port. A write carries an id, so that trying again cannot
 * write twice: the server answers the second try with what the first one did.
 */
import {
  type JetStreamClient,
  type JetStreamManager,
  jetstream,
  jetstreamManager,
} from "@nats-io/jetstream";
import { connect, type NatsConnection, type TlsOptions } from "@nats-io/transport-node";
import { Life } from "../embedded/context.ts";
import { SubstrateError } from "../substrate.ts";
import { apiFault, isPassing } from "./faults.ts";
import {
  type Bounds,
  call_ms_max,
  open_ms_max,
  ping_interval_ms,
  reconnect_ms,
  retry_ms_max,
  retry_ms_min,
  server_payload_bytes_min,
  try_ms_max,
} from "./limits.ts";

export interface Context {
  readonly nats: NatsConnection;
  readonly js: JetStreamClient;
  readonly manager: JetStreamManager;
  readonly life: Life;
  /** How many nodes keep what is written. */
  readonly replicas: number;
  readonly bounds: Bounds;
  /** At least this version of the server. */
  since(major: number, minor: number): boolean;
}

export interface ConnectionOptions {
  /** `nats://host:port` or `tls://host:port`. */
  servers: readonly string[];
  /** Shown in the server's own monitoring. */
  name: string;
  replicas: number;
  bounds: Bounds;
  /** Paths of PEM files, read again at each connection. */
  tls?: { ca: string; cert: string; key: string } | undefined;
}

export async function openConnection(options: ConnectionOptions): Promise<Context> {
  const { servers, name, replicas, bounds, tls } = options;
  const place = servers.join(", ");
  const nats = await firstConnection(place, () =>
    connect({
      servers: [...servers],
      name,
      timeout: try_ms_max,
      maxReconnectAttempts: -1,
      reconnectTimeWait: reconnect_ms,
      reconnectJitter: reconnect_ms,
      reconnectJitterTLS: reconnect_ms,
      pingInterval: ping_interval_ms,
      tls: tls ? tlsOptions(tls) : null,
    }),
  );
  const { version = "0.0.0", max_payload = 0 } = nats.info ?? {};
  try {
    if (max_payload < server_payload_bytes_min) throw tooSmall(place, max_payload);
    const timeout = try_ms_max;
    const [major = 0, minor = 0] = version.split(".").map(Number);
    return {
      nats,
      js: jetstream(nats, { timeout }),
      manager: await jetstreamManager(nats, { timeout, checkAPI: false }),
      life: new Life(place),
      replicas,
      bounds,
      since: (from, at) => major > from || (major === from && minor >= at),
    };
  } catch (error) {
    await nats.close();
    throw error;
  }
}

function tlsOptions({ ca, cert, key }: { ca: string; cert: string; key: string }): TlsOptions {
  return { caFile: ca, certFile: cert, keyFile: key };
}

async function firstConnection(
  place: string,
  attempt: () => Promise<NatsConnection>,
): Promise<NatsConnection> {
  const until = performance.now() + open_ms_max;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > until) {
        throw new SubstrateError("UNAVAILABLE", `No NATS server answers at ${place}.`, {
          remedy: "Start nats-server, or correct the address and the certificates.",
          cause: error,
        });
      }
    }
    await pause(retry_ms_max);
  }
}

function tooSmall(place: string, max_payload: number): SubstrateError {
  return new SubstrateError(
    "INVALID",
    `The NATS server at ${place} takes payloads of ${max_payload} bytes.`,
    { remedy: `Set max_payload to at least ${server_payload_bytes_min} in its configuration.` },
  );
}

/** Runs an idempotent call until it is answered, refused, or `call_ms_max` has passed. */
export async function calling<T>(
  { life }: Pick<Context, "life">,
  what: string,
  attempt: () => Promise<T>,
): Promise<T> {
  life.assertOpen();
  const until = performance.now() + call_ms_max;
  for (let wait_ms = retry_ms_min; ; wait_ms = Math.min(2 * wait_ms, retry_ms_max)) {
    try {
      return await attempt();
    } catch (error) {
      if (life.closed) throw life.error();
      if (!isPassing(error)) throw apiFault(what, error);
      if (performance.now() + wait_ms > until) {
        throw new SubstrateError("UNAVAILABLE", `${what}: no NATS server answered.`, {
          remedy: "Try again when the servers are back; whether it took effect is not known.",
          cause: error,
        });
      }
    }
    await pause(wait_ms);
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
