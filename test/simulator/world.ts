/**
 * What tasks act upon: workers that serve the ledger's skills, and die, fail, stand still and answer twice
 * doing so; and the ledger itself, which keeps what happened under which key, as a payment system would.
 */
import { create, type DescMethod, fromBinary, type Message, toBinary } from "@bufbuild/protobuf";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import {
  type StepOutcome,
  StepOutcomeSchema,
  type StepWork,
  StepWorkSchema,
} from "@keiko/gen/keiko/task/v1/journal_pb.js";
import { stepQueue } from "@keiko/runtime/subjects.ts";
import { type Delivery, SubstrateError } from "@keiko/runtime/substrate/substrate.ts";
import { outcomeQueueConfig, stepQueueConfig } from "@keiko/runtime/worker.ts";
import { LedgerService } from "../gen/keiko/ledger/v1/ledger_service_pb.js";
import type { Faults } from "./scenario.ts";
import type { Random, Scheduler } from "./scheduler.ts";
import { Process, type Store } from "./store.ts";

export interface Effect {
  run: string;
  task: string;
  undone: boolean;
  /** It came to be at all; what was taken back before it did never does. */
  done: boolean;
}

export const methods = new Map<string, DescMethod>(
  LedgerService.methods.map((one) => [`${LedgerService.typeName}/${one.name}`, one]),
);

/** Whatever of these the request of a method has. */
interface Fields {
  limit: bigint;
  numbers: bigint[];
  reservation: string;
  amount: bigint;
}

export class World {
  /** By the key under which they happened. */
  readonly effects = new Map<string, Effect>();
  /** Which attempts of a run a worker began, by task and run. */
  readonly attempts = new Map<string, Set<number>>();
  /** What attempts that were begun have cost, by task and attempt. */
  readonly spent = new Map<string, Map<string, number>>();
  readonly #store: Store;
  readonly #scheduler: Scheduler;
  readonly #random: Random;
  /** Attempts of which nothing will ever be heard, however often they are delivered. */
  readonly #swallowed = new Set<string>();
  /** What people said about a run that asked them to agree, by task and run. */
  readonly words = new Map<string, Set<boolean>>();
  /** Undefined: there are no faults any more. */
  faults: Faults | undefined;

  constructor(store: Store, scheduler: Scheduler, random: Random, faults: Faults) {
    this.#store = store;
    this.#scheduler = scheduler;
    this.#random = random;
    this.faults = faults;
  }

  /** A worker that serves from now on. */
  async work(name: string): Promise<void> {
    const process = new Process(name);
    const { queue } = this.#store.for(process);
    const steps = stepQueue(LedgerService.typeName);
    await insist(() => queue.declare(steps, stepQueueConfig));
    const options = { concurrency: 4, signal: process.over.signal };
    await queue.consume(steps, options, (delivery) => this.#run(process, delivery));
  }

  async #run(process: Process, delivery: Delivery): Promise<void> {
    const work = fromBinary(StepWorkSchema, delivery.payload);
    const { dying = 0, standing = 0, failing = 0, refused = 0, swallowed = 0 } = this.faults ?? {};
    const random = this.#random;
    const attempt = `${work.idempotencyKey}/${work.attempt}`;
    if (random.chance(swallowed)) this.#swallowed.add(attempt);
    if (this.#swallowed.has(attempt)) return delivery.ack();
    await this.#scheduler.sleep(random.next() * 300);
    if (random.chance(dying)) return;
    // Stands still for longer than its lease, and goes on as if nothing had been.
    if (random.chance(standing)) await this.#scheduler.sleep(20_000 * random.next());
    const outcome = random.chance(refused)
      ? failed(work, Reason.WRONG_STATE, { retryable: false, uncertain: false })
      : random.chance(failing)
        ? this.#failing(work)
        : this.#perform(work);
    if (random.chance(dying)) return;
    const { queue } = this.#store.for(process);
    await insist(() => queue.declare(work.replyQueue, outcomeQueueConfig));
    const payload = toBinary(StepOutcomeSchema, outcome);
    await insist(() => queue.send(work.replyQueue, { id: attempt, payload }));
    await delivery.ack();
  }

  /** Fails before its effect or after it, and nobody can tell. */
  #failing(work: StepWork): StepOutcome {
    if (this.#random.chance(0.5)) this.#perform(work);
    return failed(work, Reason.UNAVAILABLE, { retryable: true, uncertain: true });
  }

  #perform(work: StepWork): StepOutcome {
    const [, name = ""] = work.method.split("/");
    const run = `${work.task}/${work.step}`;
    this.attempts.set(run, (this.attempts.get(run) ?? new Set()).add(work.attempt));
    const cost = this.#random.below(Number(work.costMicrosMax) + 1);
    const ofTask = this.spent.get(work.task) ?? new Map<string, number>();
    this.spent.set(work.task, ofTask);
    // What comes twice under the same attempt is one thing with one price.
    const attempt = `${work.step}/${work.attempt}`;
    if (!ofTask.has(attempt)) ofTask.set(attempt, cost);
    const response = this.#effect(name, work);
    const value = {
      step: work.step,
      attempt: work.attempt,
      response,
      workload: "ledger",
      costMicros: BigInt(ofTask.get(attempt)!),
    };
    return create(StepOutcomeSchema, { task: work.task, result: { case: "succeeded", value } });
  }

  #effect(name: string, work: StepWork): Uint8Array {
    const method = methods.get(work.method)!;
    const request = fromBinary(method.input, work.request) as Message & Fields;
    const key = work.idempotencyKey;
    const respond = (value: Record<string, unknown>) =>
      toBinary(method.output, create(method.output, value));
    switch (name) {
      case "Range": {
        const { limit } = request;
        return respond({
          numbers: Array.from({ length: Number(limit) }, (_, n) => BigInt(n + 1)),
          limit,
        });
      }
      case "Total": {
        return respond({ total: request.numbers.reduce((sum, one) => sum + one, 0n) });
      }
      case "Release": {
        const undone = request.reservation || work.undoOf;
        const known = this.effects.get(undone);
        if (known) known.undone = true;
        else this.effects.set(undone, { run: "", task: work.task, undone: true, done: false });
        return respond({ released: known !== undefined });
      }
      default: {
        if (!this.effects.has(key)) {
          this.effects.set(key, { run: work.step, task: work.task, undone: false, done: true });
        }
        return respond({ reservation: key, payment: key, amount: request.amount });
      }
    }
  }
}

function failed(
  work: StepWork,
  reason: Reason,
  how: { retryable: boolean; uncertain: boolean },
): StepOutcome {
  const { task, step, attempt, costMicrosMax: costMicros } = work;
  const problem = { reason, message: Reason[reason], field: step };
  const value = { step, attempt, problem, workload: "ledger", costMicros, ...how };
  return create(StepOutcomeSchema, { task, result: { case: "failed", value } });
}

/** Again and again until it is answered. */
export async function insist<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof SubstrateError) || error.code !== "UNAVAILABLE") throw error;
    }
  }
}
