// What the console says of what happens inside Keiko, in English.

import { plural } from "./plural.ts";

export const englishActivity = {
  activity: {
    title: "Activity",
    filter: "Filter by kind",
    all: "All",
    kinds: { workloads: "Workloads", tasks: "Tasks", policy: "Policy", files: "Files" },
    empty: "Nothing has happened since you opened this page.",
    emptyHint: "Agents that come and go, tasks and their steps, policy and files appear here.",
    emptyKind: "Nothing of this kind has happened since you opened this page.",
    gap: "Something may be missing here: what happened meanwhile is not kept any more.",
    pause: "Pause",
    resume: "Go on",
    waiting: (n: number) => `${n} ${plural(n, "waits", "wait")}`,
    pausedAt: "New lines wait until this goes on",
    news: (n: number) => `${n} new ${plural(n, "event", "events")}`,
    unknownTask: (id: string) => `Task ${id}`,
    policy: (revision: string) => `Policy ${revision}`,
    inForce: "is in force",
    missed: (n: number) =>
      `is served by nobody any more; ${n} unfinished ${plural(n, "task needs", "tasks need")} it`,
    stored: (size: string) => `was stored, ${size}`,
    steps: (n: number) => `${n} ${plural(n, "step", "steps")}`,
    showSteps: (goal: string) => `Steps of “${goal}”`,
    attempt: (n: number) => `attempt ${n}`,
    step: (id: string) => `step ${id}`,
    workloads: {
      came: "has registered",
      changed: "serves something else now",
      left: "has left",
      lapsed: "does not answer any more",
    },
    tasks: {
      queued: "is queued",
      running: "is running",
      waiting: "waits for a person",
      succeeded: "succeeded",
      failed: "failed",
      refused: "was refused",
      cancelled: "was cancelled",
      compensated: "was taken back",
      skipped: "was skipped",
      paused: "is paused",
      stopping: "is stopping",
    },
  },
};
