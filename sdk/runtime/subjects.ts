/** Names of queues and subjects, and the keys that steps carry: one place, so both ends agree. */

/** Steps for a service wait here. */
export const stepQueue = (service: string) => `steps.${service}`;

/** Outcomes of steps of a part of all tasks, on their way to the orchestrator that looks after it. */
export const outcomeQueue = (partition: number) => `outcomes.${partition}`;

/** The same for every attempt of a step. `task`: `tasks/{id}`. */
export const stepKey = (task: string, step: string) => `${task}/steps/${step}`;

/** The step in such a key; empty: the key is none. */
export function stepOfKey(key: string | undefined): string {
  return /^tasks\/[^/]+\/steps\/([^/]+)/.exec(key ?? "")?.[1] ?? "";
}

/** A step says what it is doing. */
export const progressSubject = (key: string) => `keiko.task.progress.${dotted(key)}`;

/** Orchestrators tell each other that they are there, or that they leave. */
export const orchestratorSubject = (what: "here" | "leaves" | "*") => `keiko.orchestrator.${what}`;

/** Whoever runs a step of this task must stop. */
export const cancelSubject = (task: string) => `keiko.task.cancel.${dotted(task)}`;

/** The task in a subject of the two above: `tasks/{id}`. */
export function taskOfSubject(subject: string): string {
  const [, , , collection = "", id = ""] = subject.split(".");
  return `${collection}/${id}`;
}

/** The step in a progress subject. */
export function stepOfSubject(subject: string): string {
  return subject.split(".")[6] ?? "";
}

function dotted(key: string): string {
  return key.replaceAll("/", ".");
}
