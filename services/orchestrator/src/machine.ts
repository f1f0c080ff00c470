/**
 * Decides what happens next. Pure but for the state that it is given, which becomes the state after:
 * an input gives the events of one transition; time and the values of results come in as arguments,
 * nothing goes out but events. An input that no longer applies (a second delivery, a late outcome, a
 * cancel after the end) gives no events, and so writes nothing. README.md has the table of states.
 */
import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { Effect } from "@keiko/gen/keiko/option/v1/option_pb.js";
import type { Plan, Problem, Step } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import {
  type Created,
  EventSchema,
  type StepFailed,
  type StepOutcome,
  type StepSucceeded,
} from "@keiko/gen/keiko/task/v1/journal_pb.js";
import { State } from "@keiko/gen/keiko/task/v1/task_pb.js";
import { attemptPrice, available, startPrice, undoAttempts } from "./budget.ts";
import { bug } from "./bugs.ts";
import { attemptDeadline, backoff, taskDeadline } from "./deadlines.ts";
import { Draft, type Environment, type NewEvent, runProblem } from "./draft.ts";
import { limits } from "./limits.ts";
import { type Answer, ask, expired, onAnswer } from "./people.ts";
import { partsOf, runKey, undoKey } from "./runs.ts";
import { hasEffect, opened } from "./state.ts";
import { isFinal, isSettled, type Run, type TaskState } from "./task-state.ts";

export type Input =
  | {
      kind: "outcome";
      outcome: StepOutcome;
      /** For a step that cannot be done: a plan that does without it, if there is one. */
      instead?: Plan | undefined;
    }
  | { kind: "cancel"; by: string }
  | { kind: "pause"; by: string }
  | { kind: "resume"; by: string }
  | { kind: "answer"; answer: Answer }
  /** A task of its own is made for a run, which may spend so much of what the run may. */
  | { kind: "child"; step: string; task: string; granted: number }
  /** The task around it does not go on; `step` of it waits for this. */
  | { kind: "takeBack"; step: string; attempt: number }
  /** Time passed: are there deadlines that did too? */
  | { kind: "tick" };

/** The first transition, and the state after it. With problems the task ends as it is created. */
export function begin(
  created: Created,
  problems: Problem[],
  environment: Environment,
): { task: TaskState; events: NewEvent[] } {
  const task = opened(created, environment.now);
  const draft = new Draft(task, environment);
  draft.events.push(create(EventSchema, { kind: { case: "created", value: created } }));
  if (problems.length > 0) end(draft, State.FAILED, problems);
  else goOn(draft);
  return { task, events: draft.events };
}

export function next(task: TaskState, input: Input, environment: Environment): NewEvent[] {
  if (input.kind === "takeBack" ? isSettled(task) : isFinal(task)) return [];
  const draft = new Draft(task, environment);
  take(draft, input);
  if (draft.events.length > 0) goOn(draft);
  return draft.events;
}

function take(draft: Draft, input: Input): void {
  const { task } = draft;
  switch (input.kind) {
    case "outcome":
      onOutcome(draft, input.outcome, input.instead);
      return;
    case "cancel":
      if (task.cancelledBy !== undefined) return;
      draft.emit({ case: "cancelRequested", value: { by: input.by } });
      if (!task.stopping) stop(draft, State.CANCELLED, []);
      return;
    case "pause":
      if (!task.paused && !task.stopping) draft.emit({ case: "paused", value: { by: input.by } });
      return;
    case "resume":
      if (task.paused) draft.emit({ case: "resumed", value: { by: input.by } });
      return;
    case "answer": {
      const declined = onAnswer(draft, input.answer);
      if (declined) stop(draft, State.FAILED, [declined]);
      return;
    }
    case "child": {
      const run = task.runs.get(input.step);
      if (run?.state !== State.RUNNING || run.children.includes(input.task)) return;
      if (run.granted + input.granted > run.reserved) return;
      const { step, task: child, granted } = input;
      const grantedMicros = BigInt(granted);
      draft.emit({ case: "childStarted", value: { step, task: child, grantedMicros } });
      return;
    }
    case "takeBack": {
      const { step, attempt } = input;
      if ((task.takenBack?.attempt ?? 0) < attempt)
        draft.emit({ case: "takenBack", value: { step, attempt } });
      return;
    }
    case "tick":
      onTick(draft);
  }
}

