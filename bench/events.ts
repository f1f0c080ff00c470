/**
 * How old an event is when it reaches a watcher: tasks run one after the other, each of which tells of
 * nine changes or so, while one watcher listens through the gateway, and while a hundred do.
 */

import type { Question } from "./events/watchers.ts";
import { startChild } from "./lib/processes.ts";
import { digits, median, printRows, quantileOfRounds, type Row } from "./row.ts";
import type { Question as KeikoQuestion, Ready } from "./task/keiko.ts";

const rounds = 5;
const tasks_per_round = 30;
const many = 100;

export async function run(): Promise<Row[]> {
  const keiko = await startChild("task/keiko.ts");
  const { base, token } = keiko.ready as Ready;
  const watchers = await startChild("events/watchers.ts", base, token);
  const ages: Record<number, number[][]> = { 1: [], [many]: [] };
  const heard: Record<number, number[]> = { 1: [], [many]: [] };
  try {
    for (let round = 0; round < rounds; round++) {
      for (const count of [1, many]) {
        await watchers.ask<object>({ watch: count } satisfies Question);
        const question: KeikoQuestion = { kind: "latency", tasks: tasks_per_round };
        await keiko.ask(question);
        const { ages_ms } = await watchers.ask<{ ages_ms: number[] }>("end" satisfies Question);
        ages[count]!.push(ages_ms);
        heard[count]!.push(ages_ms.length / count);
      }
    }
  } finally {
    await watchers.stop();
    await keiko.stop();
  }
  const [one, hundred] = [ages[1]!, ages[many]!];
  const told = (q: number) =>
    `${digits(quantileOfRounds(hundred, q))} ms (${digits(quantileOfRounds(one, q))} ms with one)`;
  const events = median(heard[many]!);
  // An event that one of a hundred did not hear is lost, which no speed makes good.
  const lost = heard[many]!.some((count) => !Number.isInteger(count));
  return [
    { name: `events: age when the ${many} watchers have it, p50`, value: told(0.5) },
    {
      name: `events: age when the ${many} watchers have it, p99`,
      value: told(0.99),
      note: `${digits(events)} events a round to each${lost ? ", some were LOST" : ""}; clocks count whole milliseconds`,
    },
  ];
}

if (import.meta.main) printRows(await run());
