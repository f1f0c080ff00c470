/**
 * Takes steps from the queue and runs them on the local host, through the same chain as any call, as
 * the orchestrator on behalf of the user. The outcome goes into its queue before the step is
 * acknowledged: a worker that dies in between leaves a step that comes again.
 */
import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { timestampFromMs, timestampMs } from "@bufbuild/protobuf/wkt";
import { createContextValues } from "@connectrpc/connect";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { type ProblemSchema, Stage } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import {
  type StepOutcome,
  StepOutcomeSchema,
  type StepWork,
  StepWorkSchema,
} from "@keiko/gen/keiko/task/v1/journal_pb.js";
import { type Cost, costKey, headers, peerKey } from "./call.ts";
import { contractOf } from "./contracts.ts";
import { errorInfo, refuse } from "./errors.ts";
import { HeaderMap } from "./header-map.ts";
import type { Host } from "./host.ts";
import { limits } from "./limits.ts";
import type { Log } from "./log.ts";
import { createQueueSender, type QueueSender } from "./queue-sender.ts";
import { cancelSubject, stepQueue, taskOfSubject } from "./subjects.ts";
import type { Bus, Delivery, Queue, QueueConfig } from "./substrate/substrate.ts";

export interface WorkerDeps {
  host: Host;
  queue: Queue;
  bus: Bus;
  log: Log;
  /** Which workload hands out steps. */
  orchestrator: string;
}

/** Both ends declare the queues, with the same words. In memory: the journal can derive them again. */
export const stepQueueConfig: QueueConfig = {
  storage: "memory",
  lease_ms: limits.step_lease_ms,
  deliveries_max: limits.step_deliveries_max,
  messages_max: limits.steps_queued_max,
};

/** An orchestrator that was killed leaves outcomes that it had taken: another one has them soon. */
export const outcomeQueueConfig: QueueConfig = {
  ...stepQueueConfig,
  lease_ms: limits.outcome_lease_ms,
  deliveries_max: limits.outcome_deliveries_max,
};

/**
 * Runs until the signal aborts; resolves when what was running has ended. Steps that run then may
 * finish, for as long as a process may take to leave; after that they are given up and come again
 * elsewhere, as after any loss of their worker.
 */
export async function runWorker(deps: WorkerDeps, signal: AbortSignal): Promise<void> {
  const services = deps.host.services.filter(({ methods }) =>
    methods.some((method) => contractOf(method).skill),
  );
  const running = new Map<string, Set<RunningStep>>();
  const reply = createQueueSender(deps.queue, outcomeQueueConfig);
  const leaving = new AbortController();
  signal.addEventListener("abort", () => {
    const give_up = () => leaving.abort(new Error("the worker has to leave"));
    setTimeout(give_up, limits.drain_time_ms_max).unref();
  });
  const cancels = followCancels(deps, running, signal);
  const extend = setInterval(() => extendAll(deps, running), limits.step_lease_ms / 3);
  const consumers = services.map(async ({ typeName }) => {
    const queue = stepQueue(typeName);
    await deps.queue.declare(queue, stepQueueConfig);
    const options = { concurrency: limits.steps_concurrent_max, signal };
    const lasting = { stopping: signal, leaving: leaving.signal };
    await deps.queue.consume(queue, options, (delivery) =>
      runStep({ ...deps, reply }, delivery, running, lasting),
    );
  });
  await Promise.all([cancels, ...consumers]).finally(() => clearInterval(extend));
}

interface Lasting {
  /** No new steps are taken; those that run go on. */
  stopping: AbortSignal;
  /** Whatever still runs is given up. */
  leaving: AbortSignal;
}

/** A step while it runs. Its signal is made for who asks: a step that is done at once never does. */
class RunningStep {
  readonly delivery: Delivery;
  readonly #lasting: Lasting;
  #controller: AbortController | undefined;
  #cancelled: Error | undefined;

  constructor(delivery: Delivery, lasting: Lasting) {
    this.delivery = delivery;
    this.#lasting = lasting;
  }

  /** The delivery is somebody else's by now, or the process has to go: the outcome counts for nothing. */
  get lost(): boolean {
    const { stopping, leaving } = this.#lasting;
    return leaving.aborted || (this.delivery.signal.aborted && !stopping.aborted);
  }

