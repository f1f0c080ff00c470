/** What must hold whatever happened, told from the journals and from the world, and not from the machine. */
import { fromBinary } from "@bufbuild/protobuf";
import { Effect } from "@keiko/gen/keiko/option/v1/option_pb.js";
import type { Created, Event, Transition } from "@keiko/gen/keiko/task/v1/journal_pb.js";
import { TransitionSchema } from "@keiko/gen/keiko/task/v1/journal_pb.js";
import { State } from "@keiko/gen/keiko/task/v1/task_pb.js";
import type { Values } from "@keiko/orchestrator/draft.ts";
import { replay } from "@keiko/orchestrator/replay.ts";
import type { Store } from "./store.ts";
import type { World } from "./world.ts";

/** Everything that is broken about a task; nothing: empty. */
export function brokenBy(name: string, store: Store, world: World, values: Values): string[] {
  const transitions = store
    .stream(name)
    .map(({ payload }) => fromBinary(TransitionSchema, payload));
  const [first] = transitions[0]?.events ?? [];
  if (first?.kind.case !== "created") return [`${name} was acknowledged and is not there`];
  const created = first.kind.value;
  const events = transitions.flatMap((one) => one.events);
  const ended = events.findLast(({ kind }) => kind.case === "ended")?.kind;
  if (ended?.case !== "ended") return [`${name} has not come to an end`];
  const diverged = replay(transitions, values);
  const state = ended.value.state as State;
  return [
    ...(diverged ? [`${name} replays otherwise: ${diverged.message}`] : []),
    ...once(name, events),
    ...money(name, created, transitions, world),
    ...repeated(name, created, world),
    ...order(name, created, events),
    ...takenBack(name, created, events, state, ended.value.problems, world),
    ...asked(name, created, events, world),
    ...affordable(name, created, transitions, ended.value.problems),
    ...complete(name, created, events, state),
    ...plansWithin(name, events, state, ended.value.problems, store),
  ];
}

/** Each run has one result, of the attempt that was handed out last; nothing follows the end. */
function once(name: string, events: readonly Event[]): string[] {
  const broken: string[] = [];
  const latest = new Map<string, number>();
  const done = new Set<string>();
  let over = false;
  for (const { kind } of events) {
    if (kind.case === "takenBack") over = false;
    if (over) broken.push(`${name}: ${kind.case} after the end`);
    if (kind.case === "stepScheduled") latest.set(kind.value.step, kind.value.attempt);
    if (kind.case === "stepSucceeded" || kind.case === "stepFailed") {
      const { step, attempt } = kind.value;
      if (latest.get(step) !== attempt) broken.push(`${name}: ${step} took a late outcome`);
    }
    if (kind.case === "stepSucceeded") {
      if (done.has(kind.value.step)) broken.push(`${name}: ${kind.value.step} succeeded twice`);
      done.add(kind.value.step);
    }
    if (kind.case === "ended") over = true;
  }
  return broken;
}

/** Spent and reserved are never more than granted, in the journal and in the world. */
function money(
  name: string,
  { limits }: Created,
  transitions: readonly Transition[],
  world: World,
): string[] {
  const granted = Number(limits?.costMicrosMax ?? 0n);
  const reserved = new Map<string, number>();
  let spent = 0;
  for (const { kind } of transitions.flatMap((one) => one.events)) {
    if (kind.case === "stepScheduled") {
      const before = reserved.get(kind.value.step);
      // Nobody answered for the attempt before: it may have cost all.
      if (before) spent += before;
      reserved.set(kind.value.step, Number(kind.value.reservedMicros));
    }
    if (kind.case === "stepSucceeded" || kind.case === "stepFailed") {
      spent += Number(kind.value.costMicros);
      reserved.delete(kind.value.step);
    }
    const all = spent + [...reserved.values()].reduce((sum, one) => sum + one, 0);
    if (all > granted) return [`${name}: ${all} spent or reserved of ${granted}`];
  }
  const real = [...(world.spent.get(name)?.values() ?? [])].reduce((sum, one) => sum + one, 0);
  return real > granted ? [`${name} cost ${real} of ${granted}`] : [];
}

