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
import { partsOf } from "./runs.ts";
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
    const unfinished = [...tasks()].filter((task) => !isFinal(task));
    for (const service of gone) {
      const waiting = unfinished.filter((task) => needs(task, service));
      for (const [owner, theirs] of Map.groupBy(waiting, ({ created }) => created.owner)) {
        log.warn("nobody serves what unfinished tasks need", { service, tasks: theirs.length });
        const named = theirs.slice(0, limits.missed_tasks_named_max);
        const names = named.map(({ created }) => created.name);
        const value = { service, tasks: names, taskCount: theirs.length };
        emit({ case: "contractMissed", value }, { owner });
      }
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
      uses(step.undo?.method) && [...task.effects].some((key) => partsOf(key).step === step.id)
    );
  });
}

const open = ({ state }: StepState) =>
  state === State.QUEUED || state === State.RUNNING || state === State.WAITING;
