/**
 * Clients that compare and set and read a few keys, each from where it stands, and what they saw of each
 * key as a history (linearizable.ts). Reads are those that something is decided by; every value is
 * written once, and what one client learned the others use: a client can so expect a revision that the
 * server it asks has not heard of.
 */
import { isConflict, type KeyValue, SubstrateError } from "@keiko/runtime/substrate/substrate.ts";
import { anomalyIn, type Operation } from "./linearizable.ts";

export interface RegisterReport {
  done: number;
  conflicts: number;
  /** Sets of which nobody can say whether they happened. */
  unknown: number;
  /** Sets done in all, and those done by each client. */
  sets: Record<string, number>;
  /** The longest that a call took. */
  slowest_ms: number;
  /** For each key that was no single register, the operations around which no order works. */
  anomalies: string[];
}

interface Known {
  value: string;
  revision: number;
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Through each connection. What waits for an answer asks nothing, so some come late or only read. */
const habits = [
  { pause_ms: 40, reads: 0.4 },
  { pause_ms: 40, reads: 1 },
  ...Array.from({ length: 4 }, () => ({ pause_ms: 3_000, reads: 0.2 })),
];

export class RegisterLoad {
  readonly #clients: Readonly<Record<string, KeyValue>>;
  readonly #keys: readonly string[];
  readonly #histories = new Map<string, Operation[]>();
  readonly #known = new Map<string, Known>();
  readonly #running: Promise<void>[] = [];
  readonly #errors: string[] = [];
  readonly #sets: Record<string, number> = {};
  #over = false;
  #values = 0;

  constructor(clients: Readonly<Record<string, KeyValue>>, options: { keys: number }) {
    this.#clients = clients;
    this.#keys = Array.from({ length: options.keys }, (_, n) => `register/${n}`);
  }

  start(): void {
    for (const [name, kv] of Object.entries(this.#clients)) {
      this.#sets[name] = 0;
      for (const habit of habits) this.#running.push(this.#work(name, kv, habit));
    }
  }

  /** Sets that are done, so far, by one client. */
  sets(client: string): number {
    return this.#sets[client] ?? 0;
  }

  async stop(): Promise<RegisterReport> {
    this.#over = true;
    await Promise.all(this.#running);
    const all = [...this.#histories.values()].flat();
    const sets = all.filter(({ action }) => action.kind === "set");
    const outcomes = (outcome: string) =>
      sets.filter(({ action }) => action.kind === "set" && action.outcome === outcome).length;
    const took = all.filter(({ returned }) => returned < Number.POSITIVE_INFINITY);
    const anomalies = [...this.#histories].flatMap(([key, history]) => {
      const found = anomalyIn(history);
      return found ? [`${key}: ${found.map(told).join(" | ")}`] : [];
    });
    return {
      done: all.length,
      conflicts: outcomes("conflict"),
      unknown: outcomes("unknown"),
      sets: this.#sets,
      slowest_ms: Math.round(Math.max(...took.map(({ called, returned }) => returned - called))),
      anomalies: [...anomalies, ...this.#errors],
    };
  }

  async #work(process: string, kv: KeyValue, habit: (typeof habits)[number]): Promise<void> {
    while (!this.#over) {
      await sleep(Math.random() * 2 * habit.pause_ms);
      const key = this.#keys[Math.floor(Math.random() * this.#keys.length)]!;
      const known = this.#known.get(key);
      if (!known || Math.random() < habit.reads) await this.#read(process, kv, key);
      else await this.#set(process, kv, key, known);
    }
  }

  async #read(process: string, kv: KeyValue, key: string): Promise<void> {
    const called = performance.now();
    try {
      const entry = await kv.get(key, { decides: true });
      const value = entry ? new TextDecoder().decode(entry.value) : "";
      this.#note(key, { process, called, action: { kind: "read", value } });
      this.#known.set(key, { value, revision: entry?.revision ?? 0 });
    } catch (error) {
      this.#failed(error);
    }
  }

  async #set(process: string, kv: KeyValue, key: string, known: Known): Promise<void> {
    const deletes = known.revision > 0 && Math.random() < 0.1;
    const to = deletes ? "" : `${process}#${++this.#values}`;
    const set = { kind: "set", from: known.value, to } as const;
    const called = performance.now();
    try {
      const expect = known.revision;
      let revision = 0;
      if (deletes) await kv.delete(key, { expect });
      else revision = await kv.put(key, new TextEncoder().encode(to), { expect });
      this.#note(key, { process, called, action: { ...set, outcome: "done" } });
      this.#known.set(key, { value: to, revision });
      this.#sets[process]!++;
    } catch (error) {
      const conflict = isConflict(error);
      if (!conflict) this.#failed(error);
      const outcome = conflict ? "conflict" : "unknown";
      const returned = conflict ? performance.now() : Number.POSITIVE_INFINITY;
      this.#note(key, { process, called, returned, action: { ...set, outcome } });
      // Whatever was known is not so any more, or may not be.
      if (this.#known.get(key) === known) this.#known.delete(key);
    }
  }

  #note(key: string, operation: Omit<Operation, "returned"> & { returned?: number }): void {
    const history = this.#histories.get(key) ?? [];
    history.push({ returned: performance.now(), ...operation });
    this.#histories.set(key, history);
  }

  #failed(error: unknown): void {
    if (error instanceof SubstrateError && error.code === "UNAVAILABLE") return;
    this.#errors.push(String(error));
  }
}

function told({ process, called, returned, action }: Operation): string {
  const when = `${called | 0}–${returned === Number.POSITIVE_INFINITY ? "?" : returned | 0}`;
  const what =
    action.kind === "read"
      ? `reads ${action.value}`
      : `sets ${action.from} to ${action.to}: ${action.outcome}`;
  return `${process} ${when} ${what}`;
}
