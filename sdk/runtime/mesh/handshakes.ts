/**
 * TLS handshakes at a pace. One takes a millisecond or more of the thread that also answers calls, so
 * whoever connects fifty times at once would stop every call for all of them together. They begin one by
 * one instead, calls go between, and a connection that has said nothing yet costs no handshake at all.
 */
import type { Server, Socket } from "node:net";
import { limits } from "../limits.ts";
import { HandshakePace } from "./handshake-pace.ts";

export interface Handshakes {
  /** A call came by a connection that had none before: its handshake was not for nothing. */
  useful(): void;
}

interface Waiting {
  socket: Socket;
  since_ms: number;
}

/** Takes the place of what a TLS server does with a connection, which then comes later. */
export function paceHandshakes(listener: Server): Handshakes {
  const starts = listener.listeners("connection") as ((socket: Socket) => void)[];
  listener.removeAllListeners("connection");
  const pace = new HandshakePace();
  const queue = new FairQueue();
  let timer: NodeJS.Timeout | undefined;

  const begin = () => {
    timer = undefined;
    const socket = queue.shift();
    if (!socket) return;
    pace.began(performance.now());
    for (const start of starts) start.call(listener, socket);
    plan();
  };
  const plan = () => {
    clearTimeout(timer);
    if (queue.length === 0) return;
    const now = performance.now();
    const wait_ms = pace.next_ms(now, queue.length, queue.oldest_ms) - now;
    if (wait_ms > 0) timer = setTimeout(begin, wait_ms);
    else begin();
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
      queue.push(socket, performance.now());
      plan();
    };
    socket.on("readable", heard);
    socket.on("error", ignore);
    socket.once("close", () => clearTimeout(silent));
  });
  return { useful: () => pace.useful() };
}

/** Each address has its turn, so that a newcomer does not stand behind another's fifty. */
class FairQueue {
  /** The address that waits longest for its turn comes first. */
  readonly #queues = new Map<string, Waiting[]>();
  length = 0;

  push(socket: Socket, since_ms: number): void {
    const address = socket.remoteAddress ?? "";
    const own = this.#queues.get(address);
    if (own) own.push({ socket, since_ms });
    else this.#queues.set(address, [{ socket, since_ms }]);
    this.length++;
  }

  /** Those that have left meanwhile are passed over. */
  shift(): Socket | undefined {
    for (const [address, own] of this.#queues) {
      this.#queues.delete(address);
      const first = own.shift();
      if (own.length > 0) this.#queues.set(address, own);
      this.length--;
      if (first && !first.socket.destroyed) return first.socket;
    }
    return undefined;
  }

  /** Since when the first of all has been waiting. */
  get oldest_ms(): number {
    let oldest = Number.POSITIVE_INFINITY;
    for (const [first] of this.#queues.values()) oldest = Math.min(oldest, first!.since_ms);
    return oldest;
  }
}

const ignore = () => {};
