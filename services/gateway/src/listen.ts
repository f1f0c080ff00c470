/**
 * One plaintext port for HTTP/1.1 and HTTP/2. Node serves one or the other, so the first bytes of a
 * connection decide: gRPC clients open with the HTTP/2 preface, browsers and curl do not.
 */
import { createServer as createHttp1, type RequestListener } from "node:http";
import { createServer as createHttp2 } from "node:http2";
import { createServer as createTcp, type Server, type Socket } from "node:net";
import { limits } from "./limits.ts";

export interface Listener {
  port: number;
  /** Takes no new connections, ends idle ones; resolves when all are gone or `wait_ms` passed. */
  close(wait_ms: number): Promise<void>;
}

const preface = Buffer.from("PRI * HTTP/2.0");

export async function listen(
  handler: RequestListener,
  options: { host: string; port: number },
): Promise<Listener> {
  const http1 = createHttp1(
    {
      headersTimeout: limits.headers_ms_max,
      requestTimeout: limits.request_ms_max,
      keepAliveTimeout: limits.idle_ms_max,
    },
    handler,
  );
  const http2 = createHttp2(
    {
      maxSessionMemory: limits.session_memory_mb_max,
      settings: { maxConcurrentStreams: limits.streams_per_connection_max },
    },
    // The compatibility API takes the same handler; its types differ in what nobody here uses.
    handler as unknown as Parameters<typeof createHttp2>[1],
  );
  http2.on("sessionError", () => {});
  const sockets = new Set<Socket>();
  const server = createTcp((socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    route(socket, (modern) => (modern ? http2 : http1).emit("connection", socket));
  });
  server.maxConnections = limits.connections_max;
  const port = await bind(server, options);
  return {
    port,
    async close(wait_ms) {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      http1.closeIdleConnections();
      const late = new Promise<void>((resolve) => {
        setTimeout(() => {
          for (const socket of sockets) socket.destroy();
          resolve();
        }, wait_ms).unref();
      });
      await Promise.race([closed, late]);
    },
  };
}

function route(socket: Socket, decided: (modern: boolean) => void): void {
  socket.setTimeout(limits.first_bytes_ms_max, () => socket.destroy());
  let seen: Buffer = Buffer.alloc(0);
  const look = () => {
    const chunk: Buffer | null = socket.read();
    if (!chunk) return;
    seen = Buffer.concat([seen, chunk]);
    const count = Math.min(seen.length, preface.length);
    const same = seen.subarray(0, count).equals(preface.subarray(0, count));
    // A preface that is still incomplete may yet become either. What was read stays here until it
    // is decided: put back, it would be announced as readable again at once, without end.
    if (same && seen.length < preface.length) return;
    socket.removeListener("readable", look);
    socket.setTimeout(0);
    socket.unshift(seen);
    decided(same);
  };
  socket.on("readable", look);
}

async function bind(server: Server, { host, port }: { host: string; port: number }) {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.removeListener("error", reject);
      resolve();
    });
  });
  const address = server.address();
  return typeof address === "object" && address ? address.port : port;
}
