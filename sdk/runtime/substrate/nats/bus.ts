/** Publish and subscribe: core NATS, with the substrate's name in front of every subject. */
import type { Msg } from "@nats-io/transport-node";
import { Inbox } from "../inbox.ts";
import { assertInteger, assertPayload, pending_messages_max } from "../limits.ts";
import { assertSubject, parsePattern } from "../subjects.ts";
import { type Bus, type BusMessage, SubstrateError } from "../substrate.ts";
import type { Context } from "./context.ts";
import { fault, Lost } from "./faults.ts";

export function createBus({ store, connection, life, calls }: Context): Bus {
  const base = `${store}.bus.`;
  let flushed: Promise<void> | undefined;
  /** One round trip for everything that is published in the same turn. */
  const flush = () => {
    flushed ??= Promise.resolve().then(() => {
      flushed = undefined;
      return connection.nats.flush().catch((error: unknown) => {
        throw new Lost(error instanceof Error ? error.message : String(error));
      });
    });
    return flushed;
  };

  return {
    publish: (subject, payload) =>
      calls.run(async () => {
        assertSubject(subject);
        assertPayload("payload", payload);
        const kept = new Uint8Array(payload);
        const what = `Publishing to ${subject}`;
        try {
          // Once sent it is not sent again: at most once is what the port says.
          let sent = false;
          await connection.persist(what, async () => {
            if (!sent) connection.nats.publish(base + subject, kept);
            sent = true;
            await flush();
          });
        } catch (error) {
          throw fault(what, error);
        }
      }),
    subscribe(pattern, { signal, pending_max }) {
      life.assertOpen();
      assertInteger("pending_max", pending_max, 1, pending_messages_max);
      parsePattern(pattern);
      const inbox = new Inbox<BusMessage>(pending_max, () => tooSlow(pattern, pending_max));
      const callback = (_: Error | null, message: Msg) =>
        inbox.push({
          subject: message.subject.slice(base.length),
          payload: new Uint8Array(message.data),
        });
      const subscription = connection.nats.subscribe(base + pattern, { callback });
      const stop = () => end();
      const forget = life.onClose((closed) => end(closed));
      const end = (error?: Error) => {
        subscription.unsubscribe();
        forget();
        signal.removeEventListener("abort", stop);
        inbox.end(error);
      };
      signal.addEventListener("abort", stop);
      if (signal.aborted) stop();
      return read(inbox, end);
    },
  };
}

async function* read(inbox: Inbox<BusMessage>, end: () => void): AsyncGenerator<BusMessage> {
  try {
    for (let next = await inbox.next(); next; next = await inbox.next()) yield next;
  } finally {
    end();
  }
}

function tooSlow(pattern: string, pending_max: number): SubstrateError {
  return new SubstrateError(
    "TOO_SLOW",
    `The subscriber of ${pattern} is more than ${pending_max} messages behind.`,
    { remedy: "Read faster, or allow more with pending_max; then subscribe again." },
  );
}
