/**
 * What a person waits for and what stays in memory: from the command to the line that says ready,
 * and what the process holds ten seconds later when nobody asks anything. Everything is installed
 * and built before the clock starts; a bare Node start beside it shows what the machine is like.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { digits, median, printRows, quantile, type Row } from "./row.ts";

const root = join(import.meta.dirname, "..");
const linux = process.platform === "linux";
const starts = 7;
const idle_ms = 10_000;
const ready_goal_ms = 3_000;
const memory_goal_mb = 350;

interface Started {
  child: ChildProcess;
  ready_ms: number;
  /** Processor time of all that was started, up to then; undefined without /proc. */
  cpu_ms: number | undefined;
}

/** `npm start` as people type it. Its own process group, so that all of it can be ended. */
async function start(home: string): Promise<Started> {
  const began = performance.now();
  const child = spawn("npm", ["start", "--silent", "--", "--port", "0", "--home", home], {
    cwd: root,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  const ready = new Promise<void>((resolve, reject) => {
    const listen = (chunk: Buffer) => {
      said += chunk;
      if (said.includes("Keiko is ready:")) resolve();
    };
    child.stdout!.on("data", listen);
    child.stderr!.on("data", listen);
    child.once("exit", (code) => reject(new Error(`npm start ended with ${code}:\n${said}`)));
  });
  await ready;
  const ready_ms = performance.now() - began;
  return { child, ready_ms, cpu_ms: linux ? cpuOf(child.pid!) : undefined };
}

async function stop(child: ChildProcess): Promise<void> {
  const gone = once(child, "exit");
  process.kill(-child.pid!, "SIGTERM");
  await gone;
}

function bareNode_ms(): number {
  const began = performance.now();
  spawnSync(process.execPath, ["-e", "0"]);
  return performance.now() - began;
}

export async function run(): Promise<Row[]> {
  const home = await mkdtemp(join(tmpdir(), "keiko-bench-start-"));
  try {
    // The first one fills the caches and makes the home: what every start after it finds.
    await stop((await start(home)).child);
    const keiko: number[] = [];
    const cpu: number[] = [];
    const bare: number[] = [];
    let memory: Memory | undefined;
    for (let i = 0; i < starts; i++) {
      bare.push(bareNode_ms());
      const { child, ready_ms, cpu_ms } = await start(home);
      keiko.push(ready_ms);
      if (cpu_ms !== undefined) cpu.push(cpu_ms);
      if (i === starts - 1 && linux) {
        await sleep(idle_ms);
        memory = memoryOf(child.pid!);
      }
      await stop(child);
    }
    return [startRow(keiko, bare, cpu), memoryRow(memory)];
  } finally {
    await rm(home, { recursive: true });
  }
}

function startRow(keiko: readonly number[], bare: readonly number[], cpu: readonly number[]): Row {
  const p50 = median(keiko);
  const units = digits(median(keiko.map((ms, i) => ms / bare[i]!)));
  const busy = cpu.length > 0 ? `; processor time ${digits(median(cpu) / 1_000)} s` : "";
  return {
    name: "start: npm start to ready, installed and built",
    value: `p50 ${digits(p50 / 1_000)} s, slowest ${digits(quantile(keiko, 1) / 1_000)} s`,
    goal: `< ${ready_goal_ms / 1_000} s`,
    met: p50 < ready_goal_ms,
    note: `n = ${keiko.length}; ${units} bare Node starts of ${digits(median(bare))} ms${busy}`,
  };
}

/** Clock ticks are hundredths of a second wherever Node runs. */
function cpuOf(pid: number): number {
  const ticks = [pid, ...descendants(pid)].map((each) => {
    const stat = readFileSync(`/proc/${each}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return Number(fields[11]) + Number(fields[12]);
  });
  return ticks.reduce((sum, each) => sum + each, 0) * 10;
}

interface Memory {
  rss_mb: number;
  pss_mb: number;
  /** Everything that the command started: npm and the launcher too. */
  whole_pss_mb: number;
}

function memoryRow(memory: Memory | undefined): Row {
  const name = `start: memory after ${idle_ms / 1_000} s idle, agents warm`;
  if (!memory) return { name, value: "not measured", note: "needs Linux's /proc" };
  const { rss_mb, pss_mb, whole_pss_mb } = memory;
  return {
    name,
    value: `RSS ${rss_mb.toFixed(0)} MB, PSS ${pss_mb.toFixed(0)} MB`,
    goal: `< ${memory_goal_mb} MB`,
    met: rss_mb < memory_goal_mb,
    note: `Keiko's process; with npm and the launcher PSS ${whole_pss_mb.toFixed(0)} MB`,
  };
}

function memoryOf(pid: number): Memory {
  const all = [pid, ...descendants(pid)].map((each) => {
    const rollup = readFileSync(`/proc/${each}/smaps_rollup`, "utf8");
    const mb = (what: string) =>
      Number(new RegExp(`^${what}:\\s+(\\d+)`, "m").exec(rollup)![1]) / 1_000;
    return { rss_mb: mb("Rss"), pss_mb: mb("Pss") };
  });
  const keiko = all.reduce((most, one) => (one.rss_mb > most.rss_mb ? one : most));
  return { ...keiko, whole_pss_mb: all.reduce((sum, { pss_mb }) => sum + pss_mb, 0) };
}

function descendants(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((task) => {
    const children = readFileSync(`/proc/${pid}/task/${task}/children`, "utf8");
    const direct = children.trim().split(" ").filter(Boolean).map(Number);
    return direct.flatMap((child) => [child, ...descendants(child)]);
  });
}

if (import.meta.main) printRows(await run());
