/**
 * Kills Keiko with -9 at random points, start-up included, while tasks are created and run, starts it
 * again, and at the end counts: every task that was acknowledged has succeeded, every request has
 * exactly one task, every step one recorded result, every effect happened once.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fromBinary } from "@bufbuild/protobuf";
import { type Client, createClient } from "@connectrpc/connect";
import { TransitionSchema } from "@keiko/gen/keiko/task/v1/journal_pb.js";
import { State } from "@keiko/gen/keiko/task/v1/task_pb.js";
import { TaskService } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import { openEmbedded } from "@keiko/runtime/substrate/embedded/embedded.ts";
import type { Log } from "@keiko/runtime/substrate/substrate.ts";
import { readToken, transportTo } from "../support/keiko.ts";
import { literal, output, planOf, step } from "../support/plans.ts";
import { ledgerStream } from "../support/probe-agent.ts";

export interface FaultsReport {
  kills: number;
  /** Kills that hit before Keiko was ready. */
  killsWhileStarting: number;
  requests: number;
  /** Tasks that were acknowledged before a kill and unfinished at it. */
  interrupted: number;
  succeeded: number;
  /** Anything here is a broken promise. */
  violations: string[];
}

const plan = planOf(
  step("first", "Increment", literal("value", 1)),
  step("effect", "Record", literal("entry", "e"), output("after_value", "first", "value")),
  step("last", "Increment", output("value", "first", "value")),
  { ...step("end", "Increment", output("value", "last", "value")), after: ["effect"] },
);

