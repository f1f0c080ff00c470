/**
 * Which replicas of a service are not to be called for a while: those that fail, or are slow, where the
 * others do not. Pure: the clock is passed in. What a caller did wrong says nothing about a replica, so
 * only statuses that tell of the server count; and what goes wrong everywhere is no replica's fault.
 */
import { status } from "@grpc/grpc-js";
import { limits } from "../limits.ts";

const failures: ReadonlySet<number> = new Set([
  status.UNKNOWN,
  status.DEADLINE_EXCEEDED,
  status.INTERNAL,
  status.UNAVAILABLE,
  status.DATA_LOSS,
]);

/** One call that was sent to one replica. */
export interface Attempt {
  readonly replica: Replica;
  /** Undefined for streams, whose length says nothing. */
  readonly method: string | undefined;
  readonly began_ms: number;
}

interface Counts {
  calls: number;
  failed: number;
  slow: number;
}

export class Replica {
  readonly key: string;
  picks = 0;
  failures = 0;
  /** Moving average of unary calls that were answered; undefined before the first. */
  latency_ms: number | undefined;
  /** How often it was ejected of late; each time lets it stay away longer. */
  times = 0;
  ejections = 0;
  ejected_until_ms = 0;
  readonly running = new Set<Attempt>();
  #now: Counts = none();
  #before: Counts = none();
  #turned_ms = 0;

  constructor(key: string) {
    this.key = key;
  }

  /** What of late's calls came out how. */
  counts(now: number): Counts {
    const age = now - this.#turned_ms;
    if (age > limits.outlier_window_ms) {
      this.#before = age > 2 * limits.outlier_window_ms ? none() : this.#now;
      this.#now = none();
      this.#turned_ms = now;
    }
    const [a, b] = [this.#now, this.#before];
    return { calls: a.calls + b.calls, failed: a.failed + b.failed, slow: a.slow + b.slow };
  }

  count(now: number, failed: boolean, slow: boolean): void {
    this.counts(now);
    this.#now.calls++;
    if (failed) this.#now.failed++;
    if (slow) this.#now.slow++;
  }

  forget(): void {
    this.#now = none();
    this.#before = none();
  }
}

function none(): Counts {
  return { calls: 0, failed: 0, slow: 0 };
}

/** How long a method takes when nothing is wrong: the fast quarter of its calls, kept by small steps. */
class Typical {
  #ms = 0;
  #seen = 0;

  add(took_ms: number): void {
    if (this.#seen++ === 0) this.#ms = took_ms;
    const step = Math.max(0.1, this.#ms * 0.05);
    this.#ms = Math.max(0, this.#ms + (took_ms > this.#ms ? step * 0.25 : -step * 0.75));
  }

  /** What takes longer is slow; endless until enough calls were seen. */
  get slow_ms(): number {
    if (this.#seen < limits.outlier_calls_min * 4) return Number.POSITIVE_INFINITY;
    return Math.max(limits.slow_ms_min, this.#ms * limits.slow_factor);
  }
}

export class Outliers {
  readonly replicas = new Map<string, Replica>();
  readonly #typical = new Map<string, Typical>();
  #looked_ms = 0;

  /** Knows these replicas from now on and no others. */
  keep(keys: Iterable<string>): void {
    const wanted = new Set(keys);
    for (const key of this.replicas.keys()) if (!wanted.has(key)) this.replicas.delete(key);
    for (const key of wanted) {
      if (!this.replicas.has(key)) this.replicas.set(key, new Replica(key));
    }
  }

  began(replica: Replica, method: string | undefined, now: number): Attempt {
    replica.picks++;
    const attempt: Attempt = { replica, method, began_ms: now };
    if (method !== undefined) replica.running.add(attempt);
    return attempt;
  }

  ended(attempt: Attempt, code: number, now: number): void {
    const { replica, method, began_ms } = attempt;
    replica.running.delete(attempt);
    const failed = failures.has(code);
    let slow = false;
    if (method !== undefined) {
      const took_ms = now - began_ms;
      const typical = this.#typicalOf(method);
      slow = took_ms > typical.slow_ms;
      if (code === status.OK) {
        typical.add(took_ms);
        replica.latency_ms = (replica.latency_ms ?? took_ms) * 0.9 + took_ms * 0.1;
      }
    }
    // Who gave up on a call that was not slow yet says nothing about the replica.
    if (code === status.CANCELLED && !slow) return;
    if (failed) replica.failures++;
    replica.count(now, failed, slow);
    if ((failed || slow) && now - this.#looked_ms > limits.outlier_look_ms / 10) this.look(now);
  }

  /** The part of its turns that a replica takes: 0 while it is ejected, growing after that, then 1. */
  share(replica: Replica, now: number): number {
    if (replica.times === 0 || replica.ejected_until_ms === 0) return 1;
    const back_ms = now - replica.ejected_until_ms;
    if (back_ms < 0) return 0;
    return Math.min(1, limits.outlier_share_min + back_ms / limits.outlier_return_ms);
  }

  /** Ejects who is out of line now. */
  look(now: number): void {
    this.#looked_ms = now;
    const all = [...this.replicas.values()];
    const seen = new Map(all.map((replica) => [replica, this.#seen(replica, now)]));
    for (const replica of all) {
      if (now < replica.ejected_until_ms) continue;
      if (replica.times > 0 && now - replica.ejected_until_ms > 2 * limits.outlier_return_ms) {
        replica.times--;
        replica.ejected_until_ms = now - limits.outlier_return_ms;
      }
      const away = all.filter((each) => now < each.ejected_until_ms).length;
      // At most half, and never the last.
      if (away + 1 > Math.floor(all.length / 2)) return;
      if (outOfLine(replica, seen)) eject(replica, now);
    }
  }

  /** What came out of late, calls that take too long already included. */
  #seen(replica: Replica, now: number): Counts {
    const counts = replica.counts(now);
    for (const { method, began_ms } of replica.running) {
      if (now - began_ms <= this.#typicalOf(method!).slow_ms) continue;
      counts.calls++;
      counts.slow++;
    }
    return counts;
  }

  #typicalOf(method: string): Typical {
    let typical = this.#typical.get(method);
    if (!typical) {
      typical = new Typical();
      this.#typical.set(method, typical);
    }
    return typical;
  }
}

function outOfLine(replica: Replica, seen: ReadonlyMap<Replica, Counts>): boolean {
  const own = seen.get(replica)!;
  const others = none();
  for (const [other, counts] of seen) {
    if (other === replica) continue;
    others.calls += counts.calls;
    others.failed += counts.failed;
    others.slow += counts.slow;
  }
  // Who was ejected before needs less to be so again.
  const enough = replica.times > 0 ? limits.outlier_calls_min / 2 : limits.outlier_calls_min;
  if (own.calls < enough || others.calls < enough) return false;
  const stands = (mine: number, theirs: number, limit: number) => {
    const share = mine / own.calls;
    return share >= limit && theirs / others.calls < share / 2;
  };
  return (
    stands(own.failed, others.failed, limits.outlier_failed_share) ||
    stands(own.slow, others.slow, limits.outlier_slow_share)
  );
}

function eject(replica: Replica, now: number): void {
  replica.times++;
  replica.ejections++;
  const away_ms = limits.ejection_ms_min * 2 ** (replica.times - 1);
  replica.ejected_until_ms = now + Math.min(away_ms, limits.ejection_ms_max);
  // It is judged by what it does when it is back.
  replica.forget();
}
