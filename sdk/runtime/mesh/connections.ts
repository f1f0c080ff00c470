/**
 * Looks after the connections of a server. Whoever opens one and then says too little, or says it too
 * slowly, is disconnected; whoever is well behaved is asked to come again before their certificate ends,
 * and before this process does: told first, heard out, closed last, so that no call is lost.
 */
import { constants, type ServerHttp2Session, type ServerHttp2Stream } from "node:http2";
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { refuse } from "../errors.ts";
import type { SpiffeId } from "../identity/spiffe.ts";
import { spiffeOf } from "../identity/spiffe.ts";
import { limits } from "../limits.ts";
import { answerError, type CallSource } from "./grpc-answer.ts";

export interface Connection extends CallSource {
  session: ServerHttp2Session;
  socket: Socket;
  opened_ms: number;
  /** When it is asked to come again. */
  ends_ms: number;
  /** Set once the other end has sent its settings: it speaks HTTP/2. */
  greeted: boolean;
  /** Calls that came by it. */
  calls: number;
  /** Calls that run. */
  running: Set<ServerHttp2Stream>;
  /** Bytes that have gone either way when that last changed, and when that was. */
  moved: { bytes: number; at_ms: number };
  idle_since_ms: number;
  /** When a ping was sent that is not answered yet. */
  asked_ms: number | undefined;
  /** When the last one was answered. */
  heard_ms: number;
  /** Since when all has been said, and the other end is waited for to hang up. */
  over_ms: number | undefined;
}

export interface Connections {
  /** Undefined: the other end is nobody that may call; the session is closed. */
  open(session: ServerHttp2Session): Connection | undefined;
  /** Tells all to come again, and resolves when they have gone or the time is over. */
  drain(within_ms: number): Promise<void>;
  readonly size: number;
  close(): void;
}

/** With `own` each connection must name a workload of the same trust domain by its certificate. */
export function createConnections(own: (() => SpiffeId) | undefined): Connections {
  const all = new Set<Connection>();
  const timer = setInterval(() => {
    const now = Date.now();
    for (const connection of all) tend(connection, now);
    dropUnused(all, now);
  }, limits.connection_look_ms).unref();
  return {
    get size() {
      return all.size;
    },
    open(session) {
      const peer = own ? peerOf(session, own()) : undefined;
      if (own && !peer) {
        session.destroy(undefined, constants.NGHTTP2_INADEQUATE_SECURITY);
        return undefined;
      }
      const now = Date.now();
      const connection: Connection = {
        session,
        // What a session shows of its socket goes with the session. What `once` returns is the socket itself.
        socket: session.socket.once("close", () => all.delete(connection)),
        workload: peer?.workload,
        unfinished: new Map(),
        opened_ms: now,
        ends_ms: Math.min(now + age_ms(), peer?.expires_ms ?? Number.POSITIVE_INFINITY),
        greeted: false,
        calls: 0,
        running: new Set(),
        moved: { bytes: 0, at_ms: now },
        idle_since_ms: now,
        asked_ms: undefined,
        heard_ms: now,
        over_ms: undefined,
      };
      all.add(connection);
      if (peer) letOldestUnusedGo(all, peer.workload);
      session.once("remoteSettings", () => {
        connection.greeted = true;
      });
      session.on("error", () => {});
      return connection;
    },
    async drain(within_ms) {
      const look = setInterval(() => {
        for (const connection of all)
          cutIfStill(connection, limits.connection_still_stopping_ms_max);
      }, limits.connection_still_stopping_ms_max / 5).unref();
      await Promise.race([
        Promise.all([...all].map(leave)),
        new Promise((late) => setTimeout(late, within_ms).unref()),
      ]);
      clearInterval(look);
      for (const { session } of all) session.destroy(undefined, constants.NGHTTP2_CANCEL);
    },
    close: () => clearInterval(timer),
  };
}

/** A tenth more or less, so that connections made together do not end together. */
function age_ms(): number {
  return limits.connection_age_ms_max * (0.9 + Math.random() * 0.2);
}

function peerOf(session: ServerHttp2Session, { trust_domain }: SpiffeId) {
  const certificate = (session.socket as TLSSocket).getPeerX509Certificate();
  const named = certificate && spiffeOf(certificate);
  // Whatever TLS made of it, a certificate that is over lets nobody in.
  const expires_ms = certificate?.validToDate.getTime() ?? 0;
  if (named?.trust_domain !== trust_domain || expires_ms <= Date.now()) return undefined;
  return { workload: named.workload, expires_ms };
}

