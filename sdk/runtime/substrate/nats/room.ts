/**
 * How much more a stream may take. A server that has reached a stream's limit refuses every write,
 * also one that would take the place of another message: a full queue could not be emptied, nor a
 * key of a full store deleted. So the limit of the port is kept here, by those who add, and the
 * server's own lies above it (limits.ts). Of several processes each uses a part of the rest before
 * it looks again; the last places are looked for one by one.
 */
import { SubstrateError } from "../substrate.ts";
import type { JetStream } from "./jetstream.ts";
import { room_refresh_ms } from "./limits.ts";
import { streamInfo } from "./streams.ts";

export interface RoomLimits {
  bytes: number;
  /** Left out: any number, or as many as the server lets in. */
  messages?: number;
}

/** About what a message takes beside its payload. */
export const message_overhead = 200;
/** The part of the rest that one process uses before it looks again, and when it does for each. */
const share = 1 / 4;
const last_messages = 64;
const last_bytes = 4_000_000;

export class Room {
  readonly #jetstream: JetStream;
  readonly #stream: string;
  readonly #limits: () => RoomLimits;
  #messages = 0;
  #bytes = 0;
  #known = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> | undefined;

  constructor(jetstream: JetStream, stream: string, limits: () => RoomLimits) {
    this.#jetstream = jetstream;
    this.#stream = stream;
    this.#limits = limits;
  }

  /** Undefined when there is room, so that nobody waits; else a promise that fails with FULL. */
  take(bytes: number): Promise<void> | undefined {
    if (performance.now() - this.#known > room_refresh_ms) void this.#look().catch(() => undefined);
    return this.#use(bytes) ? undefined : this.#takeLast(bytes);
  }

  /** What was known is not true any more. */
  forget(): void {
    this.#messages = 0;
    this.#bytes = 0;
  }

  #use(bytes: number): boolean {
    if (this.#messages < 1 || this.#bytes < bytes) return false;
    this.#messages--;
    this.#bytes -= bytes;
    return true;
  }

  async #takeLast(bytes: number): Promise<void> {
    await this.#look();
    if (this.#use(bytes)) return;
    // Somebody who waited as well may have used what was found.
    this.#looking = undefined;
    await this.#look();
    if (this.#use(bytes)) return;
    const { bytes: bytes_max, messages } = this.#limits();
    const limit = messages === undefined ? "" : ` or ${messages} messages`;
    throw new SubstrateError("FULL", `${this.#stream} holds ${bytes_max} bytes${limit}.`, {
      remedy: "Delete what is not needed, or give it a larger bound.",
    });
  }

  #look(): Promise<void> {
    this.#known = performance.now();
    this.#looking ??= this.#lookNow().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #lookNow(): Promise<void> {
    const info = await streamInfo(this.#jetstream, this.#stream);
    if (!info) return;
    const limits = this.#limits();
    const part = (rest: number, last: number) => (rest > last ? Math.ceil(rest * share) : rest);
    const { bytes, messages } = info.state;
    this.#bytes = part(limits.bytes - bytes, last_bytes);
    this.#messages = part((limits.messages ?? Number.POSITIVE_INFINITY) - messages, last_messages);
  }
}
