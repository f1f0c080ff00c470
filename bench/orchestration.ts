/**
 * Many tasks and long ones: ten thousand that wait for a person's word, through a kill and a restart;
 * a task of ten thousand steps, whose last entries must cost what its first ones cost; and a plan with
 * a thousand steps at a time.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Child, startChild } from "./lib/processes.ts";
import type { Entries, Memory, Question, Ready } from "./orchestration/keiko.ts";
import { digits, median, printRows, quantile, type Row } from "./row.ts";

const waiting = 10_000;
const answered = 100;
const steps = 10_000;
/** Entries that are compared at both ends of the long task. */
const compared = 1_000;
const block = 100;
const parallel = 1_000;

export async function run(): Promise<Row[]> {
  const home = await mkdtemp(join(tmpdir(), "keiko-bench-orchestration-"));
  try {
    return [...(await waitingRows(home)), ...(await longRows(home))];
  } finally {
    await rm(home, { recursive: true });
  }
}

const start = (home: string) => startChild("orchestration/keiko.ts", home);
const ask = <T>(keiko: Child, question: Question) => keiko.ask<T>(question);

async function waitingRows(home: string): Promise<Row[]> {
  const fresh = performance.now();
  const first = await start(home);
  const fresh_ms = performance.now() - fresh;
  const made = await ask<{ before: Memory; after: Memory }>(first, {
    kind: "wait",
    tasks: waiting,
    at_a_time: 50,
  });
  // What a crash leaves, and not what an orderly end would have written.
  process.kill(first.pid, "SIGKILL");
  const began = performance.now();
  const second = await start(home);
  const restart_ms = performance.now() - began;
  try {
    const { start_ms } = second.ready as Ready;
    const said = await ask<{ listed: number; listed_ms: number; times_ms: number[] }>(second, {
      kind: "answer",
      tasks: answered,
    });
    const each = (what: keyof Memory) => (made.after[what] - made.before[what]) / waiting / 1_000;
    const all = said.listed === waiting;
    return [
      {
        name: "orchestration: memory of a waiting task",
        value: `${digits(each("heap"))} kB of heap`,
        note: `n = ${waiting}; resident ${digits(each("resident"))} kB each`,
      },
      {
        name: `orchestration: ${waiting} waiting tasks after a kill, until all can be answered`,
        value: `${digits(restart_ms / 1_000)} s`,
        goal: "≤ 5 s",
        met: restart_ms <= 5_000 && all,
        note: `from the start of the process; ${digits(start_ms / 1_000)} s of it from opening the store; with no task ${digits(fresh_ms / 1_000)} s`,
      },
      {
        name: `orchestration: ${answered} of them answered, chosen by chance`,
        value: `p50 ${digits(median(said.times_ms))} ms, p99 ${digits(quantile(said.times_ms, 0.99))} ms`,
        note: `${said.listed} were listed as waiting, in ${digits(said.listed_ms / 1_000)} s`,
      },
    ];
  } finally {
    await second.stop();
  }
}

async function longRows(home: string): Promise<Row[]> {
  const keiko = await start(home);
  try {
    // The first tasks of a process compile what all tasks run through.
    await ask(keiko, { kind: "loop", items: compared, parallel: 8 });
    const long = await ask<Entries>(keiko, { kind: "loop", items: steps, parallel: 8 });
    const wide = await ask<Entries>(keiko, { kind: "loop", items: parallel, parallel });
    return [...flatRows(long), wideRow(wide)];
  } finally {
    await keiko.stop();
  }
}

function flatRows({ bytes, time_ms, state, took_ms }: Entries): Row[] {
  // The entries of the plan, of its list and of the loop's beginning and end are of another kind.
  const steady = bytes.length - 3;
  const sum = (from: number) => bytes.slice(from, from + compared).reduce((a, b) => a + b, 0);
  // The median of blocks: a neighbour that takes the disk for a second does not decide.
  const time = (from: number) => {
    const starts = Array.from({ length: compared / block }, (_, n) => from + n * block);
    return median(starts.map((at) => time_ms[at + block]! - time_ms[at]!)) / block;
  };
  const last = steady - compared - 1;
  const size = { first: sum(3) / compared, last: sum(last) / compared };
  const took = { first: time(3), last: time(last) };
  const done = state === "SUCCEEDED";
  const name = `orchestration: a journal entry of a task of ${steps} steps, last to first ${compared}`;
  return [
    {
      name: `${name}, bytes`,
      value: `${digits(size.last / size.first)} (${digits(size.first)}, then ${digits(size.last)})`,
      goal: "≤ 1.1",
      met: done && size.last / size.first <= 1.1,
      note: `${bytes.length} entries, the largest ${Math.max(...bytes)} bytes`,
    },
    {
      name: `${name}, time`,
      value: `${digits(took.last / took.first)} (${digits(took.first)} ms, then ${digits(took.last)} ms)`,
      goal: "≤ 1.2",
      met: done && took.last / took.first <= 1.2,
      note: `the task ended as ${state} after ${digits(took_ms / 1_000)} s, eight steps at a time`,
    },
  ];
}

function wideRow({ bytes, state, took_ms }: Entries): Row {
  return {
    name: `orchestration: a plan with ${parallel} steps at a time`,
    value: `${digits(took_ms / 1_000)} s, ${digits((parallel / took_ms) * 1_000)} steps/s`,
    goal: "succeeds",
    met: state === "SUCCEEDED",
    note: `${state}, ${bytes.length} entries`,
  };
}

if (import.meta.main) printRows(await run());
