/** The program's side of the store thread: sends writes, hands out answers in their order. */
import {
  MessageChannel,
  type MessagePort,
  receiveMessageOnPort,
  Worker,
} from "node:worker_threads";
import { Fifo } from "../inbox.ts";
import { SubstrateError, type SubstrateErrorCode } from "../substrate.ts";
import { operation } from "./operations.ts";
import type { StoreThreadData } from "./store-thread.ts";
import { type Argument, answered, createWire, posted, RequestWriter, slots } from "./wire.ts";

/** Bytes of writes that wait for room in the ring; beyond it a write is refused with FULL. */
const waiting_bytes_max = 64 * 1024 * 1024;
/** What a waiting write costs beside its payload. */
const waiting_overhead_bytes = 256;

/** Called with the two numbers of the answer, see operations.ts, in the order of the commits. */
type Done = (first: number, second: number) => void;
type Fail = (error: SubstrateError) => void;

interface Flight {
  done: Done;
  fail: Fail;
  /** What to free in the ring. */
  end: number;
}

interface Waiting {
  code: number;
  args: Argument[];
  bytes: number;
  done: Done;
  fail: Fail;
}

interface Refusal {
  code: SubstrateErrorCode;
  message: string;
  remedy: string;
}

export class Store {
  readonly #wire = createWire();
  readonly #port: MessagePort;
  readonly #writer: RequestWriter;
  readonly #worker: Worker;
  readonly #flights: (Flight | undefined)[] = new Array(slots);
  readonly #waiting = new Fifo<Waiting>();
  #waiting_bytes = 0;
  #sent = 0;
  #received = 0;
  #announcing = false;
  #lingering: NodeJS.Timeout | undefined;
  #linger_end = 0;
  #listening = false;
  #ended: SubstrateError | undefined;

  constructor(database: string, pages_max?: number) {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#writer = new RequestWriter(this.#wire, port1);
    const data: StoreThreadData = { wire: this.#wire, port: port2, database, pages_max };
    // No flags of the program: a loader or debugger of its own has no business in this thread.
    this.#worker = new Worker(new URL("./store-thread.ts", import.meta.url), {
      name: "keiko-store",
      workerData: data,
      transferList: [port2],
      execArgv: [],
    });
    this.#worker.on("error", (error) => this.#end(error));
    this.#worker.on("exit", () => this.#end(undefined));
  }

  /**
   * Exactly one of `done` and `fail` is called, after the fsync of the write's commit. `within_ms`:
   * how long the write may wait for another one to share its commit with.
   */
  write(code: number, args: Argument[], done: Done, fail: Fail, within_ms = 0): void {
    if (this.#ended) {
      fail(this.#ended);
      return;
    }
    if (this.#waiting.length === 0 && this.#send(code, args, done, fail)) {
      if (within_ms > 0) this.#linger(within_ms);
      else this.#announceSoon();
      return;
    }
    // No room: what lingers there must make some.
    this.#announceSoon();
    let bytes = waiting_overhead_bytes;
    const kept = args.map((arg) => {
      if (!(arg instanceof Uint8Array)) return arg;
      bytes += arg.byteLength;
      return new Uint8Array(arg);
    });
    if (this.#waiting_bytes + bytes > waiting_bytes_max) {
      fail(overloaded());
      return;
    }
    this.#waiting_bytes += bytes;
    this.#waiting.push({ code, args: kept, bytes, done, fail });
  }

  /** `write` for those who need no order beyond their own. */
  request(code: number, args: Argument[]): Promise<void> {
    return new Promise((resolve, reject) => this.write(code, args, () => resolve(), reject));
  }

  /** Commits what was accepted and ends the thread. */
  async close(): Promise<void> {
    // A thread that never got anything to do may still be starting: nothing to wait for.
    const used = this.#sent !== 0 || this.#waiting.length > 0;
    if (used && !this.#ended) await this.request(operation.close, []).catch(() => undefined);
    await this.#worker.terminate();
    this.#port.close();
  }

  #send(code: number, args: readonly Argument[], done: Done, fail: Fail): boolean {
    if (((this.#sent - this.#received) | 0) >= slots) return false;
    const end = this.#writer.put(code, args);
    if (end === undefined) return false;
    this.#flights[(this.#sent >>> 0) % slots] = { done, fail, end };
    this.#sent = (this.#sent + 1) | 0;
    return true;
  }

  /** After all that this turn still brings, so that writes made together are committed together. */
  #announceSoon(): void {
    if (this.#announcing) return;
    this.#announcing = true;
    process.nextTick(() => this.#announce());
  }

  #linger(within_ms: number): void {
    if (this.#announcing) return;
    const end = performance.now() + within_ms;
    if (this.#lingering && this.#linger_end <= end) return;
    clearTimeout(this.#lingering);
    this.#linger_end = end;
    this.#lingering = setTimeout(() => this.#announce(), within_ms);
  }

  #announce(): void {
    this.#announcing = false;
    clearTimeout(this.#lingering);
    this.#lingering = undefined;
    Atomics.store(this.#wire.counters, posted, this.#sent);
    Atomics.notify(this.#wire.counters, posted);
    if (!this.#listening) this.#listen();
  }

  #listen(): void {
    while (this.#received !== this.#sent && !this.#ended) {
      const change = Atomics.waitAsync(this.#wire.counters, answered, this.#received);
      if (change.async) {
        this.#listening = true;
        void change.value.then(() => {
          this.#listening = false;
          this.#receive();
          this.#listen();
        });
        return;
      }
      this.#receive();
    }
  }

  #receive(): void {
    if (this.#ended) return;
    const there = Atomics.load(this.#wire.counters, answered);
    while (this.#received !== there) {
      const slot = (this.#received >>> 0) % slots;
      const flight = this.#flights[slot]!;
      this.#flights[slot] = undefined;
      this.#writer.free(flight.end);
      this.#received = (this.#received + 1) | 0;
      const first = this.#wire.answers[slot * 2]!;
      if (Number.isNaN(first)) flight.fail(this.#refusal());
      else flight.done(first, this.#wire.answers[slot * 2 + 1]!);
    }
    for (let next = this.#waiting.peek(); next; next = this.#waiting.peek()) {
      if (!this.#send(next.code, next.args, next.done, next.fail)) return;
      this.#announceSoon();
      this.#waiting.shift();
      this.#waiting_bytes -= next.bytes;
    }
  }

  #refusal(): SubstrateError {
    const { code, message, remedy } = receiveMessageOnPort(this.#port)!.message as Refusal;
    return new SubstrateError(code, message, { remedy });
  }

  /** The thread is gone: what it answered counts, everything else fails, now and from now on. */
  #end(cause: unknown): void {
    if (this.#ended) return;
    this.#receive();
    const said = cause instanceof Error ? `: ${cause.message}` : "";
    this.#ended = new SubstrateError("UNAVAILABLE", `The store thread ended${said}.`, {
      remedy: "Start the process again; whether the writes in flight took effect shows then.",
      ...(cause === undefined ? {} : { cause }),
    });
    for (; this.#received !== this.#sent; this.#received = (this.#received + 1) | 0)
      this.#flights[(this.#received >>> 0) % slots]!.fail(this.#ended);
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift())
      next.fail(this.#ended);
  }
}

function overloaded(): SubstrateError {
  return new SubstrateError("FULL", "Too many writes wait for the disk at the same time.", {
    remedy: "Await earlier writes before making more.",
  });
}
