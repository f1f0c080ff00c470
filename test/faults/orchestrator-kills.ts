/**
 * kill -9 of the orchestrator, in a process of its own or in the one that is all, at random points of plans with twenty steps, every second one of which
 * changes a database. At the end every task has succeeded, every effect is there once, and how long
 * tasks stood still after each kill is known.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import type { Client } from "@connectrpc/connect";
import { LimitsSchema, type Plan } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { State } from "@keiko/gen/keiko/task/v1/task_pb.js";
import { TaskService } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import { LedgerService } from "../gen/keiko/ledger/v1/ledger_service_pb.js";
import { declareAgent, type Joining, joinAgent } from "../support/join.ts";
import { Ledger } from "../support/ledger-agent.ts";
import { literal, planOf } from "../support/plans.ts";
import { startUp } from "../support/up.ts";
import { launch } from "./faults.ts";
import { sleep } from "./up-faults.ts";

export interface KillsReport {
  kills: number;
  tasks: number;
  effects: number;
  /** Milliseconds from a kill to the next transition of a task that the dead one led. */
  resumed_p50_ms: number;
  resumed_p99_ms: number;
  resumed_max_ms: number;
  violations: string[];
}

const ledger = (method: string) => `${LedgerService.typeName}/${method}`;

function twentySteps(name: string): Plan {
  const steps = Array.from({ length: 20 }, (_, n) => ({
    id: `s${n}`,
    method: ledger(n % 2 === 0 ? "Range" : "Reserve"),
    inputs:
      n % 2 === 0
        ? [literal("limit", n)]
        : [literal("purpose", `${name}/${n}`), literal("amount", n)],
    after: n > 0 ? [`s${n - 1}`] : [],
  }));
  return planOf(...steps);
}

/** `keiko up` takes what lasted for ten seconds, counted from before it was ready, for sound. */
const settled_ms = 9_500;

const limits = create(LimitsSchema, {
  costMicrosMax: 1_000_000n,
  timeMax: durationFromMs(3600_000),
});

interface InFlight {
  name: string;
  revision: bigint;
  /** When the newest revision was seen. */
  at: number;
}

/** What is killed: one of the orchestrators of many processes, or the one process that is all. */
export interface Victims {
  /** As it can be reached now. */
  tasks(): Client<typeof TaskService>;
  /** Resolves when it is dead; to what resolves when the next one may be killed. */
  kill(): Promise<() => Promise<void>>;
  stop(): Promise<void>;
}

/** `keiko up` over NATS with so many orchestrators; the ledger's agent joins it. */
export async function manyProcesses(path: string, replicas: number, random: () => number) {
  const up = await startUp(["--replicas", `orchestrator=${replicas}`]);
  const joining: Joining = {
    workload: "ledger",
    main: "ledger-main.ts",
    serves: [LedgerService],
    environment: { LEDGER_FILE: path },
  };
  await declareAgent(up, joining);
  const agent = await joinAgent(up, joining);
  await agent.ready;
  const tasks = up.client(TaskService);
  const seen = new Map<number, number>();
  const ready = () => {
    const here = up.processes().filter((one) => one.identity === "orchestrator" && one.ready);
    for (const { pid } of here) if (!seen.has(pid)) seen.set(pid, performance.now());
    return here;
  };
  // What dies sooner after its start than this is started again later and later.
  const settled = () =>
    ready().filter(({ pid }) => performance.now() - seen.get(pid)! > settled_ms);
  return {
    tasks: () => tasks,
    async kill() {
      // Some may still be starting when the next one dies; somebody must be there to take over.
      let here = settled();
      for (; here.length === 0 || ready().length < Math.min(2, replicas); here = settled())
        await sleep(20);
      const victim = here[Math.floor(random() * here.length)]!;
      process.kill(victim.pid, "SIGKILL");
      return async () => {
        while (ready().some(({ pid }) => pid === victim.pid)) await sleep(20);
      };
    },
    async stop() {
      await agent.stop();
      await up.stop();
    },
  } satisfies Victims;
}

/** Keiko as one process over the embedded store. Some kills hit while it starts. */
export async function oneProcess(path: string, random: () => number) {
  const home = await mkdtemp(join(tmpdir(), "keiko-kills-"));
  let running = await launch(home, undefined, path);
  return {
    tasks: () => running.client!,
    async kill() {
      running.kill();
      await running.gone;
      while (random() < 0.15) await (await launch(home, random() * 700, path)).end();
      return async () => {
        running = await launch(home, undefined, path);
      };
    },
    async stop() {
      await running.end();
      await rm(home, { recursive: true, force: true });
    },
  } satisfies Victims;
}

