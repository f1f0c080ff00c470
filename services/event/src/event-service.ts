/**
 * Streams events to whoever may see them. It implements keiko.event.v1.EventService over the latest
 * events. Invariants: an event about somebody reaches only them; a watcher that falls behind is told
 * so and never silently misses one.
 */
import type { ServiceImpl } from "@connectrpc/connect";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import type { Event } from "@keiko/gen/keiko/event/v1/event_pb.js";
import type { EventService } from "@keiko/gen/keiko/event/v1/event_service_pb.js";
import { callKey } from "@keiko/runtime/call.ts";
import { refuse } from "@keiko/runtime/errors.ts";
import { kindOf } from "@keiko/runtime/events.ts";
import { Inbox } from "@keiko/runtime/substrate/inbox.ts";
import { limits } from "./limits.ts";
import type { Recent } from "./recent.ts";

export interface Deps {
  recent: Recent;
  pending_max?: number;
}

export function eventService({ recent, pending_max = limits.events_pending_max }: Deps) {
  return {
    async *watchEvents({ kinds, after }, context) {
      const user = context.values.get(callKey)?.caller?.user ?? "";
      const wanted = (event: Event) =>
        (event.owner === "" || event.owner === user) &&
        (kinds.length === 0 || kinds.includes(kindOf(event)));
      const inbox = new Inbox<Event>(pending_max, () => tooSlow(pending_max));
      const stop = recent.subscribe((event) => wanted(event) && inbox.push(event));
      const end = () => inbox.end();
      context.signal.addEventListener("abort", end, { once: true });
      try {
        const missed = after === "" ? [] : recent.after(after);
        if (!missed) throw notKept(after);
        for (const event of missed.filter(wanted)) yield { event };
        yield {};
        for (let event = await inbox.next(); event; event = await inbox.next()) yield { event };
      } finally {
        stop();
      }
    },
  } satisfies ServiceImpl<typeof EventService>;
}

function notKept(after: string) {
  return refuse(Reason.NOT_FOUND, {
    message: `the event ${after} is not kept, or not any more`,
    field: "after",
    remedy: "watch without `after` and read the present state where it is kept",
    metadata: { after },
  });
}

function tooSlow(pending_max: number) {
  return refuse(Reason.LIMIT_EXCEEDED, {
    message: `more than ${pending_max} events wait to be read`,
    remedy: "watch again, after the last event that you have seen",
    metadata: { limit: String(pending_max) },
  });
}
