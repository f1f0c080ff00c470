/**
 * A Keiko on a home that outlives it, with skills that wait for a person and skills that do not. It
 * answers questions about many tasks and about long ones; what it started with can be asked for too.
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { create } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import type { AgentDefinition } from "@keiko/agent";
import { LimitsSchema } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { State } from "@keiko/gen/keiko/task/v1/task_pb.js";
import { Ledger, ledgerAgent } from "../../test/support/ledger-agent.ts";
import { serveParent } from "../lib/processes.ts";
import { startInside } from "../task/inside.ts";
import { onBehalf } from "../task/run.ts";
import { loop, pay } from "./plans.ts";

export interface Ready {
  /** Milliseconds from opening the store until all tasks of before were taken up. */
  start_ms: number;
  memory: Memory;
}

/** After a collection, in bytes. */
export interface Memory {
  heap: number;
  resident: number;
}

export interface Entries {
  /** Of each journal record, in order. */
  bytes: number[];
  time_ms: number[];
  state: string;
  /** Milliseconds from the request until the task had ended. */
  took_ms: number;
}

export type Question =
  /** Creates tasks that wait for a word; the memory that they take. */
  | { kind: "wait"; tasks: number; at_a_time: number }
  /** Agrees to so many of those that wait, spread over all; how many were listed. */
  | { kind: "answer"; tasks: number }
  | { kind: "loop"; items: number; parallel: number };

const [home = ""] = process.argv.slice(2);
const ledger = new Ledger(join(home, "ledger.db"));
const inside = await startInside(home, [ledgerAgent(ledger) as unknown as AgentDefinition]);
const { tasks, substrate } = inside;
// At worst a loop of ten thousand takes its steps' longest time so many times.
const timeMax = durationFromMs(30 * 24 * 3600_000);
const limits = create(LimitsSchema, { costMicrosMax: 1_000_000n, timeMax });

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

function memory(): Memory {
  collect();
  collect();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: heapUsed + external, resident: rss };
}

async function wait(count: number, at_a_time: number) {
  const before = memory();
  let left = count;
  const some = async () => {
    while (left-- > 0) await tasks.createTask({ plan: pay(), limits }, onBehalf);
  };
  await Promise.all(Array.from({ length: at_a_time }, some));
  return { before, after: memory() };
}

async function answer(count: number) {
  const began = performance.now();
  const names: string[] = [];
  for (let pageToken = ""; ; ) {
    const page = await tasks.listDecisions({ pageToken, pageSize: 100 }, onBehalf);
    names.push(...page.decisions.map(({ task }) => task));
    pageToken = page.nextPageToken;
    if (!pageToken) break;
  }
  const listed_ms = performance.now() - began;
  const agree = { case: "agree" as const, value: true };
  const spread = names.toSorted((a, b) => digest(a).localeCompare(digest(b))).slice(0, count);
  const times_ms: number[] = [];
  for (const name of spread) {
    const start = performance.now();
    await tasks.answerStep({ name, step: "p", answer: agree }, onBehalf);
    times_ms.push(performance.now() - start);
  }
  return { listed: names.length, listed_ms, times_ms };
}

const digest = (text: string) => createHash("sha256").update(text).digest("hex");

/** Nobody looks on: what is measured is the task and not the views of it. */
async function looped(items: number, parallel: number): Promise<Entries> {
  const began = performance.now();
  const { task } = await tasks.createTask({ plan: loop(items, parallel), limits }, onBehalf);
  const { name } = task!;
  const bytes: number[] = [];
  const time_ms: number[] = [];
  for (let after = 0, ended = false; !ended; ) {
    const records = await substrate.log.read(name, { after, limit: 500 });
    for (const { payload, position, time_ms: at } of records) {
      after = position;
      bytes.push(payload.length);
      time_ms.push(at);
    }
    if (records.length > 0) continue;
    const { task: now } = await tasks.getTask({ name }, onBehalf);
    ended = now?.endTime !== undefined;
    if (ended) {
      const last = await substrate.log.read(name, { after, limit: 500 });
      bytes.push(...last.map(({ payload }) => payload.length));
      time_ms.push(...last.map(({ time_ms: at }) => at));
      return { bytes, time_ms, state: State[now!.state]!, took_ms: performance.now() - began };
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error("unreachable");
}

serveParent(
  { start_ms: inside.start_ms, memory: memory() } satisfies Ready,
  async (question: Question) => {
    switch (question.kind) {
      case "wait":
        return wait(question.tasks, question.at_a_time);
      case "answer":
        return answer(question.tasks);
      case "loop":
        return looped(question.items, question.parallel);
    }
  },
  async () => {
    await inside.stop();
    ledger.close();
  },
);