/** What changes the world for good is begun by one attempt only. */
function repeated(name: string, { plan }: Created, world: World): string[] {
  const broken: string[] = [];
  for (const [run, attempts] of world.attempts) {
    if (!run.startsWith(`${name}/`) || run.endsWith(":undo") || attempts.size < 2) continue;
    const id = run.slice(name.length + 1).split(":")[0]!;
    const effect = plan?.steps.find((step) => step.id === id)?.effect ?? 0;
    if (effect >= Effect.COMPENSATED) broken.push(`${run} was begun by ${attempts.size} attempts`);
  }
  return broken;
}

/** Nothing is taken back while something that changes the world still runs; the last goes first. */
function order(name: string, { plan }: Created, events: readonly Event[]): string[] {
  const broken: string[] = [];
  const running = new Set<string>();
  const done: string[] = [];
  const stepOf = (run: string) => plan?.steps.find((step) => step.id === run.split(":")[0]);
  const effectOf = (run: string) => stepOf(run)?.effect ?? Effect.UNSPECIFIED;
  let undone = Number.POSITIVE_INFINITY;
  for (const { kind } of events) {
    if (kind.case === "stepScheduled") {
      const { step } = kind.value;
      if (!step.endsWith(":undo")) {
        if (effectOf(step) > Effect.READ_ONLY) running.add(step);
        continue;
      }
      if (running.size > 0) broken.push(`${name}: ${step} while ${[...running][0]} runs`);
      const place = done.indexOf(step.slice(0, -":undo".length));
      if (place > undone) broken.push(`${name}: ${step} out of its turn`);
      undone = Math.min(undone, place);
    }
    if (kind.case === "stepSucceeded" || kind.case === "stepFailed") {
      const { step } = kind.value;
      running.delete(step);
      if (step.endsWith(":undo")) continue;
      if (stepOf(step)?.undo && !done.includes(step)) done.push(step);
    }
    if (kind.case === "ended" && running.size > 0) {
      broken.push(`${name} ended while ${[...running][0]} runs`);
    }
  }
  return broken;
}

/** A task that did not succeed leaves nothing behind that could be taken back, or says what. */
function takenBack(
  name: string,
  { plan }: Created,
  events: readonly Event[],
  state: State,
  problems: readonly { field: string }[],
  world: World,
): string[] {
  const broken: string[] = [];
  for (const [key, effect] of world.effects) {
    if (effect.task !== name || !effect.done) continue;
    const id = effect.run.split(":")[0]!;
    const step = plan?.steps.find((one) => one.id === id);
    if (step?.effect !== Effect.COMPENSATED) continue;
    if (state === State.SUCCEEDED) {
      if (effect.undone) broken.push(`${key} was taken back although the task succeeded`);
      continue;
    }
    if (effect.undone) continue;
    const said = problems.some(({ field }) => field === effect.run);
    const tries = events.filter(
      ({ kind }) => kind.case === "stepScheduled" && kind.value.step === `${effect.run}:undo`,
    ).length;
    if (!said) broken.push(`${key} was left behind, and nobody says so`);
    if (tries < (step.undo?.attemptsMax ?? 0))
      broken.push(`${key} was given up after ${tries} tries`);
  }
  const stopped = events.some(({ kind }) => ["stopping", "takenBack"].includes(kind.case ?? ""));
  if (state === State.COMPENSATED && !stopped) {
    broken.push(`${name} was taken back without having stopped`);
  }
  return broken;
}

