/**
 * When the next TLS handshake may begin. As long as calls follow, handshakes come as fast as calls bear it:
 * when a process starts, when certificates change and all its callers come again. When connections are
 * opened that nobody calls by, they are spread instead over as long as whoever comes may be let wait: a
 * good caller who comes then waits no longer than that. Pure: moments are given.
 */
import { limits } from "../limits.ts";

const interval_ms_min = 1_000 / limits.handshakes_per_s;
const interval_ms_max = 1_000 / limits.handshakes_unused_per_s;

export class HandshakePace {
  #began_ms = 0;
  /** Handshakes that no call has followed; they are forgotten one after the other. */
  #unused = 0;

  began(now: number): void {
    this.#unused = this.#unusedAt(now) + 1;
    this.#began_ms = now;
  }

  useful(): void {
    this.#unused = Math.max(0, this.#unused - 1);
  }

  /** The moment at which the next of those may begin who wait, the first of them since `oldest_ms`. */
  next_ms(now: number, waiting: number, oldest_ms: number): number {
    return this.#began_ms + this.#interval_ms(now, waiting, oldest_ms);
  }

  #interval_ms(now: number, waiting: number, oldest_ms: number): number {
    // A few are likely those of callers who are about to call; the more there are, the less likely.
    const doubt = Math.min(1, this.#unusedAt(now) / limits.handshakes_unused_max) ** 4;
    const apart_ms = interval_ms_min + doubt * (interval_ms_max - interval_ms_min);
    const left_ms = oldest_ms + limits.handshake_wait_ms_max - now;
    return Math.max(interval_ms_min, Math.min(apart_ms, left_ms / waiting));
  }

  #unusedAt(now: number): number {
    const forgotten = ((now - this.#began_ms) / 1_000) * limits.handshakes_unused_per_s;
    return Math.max(0, this.#unused - forgotten);
  }
}
