/** What steps say of how far they are, for as long as they run: the latest text of each, never kept. */
import { progressSubject, stepKey, stepOfSubject, taskOfSubject } from "@keiko/runtime/subjects.ts";
import type { Bus } from "@keiko/runtime/substrate/substrate.ts";

export class ProgressTexts {
  readonly #bus: Bus;
  readonly #texts = new Map<string, Map<string, string>>();

  constructor(bus: Bus) {
    this.#bus = bus;
  }

  of(task: string, run: string): string {
    return this.#texts.get(task)?.get(run) ?? "";
  }

  forget(task: string): void {
    this.#texts.delete(task);
  }

  /** Whoever looks at the task sees it at the run. */
  say(task: string, run: string, text: string): void {
    const subject = progressSubject(stepKey(task, run));
    this.#bus.publish(subject, new TextEncoder().encode(text)).catch(() => {
      // Progress is for whoever looks now; nobody waits for it.
    });
  }

  /** `wanted`: whether anything is to be known of the task; `changed` is called after it is. */
  async follow(
    signal: AbortSignal,
    wanted: (task: string) => boolean,
    changed: (task: string) => void,
  ): Promise<void> {
    const options = { signal, pending_max: 10_000 };
    const pattern = progressSubject("tasks/*/steps/*");
    for await (const { subject, payload } of this.#bus.subscribe(pattern, options)) {
      const task = taskOfSubject(subject);
      if (!wanted(task)) continue;
      const ofTask = this.#texts.get(task) ?? new Map();
      this.#texts.set(task, ofTask.set(stepOfSubject(subject), new TextDecoder().decode(payload)));
      changed(task);
    }
  }
}