/** What follows from the state, whatever led to it. */
function goOn(draft: Draft): void {
  const { task } = draft;
  if (isFinal(task)) return;
  if (!task.stopping) pump(draft);
  if (task.stopping && !isFinal(task)) unwind(draft);
}

// ---------------------------------------------------------------- forwards

/** Starts whatever can start. Steps stand after those they need, so one pass sees all that follows. */
function pump(draft: Draft): void {
  const { task } = draft;
  if (task.paused) return;
  for (const key of [...task.approved]) startRun(draft, task.runs.get(key)!.step, key);
  for (const step of task.plan?.steps ?? []) {
    if (task.stopping) return;
    const state = task.steps.get(step.id)!;
    if (state.state === State.QUEUED) {
      const needs = task.graph.needs.get(step.id) ?? [];
      if (needs.every((id) => hasEnded(task, id))) open(draft, step);
    }
    if (state.count !== undefined) fill(draft, step);
  }
  if (task.stopping) return;
  if ([...task.steps.values()].every(({ id }) => hasEnded(task, id)))
    end(draft, State.SUCCEEDED, []);
  // What is left waits for money, and nothing that runs will give any back.
  else if (task.active.size === 0) stop(draft, State.FAILED, [tooDear(draft)]);
}

function hasEnded(task: TaskState, id: string): boolean {
  const state = task.steps.get(id)?.state;
  return state === State.SUCCEEDED || state === State.SKIPPED;
}

function open(draft: Draft, step: Step): void {
  const { task, values } = draft;
  const missing = task.graph.values
    .get(step.id)
    ?.find((id) => task.steps.get(id)?.state === State.SKIPPED);
  if (missing) {
    draft.emit({ case: "stepSkipped", value: { step: step.id, because: missing } });
    return;
  }
  guarded(draft, step, () => {
    if (!values.holds(task, step)) {
      draft.emit({ case: "stepSkipped", value: { step: step.id } });
      return;
    }
    if (!step.forEach) {
      startRun(draft, step.id, step.id);
      return;
    }
    const count = values.count(task, step);
    const { itemsMax } = step.forEach;
    if (count > itemsMax) {
      stop(draft, State.FAILED, [tooLong(step, count)]);
      return;
    }
    draft.emit({ case: "loopStarted", value: { step: step.id, count } });
  });
}

/** Begins further runs of a loop, as many at a time as it allows. */
function fill(draft: Draft, step: Step): void {
  const state = draft.task.steps.get(step.id)!;
  const parallel = step.forEach?.parallelMax || limits.loop_parallel_default;
  const count = (state.count ?? 0) - (bug("a loop forgets its last element") ? 1 : 0);
  while (!draft.task.stopping && state.begun < count && state.open < parallel) {
    const before = state.begun;
    startRun(draft, step.id, runKey(step.id, before));
    // Held back for want of money: the next look comes with the next outcome.
    if (state.begun === before) return;
  }
}

function startRun(draft: Draft, id: string, key: string): void {
  const { task, now } = draft;
  const step = task.graph.steps.get(id)!;
  const agreed = task.approved.has(key);
  guarded(draft, step, () => {
    if (step.question || (step.approval && !agreed && !bug("nobody is asked"))) {
      ask(draft, step, key);
      return;
    }
    if (startPrice(step) > available(task)) return;
    schedule(draft, key, 1, now, step);
  });
}

