/**
 * A steady load on a substrate, of which every answer is remembered, and the comparison of what was
 * answered with what is there afterwards. Each key and each log stream has one writer, so that a
 * CONFLICT can only be a writer that was refused because of its own success.
 */
import {
  type Delivery,
  type Substrate,
  SubstrateError,
} from "@keiko/runtime/substrate/substrate.ts";

export interface LoadReport {
  acknowledged: { puts: number; appends: number; sends: number; acks: number };
  /** Calls whose outcome was not known when they gave up. */
  unknown: number;
  longest_stall_ms: number;
  /** What was lost, doubled, or refused wrongly. */
  violations: string[];
}

export interface LoadOptions {
  substrates: readonly Substrate[];
  /** Of each kind: puts, appends and sends. */
  writers: number;
  /** Calls of all writers together. */
  per_second: number;
  queue: { name: string; storage: "memory" | "disk" };
  /** After a memory queue's only server was killed, what it had is gone. */
  forgetful?: boolean;
}

const encode = (n: number) => new TextEncoder().encode(String(n));
const decode = (data: Uint8Array) => Number(new TextDecoder().decode(data));
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export class Load {
  readonly #options: LoadOptions;
  readonly #stop = new AbortController();
  readonly #consumers = new AbortController();
  readonly #puts = new Map<string, { acknowledged: number; begun: number }>();
  readonly #appends = new Map<string, number[]>();
  readonly #sent = new Set<string>();
  readonly #acked = new Set<string>();
  readonly #followed = new Map<string, number[]>();
  readonly #watched = new Map<string, number>();
  readonly #running: Promise<unknown>[] = [];
  readonly #consuming: Promise<unknown>[] = [];
  readonly #busy = new Map<symbol, number>();
  readonly report: LoadReport = {
    acknowledged: { puts: 0, appends: 0, sends: 0, acks: 0 },
    unknown: 0,
    longest_stall_ms: 0,
    violations: [],
  };

  constructor(options: LoadOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const { substrates, writers, queue } = this.#options;
    // Longer than any call waits for a leader: a lease that ended meanwhile would refuse an ack rightly.
    const config = { lease_ms: 20_000, deliveries_max: 100, messages_max: 100_000 };
    await substrates[0]!.queue.declare(queue.name, { ...config, storage: queue.storage });
    for (const one of substrates) {
      const options = { concurrency: 10, signal: this.#consumers.signal };
      this.#consuming.push(one.queue.consume(queue.name, options, (got) => this.#handle(got)));
    }
    this.#consuming.push(this.#follow(substrates[0]!), this.#watch(substrates.at(-1)!));
    for (let i = 0; i < writers; i++) {
      const one = substrates[i % substrates.length]!;
      this.#running.push(this.#put(one, `load/key/${i}`), this.#append(one, `load/log/${i}`));
      this.#running.push(this.#send(one, `m${i}`));
    }
  }

  /** The longest that one call has taken since the last look, those under way included. */
  stall_ms(): number {
    const now = performance.now();
    for (const began of this.#busy.values()) this.#stalled(now - began);
    const { longest_stall_ms } = this.report;
    this.report.longest_stall_ms = 0;
    return longest_stall_ms;
  }

  async stop(): Promise<LoadReport> {
    this.#stop.abort();
    await Promise.all(this.#running);
    const { substrates } = this.#options;
    const substrate = substrates[0]!;
    await this.#verifyKeys(substrate);
    await this.#verifyLogs(substrate);
    await this.#verifyQueue(substrate);
    await this.#verifyFollowers();
    this.#consumers.abort();
    await Promise.all(this.#consuming);
    return this.report;
  }

  /** One call of a writer, at the writer's pace; undefined: its outcome is not known. */
  async #call<T>(what: string, call: () => Promise<T>): Promise<T | undefined> {
    const began = performance.now();
    const mark = Symbol();
    this.#busy.set(mark, began);
    try {
      return await call();
    } catch (error) {
      if (error instanceof SubstrateError && error.code === "UNAVAILABLE") this.report.unknown++;
      else this.report.violations.push(`${what}: ${String(error)}`);
      return undefined;
    } finally {
      this.#busy.delete(mark);
      const took = performance.now() - began;
      this.#stalled(took);
      const { writers, per_second } = this.#options;
      await sleep(Math.max(0, (3_000 * writers) / per_second - took));
    }
  }

  #stalled(ms: number): void {
    this.report.longest_stall_ms = Math.max(this.report.longest_stall_ms, ms);
  }

  async #put({ kv }: Substrate, key: string): Promise<void> {
    const state = { acknowledged: 0, begun: 0 };
    this.#puts.set(key, state);
    let revision = 0;
    for (let n = 1; !this.#stop.signal.aborted; n++) {
      state.begun = n;
      const written = await this.#call(key, () => kv.put(key, encode(n), { expect: revision }));
      if (written === undefined) {
        const entry = await kv.get(key).catch(() => undefined);
        revision = entry?.revision ?? 0;
        continue;
      }
      revision = written;
      state.acknowledged = n;
      this.report.acknowledged.puts++;
    }
  }

  async #append({ log }: Substrate, stream: string): Promise<void> {
    const acknowledged: number[] = [];
    this.#appends.set(stream, acknowledged);
    let position = 0;
    for (let n = 1; !this.#stop.signal.aborted; n++) {
      const options = { expect: position };
      const written = await this.#call(stream, () => log.append(stream, encode(n), options));
      if (written === undefined) {
        const [last] = await log.readBack(stream, { limit: 1 }).catch(() => []);
        position = last?.position ?? 0;
        continue;
      }
      position = written;
      acknowledged.push(n);
      this.report.acknowledged.appends++;
    }
  }

  async #send({ queue }: Substrate, prefix: string): Promise<void> {
    const { name } = this.#options.queue;
    for (let n = 1; !this.#stop.signal.aborted; n++) {
      const id = `${prefix}-${n}`;
      const send = () => queue.send(name, { id, payload: encode(n) }).then(() => true);
      if (!(await this.#call(`send ${id}`, send))) continue;
      this.#sent.add(id);
      this.report.acknowledged.sends++;
    }
  }

  async #handle({ id, attempt, ack }: Delivery): Promise<void> {
    if (this.#acked.has(id))
      this.report.violations.push(`${id} came again after its ack, attempt ${attempt}`);
    try {
      await ack();
      this.#acked.add(id);
      this.report.acknowledged.acks++;
    } catch (error) {
      const { code } = error as SubstrateError;
      // Of a queue that its server took with it, nothing can be acknowledged.
      if (code === "UNAVAILABLE") this.report.unknown++;
      else if (!this.#options.forgetful && code !== "CLOSED")
        this.report.violations.push(`ack of ${id}: ${String(error)}`);
    }
  }

  async #follow({ log }: Substrate): Promise<void> {
    const { signal } = this.#consumers;
    for await (const { stream, payload } of log.follow("load/", { signal })) {
      const seen = this.#followed.get(stream) ?? [];
      seen.push(decode(payload));
      this.#followed.set(stream, seen);
    }
  }

  async #watch({ kv }: Substrate): Promise<void> {
    const { signal } = this.#consumers;
    for await (const change of kv.watch("load/", { signal })) {
      if (change.kind === "put") this.#watched.set(change.entry.key, decode(change.entry.value));
    }
  }

  async #verifyKeys({ kv }: Substrate): Promise<void> {
    for (const [key, { acknowledged, begun }] of this.#puts) {
      const entry = await kv.get(key);
      const found = entry ? decode(entry.value) : 0;
      if (found < acknowledged || found > begun)
        this.report.violations.push(`${key} is ${found}, acknowledged was ${acknowledged}`);
    }
  }

  async #verifyLogs({ log }: Substrate): Promise<void> {
    for (const [stream, acknowledged] of this.#appends) {
      const found: number[] = [];
      for (let after = 0; ; ) {
        const page = await log.read(stream, { after, limit: 1_000 });
        found.push(...page.map(({ payload }) => decode(payload)));
        if (page.length < 1_000) break;
        after = page.at(-1)!.position;
      }
      const there = new Set(found);
      const lost = acknowledged.filter((n) => !there.has(n));
      if (lost.length > 0) this.report.violations.push(`${stream} lost ${lost}`);
      if (there.size < found.length) this.report.violations.push(`${stream} has doubles`);
      this.#appends.set(stream, found);
    }
  }

  async #verifyQueue({ queue }: Substrate): Promise<void> {
    const missing = () => [...this.#sent].filter((id) => !this.#acked.has(id));
    const until = performance.now() + 45_000;
    while (performance.now() < until) {
      const { ready, leased } = await queue.depth(this.#options.queue.name);
      if (ready + leased === 0) break;
      await sleep(200);
    }
    const lost = missing();
    if (lost.length > this.report.unknown && !this.#options.forgetful)
      this.report.violations.push(`${lost.length} messages lost: ${lost.slice(0, 5)}`);
  }

  /** What followers and watchers hear comes after what is read, but it comes. */
  async #verifyFollowers(): Promise<void> {
    const behind = () => {
      const missed: string[] = [];
      for (const [stream, there] of this.#appends) {
        const seen = this.#followed.get(stream) ?? [];
        if (String(seen) !== String(there)) missed.push(`follow of ${stream}`);
      }
      for (const [key, { acknowledged }] of this.#puts) {
        if ((this.#watched.get(key) ?? 0) < acknowledged) missed.push(`watch of ${key}`);
      }
      return missed;
    };
    const until = performance.now() + 10_000;
    while (behind().length > 0 && performance.now() < until) await sleep(50);
    this.report.violations.push(...behind().map((what) => `${what} missed something`));
  }
}
