/**
 * Drives tasks: takes inputs, lets the machine decide, writes one transition, and hands out what the
 * new state says is to be done. It remembers nothing that the journal does not hold: whatever it
 * keeps in memory is a cache of it, and `recover` after any crash derives the same commands again.
 */
import { create, type DescMethod, fromBinary, type Message, toBinary } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { type Problem, ProblemSchema, Stage, type Step } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import {
  type Created,
  StepOutcomeSchema,
  StepWorkSchema,
} from "@keiko/gen/keiko/task/v1/journal_pb.js";
import type { Task } from "@keiko/gen/keiko/task/v1/task_pb.js";
import type { TaskSummary } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import { childTrace, formatTraceparent } from "@keiko/runtime/call.ts";
import { errorInfo } from "@keiko/runtime/errors.ts";
import type { Emitter } from "@keiko/runtime/events.ts";
import type { Log as Logger } from "@keiko/runtime/log.ts";
import {
  cancelSubject,
  outcomeQueue,
  progressSubject,
  stepKey,
  stepOfSubject,
  stepQueue,
  taskOfSubject,
} from "@keiko/runtime/subjects.ts";
import { type Substrate, SubstrateError } from "@keiko/runtime/substrate/substrate.ts";
import { stepQueueConfig } from "@keiko/runtime/worker.ts";
import { bindRequest } from "./bind.ts";
import { tellChanges } from "./changes.ts";
import type { Contracts } from "./contracts.ts";
import { createJournal } from "./journal.ts";
import { limits } from "./limits.ts";
import { attemptEnd, begin, type Input, type NewEvent, next, running } from "./machine.ts";
import { createProjection } from "./projection.ts";
import { isFinal, type StepState, type TaskState } from "./state.ts";
import { summaryOf, viewOf } from "./view.ts";
import { createWatchers } from "./watchers.ts";

export interface RunnerDeps {
  substrate: Pick<Substrate, "kv" | "log" | "queue" | "bus">;
  contracts: Contracts;
  emit: Emitter;
  log: Logger;
  now: () => number;
}

export interface Runner {
  /** Takes up what a former process left, then consumes outcomes until the signal aborts. */
  start(signal: AbortSignal): Promise<void>;
  create(created: Created, problems: Problem[]): Promise<Task>;
  /** Undefined: there is no such task. */
  get(name: string): Promise<Task | undefined>;
  ownerOf(name: string): Promise<string | undefined>;
  cancel(name: string, by: string): Promise<Task | undefined>;
  list: ReturnType<typeof createProjection>["list"];
  /** Calls the listener after each change of the task; returns how to stop. */
  subscribe(name: string, listener: () => void): () => void;
  /** Summaries of the owner's unfinished tasks, then of each that is created or changes. */
  watch(owner: string, signal: AbortSignal): AsyncIterable<TaskSummary[]>;
}

