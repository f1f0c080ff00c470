/**
 * Decides whether a call may start now, waits, or is turned away: a server that takes on more than it
 * can do ends up doing nothing. Bounded in all directions: calls that run, those of one caller, calls
 * that wait, and how long they wait. Interactive calls go before batch, and push it out of a full
 * queue. Pure bookkeeping but for one timer while somebody waits.
 */

export type Priority = "interactive" | "batch";

export interface AdmissionBounds {
  /** Calls that run at a time. */
  running_max: number;
  /** Of these, calls of one caller (a workload and the user it acts for). */
  running_per_caller_max: number;
  /** Calls that wait. */
  waiting_max: number;
  /** Of these, calls of one caller. */
  waiting_per_caller_max: number;
  /** Whoever has waited so long is turned away: the answer would come too late for most. */
  waiting_ms_max: number;
  /** Streams that are open at a time; they last, so they neither wait nor hold up calls. */
  streams_max: number;
  streams_per_caller_max: number;
}

/** Turned away. `retry_ms`: after which it makes sense to try again. */
export class Overloaded extends Error {
  readonly bound: keyof AdmissionBounds;
  readonly limit: number;
  readonly retry_ms: number;

  constructor(bound: keyof AdmissionBounds, limit: number, retry_ms: number) {
    super(`${bound} of ${limit} is reached`);
    this.name = "Overloaded";
    this.bound = bound;
    this.limit = limit;
    this.retry_ms = retry_ms;
  }
}

/** Gives the place back; to be called once, when the call has ended. */
export type Leave = () => void;

export interface AdmissionStats {
  running: number;
  waiting: number;
  streams: number;
  /** Turned away since the start. */
  shed: number;
}

interface Waiting {
  caller: string;
  since_ms: number;
  admit(leave: Leave): void;
  refuse(error: Overloaded): void;
}

interface OfCaller {
  running: number;
  waiting: number;
  streams: number;
}

const retry_ms_min = 50;
const retry_ms_max = 5_000;
/** Weight of the latest call in the mean time of a call. */
const recent_weight = 0.05;

export class Admission {
  readonly #bounds: AdmissionBounds;
  readonly #now: () => number;
  readonly #callers = new Map<string, OfCaller>();
  readonly #waiting: Record<Priority, Waiting[]> = { interactive: [], batch: [] };
  #running = 0;
  #streams = 0;
  #shed = 0;
  #mean_ms = 5;
  #timer: NodeJS.Timeout | undefined;

  constructor(bounds: AdmissionBounds, now: () => number = () => performance.now()) {
    this.#bounds = bounds;
    this.#now = now;
  }

  get stats(): AdmissionStats {
    const { interactive, batch } = this.#waiting;
    const waiting = interactive.length + batch.length;
    return { running: this.#running, waiting, streams: this.#streams, shed: this.#shed };
  }

  /** At once where there is room, which costs no promise; otherwise a promise. Fails with Overloaded. */
  enter(caller: string, priority: Priority): Leave | Promise<Leave> {
    const of = this.#caller(caller);
    const free =
      this.#running < this.#bounds.running_max && of.running < this.#bounds.running_per_caller_max;
    // Nobody overtakes: who comes while others wait waits too, unless those wait for their own limit.
    if (free && this.#waiting.interactive.length === 0 && this.#waiting.batch.length === 0) {
      return this.#start(caller, of);
    }
    return this.#wait(caller, of, priority);
  }

  enterStream(caller: string): Leave {
    const { streams_max, streams_per_caller_max } = this.#bounds;
    const of = this.#caller(caller);
    if (this.#streams >= streams_max) throw this.#refusal("streams_max");
    if (of.streams >= streams_per_caller_max) throw this.#refusal("streams_per_caller_max");
    this.#streams++;
    of.streams++;
    return once(() => {
      this.#streams--;
      of.streams--;
      this.#forget(caller, of);
    });
  }

  #start(caller: string, of: OfCaller): Leave {
    this.#running++;
    of.running++;
    const began = this.#now();
    return once(() => {
      this.#running--;
      of.running--;
      const took = this.#now() - began;
      this.#mean_ms += recent_weight * (took - this.#mean_ms);
      this.#next();
      this.#forget(caller, of);
    });
  }

  async #wait(caller: string, of: OfCaller, priority: Priority): Promise<Leave> {
    this.#makeRoom(caller, of, priority);
    of.waiting++;
    try {
      return await new Promise<Leave>((admit, refuse) => {
        this.#waiting[priority].push({ caller, since_ms: this.#now(), admit, refuse });
        this.#watch();
        // Room may be there already, for those who wait for their own limit only.
        this.#next();
      });
    } finally {
      of.waiting--;
      this.#forget(caller, of);
    }
  }

  /** In a full queue an interactive call takes the place of the batch call that came last. */
  #makeRoom(caller: string, of: OfCaller, priority: Priority): void {
    const { waiting_max, waiting_per_caller_max } = this.#bounds;
    const { interactive, batch } = this.#waiting;
    const own = of.waiting >= waiting_per_caller_max;
    if (!own && interactive.length + batch.length < waiting_max) return;
    const bound = own ? "waiting_per_caller_max" : "waiting_max";
    const at =
      priority === "batch" ? -1 : batch.findLastIndex((one) => !own || one.caller === caller);
    if (at < 0) throw this.#refusal(bound);
    batch.splice(at, 1)[0]!.refuse(this.#refusal(bound));
  }

  /** Starts those who wait, as far as there is room: interactive first, in the order they came. */
  #next(): void {
    for (const priority of ["interactive", "batch"] as const) {
      const waiting = this.#waiting[priority];
      for (let at = 0; at < waiting.length && this.#running < this.#bounds.running_max; ) {
        const candidate = waiting[at]!;
        const of = this.#caller(candidate.caller);
        if (of.running >= this.#bounds.running_per_caller_max) at++;
        else {
          waiting.splice(at, 1);
          candidate.admit(this.#start(candidate.caller, of));
        }
      }
    }
  }

  /** Turns away who has waited too long. Runs only while somebody waits. */
  #watch(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const oldest = this.#now() - this.#bounds.waiting_ms_max;
      for (const waiting of Object.values(this.#waiting)) {
        while (waiting.length > 0 && waiting[0]!.since_ms <= oldest) {
          waiting.shift()!.refuse(this.#refusal("waiting_ms_max"));
        }
      }
      if (this.stats.waiting > 0) this.#watch();
    }, this.#bounds.waiting_ms_max / 4);
    this.#timer.unref();
  }

  #refusal(bound: keyof AdmissionBounds): Overloaded {
    this.#shed++;
    const { running_max } = this.#bounds;
    // What waits now has to be done first, and then there is room for this one.
    const ahead_ms = ((this.stats.waiting + 1) / running_max) * this.#mean_ms;
    const retry_ms = Math.round(Math.min(retry_ms_max, Math.max(retry_ms_min, 2 * ahead_ms)));
    return new Overloaded(bound, this.#bounds[bound], retry_ms);
  }

  #caller(name: string): OfCaller {
    let of = this.#callers.get(name);
    if (!of) {
      of = { running: 0, waiting: 0, streams: 0 };
      this.#callers.set(name, of);
    }
    return of;
  }

  #forget(name: string, { running, waiting, streams }: OfCaller): void {
    if (running === 0 && waiting === 0 && streams === 0) this.#callers.delete(name);
  }
}

function once(run: () => void): Leave {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    run();
  };
}
