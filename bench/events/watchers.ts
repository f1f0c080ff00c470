/** Watches events through the gateway as often as it is asked to, and says how old each was on arrival. */
import { timestampMs } from "@bufbuild/protobuf/wkt";
import { createClient } from "@connectrpc/connect";
import { EventService } from "@keiko/gen/keiko/event/v1/event_service_pb.js";
import { transportTo } from "../../test/support/keiko.ts";
import { serveParent } from "../lib/processes.ts";

export type Question = { watch: number } | "end";

/** As many as one connection carries without waiting for another. */
const per_connection = 10;

const [base = "", token = ""] = process.argv.slice(2);
let ages_ms: number[] = [];
let stop = new AbortController();
let watching: Promise<unknown>[] = [];

async function begin(count: number): Promise<object> {
  ages_ms = [];
  stop = new AbortController();
  const ready: Promise<void>[] = [];
  const connections = Array.from({ length: Math.ceil(count / per_connection) }, () =>
    createClient(EventService, transportTo(base, token)),
  );
  watching = Array.from({ length: count }, (_, n) => {
    const begun = Promise.withResolvers<void>();
    ready.push(begun.promise);
    const client = connections[n % connections.length]!;
    return (async () => {
      for await (const { event } of client.watchEvents({}, { signal: stop.signal })) {
        if (event) ages_ms.push(Date.now() - timestampMs(event.time!));
        else begun.resolve();
      }
    })().catch((error: unknown) => {
      if (!stop.signal.aborted) begun.reject(error);
    });
  });
  await Promise.all(ready);
  return {};
}

async function end(): Promise<object> {
  // The last ones are still on their way.
  await new Promise((next) => setTimeout(next, 500));
  stop.abort();
  await Promise.all(watching);
  return { ages_ms };
}

serveParent(
  {},
  (question: Question) => (question === "end" ? end() : begin(question.watch)),
  async () => {},
);
