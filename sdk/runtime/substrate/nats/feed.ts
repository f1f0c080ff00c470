/**
 * Messages of a stream from a sequence on, each once and in order, for as long as they are wanted:
 * over reconnects, restarts of servers and elections. Whoever reads slowly holds the server back.
 */
import { type ConsumerMessages, DeliverPolicy, type JsMsg } from "@nats-io/jetstream";
import { type Context, pause } from "./connection.ts";
import { feed_heartbeat_ms, feed_messages, retry_ms_max } from "./limits.ts";

/** Ends quietly when the signal aborts; fails with CLOSED when the substrate closes. */
export async function* feed(
  context: Context,
  options: { stream: string; filter: string; after: number; signal: AbortSignal },
): AsyncGenerator<JsMsg> {
  const { stream, filter, signal } = options;
  const { life } = context;
  let sequence = options.after;
  let messages: ConsumerMessages | undefined;
  // Not awaited: it resolves for whoever iterates, and here nobody may.
  const stop = () => void messages?.close();
  const forget = life.onClose(stop);
  signal.addEventListener("abort", stop);
  try {
    while (!signal.aborted && !life.closed) {
      try {
        messages = await subscribe(context, stream, filter, sequence + 1);
        if (signal.aborted || life.closed) break;
        for await (const message of messages) {
          if (signal.aborted || life.closed) break;
          if (message.seq <= sequence) continue;
          sequence = message.seq;
          yield message;
        }
      } catch {
        // The server went away or the consumer did; where to go on is known.
      }
      stop();
      if (!signal.aborted && !life.closed) await pause(retry_ms_max);
    }
    if (life.closed && !signal.aborted) throw life.error();
  } finally {
    forget();
    signal.removeEventListener("abort", stop);
    stop();
  }
}

async function subscribe({ js }: Context, stream: string, filter: string, from: number) {
  const consumer = await js.consumers.get(stream, {
    filter_subjects: filter,
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: from,
  });
  return consumer.consume({
    max_messages: feed_messages,
    idle_heartbeat: feed_heartbeat_ms,
    expires: 2 * feed_heartbeat_ms + 1_000,
  });
}
