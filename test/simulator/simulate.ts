/** One run of a scenario: the orchestrator's own runner and machine, over a store and a world that fail. */
import { create, fromBinary } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { type Reply, ReplySchema, type Step } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import {
  ParentSchema,
  type Transition,
  TransitionSchema,
} from "@keiko/gen/keiko/task/v1/journal_pb.js";
import type { Contracts } from "@keiko/orchestrator/contracts.ts";
import { attemptEnd } from "@keiko/orchestrator/deadlines.ts";
import { together } from "@keiko/orchestrator/replicas.ts";
import { createRunner, type Runner } from "@keiko/orchestrator/runner.ts";
import type { Run, TaskState } from "@keiko/orchestrator/task-state.ts";
import type { Timers } from "@keiko/orchestrator/timers.ts";
import { valuesOf } from "@keiko/orchestrator/values.ts";
import { silentLog } from "@keiko/runtime/log.ts";
import { brokenBy } from "./invariants.ts";
import { createdOf, faulty_ms, other, owner, type Scenario } from "./scenario.ts";
import { Random, Scheduler } from "./scheduler.ts";
import { Process, Store, type Weather } from "./store.ts";
import { methods, World } from "./world.ts";

export interface Outcome {
  broken: string[];
  /** What was written down of each task. */
  journals: Transition[][];
  /** What happened, for counts: kills, transitions, effects. */
  transitions: number;
  effects: number;
  kills: number;
}

const epoch = 1_700_000_000_000;
/** By then everything has ended: people answer within a minute, attempts within seconds. */
const patience_ms = 900_000;

const contracts: Contracts = {
  async load() {},
  descriptors: () => Promise.reject(new Error("nobody records here")),
  method: (path) => methods.get(path),
};

interface Orchestrator {
  process: Process;
  runner: Runner;
}

type StartChild = (
  runner: Runner,
  task: TaskState,
  run: Run,
  step: Step,
  now: number,
) => Promise<string>;

export async function simulate(scenario: Scenario): Promise<Outcome> {
  const scheduler = new Scheduler();
  const random = new Random(scenario.seed ^ 0x5bd1e995);
  const { faults } = scenario;
  const store = new Store(scheduler, random, weatherOf(scenario));
  const world = new World(store, scheduler, random, faults);
  const all: Orchestrator[] = [];
  const processes: Process[] = [];
  let kills = 0;
  let born = 0;

  const names = scenario.tasks.map((_, n) => `tasks/${scenario.seed.toString(36)}-${n}`);
  const plans = new Map(scenario.tasks.map(({ plans: own }, n) => [names[n]!, own]));
  const children = new Set<string>();
  const startChild: StartChild = async (runner, task, run, { subPlan }, now) => {
    const { name: parent } = task.created;
    const name = `${parent}-${run.key.replace(":", "-")}`;
    const steps = plans.get(parent)![subPlan!.name]!;
    const created = createdOf({ steps, granted: run.reserved }, name);
    created.limits!.timeMax = durationFromMs(Math.max(1, attemptEnd(task, run) - now));
    created.parent = create(ParentSchema, { task: parent, step: run.key, depth: 1, asStep: true });
    await runner.create(created, []);
    children.add(name);
    return name;
  };

  const launch = (at: number) => {
    const process = new Process(`orchestrator-${at}-${born++}`);
    processes.push(process);
    const runner = runnerIn(process, store, scheduler, random, faults.clock_ms, startChild);
    all[at] = { process, runner };
    runner.start(process.over.signal).catch(() => {
      // It could not reach the store when it began: whoever watches over it starts another.
      if (!process.alive) return;
      process.kill();
      scheduler.after(500, () => launch(at));
    });
  };

  for (let at = 0; at < scenario.orchestrators; at++) launch(at);
  for (let at = 0; at < scenario.workers; at++) void world.work(`worker-${at}`);

  for (let n = 0; n < faults.kills; n++) {
    scheduler.after(500 + random.below(12_000), () => {
      const at = random.below(all.length);
      all[at]!.process.kill();
      kills++;
      scheduler.after(200 + random.below(3_000), () => launch(at));
    });
  }
  for (let n = 0; n < faults.cuts; n++) {
    scheduler.after(random.below(12_000), () => {
      const { process } = random.pick(all);
      process.cut = true;
      scheduler.after(random.below(5_000), () => {
        process.cut = false;
      });
    });
  }
  scheduler.after(faulty_ms, () => {
    world.faults = undefined;
    store.weather = { slow_ms: 2, stalls: 0, lost: 0, doubled: 0, unheard: 0 };
  });

  const anyone = () => {
    const here = all.filter(({ process }) => process.alive && !process.cut);
    return here.length > 0 ? random.pick(here).runner : undefined;
  };
  for (const [n, task] of scenario.tasks.entries()) {
    const name = names[n]!;
    scheduler.after(random.below(3_000), () => {
      again(scheduler, () => anyone()?.create(createdOf(task, name), []));
    });
    const say = (ms: number, kind: "cancel" | "pause" | "resume") => {
      if (ms > 0)
        scheduler.after(ms, () =>
          again(scheduler, () => anyone()?.apply(name, { kind, by: owner })),
        );
    };
    say(task.cancel_ms, "cancel");
    say(task.pause_ms, "pause");
    if (task.pause_ms > 0) say(task.pause_ms + task.resume_ms, "resume");
  }
  const people = () => {
    for (const user of [owner, other]) {
      void inbox(anyone(), user, random, world).catch(() => undefined);
    }
    for (const [n, task] of scenario.tasks.entries()) {
      // Whoever let a task wait, and said so late, lets it go on in the end.
      if (task.pause_ms === 0 || scheduler.now < faulty_ms) continue;
      const resume = { kind: "resume" as const, by: owner };
      anyone()
        ?.apply(names[n]!, resume)
        .catch(() => undefined);
    }
    scheduler.after(500 + random.below(3_000), people);
  };
  people();

  const every = () => [...names, ...children];
  const over = () => every().every((name) => hasEnded(store, name));
  await scheduler.run(patience_ms, over);
  const values = valuesOf(contracts);
  const broken = every().flatMap((name) => brokenBy(name, store, world, values));
  // Whoever still waits for something must not go on in the next run.
  for (const { process } of all) process.kill();
  // Node keeps signals that are made of others, and all that listens to them, until they abort.
  for (const process of processes) process.over.abort();
  const journals = every().map((name) =>
    store.stream(name).map(({ payload }) => fromBinary(TransitionSchema, payload)),
  );
  const transitions = journals.reduce((sum, { length }) => sum + length, 0);
  return { broken, journals, transitions, effects: world.effects.size, kills };
}

