/**
 * Drives tasks: takes inputs, lets the machine decide, writes one transition, and hands out what the
 * new state says is to be done. It remembers nothing that the journal does not hold: whatever it keeps
 * in memory is a cache of it, and whoever leads the partition of a task after any crash derives the
 * same commands again.
 */
import { create, toBinary } from "@bufbuild/protobuf";
import type { Plan, Problem, Step } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import {
  type Created,
  type StepOutcome,
  StepOutcomeSchema,
} from "@keiko/gen/keiko/task/v1/journal_pb.js";
import type { Task } from "@keiko/gen/keiko/task/v1/task_pb.js";
import type { TaskSummary } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import type { Emitter } from "@keiko/runtime/events.ts";
import type { Log as Logger } from "@keiko/runtime/log.ts";
import { createQueueSender } from "@keiko/runtime/queue-sender.ts";
import { cancelSubject, outcomeQueue } from "@keiko/runtime/subjects.ts";
import { isConflict, type Substrate, SubstrateError } from "@keiko/runtime/substrate/substrate.ts";
import { outcomeQueueConfig, stepQueueConfig } from "@keiko/runtime/worker.ts";
import { type Call, createAnswers } from "./answers.ts";
import { fillTemplate } from "./bind.ts";
import { tellChanges } from "./changes.ts";
import type { Contracts } from "./contracts.ts";
import { due } from "./deadlines.ts";
import { createDispatch } from "./dispatch.ts";
import type { Environment, NewEvent } from "./draft.ts";
import { createJournal, journalPrefix } from "./journal.ts";
import { createLeading } from "./leading.ts";
import { limits } from "./limits.ts";
import { begin, type Input, next, running } from "./machine.ts";
import { Onlookers } from "./onlookers.ts";
import { resultOfPlan, resultOfTakingBack } from "./plan-outcome.ts";
import { ProgressTexts } from "./progress.ts";
import { createProjection } from "./projection.ts";
import type { Replicas } from "./replicas.ts";
import { TaskCache } from "./task-cache.ts";
import { isFinal, isSettled, type Run, type TaskState } from "./task-state.ts";
import { lasting, realTimers, type Timers } from "./timers.ts";
import { Turns } from "./turns.ts";
import { sourcesOf, valuesOf } from "./values.ts";
import { summaryOf, viewOf, waitsFor } from "./view.ts";
import { createWatchers } from "./watchers.ts";

export interface RunnerDeps {
  substrate: Pick<Substrate, "kv" | "log" | "queue" | "bus" | "shared">;
  contracts: Contracts;
  replicas: Replicas;
  emit: Emitter;
  log: Logger;
  now: () => number;
  timers?: Timers;
  /** Makes, or finds, the task that does the work of a run; resolves to its name. */
  startChild(task: TaskState, run: Run, step: Step): Promise<string>;
  /** Whether anybody serves the method now. */
  served(method: string): boolean;
  /** A plan that reaches the goal of the task without what failed, if there is one. */
  planAnew(task: TaskState, problem: Problem): Promise<Plan | undefined>;
}

export type Runner = ReturnType<typeof createRunner>;

