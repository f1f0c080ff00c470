/** A task as its journal tells it: a fold over transitions, and nothing that the fold did not see. */
import { create } from "@bufbuild/protobuf";
import { durationMs, timestampMs } from "@bufbuild/protobuf/wkt";
import { Effect } from "@keiko/gen/keiko/option/v1/option_pb.js";
import type { Plan } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import {
  type Created,
  type Event,
  type PersonAsked,
  type StepFailed,
  type StepScheduled,
  type StepSucceeded,
  type Stopping,
  StoppingSchema,
  type TakenBack,
  type Transition,
} from "@keiko/gen/keiko/task/v1/journal_pb.js";
import { State } from "@keiko/gen/keiko/task/v1/task_pb.js";
import { undoPrice } from "./budget.ts";
import { bug } from "./bugs.ts";
import { graphOf } from "./graph.ts";
import { partsOf, undone } from "./runs.ts";
import { isFinal, type Run, runOf, type StepState, type TaskState } from "./task-state.ts";

/** The state after one more transition, which the state before becomes. Undefined before the first. */
export function apply(
  before: TaskState | undefined,
  transition: Transition,
  position: number,
): TaskState {
  const time = transition.time ? timestampMs(transition.time) : 0;
  let task = before;
  for (const { kind } of transition.events) {
    if (kind.case === "created") task = opened(kind.value, time);
    else if (task) applyEvent(task, kind, time);
    else throw new Error(`a journal begins with "${kind.case}" instead of "created"`);
  }
  if (!task) throw new Error("a journal begins with an empty transition");
  return written(task, position);
}

/** Notes that the events that were applied are a transition that is in the log. */
export function written(task: TaskState, position: number): TaskState {
  task.position = position;
  task.revision++;
  return task;
}

export function opened(created: Created, time: number): TaskState {
  const task: TaskState = {
    created,
    plan: created.plan,
    graph: graphOf(created.plan),
    createTime: time,
    steps: new Map(),
    runs: new Map(),
    active: new Set(),
    approved: new Set(),
    effects: new Set(),
    state: State.QUEUED,
    paused: false,
    replans: 0,
    spent: 0,
    reserved: 0,
    held: 0,
    waited: 0,
    problems: [],
    position: 0,
    revision: 0,
  };
  for (const { id } of created.plan?.steps ?? []) task.steps.set(id, fresh(id));
  return task;
}

function fresh(id: string): StepState {
  return { id, state: State.QUEUED, begun: 0, open: 0, done: 0 };
}

/** One event that is not the first. */
export function applyEvent(task: TaskState, kind: Event["kind"], time: number): void {
  applyKind(task, kind, time);
  if (!isFinal(task)) task.state = stateNow(task);
  const waiting = task.state === State.WAITING || task.state === State.PAUSED;
  if (waiting) task.waitingSince ??= time;
  else if (task.waitingSince !== undefined) {
    task.waited += time - task.waitingSince;
    delete task.waitingSince;
  }
}

function applyKind(task: TaskState, kind: Event["kind"], time: number): void {
  switch (kind.case) {
    case "stepScheduled":
      onScheduled(task, kind.value, time);
      return;
    case "stepSucceeded":
      onSucceeded(task, kind.value, time);
      return;
    case "stepFailed":
      onFailed(task, kind.value, time);
      return;
    case "stepSkipped": {
      const step = stepOf(task, kind.value.step);
      step.state = State.SKIPPED;
      if (kind.value.because) step.because = kind.value.because;
      return;
    }
    case "loopStarted": {
      const step = stepOf(task, kind.value.step);
      step.count = kind.value.count;
      step.state = step.count === 0 ? State.SUCCEEDED : State.RUNNING;
      return;
    }
    case "personAsked":
      onAsked(task, kind.value, time);
      return;
    case "personAnswered": {
      const { step: key, by, agreed, reply } = kind.value;
      const run = runOf(task, key);
      run.decidedBy = by;
      const { approval } = run.asked ?? { approval: true };
      delete run.asked;
      task.active.delete(key);
      if (!agreed) end(task, run, State.FAILED, time);
      else if (approval) {
        run.state = State.QUEUED;
        task.approved.add(key);
      } else {
        run.response = reply;
        end(task, run, State.SUCCEEDED, time);
      }
      return;
    }
    case "delegated": {
      const { asked } = runOf(task, kind.value.step);
      const { by, to } = kind.value;
      if (asked) asked.deciders = [...asked.deciders.filter((one) => one !== by && one !== to), to];
      return;
    }
    case "childStarted": {
      const run = runOf(task, kind.value.step);
      run.child = kind.value.task;
      run.children.push(kind.value.task);
      run.granted += Number(kind.value.grantedMicros);
      return;
    }
    case "paused":
      task.paused = true;
      return;
    case "resumed":
      task.paused = false;
      return;
    case "replanned":
      onReplanned(task, kind.value.plan, time);
      return;
    case "cancelRequested":
      task.cancelledBy = kind.value.by;
      return;
    case "stopping":
      onStopping(task, kind.value, time);
      return;
    case "takenBack":
      onTakenBack(task, kind.value, time);
      return;
    case "ended":
      task.state = kind.value.state as State;
      task.problems = kind.value.problems;
      task.endTime = time;
      giveUp(task, time, () => true);
      return;
  }
}

