/** Opens a watch again whenever it ends, until the signal aborts: servers restart, streams break. */
import { limits } from "./limits.ts";

export function keepWatching(
  follow: () => Promise<void>,
  options: { signal: AbortSignal; retry_ms?: number | undefined; ended(cause: unknown): void },
): void {
  const { signal, retry_ms = limits.watch_retry_ms, ended } = options;
  void (async () => {
    while (!signal.aborted) {
      try {
        await follow();
      } catch (error) {
        if (signal.aborted) return;
        ended(error);
      }
      await new Promise((next) => setTimeout(next, retry_ms).unref());
    }
  })();
}
