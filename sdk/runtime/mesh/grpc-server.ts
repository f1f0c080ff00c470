/**
 * Serves a host over gRPC. It stands on Node's HTTP/2 itself rather than on grpc-js's server, which
 * neither says whose connection a call came by nor lets go of one in order (README.md: decisions).
 */
import { constants as tls } from "node:crypto";
import {
  createSecureServer,
  createServer,
  type Http2SecureServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type SecureServerOptions,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import { type AddressInfo, type Socket, Server as TcpServer } from "node:net";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { refuse } from "../errors.ts";
import type { Host } from "../host.ts";
import type { WorkloadIdentity } from "../identity/workload-identity.ts";
import type { TokenVerifier } from "../identity.ts";
import { limits } from "../limits.ts";
import type { Log } from "../log.ts";
import { type Connection, createConnections } from "./connections.ts";
import { answer, answerError, endStream, type Served } from "./grpc-answer.ts";
import { type Handshakes, paceHandshakes } from "./handshakes.ts";
import { standardHosts } from "./standard.ts";

export type ServeOptions = {
  /** `host:port`; port 0 takes a free one. */
  address: string;
  log: Log;
} & (
  | {
      /** Who serves; both ends prove who they are by certificates, and no token is needed. */
      identity: WorkloadIdentity;
      tokens?: undefined;
    }
  | {
      /** Without certificates, a token must prove each call; on loopback only. */
      tokens: TokenVerifier;
      identity?: undefined;
    }
);

export interface GrpcServer {
  /** `host:port` that it listens on. */
  readonly address: string;
  /** Connections that are open. */
  readonly connections: number;
  /**
   * Says NOT_SERVING, tells callers to come no more, lets running calls end, then closes. A call that
   * was sent is answered or, never having been looked at, sent elsewhere by its caller's client.
   */
  close(): Promise<void>;
  /** Closes at once, as a process does that dies: calls that run are lost. */
  abort(): void;
}

export async function serveGrpc(host: Host, options: ServeOptions): Promise<GrpcServer> {
  const { identity, tokens, log } = options;
  let stopping = false;
  const hosts = [host, ...standardHosts(host, { tokens, log, stopping: () => stopping })];
  const served = new Map<string, Served>();
  for (const one of hosts) {
    for (const [path, spec] of one.methods) served.set(`/${path}`, { host: one, spec });
  }
  const { listener, handshakes } = createListener(identity);
  const connections = createConnections(identity && (() => identity));
  const streams = new Set<ServerHttp2Stream>();
  const onStream = (connection: Connection) => {
    return (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
      if (connection.calls === 0) handshakes?.useful();
      track(connection, stream);
      const found = served.get(headers[":path"] ?? "");
      if (!isGrpc(headers)) {
        stream.respond({ ":status": 415 }, { endStream: true });
      } else if (!found) {
        answerError(stream, host.unknown((headers[":path"] ?? "/").slice(1)));
      } else {
        if (found.spec.kind !== "unary") {
          streams.add(stream);
          stream.once("close", () => streams.delete(stream));
        }
        answer(found, stream, headers, connection);
      }
    };
  };
  listener.on("session", (session: ServerHttp2Session) => {
    // Its handshake took longer than this server had left: it is told so before it can call.
    if (stopping) {
      session.close();
      return;
    }
    const connection = connections.open(session);
    if (connection) session.on("stream", onStream(connection));
  });
  const sockets = followSockets(listener);
  const unfollow = identity?.onChange(() => {
    (listener as Http2SecureServer).setSecureContext(identity.contextOptions);
  });
  const port = await listen(listener, options);
  return {
    address: `${options.address.replace(/:\d+$/, "")}:${port}`,
    get connections() {
      return connections.size;
    },
    async close() {
      stopping = true;
      stopListening(listener);
      const ends = setTimeout(() => {
        for (const stream of streams) endStream(stream, stoppingNow);
      }, limits.drain_stream_time_ms).unref();
      await connections.drain(limits.drain_time_ms_max);
      clearTimeout(ends);
      await host.drain();
      connections.close();
      unfollow?.();
      // Whoever has not got as far as speaking HTTP/2.
      for (const socket of sockets) socket.destroy();
    },
    abort() {
      stopListening(listener);
      connections.close();
      unfollow?.();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** What an HTTP/2 server itself calls closing turns its sessions away at once; they have their order here. */
function stopListening(listener: Http2Server | Http2SecureServer): void {
  TcpServer.prototype.close.call(listener);
}

const stoppingNow = Object.freeze(
  refuse(Reason.UNAVAILABLE, {
    message: "the service is stopping",
    remedy: "open the stream again",
  }),
);

function createListener(identity: WorkloadIdentity | undefined): {
  listener: Http2Server | Http2SecureServer;
  handshakes?: Handshakes;
} {
  const options: SecureServerOptions = {
    maxSessionMemory: limits.connection_memory_mib_max,
    maxHeaderListPairs: limits.header_pairs_max,
    streamResetBurst: limits.stream_resets_burst,
    streamResetRate: limits.stream_resets_per_s,
    unknownProtocolTimeout: limits.handshake_time_ms_max,
    settings: {
      maxConcurrentStreams: limits.streams_per_connection_max,
      maxHeaderListSize: limits.header_bytes_max,
      enablePush: false,
    },
  };
  if (!identity) return { listener: createServer(options) };
  const listener = createSecureServer({
    ...options,
    ...identity.contextOptions,
    handshakeTimeout: limits.handshake_time_ms_max,
    requestCert: true,
    rejectUnauthorized: true,
    // Nobody resumes a session: each comes with its certificate of now, and tickets would cost a tenth more.
    secureOptions: tls.SSL_OP_NO_TICKET,
    ALPNProtocols: ["h2"],
  });
  return { listener, handshakes: paceHandshakes(listener) };
}

function track(connection: Connection, stream: ServerHttp2Stream): void {
  connection.calls++;
  connection.running.add(stream);
  // Errors of a stream are followed by its close, which is all that anybody can act on.
  stream.on("error", ignore);
  stream.on("close", () => {
    connection.unfinished.delete(stream);
    connection.running.delete(stream);
    connection.idle_since_ms = Date.now();
  });
}

const ignore = () => {};

function isGrpc(headers: IncomingHttpHeaders): boolean {
  return (
    headers[":method"] === "POST" &&
    (headers["content-type"]?.startsWith("application/grpc") ?? false)
  );
}

function followSockets(listener: Http2Server | Http2SecureServer): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  listener.on("connection", (socket: Socket) => {
    socket.setNoDelay(true);
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  return sockets;
}

async function listen(
  listener: Http2Server | Http2SecureServer,
  { address, identity, log }: ServeOptions,
): Promise<number> {
  const [, host, port] = /^\[?(.*?)\]?:(\d+)$/.exec(address) ?? [];
  if (host === undefined) throw new Error(`"${address}" is no host:port to listen on`);
  if (!identity && host !== "127.0.0.1" && host !== "::1" && host !== "localhost") {
    throw new Error(`${address}: without an identity only loopback is served`);
  }
  listener.maxConnections = limits.connections_max;
  listener.on("tlsClientError", (cause: Error, socket: Socket) => {
    log.info("a caller was refused", { cause: cause.message, from: socket.remoteAddress });
  });
  await new Promise<void>((resolve, reject) => {
    listener.once("error", reject);
    listener.listen(Number(port), host, () => resolve());
  });
  return (listener.address() as AddressInfo).port;
}
