/**
 * Says when the last workload goes that serves a contract which unfinished tasks were compiled with: they
 * wait, and whoever took it away should know. Looked at only when something came or went.
 */
import type { Step } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { State } from "@keiko/gen/keiko/task/v1/task_pb.js";
import type { Catalog } from "@keiko/runtime/catalog.ts";
import type { Emitter } from "@keiko/runtime/events.ts";
import type { Log } from "@keiko/runtime/log.ts";
import { limits } from "./limits.ts";
import { isFinal, type StepState, type TaskState } from "./task-state.ts";

export interface MissedDeps {
  catalog: Pick<Catalog, "revision" | "services">;
  /** Those whose partitions are led here. */
  tasks: () => Iterable<TaskState>;
  emit: Emitter;
  log: Log;
}

/** Returns what looks; nothing is missed that was not there when it looked before. */
export function createMissed({ catalog, tasks, emit, log }: MissedDeps): () => void {
  let revision = -1;
  let served: ReadonlySet<string> = new Set();
  return () => {
    if (catalog.revision === revision) return;
    revision = catalog.revision;
    const now = new Set(catalog.services().map(({ service }) => service.typeName));
    const gone = [...served].filter((service) => !now.has(service));
    served = now;
    if (gone.length === 0) return;
    const missed = new Map<string, string[]>();
    for (const task of tasks()) {
      if (isFinal(task)) continue;
      for (const service of gone.filter((one) => needs(task, one))) {
        const key = `${service} ${task.created.owner}`;
        missed.set(key, [...(missed.get(key) ?? []), task.created.name]);
      }
    }
    for (const [key, waiting] of missed) {
      const [service = "", owner = ""] = key.split(" ");
      log.warn("nobody serves what unfinished tasks need", { service, tasks: waiting.length });
      const named = waiting.slice(0, limits.missed_tasks_named_max);
      const value = { service, tasks: named, taskCount: waiting.length };
      emit({ case: "contractMissed", value }, { owner });
    }
  };
}

/** It has steps to run, or to take back, that only the service can. */
function needs(task: TaskState, service: string): boolean {
  const uses = (method: string | undefined) => method?.startsWith(`${service}/`) === true;
  return (task.plan?.steps ?? []).some((step: Step) => {
    const state = task.steps.get(step.id);
    if (state && open(state) && uses(step.method) && !step.subPlan) return true;
    return (
      uses(step.undo?.method) && [...task.effects].some((key) => key.split(":")[0] === step.id)
    );
  });
}

const open = ({ state }: StepState) =>
  state === State.QUEUED || state === State.RUNNING || state === State.WAITING;
