/** Time as the runner uses it, so that a simulator can give it another one. */
import { limits } from "./limits.ts";

export interface Timers {
  /** Calls again and again; returns how to stop. */
  every(ms: number, work: () => void): () => void;
  /** Calls once. */
  after(ms: number, work: () => void): void;
  /** After what is under way now. */
  soon(work: () => void): void;
}

export const realTimers: Timers = {
  every(ms, work) {
    const timer = setInterval(work, ms);
    return () => clearInterval(timer);
  },
  after(ms, work) {
    setTimeout(work, ms).unref();
  },
  soon(work) {
    setImmediate(work);
  },
};

/** Does it again when it fails, until the signal aborts: what is listened to must not fall silent. */
export function lasting(
  timers: Timers,
  signal: AbortSignal,
  work: () => Promise<unknown>,
  failed: (error: unknown) => void = () => {},
): void {
  const again = (error: unknown) => {
    if (signal.aborted) return;
    failed(error);
    timers.after(limits.try_again_ms, () => {
      if (!signal.aborted) lasting(timers, signal, work, failed);
    });
  };
  work().catch(again);
}
