/** A process that takes messages of a queue for as long as it is asked to, and says how many it did. */
import { openNats } from "@keiko/runtime/substrate/nats/nats.ts";
import { testBounds } from "../../test/support/nats.ts";
import { serveParent } from "../lib/processes.ts";

export interface Question {
  queue: string;
  concurrency: number;
  /** What each message takes, waiting for something else. */
  work_ms: number;
  time_ms: number;
}

const [url = "", cache = ""] = process.argv.slice(2);
const substrate = await openNats({ servers: url, cache, bounds: testBounds });

async function take({ queue, concurrency, work_ms, time_ms }: Question) {
  const stop = new AbortController();
  let done = 0;
  const options = { concurrency, signal: stop.signal };
  const consumed = substrate.queue.consume(queue, options, async ({ ack }) => {
    if (work_ms > 0) await new Promise((next) => setTimeout(next, work_ms));
    await ack();
    done++;
  });
  await new Promise((next) => setTimeout(next, time_ms));
  const counted = done;
  stop.abort();
  await consumed;
  return { done: counted };
}

serveParent({}, take, () => substrate.close());
