/**
 * How the program's thread and the store thread talk: through shared memory, because a message
 * through `postMessage` costs three times as much as everything else around the fsync.
 *
 * Requests lie one after the other in a ring, each as operation, argument count and arguments;
 * answers lie in slots, two numbers each, in the order of the requests. Two counters say how many of
 * either there have been, and are what both sides sleep on. What does not fit (long payloads, and
 * the words of an error) goes through a message port that is read in step with the ring.
 */
import type { MessagePort } from "node:worker_threads";
import { Fifo } from "../inbox.ts";

export type Argument = number | string | Uint8Array;

export interface Request {
  operation: number;
  args: Argument[];
}

/** What both threads hold. */
export interface Wire {
  counters: Int32Array<SharedArrayBuffer>;
  ring: Uint8Array<SharedArrayBuffer>;
  answers: Float64Array<SharedArrayBuffer>;
}

/** Indices into `counters`. */
export const posted = 0;
export const answered = 1;

/** Requests in flight at most: the number of answer slots. */
export const slots = 2_048;
const ring_bytes = 256 * 1024;
/** A longer request goes through the port; its place in the ring holds only its header. */
const record_bytes_max = 32 * 1024;
const header_bytes = 6;
const on_port = 255;
/** Payload bytes that lie on the port at a time, beyond which there is no room. */
const port_bytes_max = 16 * 1024 * 1024;

export function createWire(): Wire {
  return {
    counters: new Int32Array(new SharedArrayBuffer(8)),
    ring: new Uint8Array(new SharedArrayBuffer(ring_bytes)),
    answers: new Float64Array(new SharedArrayBuffer(slots * 2 * 8)),
  };
}

/** The most bytes that a request can take in the ring. */
function bound(args: readonly Argument[]): number {
  let bytes = header_bytes;
  for (const arg of args) {
    if (typeof arg === "number") bytes += 9;
    else bytes += 5 + (typeof arg === "string" ? arg.length * 3 : arg.byteLength);
  }
  return bytes;
}

/** Where the program's thread writes. Offsets grow for ever; their remainder is the place. */
export class RequestWriter {
  readonly #bytes: Buffer;
  readonly #port: MessagePort;
  /** The long requests in flight: their offsets and sizes. */
  readonly #long = new Fifo<{ end: number; bytes: number }>();
  #long_bytes = 0;
  #head = 0;
  #tail = 0;

  constructor(wire: Wire, port: MessagePort) {
    this.#bytes = Buffer.from(wire.ring.buffer);
    this.#port = port;
  }

  /** The offset to hand to `free` when the answer has come; undefined when there is no room now. */
  put(operation: number, args: readonly Argument[]): number | undefined {
    const length = bound(args);
    const long = length > record_bytes_max;
    if (long && this.#long_bytes > port_bytes_max) return undefined;
    const start = this.#reserve(long ? header_bytes : length);
    if (start === undefined) return undefined;
    const at = start % ring_bytes;
    this.#bytes[at + 4] = operation;
    this.#bytes[at + 5] = long ? on_port : args.length;
    let end = at + header_bytes;
    if (long) this.#send(args);
    else for (const arg of args) end = this.#argument(arg, end);
    this.#bytes.writeUInt32LE(end - at, at);
    this.#head = start + end - at;
    if (long) {
      this.#long.push({ end: this.#head, bytes: length });
      this.#long_bytes += length;
    }
    return this.#head;
  }

  free(offset: number): void {
    this.#tail = offset;
    for (let next = this.#long.peek(); next && next.end <= offset; next = this.#long.peek())
      this.#long_bytes -= this.#long.shift()!.bytes;
  }

  /** Copies first: cloning a view would clone all of the memory that it looks into. */
  #send(args: readonly Argument[]): void {
    const copies = args.map((arg) => (arg instanceof Uint8Array ? new Uint8Array(arg) : arg));
    const buffers = copies.filter((arg) => arg instanceof Uint8Array).map((arg) => arg.buffer);
    this.#port.postMessage(copies, buffers);
  }

  /** A record never wraps: what is left at the end is skipped, which a zero length says. */
  #reserve(length: number): number | undefined {
    const left = ring_bytes - (this.#head % ring_bytes);
    const start = left < length ? this.#head + left : this.#head;
    if (start + length - this.#tail > ring_bytes) return undefined;
    if (start !== this.#head && left >= 4) this.#bytes.writeUInt32LE(0, this.#head % ring_bytes);
    return start;
  }

  #argument(arg: Argument, at: number): number {
    if (typeof arg === "number") {
      this.#bytes[at] = 0;
      return this.#bytes.writeDoubleLE(arg, at + 1);
    }
    let length = 0;
    if (typeof arg === "string") {
      this.#bytes[at] = 1;
      length = this.#bytes.write(arg, at + 5, "utf8");
    } else {
      this.#bytes[at] = 2;
      this.#bytes.set(arg, at + 5);
      length = arg.byteLength;
    }
    this.#bytes.writeUInt32LE(length, at + 1);
    return at + 5 + length;
  }
}

/** Where the store thread reads, one request per posted count. */
export class RequestReader {
  readonly #bytes: Buffer;
  readonly #longArgs: () => Argument[];
  #at = 0;

  /** `longArgs` takes the next message from the port. */
  constructor(wire: Wire, longArgs: () => Argument[]) {
    this.#bytes = Buffer.from(wire.ring.buffer);
    this.#longArgs = longArgs;
  }

  /** Byte arguments point into the ring and are valid until the request is answered. */
  take(): Request {
    if (ring_bytes - this.#at < 4 || this.#bytes.readUInt32LE(this.#at) === 0) this.#at = 0;
    const length = this.#bytes.readUInt32LE(this.#at);
    const operation = this.#bytes[this.#at + 4]!;
    const count = this.#bytes[this.#at + 5]!;
    const args = count === on_port ? this.#longArgs() : this.#arguments(count);
    this.#at = (this.#at + length) % ring_bytes;
    return { operation, args };
  }

  #arguments(count: number): Argument[] {
    const args: Argument[] = [];
    let at = this.#at + header_bytes;
    for (let i = 0; i < count; i++) {
      const kind = this.#bytes[at];
      if (kind === 0) {
        args.push(this.#bytes.readDoubleLE(at + 1));
        at += 9;
        continue;
      }
      const length = this.#bytes.readUInt32LE(at + 1);
      const start = at + 5;
      at = start + length;
      args.push(
        kind === 1 ? this.#bytes.toString("utf8", start, at) : this.#bytes.subarray(start, at),
      );
    }
    return args;
  }
}
