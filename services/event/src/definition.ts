/** What passes on events, as a unit. */
import { EventService } from "@keiko/gen/keiko/event/v1/event_service_pb.js";
import { WorkloadKind } from "@keiko/gen/keiko/registry/v1/registry_pb.js";
import { subscribeEvents } from "@keiko/runtime/events.ts";
import { hosted } from "@keiko/runtime/host.ts";
import type { ServiceDefinition } from "@keiko/runtime/service.ts";
import { eventService } from "./event-service.ts";
import { limits } from "./limits.ts";
import { createRecent } from "./recent.ts";

export const event: ServiceDefinition = {
  identity: "event",
  version: "0.1.0",
  kind: WorkloadKind.BACKBONE,
  serves: [EventService],
  calls: [],
  async open({ substrate, signal, log }) {
    const recent = createRecent(limits.events_kept_max);
    const listen = async () => {
      const options = { signal, pending_max: limits.events_pending_max };
      for await (const told of subscribeEvents(substrate.bus, options)) recent.add(told);
    };
    listen().catch((cause) => {
      if (!signal.aborted) log.error("events are not heard any more", { cause: String(cause) });
    });
    return { services: [hosted(EventService, eventService({ recent }))] };
  },
};
