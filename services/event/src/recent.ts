/** The latest events, and those who listen. Pure bookkeeping. */
import type { Event } from "@keiko/gen/keiko/event/v1/event_pb.js";

export function createRecent(kept_max: number) {
  let kept: Event[] = [];
  const listeners = new Set<(event: Event) => void>();
  return {
    add(event: Event): void {
      kept.push(event);
      // Cut in halves: moving ten thousand for each one that comes would cost more than it saves.
      if (kept.length >= 2 * kept_max) kept = kept.slice(-kept_max);
      for (const listener of listeners) listener(event);
    },
    /** What came after the event; undefined: it is not kept. */
    after(id: string): Event[] | undefined {
      const at = kept.findLastIndex((event) => event.id === id);
      return at < 0 ? undefined : kept.slice(at + 1);
    },
    subscribe(listener: (event: Event) => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export type Recent = ReturnType<typeof createRecent>;
