/** Publish and subscribe over the servers themselves: nothing is stored. */
import { Inbox } from "../inbox.ts";
import { assertInteger, assertPayload, pending_messages_max } from "../limits.ts";
import { assertSubject, parsePattern } from "../subjects.ts";
import { type Bus, type BusMessage, SubstrateError } from "../substrate.ts";
import type { Context } from "./connection.ts";

const prefix = "kb.";

export function createBus({ nats, life }: Pick<Context, "nats" | "life">): Bus {
  return {
    async publish(subject, payload) {
      life.assertOpen();
      assertSubject(subject);
      assertPayload("payload", payload);
      nats.publish(prefix + subject, payload.slice());
    },
    subscribe(pattern, { signal, pending_max }) {
      life.assertOpen();
      assertInteger("pending_max", pending_max, 1, pending_messages_max);
      parsePattern(pattern);
      const inbox = new Inbox<BusMessage>(pending_max, () => tooSlow(pattern, pending_max));
      const subscription = nats.subscribe(prefix + pattern, {
        callback: (error, message) => {
          if (error) return;
          const payload = new Uint8Array(message.data);
          inbox.push({ subject: message.subject.slice(prefix.length), payload });
        },
      });
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
