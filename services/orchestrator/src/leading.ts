/** What an orchestrator does for the partitions that it leads: their outcomes, and what others left open. */
import { fromBinary } from "@bufbuild/protobuf";
import { type StepOutcome, StepOutcomeSchema } from "@keiko/gen/keiko/task/v1/journal_pb.js";
import { outcomeQueue } from "@keiko/runtime/subjects.ts";
import type { Substrate } from "@keiko/runtime/substrate/substrate.ts";
import { outcomeQueueConfig } from "@keiko/runtime/worker.ts";
import { bug } from "./bugs.ts";
import { limits } from "./limits.ts";
import type { Projection } from "./projection.ts";
import type { Replicas } from "./replicas.ts";
import { lasting, type Timers } from "./timers.ts";

export interface LeadingDeps {
  substrate: Pick<Substrate, "log" | "queue" | "shared">;
  replicas: Replicas;
  projection: Projection;
  timers: Timers;
  /** Says what went wrong, and goes on. */
  report: (what: string) => (error: unknown) => void;
  /** Loads a task and hands out what it is waiting for. */
  takeUp(task: string): Promise<void>;
  /** Written down when it resolves. */
  onOutcome(outcome: StepOutcome): Promise<void>;
}

export function createLeading(deps: LeadingDeps) {
  const { substrate, replicas, projection, timers, report, takeUp, onOutcome } = deps;
  const { partitionOf } = replicas;
  const led = new Map<number, AbortController>();

  const untilTakenUp = async (name: string, error: unknown) => {
    let failed = error;
    for (let wait_ms = limits.try_again_ms; ; wait_ms *= 2) {
      report(`${name} could not be taken up yet`)(failed);
      await new Promise<void>((next) => {
        timers.after(Math.min(wait_ms, limits.take_up_again_ms_max), next);
      });
      if (!replicas.leads(partitionOf(name))) return;
      try {
        return await takeUp(name);
      } catch (again) {
        failed = again;
      }
    }
  };

  const recover = async (partition: number) => {
    const { names, position } = await projection.recover(partition, substrate.log, partitionOf);
    if (!substrate.shared) projection.saw(position);
    const queue = bug("a takeover looks at nothing") ? [] : [...names];
    const later: Promise<void>[] = [];
    const work = async () => {
      for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
        const task = name;
        // One that cannot be taken up yet must not keep the others waiting.
        await takeUp(task).catch((error) => void later.push(untilTakenUp(task, error)));
      }
    };
    await Promise.all(Array.from({ length: limits.taken_up_at_a_time }, work));
    void Promise.all(later).then(() => projection.recovered(partition));
    await projection.flush();
  };

  const consume = async (partition: number, signal: AbortSignal) => {
    const queue = outcomeQueue(partition);
    await substrate.queue.declare(queue, outcomeQueueConfig);
    const options = { concurrency: limits.outcomes_at_a_time, signal };
    await substrate.queue.consume(queue, options, async (delivery) => {
      await onOutcome(fromBinary(StepOutcomeSchema, delivery.payload));
      await delivery.ack();
    });
  };

  /** Resolves when all that was open in it has been looked at once, or somebody else leads it. */
  const lead = (partition: number, signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      signal.addEventListener("abort", () => resolve());
      const silent = report("outcomes are not consumed for a moment");
      lasting(timers, signal, () => consume(partition, signal), silent);
      const open = report("tasks could not be taken up yet");
      lasting(timers, signal, () => recover(partition).then(resolve), open);
    });

  return {
    /** Leads just these from now on. */
    async follow(partitions: ReadonlySet<number>, signal: AbortSignal): Promise<void> {
      for (const [partition, over] of led) {
        if (partitions.has(partition)) continue;
        over.abort();
        led.delete(partition);
        projection.forget(partition);
      }
      const begun: Promise<void>[] = [];
      for (const partition of partitions) {
        if (led.has(partition) || signal.aborted) continue;
        const over = new AbortController();
        led.set(partition, over);
        begun.push(lead(partition, AbortSignal.any([over.signal, signal])));
      }
      await Promise.all(begun);
    },
    /** Tries again and again; resolves when it is taken up, or somebody else leads it. */
    untilTakenUp,
    /** One of those that are led. */
    any: () => [...led.keys()][0] ?? 0,
  };
}
