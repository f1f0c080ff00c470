/** Tries again what a starting process cannot do without, while others are still starting too. */
import { Code, ConnectError } from "@connectrpc/connect";
import { limits } from "../limits.ts";
import type { Log } from "../log.ts";

/** Not yet, rather than no: whoever answers so may answer otherwise in a moment. */
const passing = new Set([Code.Unavailable, Code.DeadlineExceeded, Code.Canceled]);

/** Fails with the last error after `start_time_ms_max`, or at once with one that will not pass. */
export async function patiently<T>(
  what: string,
  options: { log: Log; signal: AbortSignal; retry_ms?: number; time_ms_max?: number },
  attempt: () => Promise<T>,
): Promise<T> {
  const { log, signal, retry_ms = limits.watch_retry_ms } = options;
  const until = performance.now() + (options.time_ms_max ?? limits.start_time_ms_max);
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      const { code } = ConnectError.from(error);
      if (!passing.has(code) || performance.now() > until || signal.aborted) throw error;
      log.debug("trying again", { what, cause: String(error) });
    }
    await new Promise((next) => setTimeout(next, retry_ms));
  }
}
