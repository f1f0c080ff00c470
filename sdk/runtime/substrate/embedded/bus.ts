/** Publish and subscribe within the process: in memory, handed over before `publish` resolves. */
import { Inbox } from "../inbox.ts";
import { assertInteger, assertPayload, pending_messages_max } from "../limits.ts";
import { assertSubject, matches, parsePattern } from "../subjects.ts";
import { type Bus, type BusMessage, SubstrateError } from "../substrate.ts";
import type { Life } from "./context.ts";

interface Subscription {
  tokens: readonly string[];
  inbox: Inbox<BusMessage>;
}

export function createBus(life: Life): Bus {
  const exact = new Map<string, Set<Subscription>>();
  const wild = new Set<Subscription>();

  const listeners = (subject: string): Subscription[] => {
    const found = [...(exact.get(subject) ?? [])];
    if (wild.size === 0) return found;
    const tokens = subject.split(".");
    for (const one of wild) if (matches(one.tokens, tokens)) found.push(one);
    return found;
  };

  const add = (pattern: string, subscription: Subscription): (() => void) => {
    if (subscription.tokens.some((token) => token === "*" || token === ">")) {
      wild.add(subscription);
      return () => wild.delete(subscription);
    }
    const others = exact.get(pattern) ?? new Set();
    exact.set(pattern, others.add(subscription));
    return () => {
      others.delete(subscription);
      if (others.size === 0 && exact.get(pattern) === others) exact.delete(pattern);
    };
  };

  return {
    async publish(subject, payload) {
      life.assertOpen();
      assertSubject(subject);
      assertPayload("payload", payload);
      const found = listeners(subject);
      if (found.length === 0) return;
      const message = { subject, payload: new Uint8Array(payload) };
      for (const { inbox } of found) inbox.push({ ...message });
    },
    subscribe(pattern, { signal, pending_max }) {
      life.assertOpen();
      assertInteger("pending_max", pending_max, 1, pending_messages_max);
      const inbox = new Inbox<BusMessage>(pending_max, () => tooSlow(pattern, pending_max));
      const remove = add(pattern, { tokens: parsePattern(pattern), inbox });
      const stop = () => end();
      const forget = life.onClose((closed) => end(closed));
      const end = (error?: Error) => {
        remove();
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
