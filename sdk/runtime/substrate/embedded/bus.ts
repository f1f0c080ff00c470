/** Publish and subscribe within the process: in memory, handed over before `publish` resolves. */
import type { Inbox } from "../inbox.ts";
import { assertPayload } from "../limits.ts";
import { assertSubject, matches, parsePattern } from "../subjects.ts";
import { subscription } from "../subscription.ts";
import type { Bus, BusMessage } from "../substrate.ts";
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
    subscribe: (pattern, options) =>
      subscription(life, pattern, options, (inbox) =>
        add(pattern, { tokens: parsePattern(pattern), inbox }),
      ),
  };
}