/**
 * Asks the other end to come again and resolves when it has gone, its calls having ended. The GOAWAY
 * names the last call that was looked at: later ones were not, and their clients send them elsewhere.
 */
function leave({ session }: Connection): Promise<void> {
  if (session.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    session.once("close", resolve);
    session.close();
  });
}

function tend(connection: Connection, now: number): void {
  const { session, socket, opened_ms, unfinished, running } = connection;
  if (cutIfStill(connection, limits.connection_still_ms_max)) return;
  if ((session.closed || session.destroyed) && running.size === 0) {
    connection.over_ms ??= now;
    // A session that was closed waits for headers that have begun, and then for the other end.
    if (now - connection.over_ms > limits.connection_end_ms_max) socket.destroy();
    return;
  }
  if (!connection.greeted) {
    if (now - opened_ms > limits.handshake_time_ms_max) session.destroy();
    return;
  }
  for (const [stream, since_ms] of unfinished) {
    if (now - since_ms <= limits.request_time_ms_max) continue;
    unfinished.delete(stream);
    answerError(stream, tooSlow());
    // Its other calls may end; it opens no new ones here.
    void leave(connection);
  }
  if (now > connection.ends_ms + limits.connection_grace_ms) session.destroy();
  else if (now > connection.ends_ms) void leave(connection);
  else if (running.size === 0 && now - connection.idle_since_ms > limits.connection_idle_ms) {
    void leave(connection);
  }
  ping(connection, now);
}

/**
 * Of some connections whose other end went away in the middle of a write, Node is never told: the write
 * does not end, and until it does nothing is read, not even that the other end is gone.
 */
function cutIfStill(connection: Connection, still_ms: number): boolean {
  const { socket, session, running, unfinished, moved } = connection;
  const bytes = socket.bytesRead + socket.bytesWritten;
  const now = Date.now();
  if (bytes !== moved.bytes) connection.moved = { bytes, at_ms: now };
  if (running.size === 0 || now - connection.moved.at_ms < still_ms) return false;
  for (const stream of running)
    if (!stream.writableEnded && !stream.closed && !unfinished.has(stream)) return false;
  session.destroy(undefined, constants.NGHTTP2_CANCEL);
  socket.destroy();
  return true;
}

/** Who does not answer is gone, or is in the middle of a frame that it never ends. */
function ping(connection: Connection, now: number): void {
  const { session, asked_ms, heard_ms, calls } = connection;
  if (asked_ms !== undefined) {
    const wait_ms = calls > 0 ? limits.ping_known_time_ms_max : limits.ping_time_ms_max;
    if (now - asked_ms > wait_ms) session.destroy();
    return;
  }
  if (calls > 0 && now - heard_ms < limits.ping_every_ms) return;
  connection.asked_ms = now;
  try {
    session.ping((error) => {
      // What was never sent tells nothing of the other end.
      if (error) return;
      connection.asked_ms = undefined;
      connection.heard_ms = Date.now();
    });
  } catch {
    session.destroy();
  }
}

/** Connections that nobody calls by are cheap to open: beyond a few, they do not stay. */
function dropUnused(all: ReadonlySet<Connection>, now: number): void {
  const unused = [...all].filter(({ calls, session }) => calls === 0 && !session.closed);
  if (unused.length <= limits.connections_unused_max) return;
  for (const connection of unused) {
    if (now - connection.opened_ms > limits.handshake_time_ms_max) void leave(connection);
  }
}

/**
 * What one workload opens and does not call by would fill memory, and each collection of garbage, which
 * stops every call, would have to go through all of it.
 */
function letOldestUnusedGo(all: ReadonlySet<Connection>, caller: string): void {
  let oldest: Connection | undefined;
  let unused = 0;
  for (const connection of all) {
    const { calls, session, workload } = connection;
    if (workload !== caller || calls > 0 || session.closed) continue;
    oldest ??= connection;
    unused++;
  }
  if (oldest && unused > limits.connections_unused_per_caller_max) void leave(oldest);
}

function tooSlow() {
  return refuse(Reason.LIMIT_EXCEEDED, {
    message: `the request had not come whole after ${limits.request_time_ms_max} ms`,
    remedy: "send requests at once, and files in pieces",
  });
}
