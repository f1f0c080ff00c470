/**
 * What happens to calls while processes die, leave, stand still or change their certificates. Each
 * fault runs under a steady load of calls that their contract allows to be repeated, and of tasks,
 * which are not: every one of them is counted.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fromJson, type JsonValue } from "@bufbuild/protobuf";
import { type File, FileSchema } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import { State } from "@keiko/gen/keiko/task/v1/task_pb.js";
import { TaskService } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import { callAs, type ListedProcess, type MeshCaller, type RunningUp } from "../support/up.ts";
import { type LoadReport, repeatableCalls, steadyLoad } from "./calls.ts";

export const weather = join(
  import.meta.dirname,
  "../../node_modules/vega-datasets/data/seattle-weather.csv",
);

export async function upload({ base, token }: RunningUp): Promise<File> {
  const response = await fetch(`${base}/files`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "x-filename": "seattle-weather.csv" },
    body: await readFile(weather),
  });
  if (!response.ok) throw new Error(`the file was not taken: ${await response.text()}`);
  return fromJson(FileSchema, (await response.json()) as JsonValue);
}

const slow_restart_s = 5;

export const sleep = (ms: number) => new Promise<void>((next) => setTimeout(next, ms));

export interface FaultReport extends LoadReport {
  /** How often the fault was made. */
  faults: number;
  /** How long a process took to be ready again, in the middle and at most. */
  back_p50_ms: number;
  back_max_ms: number;
}

/** Runs `fault` on one process after the other, under load. */
export async function underLoad(
  up: RunningUp,
  options: {
    per_second: number;
    times: number;
    /** What is done to a process; resolves when it is ready again. */
    fault(victim: ListedProcess): Promise<void>;
    /** Who is chosen for the n-th time. */
    victim(n: number, processes: readonly ListedProcess[]): ListedProcess;
    progress?: (line: string) => void;
  },
): Promise<FaultReport> {
  const { per_second, times, fault, victim, progress = () => {} } = options;
  const file = await upload(up);
  const caller = await callAs(up, "gateway");
  const calls = Object.values(repeatableCalls(caller, file));
  for (const call of calls) await call();
  const stop = new AbortController();
  const load = steadyLoad(calls, { per_second, signal: stop.signal });
  const back: number[] = [];
  try {
    for (let n = 0; n < times; n++) {
      const began = performance.now();
      await fault(victim(n, up.processes()));
      back.push(performance.now() - began);
      if (n % 10 === 9) progress(`${n + 1} of ${times}`);
    }
    await sleep(1_000);
  } finally {
    stop.abort();
  }
  const report = await load;
  caller.close();
  back.sort((a, b) => a - b);
  const back_p50_ms = back[Math.floor(back.length / 2)] ?? 0;
  return { ...report, faults: times, back_p50_ms, back_max_ms: back.at(-1) ?? 0 };
}

/** The process under this name is another one by now, and ready. */
export async function backAgain(up: RunningUp, { name, pid }: ListedProcess): Promise<void> {
  for (;;) {
    const now = up.processes().find((one) => one.name === name);
    if (now && now.pid !== pid && now.ready) return;
    await sleep(20);
  }
}

/** SIGKILL: what runs there is lost; its supervisor starts it again. */
export const kill = (up: RunningUp) => async (victim: ListedProcess) => {
  process.kill(victim.pid, "SIGKILL");
  await backAgain(up, victim);
};

/** SIGTERM: it leaves in order. Who takes long tells with what: all that was said meanwhile is printed. */
export const restart = (up: RunningUp) => async (victim: ListedProcess) => {
  const said = up.lines.length;
  const began = performance.now();
  process.kill(victim.pid, "SIGTERM");
  await backAgain(up, victim);
  const took_s = (performance.now() - began) / 1_000;
  if (took_s < slow_restart_s) return;
  console.log(`${victim.name} was back after ${took_s.toFixed(1)} s; what was said meanwhile:`);
  for (const line of up.lines.slice(said)) console.log(`  ${line}`);
};

/** Resolves when the certificate of every process has been another one so often. */
export async function renewals({ home, processes }: RunningUp, times: number): Promise<void> {
  const identities = new Set(processes().map(({ identity }) => identity));
  const seen = new Map<string, { last: string; renewed: number }>();
  for (;;) {
    for (const identity of identities) {
      const file = join(home, "run/identities", identity, "cert.pem");
      const certificate = await readFile(file, "utf8");
      const { last, renewed } = seen.get(identity) ?? { last: certificate, renewed: 0 };
      seen.set(identity, { last: certificate, renewed: renewed + (last === certificate ? 0 : 1) });
    }
    if ([...seen.values()].every(({ renewed }) => renewed >= times)) return;
    await sleep(500);
  }
}

/** Every process but the door, through which whoever is outside calls, and the store. */
export function inside(processes: readonly ListedProcess[]): ListedProcess[] {
  return processes.filter(({ identity }) => identity !== "gateway" && identity !== "nats");
}

export const inTurn = (n: number, processes: readonly ListedProcess[]): ListedProcess => {
  const all = inside(processes);
  return all[n % all.length]!;
};

/** A task that draws a chart, to its end: its state, or why it did not succeed. */
export async function runTask(
  { client }: Pick<MeshCaller, "client"> | RunningUp,
  file: File,
): Promise<State | string> {
  const tasks = client(TaskService);
  const goal = "Show me the mean precipitation per month as a bar chart";
  const { task } = await tasks.createTask({ goal, attachments: [file] });
  for (;;) {
    const { task: now } = await tasks.getTask({ name: task!.name });
    if (now?.state === State.SUCCEEDED) return now.state;
    if (now && now.state > State.SUCCEEDED) {
      return `${State[now.state]}: ${now.problems.map(({ message }) => message).join("; ")}`;
    }
    await sleep(20);
  }
}
