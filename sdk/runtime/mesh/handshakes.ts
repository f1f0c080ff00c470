/**
 * TLS handshakes at a pace. One costs a millisecond or more of the thread that also answers calls, so
 * whoever connects fifty times at once would stop every call for all of them together. They begin one by
 * one instead, calls go between, and a connection that has said nothing yet costs no handshake at all.
 */
import type { Server, Socket } from "node:net";
import { limits } from "../limits.ts";

const interval_ms = 1_000 / limits.handshakes_per_s;

/** Takes the place of what a TLS server does with a connection, which then comes later. */
export function paceHandshakes(listener: Server): void {
  const starts = listener.listeners("connection") as ((socket: Socket) => void)[];
  listener.removeAllListeners("connection");
  const waiting: Socket[] = [];
  let timer: NodeJS.Timeout | undefined;
  let next_ms = 0;

  const begin = () => {
    timer = undefined;
    for (let socket = waiting.shift(); socket; socket = waiting.shift()) {
      if (socket.destroyed) continue;
      next_ms = performance.now() + interval_ms;
      for (const start of starts) start.call(listener, socket);
      break;
    }
    if (waiting.length > 0) timer = setTimeout(begin, interval_ms);
  };

  listener.on("connection", (socket: Socket) => {
    const silent = setTimeout(() => socket.destroy(), limits.handshake_time_ms_max);
    const heard = () => {
      socket.off("readable", heard);
      clearTimeout(silent);
      // The end of a connection is heard as well.
      if (socket.readableLength === 0) {
        socket.destroy();
        return;
      }
      waiting.push(socket);
      if (timer) return;
      const early_ms = next_ms - performance.now();
      if (early_ms > 0) timer = setTimeout(begin, early_ms);
      else begin();
    };
    socket.on("readable", heard);
    socket.on("error", ignore);
    socket.once("close", () => clearTimeout(silent));
  });
}

const ignore = () => {};