function schedule(draft: Draft, key: string, attempt: number, at: number, step: Step): void {
  const later = at > draft.now ? { notBefore: timestampFromMs(at) } : {};
  const run = draft.task.runs.get(key);
  const avoid = run ? [...run.avoid] : [];
  if (run && attempt > 1 && run.workload && !avoid.includes(run.workload)) avoid.push(run.workload);
  const reservedMicros = BigInt(attemptPrice(step, partsOf(key).undo));
  draft.emit({
    case: "stepScheduled",
    value: { step: key, attempt, ...later, avoid, reservedMicros },
  });
}

// ---------------------------------------------------------------- outcomes

function onOutcome(draft: Draft, { result }: StepOutcome, instead: Plan | undefined): void {
  if (result.case === undefined) return;
  const { step: key, attempt } = result.value;
  const run = draft.task.runs.get(key);
  // Not the attempt that is awaited: a second delivery, or one that was given up.
  if (run?.state !== State.RUNNING) return;
  if (run.attempts !== attempt && !bug("late outcomes count")) return;
  if (result.case === "failed") onFailure(draft, run, result.value, instead);
  else draft.emit({ case: "stepSucceeded", value: settled(run, result.value) });
}

/** No attempt costs more than was reserved for it, whatever it says. */
function settled<T extends StepSucceeded | StepFailed>(run: Run, value: T): T {
  const reserved = BigInt(run.reserved);
  return value.costMicros > reserved ? { ...value, costMicros: reserved } : value;
}

function onFailure(draft: Draft, run: Run, failed: StepFailed, instead: Plan | undefined): void {
  const { task, now } = draft;
  draft.emit({ case: "stepFailed", value: settled(run, failed) });
  const step = task.graph.steps.get(run.step)!;
  const most = run.undo ? undoAttempts(step) : attemptsOf(step);
  const again =
    // Taking back is tried whatever was said: there is nothing better to do.
    (failed.retryable || run.undo) &&
    failed.attempt < most &&
    (run.undo || (repeatable(step) && !task.stopping)) &&
    (attemptPrice(step, run.undo) <= available(task) || bug("a retry is not paid for"));
  if (again) {
    const asked = Number(failed.problem?.metadata.retry_after_ms ?? 0);
    const wait = Math.max(asked, backoff(step, failed.attempt));
    schedule(draft, run.key, failed.attempt + 1, now + wait, step);
    return;
  }
  // Taking back goes on with what else there is to take back; a task that stops stays so.
  if (run.undo || task.stopping) return;
  const problems = failed.problem ? [failed.problem] : [];
  if (instead && failed.problem && replannable(task)) {
    draft.emit({ case: "replanned", value: { plan: instead, problem: failed.problem } });
    return;
  }
  stop(draft, State.FAILED, problems);
}

/** Whether what is left may be planned anew: nothing that is left has begun to change the world. */
export function replannable(task: TaskState): boolean {
  if (task.stopping || task.replans >= limits.replans_max) return false;
  const done = (key: string) => task.steps.get(task.runs.get(key)!.step)?.state === State.SUCCEEDED;
  return (
    [...task.active].every((key) => !hasEffect(task, task.runs.get(key)!)) &&
    [...task.effects].every(done)
  );
}

// ---------------------------------------------------------------- time

function onTick(draft: Draft): void {
  const { task, now } = draft;
  if (bug("time is never up")) return;
  if (!task.stopping && now >= taskDeadline(task)) {
    const text = "the task ran out of the time that it was given";
    stop(draft, State.FAILED, [timeProblem("limits.time_max", text)]);
  }
  for (const key of [...task.active]) {
    const run = task.runs.get(key);
    if (run?.state === State.WAITING && !task.stopping) {
      const problem = expired(draft, run);
      if (problem) stop(draft, State.FAILED, [problem]);
    }
    if (run?.state !== State.RUNNING || now < attemptDeadline(task, run)) continue;
    const problem = timeProblem(run.step, `step "${run.step}" did not answer in time`);
    onFailure(draft, run, lost(run, problem), undefined);
  }
}

/** Nobody said how it went: it may have had its effect, and costs what was reserved. */
function lost(run: Run, problem: Problem): StepFailed {
  return {
    $typeName: "keiko.task.v1.StepFailed",
    step: run.key,
    attempt: run.attempts,
    problem,
    retryable: true,
    workload: run.workload,
    costMicros: BigInt(run.reserved),
    uncertain: true,
  };
}