export async function runOrchestratorKills(options: {
  kills: number;
  /** Of orchestrators over NATS; 0: everything in one process. */
  replicas: number;
  at_a_time: number;
  random?: () => number;
  progress?: (line: string) => void;
}): Promise<KillsReport> {
  const { kills, replicas, at_a_time, random = Math.random, progress = () => {} } = options;
  const folder = await mkdtemp(join(tmpdir(), "keiko-ledger-"));
  const path = join(folder, "ledger.db");
  const book = new Ledger(path);
  const violations: string[] = [];
  const resumed: number[] = [];
  const names: string[] = [];
  const victims =
    replicas > 0 ? await manyProcesses(path, replicas, random) : await oneProcess(path, random);
  try {
    const flight = new Map<string, InFlight>();
    let over = false;
    const worker = async () => {
      while (!over) await oneTask(victims.tasks, names, flight, violations);
    };
    const workers = Array.from({ length: at_a_time }, worker);
    for (let kill = 0; kill < kills; kill++) {
      await sleep(200 + random() * 800);
      const back = await victims.kill();
      const [took] = await Promise.all([afterKill(flight), back()]);
      resumed.push(...took);
      if (kill % 10 === 9) progress(`${kill + 1} kills, ${names.length} tasks`);
    }
    over = true;
    await Promise.all(workers);
    const expected = names.length * 10;
    const rows = book.rows();
    if (rows.length !== expected) violations.push(`${rows.length} effects, ${expected} were due`);
    const purposes = new Set(rows.map(({ purpose }) => purpose));
    if (purposes.size !== rows.length) violations.push("an effect is there twice, under two keys");
    if (rows.some(({ undone }) => undone)) violations.push("an effect was taken back");
  } finally {
    await victims.stop();
    book.close();
    await rm(folder, { recursive: true, force: true });
  }
  resumed.sort((a, b) => a - b);
  const at = (share: number) => Math.round(resumed[Math.floor((resumed.length - 1) * share)] ?? 0);
  return {
    kills,
    tasks: names.length,
    effects: names.length * 10,
    resumed_p50_ms: at(0.5),
    resumed_p99_ms: at(0.99),
    resumed_max_ms: at(1),
    violations,
  };
}

/** One task from its creation to its end, asked for until it is taken. */
async function oneTask(
  tasks: Victims["tasks"],
  names: string[],
  flight: Map<string, InFlight>,
  violations: string[],
): Promise<void> {
  const requestId = `k${names.length}-${Math.random().toString(36).slice(2)}`;
  const plan = twentySteps(requestId);
  const created = await insist(() => tasks().createTask({ plan, requestId, limits }));
  const name = created.task!.name;
  names.push(name);
  if (created.task!.state === State.FAILED) {
    violations.push(`refused: ${created.task!.problems.map(({ message }) => message).join("; ")}`);
    return;
  }
  const state: InFlight = { name, revision: 0n, at: performance.now() };
  flight.set(name, state);
  for (;;) {
    const { task } = await insist(() => tasks().getTask({ name }));
    if (task!.revision > state.revision) {
      state.revision = task!.revision;
      state.at = performance.now();
    }
    if (task!.endTime) {
      flight.delete(name);
      if (task!.state !== State.SUCCEEDED) {
        const why = task!.problems.map(({ message }) => message).join("; ");
        violations.push(`${name} ended as ${State[task!.state]}: ${why}`);
      }
      return;
    }
    await sleep(20);
  }
}

async function insist<T>(call: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await call();
    } catch (error) {
      // A minute: a busy machine takes its time to start what was killed while it started.
      if (tries > 600) throw error;
      await sleep(100);
    }
  }
}

/** How long each task that was under way stood still, where the kill made it stand still at all. */
async function afterKill(flight: ReadonlyMap<string, InFlight>): Promise<number[]> {
  const began = performance.now();
  const waiting = new Map([...flight].map(([name, { revision }]) => [name, revision]));
  const took: number[] = [];
  while (waiting.size > 0 && performance.now() - began < 60_000) {
    for (const [name, revision] of waiting) {
      const now = flight.get(name);
      if (now && now.revision === revision) continue;
      waiting.delete(name);
      took.push((now?.at ?? performance.now()) - began);
    }
    await sleep(5);
  }
  if (waiting.size > 0) took.push(...Array.from(waiting, () => 60_000));
  return took;
}
