/** Time as the runner uses it, so that a simulator can give it another one. */
export interface Timers {
  /** Calls again and again; returns how to stop. */
  every(ms: number, work: () => void): () => void;
  /** After what is under way now. */
  soon(work: () => void): void;
}

export const realTimers: Timers = {
  every(ms, work) {
    const timer = setInterval(work, ms);
    return () => clearInterval(timer);
  },
  soon(work) {
    setImmediate(work);
  },
};