function onScheduled(task: TaskState, event: StepScheduled, time: number): void {
  const run = task.runs.get(event.step) ?? begun(task, event.step);
  if (run.state === State.FAILED && !run.undo) reopened(stepOf(task, run.step));
  task.approved.delete(run.key);
  run.state = State.RUNNING;
  run.attempts = event.attempt;
  run.scheduled = time;
  run.avoid = event.avoid;
  if (event.notBefore) run.notBefore = timestampMs(event.notBefore);
  delete run.ended;
  delete run.problem;
  run.reserved = Number(event.reservedMicros);
  task.reserved += run.reserved;
  if (run.undo) hold(task, runOf(task, undone(run.key)), 0);
  else hold(task, run, undoPrice(task.graph.steps.get(run.step)));
  task.active.add(run.key);
}

function onSucceeded(task: TaskState, event: StepSucceeded, time: number): void {
  const run = runOf(task, event.step);
  run.response = event.response;
  run.workload = event.workload;
  if (event.startTime) run.started ??= timestampMs(event.startTime);
  settle(task, run, Number(event.costMicros));
  task.waited += event.waited ? durationMs(event.waited) : 0;
  run.uncertain = false;
  end(task, run, State.SUCCEEDED, time);
}

function onFailed(task: TaskState, event: StepFailed, time: number): void {
  const run = runOf(task, event.step);
  if (event.problem) run.problem = event.problem;
  run.workload = event.workload;
  if (event.startTime) run.started ??= timestampMs(event.startTime);
  settle(task, run, Number(event.costMicros));
  task.waited += event.waited ? durationMs(event.waited) : 0;
  run.uncertain ||= event.uncertain;
  end(task, run, State.FAILED, time);
}

function onAsked(task: TaskState, event: PersonAsked, time: number): void {
  const run = task.runs.get(event.step) ?? begun(task, event.step);
  run.state = State.WAITING;
  run.asked = {
    approval: event.approval,
    text: event.text,
    deciders: event.deciders,
    since: time,
    expires: event.expireTime ? timestampMs(event.expireTime) : Number.POSITIVE_INFINITY,
  };
  task.active.add(run.key);
}

/** What succeeded or was skipped stays as it is; all else begins anew. */
function onReplanned(task: TaskState, plan: Plan | undefined, time: number): void {
  giveUp(task, time, () => true);
  const before = task.steps;
  task.plan = plan;
  task.graph = graphOf(plan);
  task.replans++;
  task.steps = new Map();
  for (const { id } of plan?.steps ?? []) {
    const step = before.get(id);
    const kept = step && (step.state === State.SUCCEEDED || step.state === State.SKIPPED);
    if (!kept) for (const run of [...task.runs.values()]) if (run.step === id) drop(task, run);
    task.steps.set(id, kept ? step : fresh(id));
  }
}

function drop(task: TaskState, run: Run): void {
  if (task.effects.has(run.key)) return;
  hold(task, run, 0);
  task.runs.delete(run.key);
}

function onStopping(task: TaskState, stopping: Stopping, time: number): void {
  task.stopping = stopping;
  task.stoppedAt = time;
  task.approved.clear();
  giveUp(task, time, (run) => run.state !== State.RUNNING || !hasEffect(task, run));
  for (const step of task.steps.values()) {
    if (step.state === State.QUEUED) step.state = State.CANCELLED;
  }
}

