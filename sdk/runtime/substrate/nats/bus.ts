/** Publish and subscribe: core NATS, with the substrate's name in front of every subject. */
import type { Msg } from "@nats-io/transport-node";
import { assertPayload } from "../limits.ts";
import { assertSubject, parsePattern } from "../subjects.ts";
import { subscription } from "../subscription.ts";
import type { Bus } from "../substrate.ts";
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
    subscribe: (pattern, options) =>
      subscription(life, pattern, options, (inbox) => {
        parsePattern(pattern);
        const callback = (_: Error | null, message: Msg) =>
          inbox.push({
            subject: message.subject.slice(base.length),
            payload: new Uint8Array(message.data),
          });
        const listening = connection.nats.subscribe(base + pattern, { callback });
        return () => listening.unsubscribe();
      }),
  };
}
