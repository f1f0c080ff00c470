/**
 * One process's picture of a queue: what waits, what is leased, what is dead, in the order in which
 * it is due. Fed by what this process did and by what others wrote; where the two meet, the higher
 * sequence counts. Pure but for the clock that it is given: decisions are made by the store, never here.
 */
import { DueHeap } from "../../embedded/due-heap.ts";
import { queue_payload_kept_bytes_max } from "../limits.ts";
import type { QueueRecord } from "./record.ts";

export interface Entry extends Omit<QueueRecord, "payload"> {
  /** Undefined: too large to be kept here. */
  payload: Uint8Array | undefined;
  /** When it can be taken, by the local clock: delay passed, or lease over. */
  due: number;
  /** Somebody here is busy with it. */
  taken: boolean;
}

export interface MirrorOptions {
  lease_ms(): number;
  /** Local and monotonic, in milliseconds: leases are measured from when they were seen. */
  now(): number;
}

export class Mirror {
  readonly #options: MirrorOptions;
  readonly #entries = new Map<string, Entry>();
  /** Records that are known to be gone, by id, until the feed has passed them. */
  readonly #gone = new Map<string, number>();
  readonly #due = new DueHeap<{ due: number; entry: Entry; sequence: number }>();
  readonly #counts = { ready: 0, leased: 0, dead: 0 };
  #latest_due = 0;

  constructor(options: MirrorOptions) {
    this.#options = options;
  }

  get depth(): { ready: number; leased: number; dead: number } {
    return { ...this.#counts };
  }

  entry(id: string): Entry | undefined {
    return this.#entries.get(id);
  }

  dead(): Entry[] {
    return [...this.#entries.values()].filter(({ state }) => state === "dead");
  }

  /** @param age_ms how long ago it was written; 0 for what was written just now */
  put(record: QueueRecord, age_ms = 0): void {
    const before = this.#entries.get(record.id);
    if (before && before.sequence >= record.sequence) return;
    if ((this.#gone.get(record.id) ?? -1) >= record.sequence) return;
    if (before) this.#counts[before.state]--;
    const wait_ms = record.state === "leased" ? this.#options.lease_ms() : record.after_ms;
    // Never twice the same moment: what came first is taken first.
    const now = this.#options.now();
    this.#latest_due = Math.max(now, this.#latest_due + 1e-6);
    const left_ms = Math.max(0, wait_ms - Math.max(0, age_ms));
    const due = left_ms === 0 ? this.#latest_due : now + left_ms;
    const kept = record.payload.length <= queue_payload_kept_bytes_max;
    const entry: Entry = {
      ...record,
      payload: kept ? record.payload : undefined,
      due,
      taken: false,
    };
    this.#entries.set(record.id, entry);
    this.#counts[record.state]++;
    if (record.state !== "dead") {
      this.#due.push({ due, entry, sequence: record.sequence });
    }
  }

  /** The record with this sequence is gone; a later one of the same id stays. */
  remove(id: string, sequence: number): void {
    const entry = this.#entries.get(id);
    if (entry && entry.sequence <= sequence) {
      this.#counts[entry.state]--;
      this.#entries.delete(id);
    }
    this.#gone.set(id, Math.max(sequence, this.#gone.get(id) ?? 0));
  }

  /** The feed has passed this sequence: what is gone before it cannot come back. */
  passed(sequence: number): void {
    if (this.#gone.size < 1_000) return;
    for (const [id, gone] of this.#gone) if (gone <= sequence) this.#gone.delete(id);
  }

  /** What is due and nobody here has, marked as taken; undefined: nothing is. */
  take(): Entry | undefined {
    const now = this.#options.now();
    for (let next = this.#due.peek(); next && next.due <= now; next = this.#due.peek()) {
      this.#due.pop();
      const { entry, sequence } = next;
      const current = this.#entries.get(entry.id) === entry && entry.sequence === sequence;
      if (!current || entry.taken || entry.due !== next.due) continue;
      entry.taken = true;
      return entry;
    }
    return undefined;
  }

  /** Not now after all: it can be taken again after a while. */
  putBack(entry: Entry, after_ms: number): void {
    if (this.#entries.get(entry.id) !== entry) return;
    entry.taken = false;
    entry.due = this.#options.now() + after_ms;
    this.#due.push({ due: entry.due, entry, sequence: entry.sequence });
  }

  /** When something may be due; undefined: nothing waits. */
  next(): number | undefined {
    return this.#due.peek()?.due;
  }
}