export function createRunner(deps: RunnerDeps) {
  const { substrate, contracts, replicas, emit, log, now, timers = realTimers } = deps;
  const journal = createJournal(substrate.log);
  const projection = createProjection(substrate.kv, replicas.leads, now);
  const { partitionOf } = replicas;
  const ours = (name: string) => replicas.leads(partitionOf(name));
  const tasks = new TaskCache(ours);
  const turns = new Turns();
  /** Loaded, and not in any list yet that they came to be: whoever follows the others does that. */
  const unnoted = new WeakSet<TaskState>();
  /** Tasks whose state is ahead of their journal until what was decided is written. */
  const deciding = new Set<string>();
  const progress = new ProgressTexts(substrate.bus);
  const onlookers = new Onlookers(timers);
  const watchers = createWatchers();
  const values = valuesOf(contracts);
  const sendStep = createQueueSender(substrate.queue, stepQueueConfig);
  const sendOutcome = createQueueSender(substrate.queue, outcomeQueueConfig);
  const dispatch = createDispatch({
    sendStep,
    contracts,
    now,
    partitionOf,
    startChild: deps.startChild,
    resultOf: (child, { key }) =>
      read(child, (task) => (isFinal(task) ? resultOfPlan(task, key) : undefined)),
    takeBack: (child, run) => takeBack(child, run),
  });
  const environment = (): Environment => ({ now: now(), values });

  const report = (what: string) => (error: unknown) => {
    if (error instanceof SubstrateError && error.code === "CLOSED") return;
    log.error(what, { cause: error instanceof Error ? (error.stack ?? "") : String(error) });
  };

  /** Within a turn of the task only. */
  const state = async (name: string): Promise<TaskState | undefined> => {
    const cached = tasks.get(name);
    if (cached) return cached;
    const loaded = await journal.load(name);
    if (loaded) {
      unnoted.add(loaded);
      await keep(loaded);
    }
    return loaded;
  };

  /** As others may have written meanwhile. Within a turn of the task only. */
  const newest = async (name: string): Promise<TaskState | undefined> => {
    const cached = substrate.shared ? tasks.get(name) : undefined;
    if (!cached || isSettled(cached)) return state(name);
    const before = cached.position;
    await journal.catchUp(cached);
    if (cached.position > before) {
      await loadContracts(cached.plan);
      noteDown(cached);
    }
    return cached;
  };

  const loadContracts = async (plan: Plan | undefined) => {
    const methods = (plan?.steps ?? []).flatMap(({ method: path, digest, undo }) => [
      ...(path ? [{ path, digest }] : []),
      ...(undo?.method ? [{ path: undo.method, digest: undo.digest }] : []),
    ]);
    await contracts.load(methods);
  };

  const keep = async (task: TaskState) => {
    tasks.keep(task);
    await loadContracts(task.plan);
  };

  const view = (task: TaskState): Task =>
    viewOf(task, {
      now: now(),
      method: (path, digest) => contracts.method(path, digest),
      progress: (run, step) =>
        deps.served(step.method)
          ? progress.of(task.created.name, run)
          : unserved(step.method, task.plan?.language),
      fill: (text) => fillTemplate(text, sourcesOf(task, contracts)),
    });

  const summaryNow = (task: TaskState) =>
    summaryOf(task, isFinal(task) ? (view(task).answer?.text ?? "") : "");

  /** Whoever looks at the task that asked for this one sees how far it is. */
  const tellProgress = ({ created }: TaskState, { stepsDone, stepCount }: TaskSummary) => {
    const { parent, goal } = created;
    if (!parent) return;
    progress.say(parent.task, parent.step, `${goal}: ${stepsDone}/${stepCount}`);
  };

  // Made now and not when it is written: by then the state may be one that is not written down yet.
  const noteDown = (task: TaskState, how?: "recovered") => {
    const { owner, name, conversation } = task.created;
    const { position } = task;
    unnoted.delete(task);
    const partition = partitionOf(name);
    const summary = summaryNow(task);
    if (replicas.leads(partition)) {
      const mayStand = how === "recovered";
      const lists = { summary, waitsFor: waitsFor(task), mayStand };
      projection.put({ owner, name, partition, conversation, position, ...lists });
      tellProgress(task, summary);
    }
    watchers.changed(owner, summary);
    onlookers.tell(name);
  };

  const append = async (task: TaskState, events: NewEvent[], at: number) => {
    const settled = projection.begin();
    try {
      await journal.append(task, events, at);
      tellChanges(emit, task, events);
      noteDown(task);
    } finally {
      settled();
    }
  };

  /** One input: decide, write, then act on what was written. Another writer wins: look again. */
  const advance = (name: string, input: Input): Promise<TaskState | undefined> =>
    turns.take(name, () => decide(name, input));

  const decide = async (name: string, input: Input): Promise<TaskState | undefined> => {
    // What the cached state makes nothing of may mean something to the newest. What it does make
    // something of is refused by the journal, unless it is the newest.
    for (let sure = !substrate.shared || input.kind === "tick"; ; ) {
      const task = await (sure ? newest(name) : state(name));
      if (!task) return undefined;
      const given = environment();
      const events = next(task, input, given);
      if (events.length === 0) {
        if (sure) return task;
        sure = true;
        continue;
      }
      deciding.add(name);
      try {
        await append(task, events, given.now);
      } catch (error) {
        tasks.delete(name);
        // Nobody knows whether it was written. Whoever looks after deadlines must have it again.
        if (isConflict(error)) continue;
        if (ours(name)) void leading.untilTakenUp(name, error);
        throw error;
      } finally {
        deciding.delete(name);
      }
      await act(task, events);
      return task;
    }
  };

  const act = async (task: TaskState, events: readonly NewEvent[] | "recovered") => {
    const { name } = task.created;
    if (events !== "recovered" && events.some(({ kind }) => stops.has(kind?.case))) {
      await substrate.bus.publish(cancelSubject(name), new Uint8Array());
      for (const { children } of task.runs.values()) for (const one of children) cancelChild(one);
    }
    if (isFinal(task)) {
      progress.forget(name);
      await tellParent(task);
      return;
    }
    for (const run of running(task)) {
      if (fresh(run, events)) await handOut(task, run);
    }
  };

  const handOut = async (task: TaskState, run: Run) => {
    const input = await dispatch(task, run);
    if (!input) return;
    queueMicrotask(() => {
      advance(task.created.name, input).catch(report("what became of a dispatch was not noted"));
    });
  };

  const cancelChild = (child: string) => {
    advance(child, { kind: "cancel", by: "" }).catch(report(`${child} was not cancelled`));
  };

  const takeBack = async (child: string, { key: step, attempts: attempt }: Run) => {
    const task = await advance(child, { kind: "takeBack", step, attempt });
    if (!task) throw new Error(`there is no ${child} to take back`);
    if (!isFinal(task)) return undefined;
    return resultOfTakingBack(task, { spent: task.spent, ...task.takenBack, step, attempt });
  };

  /** A task that is a step of another one says how it went, as a worker would. */
  const tellParent = async (task: TaskState) => {
    const { parent, name } = task.created;
    if (!parent?.asStep) return;
    const outcome = create(StepOutcomeSchema, {
      task: parent.task,
      result: resultOfPlan(task, parent.step),
    });
    await sendOutcome(outcomeQueue(partitionOf(parent.task)), {
      id: task.takenBack ? `${name}/taken-back/${task.takenBack.attempt}` : `${name}/ended`,
      payload: toBinary(StepOutcomeSchema, outcome),
    });
  };

  const takeUp = (name: string) =>
    turns.take(name, async () => {
      const task = await newest(name);
      if (!task) return;
      noteDown(task, "recovered");
      await act(task, "recovered");
    });

  /** A plan that does without what failed for good, where there is one. */
  const replacement = async ({ task: name, result }: StepOutcome): Promise<Plan | undefined> => {
    if (result.case !== "failed" || result.value.retryable) return undefined;
    const { problem } = result.value;
    const task = await turns.take(name, () => state(name));
    if (!problem || !task || isFinal(task)) return undefined;
    return deps.planAnew(task, problem).catch(() => undefined);
  };

  const onOutcome = async (outcome: StepOutcome) => {
    if (answers.take(outcome)) return;
    const instead = await replacement(outcome);
    await advance(outcome.task, { kind: "outcome", outcome, instead });
  };

  const answers = createAnswers(sendStep);
  const leading = createLeading({
    substrate,
    replicas,
    projection,
    timers,
    report,
    takeUp,
    onOutcome,
  });

  /**
   * Steps wait in memory, which ends with the store's nodes: what has been under way for long is handed
   * out again. Where it is still queued or leased, its id makes that nothing.
   */
  const sendAgain = async () => {
    const before = now() - limits.send_again_ms;
    for (const task of [...tasks.values()]) {
      if (isFinal(task) || !ours(task.created.name)) continue;
      for (const run of running(task)) {
        if ((run.scheduled ?? 0) < before)
          await turns.take(task.created.name, () => handOut(task, run));
      }
    }
  };

  const noted = (name: string, position: number): boolean => {
    const cached = tasks.get(name);
    return cached !== undefined && cached.position >= position && !unnoted.has(cached);
  };

  /** What other orchestrators write: of tasks that are cached, led, or looked at here. */
  const followOthers = async (after: number, signal: AbortSignal) => {
    for await (const { stream, position } of substrate.log.follow(journalPrefix, {
      after,
      signal,
    })) {
      const cached = tasks.get(stream);
      const known = noted(stream, position) && !turns.busy(stream);
      if (!known && (cached || ours(stream) || watchers.any())) {
        const settled = projection.begin();
        turns
          .take(stream, async () => {
            if (noted(stream, position)) return;
            const task = await newest(stream);
            if (task && unnoted.has(task)) noteDown(task);
          })
          .catch((error) => leading.untilTakenUp(stream, error))
          .finally(settled);
      }
      projection.saw(position);
    }
  };

  const read = <T>(name: string, reader: (task: TaskState) => T): Promise<T | undefined> =>
    turns.take(name, async () => {
      const task = await newest(name);
      return task && reader(task);
    });

  const look = () => {
    const at = now();
    for (const task of tasks.values()) {
      const { name } = task.created;
      if (isFinal(task) || turns.busy(name) || !ours(name) || !due(task, at)) continue;
      advance(name, { kind: "tick" }).catch(report("a deadline was not handled"));
    }
  };

  return {
    /** Takes up what a former process left, then consumes outcomes until the signal aborts. */
    async start(signal: AbortSignal): Promise<void> {
      if (substrate.shared) {
        const others = async () => followOthers(await projection.oldest(replicas.count), signal);
        lasting(timers, signal, others, report("other orchestrators are not followed"));
      }
      let first: Promise<unknown> = Promise.resolve();
      await replicas.start(signal, (partitions) => {
        first = leading.follow(partitions, signal);
      });
      await first;
      const told = report("progress is not followed for a moment");
      const runs = (name: string) => {
        const task = tasks.get(name);
        return task !== undefined && !isFinal(task);
      };
      const changed = (name: string) => onlookers.tell(name);
      lasting(timers, signal, () => progress.follow(signal, runs, changed), told);
      const clocks = [
        timers.every(limits.tick_ms, look),
        timers.every(limits.send_again_ms, () => {
          sendAgain().catch(report("steps under way were not handed out again"));
        }),
        timers.every(limits.projection_flush_ms, () => {
          projection.flush().catch(report("the task list was not written"));
        }),
      ];
      signal.addEventListener("abort", () => {
        for (const stop of clocks) stop();
      });
    },
    /** Others take over at once what this one led. */
    stop: () => replicas.leave(),
    leads: ours,
    create: (created: Created, problems: Problem[]): Promise<Task> =>
      turns.take(created.name, async () => {
        await loadContracts(created.plan);
        const given = environment();
        const { task, events } = begin(created, problems, given);
        try {
          await append(task, events, given.now);
        } catch (error) {
          if (!isConflict(error)) throw error;
          // The same request, sent twice at once, lost the race: the task is there.
          return view((await state(created.name))!);
        }
        await keep(task);
        await act(task, events);
        return view(task);
      }),
    /** Undefined: there is no such task. */
    get: (name: string): Promise<Task | undefined> => read(name, view),
    /** What is known of a task now, read only. */
    look: read,
    /** Unfinished and ended tasks in memory that are led here. */
    *led(): Iterable<TaskState> {
      for (const task of tasks.values()) if (ours(task.created.name)) yield task;
    },
    ownerOf: (name: string): Promise<string | undefined> =>
      turns.take(name, async () => (await state(name))?.created.owner),
    async apply(name: string, input: Input): Promise<Task | undefined> {
      const task = await advance(name, input);
      return task && turns.take(name, async () => view((await state(name))!));
    },
    /** Calls a method as a step would, outside of any task. */
    call: (work: Call) => answers.call(work, leading.any(), now()),
    transitions: journal.transitions,
    /** Names of tasks that may not have ended yet, of everybody. */
    unfinished: () => projection.unfinished(replicas.count),
    list: projection.list.bind(projection),
    waitingFor: projection.waitingFor.bind(projection),
    waitsNot: projection.waitsNot.bind(projection),
    /** Summaries of the owner's unfinished tasks, then of each that is created or changes. */
    watch: (owner: string, signal: AbortSignal): AsyncIterable<TaskSummary[]> =>
      watchers.watch(owner, signal, () =>
        [...tasks.values()]
          // What is being decided is told of when it is written.
          .filter((task) => task.created.owner === owner && !isFinal(task))
          .filter((task) => !deciding.has(task.created.name))
          .map(summaryNow),
      ),
    /** Calls the listener after each change of the task; returns how to stop. */
    subscribe: onlookers.subscribe.bind(onlookers),
  };
}

const stops: ReadonlySet<string | undefined> = new Set([
  "stopping",
  "ended",
  "replanned",
  "takenBack",
]);

/** Whoever took the last workload away that the task needs sees here what waits for it. */
function unserved(method: string, language: string | undefined): string {
  const [service = ""] = method.split("/");
  return language === "de"
    ? `wartet: niemand bietet ${service} an`
    : `waits: nobody serves ${service}`;
}

/** Handed out by these very events; after a restart everything that is not finished counts. */
function fresh(run: Run, events: readonly NewEvent[] | "recovered"): boolean {
  if (events === "recovered") return true;
  return events.some(({ kind }) => kind?.case === "stepScheduled" && kind.value.step === run.key);
}