// ---------------------------------------------------------------- backwards

function stop(draft: Draft, state: State, problems: Problem[]): void {
  if (draft.task.stopping) return;
  draft.emit({ case: "stopping", value: { state, problems } });
}

/** Waits for what runs and changes the world, then takes back, the last first, then ends. */
function unwind(draft: Draft): void {
  const { task, now } = draft;
  if (task.active.size > 0 && !bug("no wait for running effects")) return;
  if (!bug("nothing is taken back")) {
    const order = [...task.effects];
    if (!bug("the first is taken back first")) order.reverse();
    for (const key of order) {
      const undo = task.runs.get(undoKey(key));
      if (undo?.state === State.RUNNING) return;
      if (undo) continue;
      const step = task.graph.steps.get(task.runs.get(key)!.step);
      if (!step?.undo) continue;
      schedule(draft, undoKey(key), 1, now, step);
      return;
    }
  }
  const { state, problems } = task.stopping!;
  const undos = [...task.effects].map((key) => ({ key, undo: task.runs.get(undoKey(key)) }));
  const stayed = undos.filter(({ undo }) => undo?.state !== State.SUCCEEDED);
  const all = [...problems, ...stayed.map(({ key, undo }) => notTakenBack(key, undo?.problem))];
  if (stayed.length > 0) end(draft, State.FAILED, all);
  else {
    const done = undos.some(({ key }) => task.runs.get(key)?.state === State.SUCCEEDED);
    end(draft, done ? State.COMPENSATED : (state as State), all);
  }
}

function end(draft: Draft, state: State, problems: Problem[]): void {
  draft.emit({ case: "ended", value: { state, problems } });
}

// ---------------------------------------------------------------- helpers

/** What results cannot tell fails the step: the compiler should have found it. */
function guarded(draft: Draft, step: Step, act: () => void): void {
  try {
    act();
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    stop(draft, State.FAILED, [runProblem(step.id, Reason.PLAN_INVALID, text, "")]);
  }
}

/** Runs that are handed out and not finished: what must be dispatched, derived, never remembered. */
export function running(task: TaskState): Run[] {
  return [...task.active]
    .map((key) => task.runs.get(key)!)
    .filter(({ state }) => state === State.RUNNING);
}

// A repeated call is only harmless where the contract says so.
function repeatable(step: Step): boolean {
  if (bug("effects are repeated")) return true;
  return step.effect === Effect.READ_ONLY || step.effect === Effect.IDEMPOTENT;
}

function attemptsOf(step: Step): number {
  return step.attemptsMax || limits.attempts_max;
}

function timeProblem(field: string, message: string): Problem {
  return runProblem(field, Reason.DEADLINE_EXCEEDED, message, "allow more time or ask for less");
}

function tooLong(step: Step, count: number): Problem {
  const limit = step.forEach?.itemsMax ?? 0;
  const text = `step "${step.id}" would run ${count} times, it may ${limit}`;
  const problem = runProblem(
    step.id,
    Reason.LIMIT_EXCEEDED,
    text,
    "raise items_max or ask for less",
  );
  problem.metadata = { value: String(count), limit: String(limit) };
  return problem;
}

function tooDear({ task }: Draft): Problem {
  const granted = task.created.limits?.costMicrosMax ?? 0n;
  const text = `what is left may cost more than the ${granted - BigInt(task.spent)} millionths of a euro that are left`;
  const problem = runProblem("limits.cost_micros_max", Reason.LIMIT_EXCEEDED, text, "grant more");
  problem.metadata = { limit: String(granted), value: String(task.spent) };
  return problem;
}

function notTakenBack(key: string, why: Problem | undefined): Problem {
  const text = `what "${key}" did could not be taken back${why ? `: ${why.message}` : ""}`;
  return runProblem(key, why?.reason ?? Reason.WRONG_STATE, text, "take it back by hand");
}