function weatherOf({ faults }: Scenario): Weather {
  const { slow_ms, stalls, lost, doubled, unheard } = faults;
  return { slow_ms, stalls, lost, doubled, unheard };
}

function runnerIn(
  process: Process,
  store: Store,
  scheduler: Scheduler,
  random: Random,
  clock_ms: number,
  startChild: StartChild,
): Runner {
  const wrong = Math.round((random.next() - 0.5) * 2 * clock_ms);
  const now = () => epoch + Math.floor(scheduler.now) + wrong;
  const timers: Timers = {
    every(ms, work) {
      let stopped = false;
      const tick = () => {
        if (stopped || !process.alive) return;
        work();
        scheduler.after(ms, tick);
      };
      scheduler.after(ms, tick);
      return () => {
        stopped = true;
      };
    },
    after(ms, work) {
      scheduler.after(ms, () => process.alive && work());
    },
    soon: (work) => void scheduler.after(0, work),
  };
  const substrate = store.for(process);
  const monotonic = () => scheduler.now;
  const runner: Runner = createRunner({
    substrate,
    contracts,
    replicas: together({ bus: substrate.bus, id: process.name, now: monotonic, timers }),
    emit: () => {},
    log: silentLog,
    now,
    timers,
    startChild: (task, run, step) => startChild(runner, task, run, step, now()),
    served: () => true,
    planAnew: async () => undefined,
  });
  return runner;
}

/** Whoever asks and gets no answer asks again. */
function again(scheduler: Scheduler, ask: () => Promise<unknown> | undefined): void {
  let answered = false;
  const once = () => {
    if (answered) return;
    ask()?.then(
      () => {
        answered = true;
      },
      () => undefined,
    );
    scheduler.after(2_000, once);
  };
  once();
}

/** Somebody looks into their inbox and says a word to each, mostly yes. */
async function inbox(
  runner: Runner | undefined,
  user: string,
  random: Random,
  world: World,
): Promise<void> {
  if (!runner) return;
  for (const name of await runner.waitingFor(user, undefined, 50)) {
    await answer(runner, name, user, random, world);
  }
}

async function answer(
  runner: Runner,
  name: string,
  by: string,
  random: Random,
  { words }: World,
): Promise<void> {
  const waiting = await runner.look(name, (task) =>
    [...task.active].flatMap((key) => {
      const { asked } = task.runs.get(key)!;
      return asked?.deciders.includes(by) ? [{ step: key, approval: asked.approval }] : [];
    }),
  );
  for (const { step, approval } of waiting ?? []) {
    const dice = random.next();
    const said =
      dice < 0.1
        ? { case: "delegateTo" as const, value: by === owner ? other : owner }
        : approval
          ? { case: "agree" as const, value: dice < 0.9 }
          : { case: "reply" as const, value: yes() };
    const note = "";
    const run = `${name}/${step}`;
    if (said.case === "agree") words.set(run, (words.get(run) ?? new Set()).add(said.value));
    await runner.apply(name, { kind: "answer", answer: { step, by, said, note } });
  }
}

function yes(): Reply {
  return create(ReplySchema, { truth: true });
}

const endings = new WeakMap<Uint8Array, boolean>();

function hasEnded(store: Store, name: string): boolean {
  const last = store.stream(name).at(-1);
  if (!last) return false;
  const known = endings.get(last.payload);
  if (known !== undefined) return known;
  const ended = endsIn(last.payload);
  endings.set(last.payload, ended);
  return ended;
}

function endsIn(payload: Uint8Array): boolean {
  const { events } = fromBinary(TransitionSchema, payload);
  return events.some(({ kind }) => kind.case === "ended");
}