/** What plans within it did is taken back with it, or said to be left behind. */
function plansWithin(
  name: string,
  events: readonly Event[],
  state: State,
  problems: readonly { field: string }[],
  store: Store,
): string[] {
  if (state === State.SUCCEEDED) return [];
  const broken: string[] = [];
  for (const { kind } of events) {
    if (kind.case !== "childStarted") continue;
    const { step, task } = kind.value;
    const within = store
      .stream(task)
      .flatMap(({ payload }) => fromBinary(TransitionSchema, payload).events);
    const [first] = within;
    const last = within.findLast((one) => one.kind.case === "ended")?.kind;
    if (first?.kind.case !== "created" || last?.case !== "ended") continue;
    const effects = first.kind.value.plan?.steps.some(
      ({ effect }) => effect === Effect.COMPENSATED,
    );
    const stands = (last.value.state as State) === State.SUCCEEDED;
    const final = events.some(
      (one) => one.kind.case === "stepSucceeded" && one.kind.value.step === `${step}:undo`,
    );
    if (stands && final) broken.push(`${task} counts as taken back by ${name} and is not`);
    if (!effects || !stands || problems.some(({ field }) => field === step)) continue;
    broken.push(`${task} stands although ${name} does not, and nobody says so`);
  }
  return broken;
}

/** Who says that there is no money left for a step says so rightly. */
function affordable(
  name: string,
  { plan, limits }: Created,
  transitions: readonly Transition[],
  problems: readonly { field: string }[],
): string[] {
  if (!problems.some(({ field }) => field === "limits.cost_micros_max")) return [];
  const granted = Number(limits?.costMicrosMax ?? 0n);
  const spent = spentBy(transitions);
  const prices = (plan?.steps ?? []).map(({ costMicrosMax, undo }) => {
    const back = Number(undo?.costMicrosMax ?? 0n) * (undo?.attemptsMax ?? 0);
    return Number(costMicrosMax) + back;
  });
  // All that was held to take back may have been held when it was found out.
  const effects = transitions
    .flatMap((one) => one.events)
    .filter(({ kind }) => kind.case === "stepScheduled" && !kind.value.step.endsWith(":undo"));
  const held = effects.length * Math.max(0, ...prices);
  const dearest = Math.max(0, ...prices);
  return granted - spent - held < dearest ? [] : [`${name} had money left: ${spent} of ${granted}`];
}

function spentBy(transitions: readonly Transition[]): number {
  let spent = 0;
  for (const { kind } of transitions.flatMap((one) => one.events)) {
    if (kind.case === "stepSucceeded" || kind.case === "stepFailed") {
      spent += Number(kind.value.costMicros);
    }
  }
  return spent;
}

/** What needs a person's word has it before it begins. */
function asked(
  name: string,
  { plan }: Created,
  events: readonly Event[],
  { words }: World,
): string[] {
  const broken: string[] = [];
  const agreed = new Set<string>();
  for (const { kind } of events) {
    if (kind.case === "personAnswered" && kind.value.agreed) agreed.add(kind.value.step);
    if (kind.case !== "stepScheduled" || kind.value.step.endsWith(":undo")) continue;
    const step = plan?.steps.find(({ id }) => id === kind.value.step.split(":")[0]);
    if (!step?.approval) continue;
    // What the journal says is not enough: somebody must have said it.
    const said = words.get(`${name}/${kind.value.step}`)?.has(true);
    if (!agreed.has(kind.value.step) || !said) {
      broken.push(`${name}: ${kind.value.step} began without a word`);
    }
  }
  return broken;
}

/** A task that succeeded has a result, or a reason for none, for every step. */
function complete(
  name: string,
  { plan }: Created,
  events: readonly Event[],
  state: State,
): string[] {
  if (state !== State.SUCCEEDED) return [];
  const settled = new Map<string, number>();
  const add = (step: string) => settled.set(step, (settled.get(step) ?? 0) + 1);
  const due = new Map<string, number>();
  for (const { kind } of events) {
    if (kind.case === "stepSkipped") add(kind.value.step);
    if (kind.case === "stepSucceeded") add(kind.value.step.split(":")[0]!);
    if (kind.case === "personAnswered" && kind.value.reply.length > 0) add(kind.value.step);
    if (kind.case === "loopStarted") due.set(kind.value.step, kind.value.count);
  }
  return (plan?.steps ?? [])
    .filter(({ id }) => (settled.get(id) ?? 0) !== (due.get(id) ?? 1))
    .map(({ id }) => `${name} succeeded although ${id} did not`);
}
