/**
 * What a task that continues another one may use of it: its files, what was asked about them, and the
 * last chart that was drawn on the way there, with the words that stand in it. Pure but for reading tasks.
 */
import type { Chart, File, Table } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import type { Task } from "@keiko/gen/keiko/task/v1/task_pb.js";
import { limits } from "./limits.ts";
import type { Language } from "./words.ts";

export interface Earlier {
  files: readonly File[];
  /** What was asked about these very files, oldest first. */
  goals: readonly string[];
  /** The chart that a follow-up can change, and what it was drawn from. */
  chart: { chart: Chart; words: string } | undefined;
  /** Whether the task itself drew it, and none before it. */
  drew: boolean;
  spoken: Language | undefined;
}

/** `task`: one before, already known to be the caller's. */
export async function earlierOf(
  previous: Task,
  task: (name: string) => Promise<Task | undefined>,
): Promise<Earlier> {
  const { attachments: files, plan } = previous;
  const spoken = plan?.language === "de" || plan?.language === "en" ? plan.language : undefined;
  const goals: string[] = [];
  let chart = chartOf(previous);
  const drew = chart !== undefined;
  let same = true;
  let at: Task | undefined = previous;
  for (let back = 0; at && back < limits.previous_tasks_max; back++) {
    same &&= sameFiles(at.attachments, files);
    if (same && at.goal && goals.length < limits.earlier_goals_max) goals.unshift(at.goal);
    chart ??= chartOf(at);
    const over = !same || goals.length === limits.earlier_goals_max;
    at = at.previous && !(chart && over) ? await task(at.previous) : undefined;
  }
  return { files, goals, chart, drew, spoken };
}

export const sameFiles = (some: readonly File[], others: readonly File[]) =>
  some.length === others.length && some.every(({ name }, index) => name === others[index]!.name);

function chartOf({ answer }: Task): Earlier["chart"] {
  const kinds = answer?.artifacts.map(({ kind }) => kind) ?? [];
  const chart = kinds.findLast((kind) => kind.case === "chart")?.value;
  if (!chart) return undefined;
  const tables = kinds.flatMap((kind) => (kind.case === "table" ? [wordsOf(kind.value)] : []));
  return { chart, words: [chart.title, ...tables].join(" ") };
}

function wordsOf({ columns, rows }: Table): string {
  const names = columns.flatMap(({ name, label }) => [name, label]);
  const shown = Math.ceil(limits.earlier_cells_max / Math.max(1, columns.length));
  const texts = rows
    .slice(0, shown)
    .flatMap(({ cells }) => cells.map(({ value }) => (value.case === "text" ? value.value : "")));
  return [...names, ...texts].join(" ");
}
