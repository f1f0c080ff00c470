import type { JsonValue, MessageInitShape } from "@bufbuild/protobuf";
import { fromJson } from "@bufbuild/protobuf";
import { ValueSchema } from "@bufbuild/protobuf/wkt";
import type { File as KeptFile } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import type { StoredPlan, TriggerSchema } from "@keiko/gen/keiko/plan/v1/plan_service_pb.js";
import type { Task } from "@keiko/gen/keiko/task/v1/task_pb.js";
import type { Clients } from "../remote/clients.ts";
import { pause } from "../remote/follow.ts";
import { isFinal, isUnreachable, type Trouble, troubleOf } from "../remote/trouble.ts";
import { idOf } from "../routes/router.ts";
import type { Connection } from "./connection.svelte.ts";

const pageSize = 500;
/** So many of its latest tasks are shown. */
const runsMax = 5;
const againMs = 1000;

export type TriggerInit = MessageInitShape<typeof TriggerSchema>;

/** The newest version of each stored plan. */
export class PlanList {
  #plans = $state.raw<StoredPlan[]>([]);
  #loaded = $state(false);
  #trouble = $state.raw<Trouble>();
  #clients: Clients;
  #connection: Connection;

  constructor(clients: Clients, connection: Connection) {
    this.#clients = clients;
    this.#connection = connection;
  }

  /** By name. */
  get plans(): readonly StoredPlan[] {
    return this.#plans;
  }

  get loaded(): boolean {
    return this.#loaded;
  }

  get trouble(): Trouble | undefined {
    return this.#trouble;
  }

  async load(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && !this.#loaded && !this.#trouble) {
      await this.#connection.restored(signal);
      try {
        const { plans } = await this.#clients.plans.listPlans({ pageSize }, { signal });
        this.#plans = plans;
        this.#loaded = true;
      } catch (error) {
        if (!signal.aborted && !isUnreachable(error)) this.#trouble = troubleOf(error);
      }
    }
  }
}

/** One stored plan: its versions, what runs it, and what came of that. */
export class PlanDetail {
  #plan = $state.raw<StoredPlan>();
  #newest = $state(0);
  #runs = $state.raw<Task[]>();
  #trouble = $state.raw<Trouble>();
  #refusal = $state.raw<Trouble>();
  #busy = $state(false);
  #asked = 0;
  #clients: Clients;
  #connection: Connection;
  #name: string;

  constructor(clients: Clients, connection: Connection, name: string) {
    this.#clients = clients;
    this.#connection = connection;
    this.#name = name;
  }

  get plan(): StoredPlan | undefined {
    return this.#plan;
  }

  /** The number of the newest version. */
  get newest(): number {
    return this.#newest;
  }

  /** The latest first; unset: not looked for yet. */
  get runs(): readonly Task[] | undefined {
    return this.#runs;
  }

  /** Why it cannot be shown. */
  get trouble(): Trouble | undefined {
    return this.#trouble;
  }

  /** Why the last thing that was asked was not done. */
  get refusal(): Trouble | undefined {
    return this.#refusal;
  }

  get busy(): boolean {
    return this.#busy;
  }

  /** 0: the newest version. */
  async load(version: number, signal: AbortSignal): Promise<void> {
    // Whoever left and came back before the runs were there still wants them.
    if (this.#plan) await this.#loadRuns(signal);
    while (!signal.aborted && !this.#plan && !this.#trouble) {
      await this.#connection.restored(signal);
      try {
        const get = (which: number) =>
          this.#clients.plans.getPlan({ name: this.#name, version: which }, { signal });
        const [{ plan }, { plan: last }] = await Promise.all([get(version), get(0)]);
        this.#newest = last?.version ?? plan?.version ?? 0;
        // Triggers are of the plan, whatever its version.
        this.#plan = plan && { ...plan, triggers: last?.triggers ?? plan.triggers };
        if (plan) void this.#loadRuns(signal);
      } catch (error) {
        if (!signal.aborted && !isUnreachable(error)) this.#trouble = troubleOf(error);
      }
    }
  }

  /** Looks again at what the plan's tasks do now. */
  async refreshRuns(signal: AbortSignal): Promise<void> {
    if (this.#plan) await this.#loadRuns(signal);
  }

  /** The name of the task; unset where it was refused. */
  async run(
    version: number,
    values: Readonly<Record<string, JsonValue>>,
    attachments: readonly KeptFile[],
  ): Promise<string | undefined> {
    const inputs = Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, fromJson(ValueSchema, value)]),
    );
    return this.#ask(async () => {
      const { task } = await this.#clients.tasks.createTask({
        // The goal is what lists and the task's own page call it.
        goal: this.#plan?.plan?.goal || idOf(this.#name),
        storedPlan: { name: this.#name, version },
        inputs,
        attachments: [...attachments],
        requestId: crypto.randomUUID(),
      });
      return task?.name;
    });
  }

  async setTriggers(triggers: readonly TriggerInit[]): Promise<boolean> {
    const plan = await this.#ask(async () => {
      const set = await this.#clients.plans.setTriggers({
        name: this.#name,
        triggers: [...triggers],
      });
      return set.plan;
    });
    if (plan && this.#plan) this.#plan = { ...this.#plan, triggers: plan.triggers };
    return plan !== undefined;
  }

  async delete(): Promise<boolean> {
    const gone = await this.#ask(async () => {
      await this.#clients.plans.deletePlan({ name: this.#name });
      return true;
    });
    return gone === true;
  }

  async #ask<T>(ask: () => Promise<T>): Promise<T | undefined> {
    if (this.#busy) return undefined;
    this.#busy = true;
    this.#refusal = undefined;
    try {
      return await ask();
    } catch (error) {
      this.#refusal = troubleOf(error);
      return undefined;
    } finally {
      this.#busy = false;
    }
  }

  /** Until it is known: a call that fails would otherwise say for good that nothing ran. Of two that
   * ask at once only the later is heard, as the earlier one may be answered last. */
  async #loadRuns(signal: AbortSignal): Promise<void> {
    const turn = ++this.#asked;
    while (!signal.aborted && turn === this.#asked) {
      try {
        await this.#connection.restored(signal);
        const runs = await this.#findRuns(signal);
        if (turn === this.#asked) this.#runs = runs;
        return;
      } catch (error) {
        if (isFinal(error)) {
          this.#runs ??= [];
          return;
        }
        await pause(againMs, signal);
      }
    }
  }

  async #findRuns(signal: AbortSignal): Promise<Task[]> {
    const asked = { storedPlan: this.#name, pageSize: runsMax };
    const { tasks } = await this.#clients.tasks.listTasks(asked, { signal });
    const looked = await Promise.all(
      tasks.map(({ name }) =>
        this.#clients.tasks.getTask({ name }, { signal }).catch((error) => {
          // It may be gone by now; what only could not be asked is asked again.
          if (isFinal(error)) return { task: undefined };
          throw error;
        }),
      ),
    );
    return looked.flatMap(({ task }) => task ?? []);
  }
}
