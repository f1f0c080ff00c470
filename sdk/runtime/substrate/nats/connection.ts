/**
 * One connection to NATS with its own requests: whoever waits for an answer learns at once that the
 * connection broke, and tries again when it is back, all within one limit (limits.ts). The library
 * reconnects; it would leave such a request waiting for its whole timeout.
 */
import {
  connect,
  createInbox,
  type Msg,
  type MsgHdrs,
  type NatsConnection,
  type NodeConnectionOptions,
} from "@nats-io/transport-node";
import { isPassing, Lost, Refused, unavailable } from "./faults.ts";
import {
  call_ms_max,
  move_ms,
  open_ms_max,
  ping_interval_ms,
  reconnect_ms,
  retry_ms_max,
  retry_ms_min,
  try_ms_max,
} from "./limits.ts";

export interface Ask {
  subject: string;
  payload?: Uint8Array | string;
  headers?: MsgHdrs;
}

interface Waiting {
  /** Whether this was the last message of the answer. */
  take(message: Msg): boolean;
  fail(lost: Lost): void;
  until: number;
}

/** How often deadlines are looked at: a timer for each request would cost more than the request. */
const sweep_ms = 25;

const defaults: NodeConnectionOptions = {
  maxReconnectAttempts: -1,
  reconnectTimeWait: reconnect_ms,
  reconnectJitter: reconnect_ms,
  reconnectJitterTLS: reconnect_ms,
  pingInterval: ping_interval_ms,
  maxPingOut: 2,
  timeout: try_ms_max,
  noAsyncTraces: true,
};

export class Connection {
  readonly nats: NatsConnection;
  readonly #waiting = new Map<string, Waiting>();
  readonly #inbox = createInbox();
  readonly #listeners = new Set<() => void>();
  #next = 0;
  #up = true;
  #whenUp: (() => void)[] = [];
  #sweep: NodeJS.Timeout;
  readonly #servers: number;
  #moved = Number.NEGATIVE_INFINITY;

  /** Tries until a server answers or the limit is reached. */
  static async open(options: NodeConnectionOptions): Promise<Connection> {
    const end = performance.now() + open_ms_max;
    for (;;) {
      try {
        const servers = Array.isArray(options.servers) ? options.servers.length : 1;
        return new Connection(await connect({ ...defaults, ...options }), servers);
      } catch (error) {
        if (performance.now() >= end) throw unavailable(`NATS at ${options.servers}`, error);
        await sleep(retry_ms_max);
      }
    }
  }

  private constructor(nats: NatsConnection, servers: number) {
    this.nats = nats;
    this.#servers = servers;
    const callback = (_: Error | null, message: Msg) => this.#answer(message);
    nats.subscribe(`${this.#inbox}.*`, { callback });
    this.#sweep = setInterval(() => this.#expire(), sweep_ms);
    void this.#watchStatus();
  }

  get up(): boolean {
    return this.#up;
  }

  /** Called whenever the connection is back. Returns how to stop listening. */
  onReconnect(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    clearInterval(this.#sweep);
    this.#loseAll("the connection was closed");
    await this.nats.close();
  }

  /** One try, one message back. Published before the call returns, so that calls keep their order. */
  ask(ask: Ask, timeout_ms = try_ms_max): Promise<Msg> {
    return new Promise((resolve, fail) => {
      const take = (message: Msg) => {
        if (message.headers?.code === 503 && message.data.length === 0)
          fail(new Lost("nobody answers for the moment"));
        else resolve(message);
        return true;
      };
      this.#send(ask, { take, fail, until: performance.now() + timeout_ms });
    });
  }

  /** One try, many messages back: `take` says whether it was the last. */
  askMany(ask: Ask, take: (message: Msg) => boolean, timeout_ms = try_ms_max): Promise<void> {
    return new Promise((resolve, fail) => {
      const waiting: Waiting = {
        take(message) {
          waiting.until = performance.now() + timeout_ms;
          if (message.headers?.code === 503 && message.data.length === 0) {
            fail(new Lost("nobody answers for the moment"));
            return true;
          }
          const done = take(message);
          if (done) resolve();
          return done;
        },
        fail,
        until: performance.now() + timeout_ms,
      };
      this.#send(ask, waiting);
    });
  }

  /**
   * Tries until it works or the limit is reached; `trying` gets the number of the try, from 0.
   * A refusal that does not pass by itself is thrown as it is. No waiting before the first try.
   */
  async persist<T>(
    what: string,
    trying: (attempt: number) => Promise<T>,
    limit_ms = call_ms_max,
  ): Promise<T> {
    const began = performance.now();
    const end = began + limit_ms;
    for (let attempt = 0; ; attempt++) {
      if (!this.#up) await this.#untilUp(end);
      try {
        return await trying(attempt);
      } catch (error) {
        const passing = error instanceof Lost || (error instanceof Refused && isPassing(error));
        if (!passing) throw error;
        if (performance.now() >= end || this.nats.isClosed()) throw unavailable(what, error);
        if (performance.now() - began > move_ms) this.#move();
        if (this.#up) await sleep(Math.min(retry_ms_max, retry_ms_min * 2 ** Math.min(attempt, 5)));
        if (performance.now() >= end) throw unavailable(what, error);
      }
    }
  }

  /** A server that a partition cut off from the others keeps its clients, and answers nothing. */
  #move(): void {
    const now = performance.now();
    if (this.#servers < 2 || !this.#up || now - this.#moved < move_ms) return;
    this.#moved = now;
    this.nats.reconnect().catch(() => undefined);
  }

  #send({ subject, payload, headers }: Ask, waiting: Waiting): void {
    const token = (this.#next++).toString(36);
    this.#waiting.set(token, waiting);
    try {
      this.nats.publish(subject, payload ?? "", {
        reply: `${this.#inbox}.${token}`,
        ...(headers ? { headers } : {}),
      });
    } catch (error) {
      this.#waiting.delete(token);
      waiting.fail(new Lost(error instanceof Error ? error.message : String(error)));
    }
  }

  #answer(message: Msg): void {
    const token = message.subject.slice(this.#inbox.length + 1);
    const waiting = this.#waiting.get(token);
    if (waiting?.take(message)) this.#waiting.delete(token);
  }

  #expire(): void {
    const now = performance.now();
    for (const [token, waiting] of this.#waiting)
      if (waiting.until <= now) {
        this.#waiting.delete(token);
        waiting.fail(new Lost("no answer came in time"));
      }
  }

  #loseAll(reason: string): void {
    for (const waiting of this.#waiting.values()) waiting.fail(new Lost(reason));
    this.#waiting.clear();
  }

  async #untilUp(end: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.max(0, end - performance.now()));
      this.#whenUp.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  async #watchStatus(): Promise<void> {
    for await (const { type } of this.nats.status()) {
      if (type === "disconnect") {
        this.#up = false;
        this.#loseAll("the connection broke");
      } else if (type === "reconnect") {
        this.#up = true;
        for (const resume of this.#whenUp.splice(0)) resume();
        for (const listener of [...this.#listeners]) listener();
      }
    }
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
