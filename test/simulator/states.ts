/** Which states follow each other, and by which events: as tables, from what the simulator wrote down. */
import { timestampMs } from "@bufbuild/protobuf/wkt";
import type { Event, Transition } from "@keiko/gen/keiko/task/v1/journal_pb.js";
import { State } from "@keiko/gen/keiko/task/v1/task_pb.js";
import { applyEvent, opened } from "@keiko/orchestrator/state.ts";
import type { TaskState } from "@keiko/orchestrator/task-state.ts";

export interface Observed {
  /** "STATE | event | STATE" */
  tasks: Set<string>;
  runs: Set<string>;
}

/** Adds what one journal shows. */
export function observe(journal: readonly Transition[], { tasks, runs }: Observed): void {
  let task: TaskState | undefined;
  for (const { time, events } of journal) {
    const now = time ? timestampMs(time) : 0;
    for (const { kind } of events) {
      if (kind.case === "created") {
        task = opened(kind.value, now);
        continue;
      }
      const was = task!.state;
      const before = new Map([...task!.runs].map(([key, { state }]) => [key, state]));
      applyEvent(task!, kind, now);
      if (task!.state !== was) tasks.add(row(was, kind, task!.state));
      for (const [key, { state }] of task!.runs) {
        const from = before.get(key);
        if (state !== from) runs.add(row(from, kind, state));
      }
    }
  }
}

function row(from: State | undefined, kind: Event["kind"], to: State): string {
  const event = (kind.case ?? "").replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return `| ${from === undefined ? "none yet" : State[from]} | ${event} | ${State[to]} |`;
}

/** The rows of the table under a heading of a page. */
export function rowsUnder(heading: string, page: string): string[] {
  const [, after = ""] = page.split(`${heading}\n`);
  const [section = ""] = after.split(/^#/m);
  const rows = section.split("\n").filter((line) => line.startsWith("|"));
  return rows.slice(2).map((line) => {
    const [from = "", event = "", to = ""] = line
      .split("|")
      .slice(1)
      .map((cell) => cell.trim());
    return `| ${from} | ${event} | ${to} |`;
  });
}