  /** Aborts when the task is cancelled, or when the outcome will count for nothing. */
  get signal(): AbortSignal {
    if (!this.#controller) {
      const controller = new AbortController();
      const { signal } = this.delivery;
      const { leaving } = this.#lasting;
      const lose = ({ reason }: AbortSignal) => {
        // A queue also tells its handlers that it takes no more: that is no reason to stop.
        if (this.lost) controller.abort(reason);
      };
      if (this.#cancelled) controller.abort(this.#cancelled);
      else if (this.lost) controller.abort(leaving.aborted ? leaving.reason : signal.reason);
      signal.addEventListener("abort", () => lose(signal));
      leaving.addEventListener("abort", () => lose(leaving));
      this.#controller = controller;
    }
    return this.#controller.signal;
  }

  cancel(reason: Error): void {
    this.#cancelled = reason;
    this.#controller?.abort(reason);
  }
}

function extendAll({ log }: WorkerDeps, running: ReadonlyMap<string, Set<RunningStep>>): void {
  for (const step of [...running.values()].flatMap((ofTask) => [...ofTask])) {
    step.delivery.extend().catch((cause) => {
      log.warn("lease not extended", { cause: String(cause) });
    });
  }
}

async function followCancels(
  { bus }: WorkerDeps,
  running: ReadonlyMap<string, Set<RunningStep>>,
  signal: AbortSignal,
): Promise<void> {
  const pattern = cancelSubject("*/*");
  for await (const { subject } of bus.subscribe(pattern, { signal, pending_max: 10_000 })) {
    for (const step of running.get(taskOfSubject(subject)) ?? []) step.cancel(cancelled);
  }
}

const cancelled = Object.freeze(new Error("the task was cancelled"));

async function runStep(
  deps: WorkerDeps & { reply: QueueSender },
  delivery: Delivery,
  running: Map<string, Set<RunningStep>>,
  lasting: Lasting,
): Promise<void> {
  const work = fromBinary(StepWorkSchema, delivery.payload);
  // Another workload may do better, if there is one; if not, it is soon here again.
  if (work.avoid.includes(deps.host.name) && delivery.attempt <= limits.step_passes_max) {
    await delivery.retry({ after_ms: limits.step_pass_ms });
    return;
  }
  if (work.only && work.only !== deps.host.name) {
    await passOn(deps, work, delivery);
    return;
  }
  const step = new RunningStep(delivery, lasting);
  const ofTask = running.get(work.task) ?? new Set();
  running.set(work.task, ofTask.add(step));
  try {
    const outcome = await perform(deps, work, step);
    // Whoever has it now says how it went; this one may be half a step that was broken off.
    if (step.lost) return;
    const id = `${work.idempotencyKey}/${work.attempt}`;
    const payload = toBinary(StepOutcomeSchema, outcome);
    await deps.reply(work.replyQueue, { id, payload });
    await delivery.ack();
  } finally {
    ofTask.delete(step);
    if (ofTask.size === 0) running.delete(work.task);
  }
}

/** As a message of its own: a delivery more would count as one that failed. */
async function passOn({ queue }: WorkerDeps, work: StepWork, delivery: Delivery): Promise<void> {
  const { id, payload } = delivery;
  const over = work.deadline !== undefined && timestampMs(work.deadline) <= Date.now();
  const [service = ""] = work.method.split("/");
  const passed = { id: `${id}.`, payload, after_ms: limits.step_pass_ms };
  if (!over) await queue.send(stepQueue(service), passed);
  await delivery.ack();
}

async function perform(
  { host, orchestrator }: WorkerDeps,
  work: StepWork,
  running: Pick<RunningStep, "signal" | "delivery">,
): Promise<StepOutcome> {
  const began = Date.now();
  const cost: Cost = { micros: undefined };
  const common = {
    step: work.step,
    attempt: work.attempt,
    workload: host.name,
    startTime: timestampFromMs(began),
  };
  try {
    const spec = host.methods.get(work.method);
    if (!spec) throw host.unknown(work.method);
    const header = new HeaderMap([
      [headers.traceparent, work.traceparent],
      [headers.idempotencyKey, work.idempotencyKey],
      ...(work.undoOf ? [[headers.undoOf, work.undoOf] as [string, string]] : []),
      // A person who asks the agent directly waits for it; a step can be done in a moment.
      [headers.priority, "batch"],
    ]);
    const { message } = await host.unary(spec, fromBinary(spec.method.input, work.request), {
      header,
      encoded: work.request,
      get signal() {
        return running.signal;
      },
      timeout_ms: work.deadline ? Math.max(1, timestampMs(work.deadline) - began) : undefined,
      values: createContextValues()
        .set(peerKey, { workload: orchestrator, user: work.user })
        .set(costKey, cost),
    });
    const response = toBinary(spec.method.output, message);
    if (response.length > limits.step_result_bytes_max) throw tooLarge(work, response.length);
    const value = { ...common, response, costMicros: costOf(work, cost) };
    return create(StepOutcomeSchema, { task: work.task, result: { case: "succeeded", value } });
  } catch (error) {
    const problem = problemOf(error, work.step);
    const reason = problem.reason ?? Reason.INTERNAL;
    const value = {
      ...common,
      problem,
      retryable: passing.has(reason),
      // Whoever had it before may have come further.
      uncertain: unclear.has(reason) || running.delivery.attempt > 1,
      costMicros: costOf(work, cost),
    };
    return create(StepOutcomeSchema, { task: work.task, result: { case: "failed", value } });
  }
}

/** What may go well a moment later. */
const passing: ReadonlySet<Reason> = new Set([Reason.UNAVAILABLE, Reason.OVERLOADED]);

/** What says nothing about how far the call came: it may have had its effect. All else is a refusal. */
const unclear: ReadonlySet<Reason> = new Set([
  Reason.CANCELLED,
  Reason.DEADLINE_EXCEEDED,
  Reason.INTERNAL,
  Reason.STORAGE,
  Reason.UNAVAILABLE,
]);

/** A skill that does not say what it cost has cost what its contract allows. */
function costOf(work: StepWork, { micros }: Cost): bigint {
  return micros === undefined ? work.costMicrosMax : BigInt(micros);
}

function tooLarge({ method }: StepWork, size: number) {
  const limit = limits.step_result_bytes_max;
  return refuse(Reason.LIMIT_EXCEEDED, {
    message: `${method} gave ${size} bytes, a step may give ${limit}`,
    remedy: "ask for less; large results belong into files",
    metadata: { limit: String(limit), value: String(size) },
  });
}

function problemOf(error: unknown, step: string): MessageInitShape<typeof ProblemSchema> {
  const info = errorInfo(error);
  const message =
    error instanceof Error ? error.message.replace(/^\[[a-z_]+\] /, "") : String(error);
  return {
    stage: Stage.RUN,
    field: step,
    reason: info?.reason ?? Reason.INTERNAL,
    message,
    remedy: info?.remedy ?? "",
    suggestions: info?.suggestions ?? [],
    metadata: { ...info?.metadata, ...(info?.field ? { field: info.field } : {}) },
  };
}
