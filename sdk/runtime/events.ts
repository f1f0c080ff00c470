/**
 * Events: small typed messages about what has taken effect, on the bus. Whoever causes one publishes
 * it and waits for nothing; whoever listens gets it at most once, in order per source.
 */
import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { type Event, EventKind, EventSchema } from "@keiko/gen/keiko/event/v1/event_pb.js";
import { currentCall } from "./call.ts";
import type { Log } from "./log.ts";
import { randomTaken } from "./random.ts";
import type { Bus, BusMessage } from "./substrate/substrate.ts";

export type EventChange = NonNullable<MessageInitShape<typeof EventSchema>["change"]>;
type Case = NonNullable<EventChange["case"]>;

/** Tells of a change. `owner`: whom alone it concerns; empty: everybody may know. */
export type Emitter = (change: EventChange, about?: { owner?: string; traceId?: string }) => void;

const kinds: Record<Case, EventKind> = {
  workloadRegistered: EventKind.WORKLOAD_REGISTERED,
  workloadChanged: EventKind.WORKLOAD_CHANGED,
  workloadLeft: EventKind.WORKLOAD_LEFT,
  taskChanged: EventKind.TASK_CHANGED,
  stepChanged: EventKind.STEP_CHANGED,
  policyChanged: EventKind.POLICY_CHANGED,
  artifactStored: EventKind.ARTIFACT_STORED,
  contractMissed: EventKind.CONTRACT_MISSED,
};

export function kindOf(event: Event): EventKind {
  return event.change.case ? kinds[event.change.case] : EventKind.UNSPECIFIED;
}

const prefix = "keiko.event";
const nameOf = (kind: EventKind) => EventKind[kind].toLowerCase();
const subjectOf = (kind: EventKind) => `${prefix}.${nameOf(kind)}`;

/** The field of the event that is set: `artifact_stored`. */
export const kindName = (event: Event): string => nameOf(kindOf(event));

export function createEmitter(
  bus: Bus,
  options: { source: string; log: Log; now?: () => number },
): Emitter {
  const { source, log, now = Date.now } = options;
  return (change, { owner = "", traceId } = {}) => {
    const at = now();
    const event = create(EventSchema, {
      id: freshId(at),
      time: timestampFromMs(at),
      source,
      owner,
      traceId: traceId ?? currentCall.getStore()?.trace.traceId ?? "",
      change,
    });
    bus.publish(subjectOf(kindOf(event)), toBinary(EventSchema, event)).catch((cause) => {
      log.debug("event not published", { cause: String(cause) });
    });
  };
}

/**
 * Listens from the call on. Ends with TOO_SLOW when more than `pending_max` events wait. `heeds`: asked
 * of each event before it is read whether its kind (`artifact_stored`) matters now.
 */
export function subscribeEvents(
  bus: Bus,
  options: {
    signal: AbortSignal;
    pending_max: number;
    kinds?: readonly EventKind[];
    heeds?: (kind: string) => boolean;
  },
): AsyncIterable<Event> {
  const { signal, pending_max, kinds: wanted = [], heeds = () => true } = options;
  const [only, ...others] = wanted;
  const pattern = only !== undefined && others.length === 0 ? subjectOf(only) : `${prefix}.*`;
  return chosen(bus.subscribe(pattern, { signal, pending_max }), wanted, heeds);
}

async function* chosen(
  messages: AsyncIterable<BusMessage>,
  wanted: readonly EventKind[],
  heeds: (kind: string) => boolean,
) {
  for await (const { subject, payload } of messages) {
    if (!heeds(subject.slice(prefix.length + 1))) continue;
    const event = fromBinary(EventSchema, payload);
    if (wanted.length === 0 || wanted.includes(kindOf(event))) yield event;
  }
}

let last = 0;

// Sorts by time: milliseconds first, then chance. Within one process no two share the first part.
function freshId(now_ms: number): string {
  last = Math.max(last + 1, now_ms);
  const time = last.toString(36).padStart(9, "0");
  const chance = randomTaken(8).readBigUInt64BE().toString(36).padStart(16, "0").slice(-16);
  return `${time}-${chance}`;
}
