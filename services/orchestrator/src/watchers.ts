/**
 * Who looks at all tasks of a person: each watcher has what changed since it last read, once per
 * task, so that a slow one sees the newest state and costs no more than there are tasks.
 */
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import type { TaskSummary } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import { refuse } from "@keiko/runtime/errors.ts";
import { limits } from "./limits.ts";

interface Watcher {
  /** By task: of several changes only the last counts. */
  readonly changed: Map<string, TaskSummary>;
  wake(): void;
}

export function createWatchers(pending_max: number = limits.watched_tasks_pending_max) {
  const watchers = new Map<string, Set<Watcher>>();
  return {
    any: () => watchers.size > 0,
    changed(owner: string, summary: TaskSummary): void {
      for (const watcher of watchers.get(owner) ?? []) {
        watcher.changed.set(summary.name, summary);
        watcher.wake();
      }
    },
    /** `current` is sent first, also when it is empty: from then on no change is missed. */
    async *watch(
      owner: string,
      signal: AbortSignal,
      current: () => TaskSummary[],
    ): AsyncGenerator<TaskSummary[]> {
      let woken = Promise.withResolvers<void>();
      const watcher: Watcher = { changed: new Map(), wake: () => woken.resolve() };
      const ofOwner = watchers.get(owner) ?? new Set();
      watchers.set(owner, ofOwner.add(watcher));
      signal.addEventListener("abort", watcher.wake, { once: true });
      try {
        yield current();
        while (!signal.aborted) {
          await woken.promise;
          // Whoever runs the next step goes before whoever looks on.
          await new Promise(setImmediate);
          woken = Promise.withResolvers();
          if (watcher.changed.size > pending_max) throw tooSlow(watcher.changed.size, pending_max);
          const batch = [...watcher.changed.values()];
          watcher.changed.clear();
          if (batch.length > 0 && !signal.aborted) yield batch;
        }
      } finally {
        ofOwner.delete(watcher);
        if (ofOwner.size === 0) watchers.delete(owner);
      }
    },
  };
}

function tooSlow(value: number, limit: number) {
  return refuse(Reason.LIMIT_EXCEEDED, {
    message: `${value} changed tasks wait to be read, ${limit} may`,
    remedy: "watch again and list the tasks",
    metadata: { limit: String(limit), value: String(value) },
  });
}
