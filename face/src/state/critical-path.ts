// Which steps decided how long a task took: the chain of dependent steps that ended last.

import { timestampMs } from "@bufbuild/protobuf/wkt";
import type { Task } from "@keiko/gen/keiko/task/v1/task_pb.js";
import { needsOf } from "./plan-graph.ts";

export interface CriticalPath {
  /** Ids in the order they ran; empty: nothing has run yet. */
  steps: string[];
  /** Milliseconds that these steps ran, waiting between them left out. */
  took: number;
}

/** While the task runs, steps that run count until now. */
export function criticalPath(task: Task, now: number): CriticalPath {
  const runs = new Map(task.steps.map((run) => [run.id, run]));
  const best = new Map<string, { took: number; before: string | undefined }>();
  let last: string | undefined;
  for (const step of task.plan?.steps ?? []) {
    const run = runs.get(step.id);
    if (!run?.startTime) continue;
    const end = run.endTime ? timestampMs(run.endTime) : now;
    const own = Math.max(0, end - timestampMs(run.startTime));
    let before: string | undefined;
    for (const id of needsOf(step)) {
      const took = best.get(id)?.took;
      if (took !== undefined && took >= (best.get(before ?? "")?.took ?? -1)) before = id;
    }
    const took = own + (before ? (best.get(before)?.took ?? 0) : 0);
    best.set(step.id, { took, before });
    if (last === undefined || took >= (best.get(last)?.took ?? 0)) last = step.id;
  }
  const steps: string[] = [];
  for (let at = last; at !== undefined; at = best.get(at)?.before) steps.unshift(at);
  return { steps, took: last === undefined ? 0 : (best.get(last)?.took ?? 0) };
}
