/** gRPC as it stands on HTTP/2: frames of messages, the timeout, headers and the status at the end. */
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http2";
import { Code, ConnectError } from "@connectrpc/connect";
import { setTrailerStatus } from "@connectrpc/connect/protocol-grpc";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { errorInfo, refuse } from "../errors.ts";
import { HeaderMap } from "../header-map.ts";
import { limits } from "../limits.ts";

const prefix_bytes = 5;

/** A message with its length in front. */
export function framed(message: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(prefix_bytes + message.byteLength);
  frame[0] = 0;
  frame.writeUInt32BE(message.byteLength, 1);
  frame.set(message, prefix_bytes);
  return frame;
}

/**
 * Takes messages out of the pieces in which they come. What claims to be too large, or is compressed,
 * is refused when its length is read: nothing of it is kept, so nothing can be made to grow.
 */
export class FrameReader {
  #pieces: Buffer[] = [];
  #have_bytes = 0;
  /** Length of the message that is coming; undefined: its prefix has not come whole. */
  #need_bytes: number | undefined;

  /** All messages that this piece completes. Fails with LIMIT_EXCEEDED. */
  push(piece: Buffer): Buffer[] {
    this.#pieces.push(piece);
    this.#have_bytes += piece.byteLength;
    const messages: Buffer[] = [];
    while (true) {
      if (this.#need_bytes === undefined) {
        if (this.#have_bytes < prefix_bytes) return messages;
        this.#need_bytes = lengthOf(this.#take(prefix_bytes));
      }
      if (this.#have_bytes < this.#need_bytes) return messages;
      messages.push(this.#take(this.#need_bytes));
      this.#need_bytes = undefined;
    }
  }

  /** Whether the stream could end here: between two messages. */
  get whole(): boolean {
    return this.#have_bytes === 0 && this.#need_bytes === undefined;
  }

  #take(bytes: number): Buffer {
    const all = this.#pieces.length === 1 ? this.#pieces[0]! : Buffer.concat(this.#pieces);
    const rest = all.subarray(bytes);
    this.#pieces = rest.byteLength > 0 ? [rest] : [];
    this.#have_bytes = rest.byteLength;
    return all.subarray(0, bytes);
  }
}

function lengthOf(prefix: Buffer): number {
  const bytes = prefix.readUInt32BE(1);
  if (prefix[0] !== 0) {
    throw refuse(Reason.LIMIT_EXCEEDED, {
      message: "the message is compressed, and how large it would get is known to nobody",
      remedy: "send messages as they are: grpc-encoding identity",
    });
  }
  if (bytes > limits.message_bytes_max) {
    const limit = String(limits.message_bytes_max);
    throw refuse(Reason.LIMIT_EXCEEDED, {
      message: `a message of ${bytes} bytes was announced, the limit is ${limit}`,
      remedy: "send files in pieces",
      metadata: { value: String(bytes), limit },
    });
  }
  return bytes;
}

const unit_ms: Record<string, number> = {
  H: 3_600_000,
  M: 60_000,
  S: 1_000,
  m: 1,
  u: 0.001,
  n: 0.000001,
};

/** Milliseconds of a `grpc-timeout`; undefined: there is none, or it cannot be read. */
export function timeoutOf(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const [, digits, unit] = /^(\d{1,8})([HMSmun])$/.exec(header) ?? [];
  return digits === undefined ? undefined : Math.max(1, Number(digits) * unit_ms[unit!]!);
}

const own = new Set([
  "grpc-timeout",
  "grpc-encoding",
  "grpc-accept-encoding",
  "te",
  "content-type",
]);

/** What the caller sent besides what HTTP/2 and gRPC need themselves. */
export function headerOf(incoming: IncomingHttpHeaders): HeaderMap {
  const header = new HeaderMap();
  for (const name in incoming) {
    // Names that start with a colon are HTTP/2's.
    if (name.charCodeAt(0) === 58 || own.has(name)) continue;
    const value = incoming[name];
    if (value !== undefined) header.set(name, typeof value === "string" ? value : value.join(", "));
  }
  return header;
}

/** How a call ended, as trailers. */
export function trailersOf(error: unknown): OutgoingHttpHeaders {
  if (error === undefined) return { "grpc-status": "0" };
  const trailer = new HeaderMap();
  const failure = ConnectError.from(error);
  setTrailerStatus(trailer, failure);
  if (failure.code === Code.ResourceExhausted) trailer.set(pushback, pushbackOf(error));
  return Object.fromEntries(trailer);
}

const pushback = "grpc-retry-pushback-ms";

/** When it makes sense to send the call again, in milliseconds; negative: never. */
function pushbackOf(error: unknown): string {
  const info = errorInfo(error);
  return (info?.reason === Reason.OVERLOADED && info.metadata.retry_after_ms) || "-1";
}
