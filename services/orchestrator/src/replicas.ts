/**
 * Which part of all tasks this orchestrator looks after. Every task belongs to one of a few partitions
 * by its name; replicas tell each other several times a second that they are there, and each works out
 * by the same rule who leads which partition. Two that believe to lead the same one do no harm: every
 * transition carries the position that it follows, and of two only one is written. So a wrong belief
 * costs work that is done twice, and a right one saves it.
 */
import { createHash } from "node:crypto";
import { orchestratorSubject } from "@keiko/runtime/subjects.ts";
import type { Bus } from "@keiko/runtime/substrate/substrate.ts";
import { limits } from "./limits.ts";
import { lasting, type Timers } from "./timers.ts";

export interface Replicas {
  readonly count: number;
  partitionOf(task: string): number;
  leads(partition: number): boolean;
  /** Tells the others, and from then on calls back with the partitions that are led, each time they change. */
  start(signal: AbortSignal, changed: (led: ReadonlySet<number>) => void): Promise<void>;
  /** Hands everything over at once. */
  leave(): Promise<void>;
}

/** The only one there is. */
export function alone(): Replicas {
  return {
    count: 1,
    partitionOf: () => 0,
    leads: () => true,
    async start(_, changed) {
      changed(new Set([0]));
    },
    async leave() {},
  };
}

interface Deps {
  bus: Bus;
  /** Unique among all that ever were. */
  id: string;
  now: () => number;
  timers: Timers;
}

export function together({ bus, id, now, timers }: Deps): Replicas {
  const heard = new Map<string, number>();
  const count = limits.partitions;
  let led: ReadonlySet<number> = new Set();
  let tell = (_: ReadonlySet<number>) => {};
  let left = false;

  const say = (what: "here" | "leaves") =>
    bus.publish(orchestratorSubject(what), new TextEncoder().encode(id)).catch(() => {
      // Whoever is not heard is taken for gone, and finds itself so when it is heard again.
    });

  const look = () => {
    const alive = [...heard].filter(([, at]) => now() - at < limits.replica_silence_ms);
    const all = left ? alive.map(([one]) => one) : [...alive.map(([one]) => one), id];
    const next = new Set<number>();
    for (let partition = 0; partition < count; partition++) {
      if (!left && leaderOf(partition, all) === id) next.add(partition);
    }
    if (next.size === led.size && [...next].every((one) => led.has(one))) return;
    led = next;
    tell(led);
  };

  const listen = async (signal: AbortSignal) => {
    const options = { signal, pending_max: 10_000 };
    for await (const { subject, payload } of bus.subscribe(orchestratorSubject("*"), options)) {
      const other = new TextDecoder().decode(payload);
      if (other === id) continue;
      const known = heard.has(other);
      if (subject === orchestratorSubject("leaves")) heard.delete(other);
      else heard.set(other, now());
      // A newcomer hears of the others by their answers.
      if (!known && subject === orchestratorSubject("here") && !left) void say("here");
      look();
    }
  };

  return {
    count,
    partitionOf: (task) => hash(task) % count,
    leads: (partition) => led.has(partition),
    async start(signal, changed) {
      // Before anything is heard: what is found to be led then must be told too.
      tell = changed;
      lasting(timers, signal, () => listen(signal));
      await say("here");
      look();
      const beat = timers.every(limits.replica_beat_ms, () => {
        if (!left) void say("here");
        look();
      });
      signal.addEventListener("abort", beat);
    },
    async leave() {
      left = true;
      await say("leaves");
      look();
    },
  };
}

/** The same for everybody who knows the same replicas; when one goes, only what it led moves. */
export function leaderOf(partition: number, ids: readonly string[]): string | undefined {
  let best: string | undefined;
  let most = -1;
  for (const id of ids) {
    const weight = hash(`${id}/${partition}`);
    if (weight > most || (weight === most && best !== undefined && id > best)) {
      best = id;
      most = weight;
    }
  }
  return best;
}

function hash(text: string): number {
  return createHash("sha256").update(text).digest().readUInt32BE();
}