/** Also one that has succeeded goes on, backwards. */
function onTakenBack(task: TaskState, { step, attempt }: TakenBack, time: number): void {
  const ended = isFinal(task);
  task.takenBack = { step, attempt, spent: ended ? task.spent : undefined };
  if (ended) {
    task.state = State.STOPPING;
    delete task.endTime;
  }
  if (!task.stopping) onStopping(task, backwards, time);
}

const backwards = create(StoppingSchema, { state: State.COMPENSATED });

/** Runs that nobody waits for any more. What their attempts cost is not known, so they cost all. */
function giveUp(task: TaskState, time: number, which: (run: Run) => boolean): void {
  for (const key of [...task.active]) {
    const run = task.runs.get(key)!;
    if (!which(run)) continue;
    settle(task, run, run.reserved);
    delete run.asked;
    end(task, run, State.CANCELLED, time);
  }
  if (!isFinal(task)) return;
  for (const step of task.steps.values()) {
    if (step.state === State.RUNNING || step.state === State.QUEUED) step.state = State.CANCELLED;
  }
}

function hold(task: TaskState, run: Run, amount: number): void {
  task.held += amount - run.held;
  run.held = amount;
}

function settle(task: TaskState, run: Run, cost: number): void {
  task.reserved -= run.reserved;
  run.reserved = 0;
  run.cost += cost;
  task.spent += cost;
}

function end(task: TaskState, run: Run, state: State, time: number): void {
  run.state = state;
  run.ended = time;
  task.active.delete(run.key);
  if (run.undo) return;
  if (mayHaveHappened(task, run)) task.effects.add(run.key);
  else hold(task, run, 0);
  const step = task.steps.get(run.step);
  if (!step) return;
  step.open--;
  if (step.count === undefined) step.state = state;
  else {
    if (state === State.SUCCEEDED) step.done++;
    else step.state = state;
    if (step.done === step.count) step.state = State.SUCCEEDED;
  }
}

/**
 * Whether there is something to take back. What was refused is taken back too, where that can be asked
 * for without a response: the same attempt may have been delivered twice, and only one of the two
 * been refused.
 */
function mayHaveHappened(task: TaskState, run: Run): boolean {
  const step = task.graph.steps.get(run.step);
  if (!step || run.attempts === 0) return false;
  // A plan may do both what can be taken back and what cannot.
  if (step.subPlan ? !step.undo : step.effect !== Effect.COMPENSATED) return false;
  if (bug("what nobody answered for did not happen")) return run.state === State.SUCCEEDED;
  return run.state === State.SUCCEEDED || run.uncertain || !step.undo?.needsResponse;
}

function reopened(step: StepState): void {
  step.open++;
  step.state = State.RUNNING;
}

function begun(task: TaskState, key: string): Run {
  const { step, index, undo } = partsOf(key);
  const run: Run = {
    key,
    step,
    index,
    undo,
    state: State.QUEUED,
    attempts: 0,
    workload: "",
    avoid: [],
    children: [],
    uncertain: false,
    reserved: 0,
    cost: 0,
    granted: 0,
    held: 0,
  };
  task.runs.set(key, run);
  const ofStep = stepOf(task, step);
  if (!undo) {
    ofStep.begun++;
    ofStep.open++;
    ofStep.state = State.RUNNING;
  }
  return run;
}

/** Whether the world may be another one after it. A task of its own counts as such. */
export function hasEffect(task: TaskState, run: Run): boolean {
  if (run.undo) return true;
  const step = task.graph.steps.get(run.step);
  return step?.subPlan !== undefined || (step?.effect ?? 0) > Effect.READ_ONLY;
}

function stateNow(task: TaskState): State {
  if (task.stopping) return State.STOPPING;
  if (task.paused) return State.PAUSED;
  let waits = false;
  for (const key of task.active) {
    if (task.runs.get(key)?.state === State.RUNNING) return State.RUNNING;
    waits = true;
  }
  if (waits) return State.WAITING;
  return task.runs.size > 0 ? State.RUNNING : State.QUEUED;
}

function stepOf(task: TaskState, id: string): StepState {
  const step = task.steps.get(id);
  if (!step) throw new Error(`${task.created.name} has no step "${id}"`);
  return step;
}