export function createRunner({ substrate, contracts, emit, log, now }: RunnerDeps): Runner {
  const journal = createJournal(substrate.log);
  const projection = createProjection(substrate.kv);
  const tasks = new Map<string, TaskState>();
  const turns = new Map<string, Promise<unknown>>();
  const progress = new Map<string, Map<string, string>>();
  const listeners = new Map<string, Set<() => void>>();
  const watchers = createWatchers();

  /** One input of a task at a time; different tasks do not wait for each other. */
  const inTurn = <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const turn = (turns.get(name) ?? Promise.resolve()).then(work, work);
    turns.set(name, turn);
    const done = () => turns.get(name) === turn && turns.delete(name);
    turn.then(done, done);
    return turn;
  };

  const report = (what: string) => (error: unknown) => {
    log.error(what, { cause: error instanceof Error ? (error.stack ?? "") : String(error) });
  };

  const told = new Set<string>();
  // After what a transition sets going: whoever runs the next step goes before whoever looks on. Who
  // looks sees the newest state, so changes in between are one.
  const tell = (name: string) => {
    if (told.has(name) || !listeners.has(name)) return;
    told.add(name);
    setImmediate(() => {
      told.delete(name);
      for (const listener of listeners.get(name) ?? []) listener();
    });
  };

  const state = async (name: string): Promise<TaskState | undefined> => {
    const cached = tasks.get(name);
    if (cached) return cached;
    const loaded = await journal.load(name);
    if (loaded) await keep(loaded);
    return loaded;
  };

  const keep = async (task: TaskState) => {
    const { name, plan } = task.created;
    tasks.delete(name);
    tasks.set(name, task);
    if (tasks.size > limits.ended_tasks_cached_max) {
      for (const [old, candidate] of tasks) {
        if (!isFinal(candidate)) continue;
        tasks.delete(old);
        if (tasks.size <= limits.ended_tasks_cached_max) break;
      }
    }
    const steps = plan?.steps ?? [];
    await contracts.load(steps.map(({ method, digest }) => ({ path: method, digest })));
  };

  const methodOf = (step: Step) => contracts.method(step.method, step.digest);

  const view = (task: TaskState): Task =>
    viewOf(task, {
      now: now(),
      method: methodOf,
      progress: (step) => progress.get(task.created.name)?.get(step) ?? "",
    });

  const summaryNow = (task: TaskState) =>
    summaryOf(task, isFinal(task) ? (view(task).answer?.text ?? "") : "");

  const list = (task: TaskState) => {
    const summary = () => summaryNow(task);
    const { owner, name, conversation } = task.created;
    projection.put({ owner, name, conversation, position: task.position, summary });
    watchers.changed(owner, name, summary);
  };

  const append = async (name: string, before: TaskState | undefined, events: NewEvent[]) => {
    const settled = projection.begin();
    try {
      const after = await journal.append(name, before, events, now());
      tellChanges(emit, after, events);
      list(after);
      return after;
    } finally {
      settled();
    }
  };

  /** One input: decide, write, then act on what was written. Another writer wins: look again. */
  const advance = (name: string, input: Input): Promise<TaskState | undefined> =>
    inTurn(name, async () => {
      for (;;) {
        const before = await state(name);
        const events = before ? next(before, input, now()) : [];
        if (!before || events.length === 0) return before;
        try {
          const after = await append(name, before, events);
          await act(after, events);
          return after;
        } catch (error) {
          tasks.delete(name);
          conflicted(error);
        }
      }
    });

  const act = async (task: TaskState, events: readonly NewEvent[] | "recovered") => {
    const { name } = task.created;
    if (isFinal(task)) {
      progress.delete(name);
      if (hadRunning(task)) await substrate.bus.publish(cancelSubject(name), new Uint8Array());
    }
    for (const step of running(task)) {
      if (fresh(step, events)) await dispatch(task, step);
    }
    tell(name);
  };

  const dispatch = async (task: TaskState, step: StepState) => {
    const plan = task.created.plan!.steps.find(({ id }) => id === step.id)!;
    try {
      const method = methodOf(plan);
      if (!method) throw new Error(`the contract of ${plan.method} is not known`);
      const request = bindRequest(method, plan, sourcesOf(task, methodOf));
      await send(task, step, plan, method, request);
    } catch (error) {
      if (error instanceof SubstrateError) throw error;
      const failed = failedToBind(task, step, error);
      queueMicrotask(() => {
        advance(task.created.name, failed).catch(report("a step could not be given up"));
      });
    }
  };

  const send = async (
    task: TaskState,
    step: StepState,
    plan: Step,
    method: DescMethod,
    request: Message,
  ) => {
    const { name, owner, traceId } = task.created;
    const key = stepKey(name, step.id);
    const work = create(StepWorkSchema, {
      task: name,
      step: step.id,
      attempt: step.attempts,
      method: plan.method,
      request: toBinary(method.input, request),
      user: owner,
      idempotencyKey: key,
      deadline: timestampFromMs(attemptEnd(task, step)),
      traceparent: formatTraceparent(childTrace({ traceId, spanId: "0000000000000001" })),
    });
    const after_ms = Math.max(0, (step.notBefore ?? 0) - now());
    // The id makes a second dispatch of the same attempt harmless while the first still waits.
    const message = {
      id: `${key}/${step.attempts}`,
      payload: toBinary(StepWorkSchema, work),
      after_ms,
    };
    await substrate.queue.send(await queueOf(method), message);
  };

  const declared = new Set<string>();
  const queueOf = async (method: DescMethod): Promise<string> => {
    const queue = stepQueue(method.parent.typeName);
    if (!declared.has(queue)) {
      await substrate.queue.declare(queue, stepQueueConfig);
      declared.add(queue);
    }
    return queue;
  };

  const takeUp = async (name: string) => {
    const task = await state(name);
    if (!task) return;
    list(task);
    if (!isFinal(task)) await inTurn(name, () => act(task, "recovered"));
  };

  const recover = async () => {
    for (const name of await projection.recover(substrate.log)) {
      // One task that cannot be taken up must not keep the others waiting.
      await takeUp(name).catch(report(`${name} could not be taken up`));
    }
    await projection.flush();
  };

  /**
   * Steps wait in memory, which ends with the store's nodes: what has been under way for long is handed
   * out again. Where it is still queued or leased, its id makes that nothing.
   */
  const sendAgain = async () => {
    const before = now() - limits.send_again_ms;
    for (const task of [...tasks.values()].filter((one) => !isFinal(one))) {
      for (const step of running(task)) {
        if ((step.scheduled ?? 0) < before) await dispatch(task, step);
      }
    }
  };

  const followProgress = async (signal: AbortSignal) => {
    const pattern = progressSubject("tasks/*/steps/*");
    const options = { signal, pending_max: 10_000 };
    for await (const { subject, payload } of substrate.bus.subscribe(pattern, options)) {
      const name = taskOfSubject(subject);
      const known = tasks.get(name);
      if (!known || isFinal(known)) continue;
      const ofTask = progress.get(name) ?? new Map();
      progress.set(name, ofTask.set(stepOfSubject(subject), new TextDecoder().decode(payload)));
      tell(name);
    }
  };

  return {
    async start(signal) {
      await substrate.queue.declare(outcomeQueue, stepQueueConfig);
      await recover();
      void substrate.queue
        .consume(outcomeQueue, { concurrency: 64, signal }, async (delivery) => {
          const outcome = fromBinary(StepOutcomeSchema, delivery.payload);
          await advance(outcome.task, { kind: "outcome", outcome });
          await delivery.ack();
        })
        .catch(report("outcomes are not consumed any more"));
      void followProgress(signal).catch(report("progress is not followed any more"));
      const tick = setInterval(() => {
        for (const task of tasks.values()) {
          if (isFinal(task) || next(task, { kind: "tick" }, now()).length === 0) continue;
          advance(task.created.name, { kind: "tick" }).catch(report("a deadline was not handled"));
        }
      }, limits.tick_ms);
      const again = setInterval(() => {
        sendAgain().catch(report("steps under way were not handed out again"));
      }, limits.send_again_ms);
      const flush = setInterval(() => {
        projection.flush().catch(report("the task list was not written"));
      }, limits.projection_flush_ms);
      signal.addEventListener("abort", () => {
        clearInterval(tick);
        clearInterval(again);
        clearInterval(flush);
      });
    },
    create: (created, problems) =>
      inTurn(created.name, async () => {
        const events = begin(created, problems);
        const steps = created.plan?.steps ?? [];
        await contracts.load(steps.map(({ method, digest }) => ({ path: method, digest })));
        const task = await append(created.name, undefined, events).catch(conflicted);
        // The same request, sent twice at once, lost the race: the task is there.
        if (!task) return view((await state(created.name))!);
        await keep(task);
        await act(task, events);
        return view(task);
      }),
    async get(name) {
      const task = await state(name);
      return task && view(task);
    },
    async ownerOf(name) {
      return (await state(name))?.created.owner;
    },
    async cancel(name, by) {
      const task = await advance(name, { kind: "cancel", by });
      return task && view(task);
    },
    list: projection.list.bind(projection),
    watch: (owner, signal) =>
      watchers.watch(owner, signal, () =>
        [...tasks.values()]
          .filter((task) => task.created.owner === owner && !isFinal(task))
          .map(summaryNow),
      ),
    subscribe(name, listener) {
      const ofTask = listeners.get(name) ?? new Set();
      listeners.set(name, ofTask.add(listener));
      return () => {
        ofTask.delete(listener);
        if (ofTask.size === 0) listeners.delete(name);
      };
    },
  };
}

