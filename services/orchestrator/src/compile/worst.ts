/** What a plan takes at worst: time along its longest path, and money over all its runs. */
import { durationMs } from "@bufbuild/protobuf/wkt";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import type { Limits, Plan, Step } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { undoAttempts, undoPrice } from "../budget.ts";
import { needs } from "../graph.ts";
import { limits as bounds } from "../limits.ts";
import { runsOf } from "./loops.ts";
import type { Report } from "./report.ts";

/**
 * Two times. `once_ms`: every run takes all its time and succeeds at once; a plan for which the limit
 * is less is refused, because it could not end even if nothing fails. `tried_ms`: every run uses all
 * its attempts and the waits between them. Holding that against the limit would refuse ordinary plans
 * (20 steps of a minute, tried three times, are more than the default hour), so retries get what time
 * is left. Money likewise: one attempt of every run must be affordable, with what taking it back may
 * cost; further attempts get what is left. Time in which people are waited for does not count.
 */
export interface Worst {
  once_ms: number;
  tried_ms: number;
  micros: bigint;
  /** Taking it back, with all attempts. */
  undo_ms: number;
  undo_micros: bigint;
}

/** Of one run of a step that calls a method; the compiler has filled it in. */
export function worstOf(step: Step): Worst {
  const time_ms = step.timeMax ? durationMs(step.timeMax) : 0;
  const wait_ms = step.retryWait ? durationMs(step.retryWait) : 0;
  const attempts = Math.max(1, step.attemptsMax);
  const undo_micros = BigInt(undoPrice(step));
  const undo_ms = step.undo?.timeMax ? durationMs(step.undo.timeMax) : 0;
  const undos = step.undo ? undoAttempts(step) : 0;
  return {
    once_ms: time_ms,
    tried_ms: attempts * time_ms + waits(wait_ms, attempts),
    micros: step.costMicrosMax + undo_micros,
    undo_ms: undos * undo_ms + waits(wait_ms, undos),
    undo_micros,
  };
}

/** Between so many attempts, in milliseconds. */
function waits(first_ms: number, attempts: number): number {
  let all = 0;
  for (let attempt = 1; attempt < attempts; attempt++) {
    all += Math.min(first_ms * 2 ** (attempt - 1), bounds.retry_ms_max);
  }
  return all;
}

/** `ofStep`: of one run of it. Steps stand after those they need. */
export function worstOfPlan(plan: Plan, ofStep: ReadonlyMap<Step, Worst>): Worst {
  const ends = new Map<string, Pick<Worst, "once_ms" | "tried_ms">>();
  let micros = 0n;
  let undo_ms = 0;
  let undo_micros = 0n;
  for (const step of plan.steps) {
    const one = ofStep.get(step);
    const start = { once_ms: 0, tried_ms: 0 };
    for (const id of needs(step)) {
      const end = ends.get(id);
      start.once_ms = Math.max(start.once_ms, end?.once_ms ?? 0);
      start.tried_ms = Math.max(start.tried_ms, end?.tried_ms ?? 0);
    }
    const { runs, parallel } = runsOf(step);
    const rounds = Math.ceil(runs / parallel);
    ends.set(step.id, {
      once_ms: start.once_ms + rounds * (one?.once_ms ?? 0),
      tried_ms: start.tried_ms + rounds * (one?.tried_ms ?? 0),
    });
    micros += BigInt(runs) * (one?.micros ?? 0n);
    // One after the other, the last first.
    undo_ms += runs * (one?.undo_ms ?? 0);
    undo_micros += BigInt(runs) * (one?.undo_micros ?? 0n);
  }
  const all = [...ends.values()];
  return {
    once_ms: Math.max(0, ...all.map(({ once_ms }) => once_ms)),
    tried_ms: Math.max(0, ...all.map(({ tried_ms }) => tried_ms)),
    micros,
    undo_ms,
    undo_micros,
  };
}

export function checkBudget(worst: Worst, limits: Limits | undefined, report: Report): void {
  const { once_ms, micros } = worst;
  const allowed = limits?.timeMax ? durationMs(limits.timeMax) : bounds.task_time_ms_default;
  if (once_ms > allowed) {
    const text = `the plan may take ${once_ms} ms, the limit is ${allowed} ms`;
    report("limits.time_max", Reason.LIMIT_EXCEEDED, text, "allow more time or plan less", {
      value: String(once_ms),
      limit: String(allowed),
    });
  }
  const affordable = limits?.costMicrosMax ?? 0n;
  if (micros > affordable) {
    const text = `the plan may cost ${micros} millionths of a euro, the limit is ${affordable}`;
    report("limits.cost_micros_max", Reason.LIMIT_EXCEEDED, text, "raise the limit or plan less", {
      value: String(micros),
      limit: String(affordable),
    });
  }
}
