// What the page "Activity" shows of events: lines, newest first, never more than a page can hold.
// Pure, so that it can be tested without a stream.

import { type Timestamp, timestampMs } from "@bufbuild/protobuf/wkt";
import type { File } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import type { Event } from "@keiko/gen/keiko/event/v1/event_pb.js";
import type { State } from "@keiko/gen/keiko/task/v1/task_pb.js";

export const linesMax = 500;
/** How far below the newest line the steps of a task are still gathered: further down nobody looks
 * for what has just happened. */
const reachMax = 20;

export const activityKinds = ["workloads", "tasks", "policy", "files"] as const;
export type ActivityKind = (typeof activityKinds)[number];

/** Where a step stands. */
export interface StepNews {
  step: string;
  state: State;
  /** Counted from 1; 0: it has not run. */
  attempt: number;
  /** Milliseconds since 1970. */
  time: number;
}

type What =
  | { about: "workload"; name: string; change: "came" | "changed" | "left" | "lapsed" }
  | { about: "task"; task: string; state: State }
  /** Steps of one task, the one that changed last first. */
  | { about: "steps"; task: string; steps: readonly [StepNews, ...StepNews[]] }
  | { about: "policy"; revision: string }
  /** Nobody serves what so many unfinished tasks need; the first of them. */
  | { about: "missed"; service: string; first: string; count: number }
  | { about: "file"; file: File }
  /** Between what stands below and above it something may be missing. */
  | { about: "gap" };

export type ActivityLine = What & {
  id: string;
  /** When it began, in milliseconds since 1970: a line stays where it is when it grows. */
  time: number;
  /** Who tells; empty: the console itself. */
  source: string;
};

const kinds: Record<Exclude<What["about"], "gap">, ActivityKind> = {
  workload: "workloads",
  task: "tasks",
  steps: "tasks",
  policy: "policy",
  missed: "workloads",
  file: "files",
};

export const kindOf = (line: ActivityLine): ActivityKind | undefined =>
  line.about === "gap" ? undefined : kinds[line.about];

/** An unknown word in the address is no filter. */
export const kindNamed = (word: string): ActivityKind | undefined =>
  activityKinds.find((kind) => kind === word);

/** What is missing is said whatever is looked at: nobody knows of which kind it was. */
export const ofKind = (lines: readonly ActivityLine[], kind: ActivityKind | undefined) =>
  kind ? lines.filter((line) => (kindOf(line) ?? kind) === kind) : lines;

/** The lines after one more event; the same lines where it says nothing that is known here. */
export function withEvent(lines: readonly ActivityLine[], event: Event): readonly ActivityLine[] {
  const what = whatOf(event);
  if (!what) return lines;
  const at = what.about === "steps" ? gathering(lines, what.task) : -1;
  const gathered = lines[at];
  if (what.about === "steps" && gathered?.about === "steps") {
    const [news] = what.steps;
    const others = gathered.steps.filter(({ step }) => step !== news.step);
    return lines.with(at, { ...gathered, steps: [news, ...others] });
  }
  const { id, source } = event;
  return [{ ...what, id, source, time: msOf(event.time) }, ...lines].slice(0, linesMax);
}

/** The lines with the remark that something may be missing from here on; once is enough. */
export function withGap(lines: readonly ActivityLine[], now: number): readonly ActivityLine[] {
  if (lines[0]?.about === "gap") return lines;
  const gap: ActivityLine = { about: "gap", id: `gap-${now}`, source: "", time: now };
  return [gap, ...lines].slice(0, linesMax);
}

/** Where the steps of a task are being gathered: not beyond any other word about it, nor a gap. */
function gathering(lines: readonly ActivityLine[], task: string): number {
  const at = lines
    .slice(0, reachMax)
    .findIndex((line) => line.about === "gap" || ("task" in line && line.task === task));
  return lines[at]?.about === "steps" ? at : -1;
}

function whatOf({ change, time }: Event): What | undefined {
  switch (change.case) {
    case "workloadRegistered":
      return { about: "workload", name: change.value.workload?.name ?? "", change: "came" };
    case "workloadChanged":
      return { about: "workload", name: change.value.workload?.name ?? "", change: "changed" };
    case "workloadLeft": {
      const { name, lapsed } = change.value;
      return { about: "workload", name, change: lapsed ? "lapsed" : "left" };
    }
    case "taskChanged":
      return { about: "task", task: change.value.name, state: change.value.state };
    case "stepChanged": {
      const { task, step, state, attempt } = change.value;
      return { about: "steps", task, steps: [{ step, state, attempt, time: msOf(time) }] };
    }
    case "policyChanged":
      return { about: "policy", revision: change.value.revision };
    case "contractMissed": {
      const { service, tasks, taskCount } = change.value;
      return { about: "missed", service, first: tasks[0] ?? "", count: taskCount };
    }
    case "artifactStored":
      return change.value.file && { about: "file", file: change.value.file };
    default:
      return undefined;
  }
}

const msOf = (time: Timestamp | undefined): number => (time ? timestampMs(time) : 0);