function sourcesOf(task: TaskState, methodOf: (step: Step) => DescMethod | undefined) {
  return {
    attachments: task.created.attachments,
    response(id: string) {
      const plan = task.created.plan?.steps.find((step) => step.id === id);
      const method = plan && methodOf(plan);
      const bytes = task.steps.get(id)?.response;
      return method && bytes ? { method, bytes } : undefined;
    },
  };
}

/** Somebody else wrote first, which is no failure; anything else is. */
function conflicted(error: unknown): undefined {
  if (error instanceof SubstrateError && error.code === "CONFLICT") return undefined;
  throw error;
}

/** Handed out by these very events; after a restart everything that is not finished counts. */
function fresh(step: StepState, events: readonly NewEvent[] | "recovered"): boolean {
  if (events === "recovered") return true;
  return events.some(({ kind }) => kind?.case === "stepScheduled" && kind.value.step === step.id);
}

function hadRunning(task: TaskState): boolean {
  return [...task.steps.values()].some(({ attempts, response }) => attempts > 0 && !response);
}

function failedToBind(task: TaskState, step: StepState, error: unknown): Input {
  const info = errorInfo(error);
  const problem = create(ProblemSchema, {
    stage: Stage.RUN,
    field: step.id,
    reason: info?.reason ?? Reason.PLAN_INVALID,
    message: error instanceof Error ? error.message.replace(/^\[[a-z_]+\] /, "") : String(error),
    remedy: info?.remedy ?? "",
  });
  const value = { step: step.id, attempt: step.attempts, problem, retryable: false };
  const outcome = create(StepOutcomeSchema, {
    task: task.created.name,
    result: { case: "failed", value },
  });
  return { kind: "outcome", outcome };
}