export async function runFaults(options: {
  kills: number;
  random?: () => number;
  progress?: (line: string) => void;
}): Promise<FaultsReport> {
  const { kills, random = Math.random, progress = () => {} } = options;
  const home = await mkdtemp(join(tmpdir(), "keiko-faults-"));
  const report: FaultsReport = {
    kills,
    killsWhileStarting: 0,
    requests: 0,
    interrupted: 0,
    succeeded: 0,
    violations: [],
  };
  const requests = new Map<string, string | undefined>();
  try {
    for (let kill = 0; kill < kills; kill++) {
      const early = random() < 0.15 ? random() * 700 : undefined;
      const keiko = await launch(home, early);
      if (keiko.client) await load(keiko.client, requests, 20 + random() * 700, report, keiko.kill);
      else report.killsWhileStarting++;
      await keiko.gone;
      if (kill % 10 === 9) progress(`${kill + 1} kills, ${requests.size} requests`);
    }
    const survivor = await launch(home, undefined);
    await finish(survivor.client!, requests, report);
    await survivor.end();
    await count(home, requests, report);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
  report.requests = requests.size;
  return report;
}

export interface Launched {
  /** Undefined: it was killed before it was ready. */
  client: Client<typeof TaskService> | undefined;
  kill(): void;
  gone: Promise<void>;
  /** Kills it and waits until it is gone. */
  end(): Promise<void>;
}

/** With the probe's agent, or with the ledger's and its database there. */
export async function launch(
  home: string,
  killAfter_ms: number | undefined,
  ledger?: string,
): Promise<Launched> {
  const args = [join(import.meta.dirname, "child.ts"), home, ...(ledger ? [ledger] : [])];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  const errors: string[] = [];
  child.stderr.on("data", (chunk: Buffer) => errors.push(chunk.toString()));
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const kill = () => child.kill("SIGKILL");
  const end = () => {
    kill();
    return gone;
  };
  const timer = killAfter_ms === undefined ? undefined : setTimeout(kill, killAfter_ms);
  const port = await Promise.race([readyPort(child), gone]);
  clearTimeout(timer);
  if (port === undefined) {
    if (killAfter_ms === undefined) throw new Error(`Keiko did not start:\n${errors.join("")}`);
    return { client: undefined, kill, gone, end };
  }
  const transport = transportTo(`http://127.0.0.1:${port}`, await readToken(home));
  return { client: createClient(TaskService, transport), kill, gone, end };
}

async function readyPort(child: ChildProcess): Promise<number | undefined> {
  for await (const line of createInterface({ input: child.stdout! })) {
    const [, port] = /^ready (\d+)$/.exec(line) ?? [];
    if (port) return Number(port);
  }
  return undefined;
}

/** Creates tasks as fast as four callers can, and kills in the middle of it. */
async function load(
  client: Client<typeof TaskService>,
  requests: Map<string, string | undefined>,
  kill_ms: number,
  report: FaultsReport,
  kill: () => void,
): Promise<void> {
  let dead = false;
  const open = new Set<string>();
  const caller = async () => {
    while (!dead) {
      const requestId = `r${requests.size}`;
      requests.set(requestId, undefined);
      try {
        const { task } = await client.createTask({ plan, requestId }, { timeoutMs: 5_000 });
        requests.set(requestId, task!.name);
        open.add(task!.name);
        for await (const { task: seen } of client.watchTask({ name: task!.name })) {
          if (seen!.state === State.SUCCEEDED) open.delete(task!.name);
        }
      } catch {
        // The kill: whether the request was taken is what the count at the end decides.
      }
    }
  };
  const callers = [caller(), caller(), caller(), caller()];
  await new Promise((resolve) => setTimeout(resolve, kill_ms));
  dead = true;
  kill();
  report.interrupted += open.size;
  await Promise.all(callers);
}

/** Sends again what was never answered, and waits for everything. */
async function finish(
  client: Client<typeof TaskService>,
  requests: Map<string, string | undefined>,
  report: FaultsReport,
): Promise<void> {
  for (const [requestId, name] of requests) {
    if (name === undefined) {
      requests.set(requestId, (await client.createTask({ plan, requestId })).task!.name);
    }
  }
  for (const name of requests.values()) {
    const ended = await finalState(client, name!);
    if (ended === State.SUCCEEDED) report.succeeded++;
    else report.violations.push(`${name} ended as ${State[ended]}`);
  }
}

async function finalState(client: Client<typeof TaskService>, name: string): Promise<State> {
  let last = State.UNSPECIFIED;
  const options = { timeoutMs: 60_000 };
  for await (const { task } of client.watchTask({ name }, options)) last = task!.state;
  return last;
}

/** Reads the store itself: what the interface says must be what is written. */
async function count(
  home: string,
  requests: Map<string, string | undefined>,
  report: FaultsReport,
): Promise<void> {
  const substrate = await openEmbedded({ home });
  try {
    const results = new Map<string, number>();
    let tasks = 0;
    for await (const { stream, payload } of everything(substrate.log, "tasks/")) {
      for (const { kind } of fromBinary(TransitionSchema, payload).events) {
        if (kind.case === "created") tasks++;
        if (kind.case !== "stepSucceeded") continue;
        const key = `${stream}/${kind.value.step}`;
        results.set(key, (results.get(key) ?? 0) + 1);
      }
    }
    const effects = new Map<string, number>();
    for await (const { stream } of everything(substrate.log, `${ledgerStream}/`)) {
      effects.set(stream, (effects.get(stream) ?? 0) + 1);
    }
    const twice = [...results, ...effects].filter(([, times]) => times > 1);
    for (const [key, times] of twice) report.violations.push(`${key} recorded ${times} times`);
    const expected = requests.size;
    if (tasks !== expected) report.violations.push(`${tasks} tasks for ${expected} requests`);
    if (results.size !== expected * 4) {
      report.violations.push(`${results.size} results for ${expected * 4} steps`);
    }
    if (effects.size !== expected) {
      report.violations.push(`${effects.size} effects for ${expected} tasks`);
    }
  } finally {
    await substrate.close();
  }
}

async function* everything(log: Log, prefix: string) {
  for (let after = 0; ; ) {
    const records = await log.scan(prefix, { after, limit: 1000 });
    yield* records;
    if (records.length < 1000) return;
    after = records.at(-1)!.position;
  }
}
