import { equals, fromJsonString, toJsonString } from "@bufbuild/protobuf";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { type Plan, PlanSchema } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import type { Clients } from "../remote/clients.ts";
import { pause } from "../remote/follow.ts";
import { isUnreachable, type Trouble, troubleOf, troubleOfProblem } from "../remote/trouble.ts";
import type { Connection } from "./connection.svelte.ts";
import { LiveContracts } from "./contracts.svelte.ts";
import { emptyPlan } from "./plan-edit.ts";
import { type PlacedProblem, placeProblem } from "./plan-problems.ts";

const typingMs = 350;
const historyMax = 200;

/** What is opened beside the graph: a step by its id, or the plan itself. */
export type Opened = { step: string } | "plan";

export type Check = "empty" | "checking" | "fine" | "wrong";

/** A plan that is being written. Every change is kept in the tab, checked a moment later, and can be
 * taken back. */
export class PlanEditor {
  #plan = $state.raw<Plan>() as Plan;
  #id = $state("");
  #base = $state(0);
  #opened = $state.raw<Opened>("plan");
  #past = $state.raw<Plan[]>([]);
  #future = $state.raw<Plan[]>([]);
  #problems = $state.raw<PlacedProblem[]>([]);
  #check = $state<Check>("empty");
  #ready = $state(false);
  #busy = $state(false);
  #trouble = $state.raw<Trouble>();
  #refusal = $state.raw<Trouble>();
  #newest = $state(0);
  #kept = $state.raw<Plan>() as Plan;
  #clients: Clients;
  #connection: Connection;
  #storage: Storage;
  #key: string;
  readonly contracts: LiveContracts;

  /** `id` of the stored plan that is changed; empty: a new one. */
  constructor(
    clients: Clients,
    connection: Connection,
    storage: Storage,
    id: string,
    language: "de" | "en",
  ) {
    this.#clients = clients;
    this.#connection = connection;
    this.#storage = storage;
    this.#key = `keiko.plan-edit.${id}`;
    this.contracts = new LiveContracts(clients, connection);
    this.#id = id;
    this.#plan = emptyPlan(language);
    this.#kept = this.#plan;
  }

  get plan(): Plan {
    return this.#plan;
  }

  /** Under which it will be stored. */
  get id(): string {
    return this.#id;
  }

  set id(id: string) {
    this.#id = id;
    this.#keep();
  }

  /** The version that was the newest when the change began; 0: it is new. */
  get base(): number {
    return this.#base;
  }

  get opened(): Opened {
    return this.#opened;
  }

  /** It can be shown. */
  get ready(): boolean {
    return this.#ready;
  }

  get busy(): boolean {
    return this.#busy;
  }

  get check(): Check {
    return this.#check;
  }

  get problems(): readonly PlacedProblem[] {
    return this.#problems;
  }

  /** Why it cannot be edited. */
  get trouble(): Trouble | undefined {
    return this.#trouble;
  }

  /** Why it was not stored. */
  get refusal(): Trouble | undefined {
    return this.#refusal;
  }

  /** Somebody stored this version after the change began; 0: nobody did. */
  get conflict(): number {
    return this.#newest;
  }

  /** Something differs from what is stored. */
  get dirty(): boolean {
    return !equals(PlanSchema, this.#plan, this.#kept);
  }

  get canUndo(): boolean {
    return this.#past.length > 0;
  }

  get canRedo(): boolean {
    return this.#future.length > 0;
  }

  open(opened: Opened): void {
    this.#opened = opened;
    this.#keep();
  }

  /** Takes a changed plan; one that is the same changes nothing. */
  set(plan: Plan): void {
    if (plan === this.#plan) return;
    this.#past = [...this.#past.slice(-historyMax), this.#plan];
    this.#future = [];
    this.#show(plan);
  }

  undo(): void {
    const before = this.#past.at(-1);
    if (!before) return;
    this.#past = this.#past.slice(0, -1);
    this.#future = [...this.#future, this.#plan];
    this.#show(before);
  }

  redo(): void {
    const after = this.#future.at(-1);
    if (!after) return;
    this.#future = this.#future.slice(0, -1);
    this.#past = [...this.#past, this.#plan];
    this.#show(after);
  }

  /** Throws where the text is no plan. */
  import(text: string): void {
    this.set(fromJsonString(PlanSchema, text));
    this.open("plan");
  }

  export(): string {
    return toJsonString(PlanSchema, this.#plan, { prettySpaces: 2, useProtoFieldName: true });
  }

  /** What was typed before in this tab, else the stored plan. Version 0: the newest. */
  async load(version: number, signal: AbortSignal): Promise<void> {
    void this.contracts.loadStored(signal);
    const restored = this.#restore();
    if (!this.#id || (restored && this.#base === 0)) {
      this.#ready = true;
      return;
    }
    while (!signal.aborted && !this.#ready && !this.#trouble) {
      await this.#connection.restored(signal);
      try {
        await this.#fetch(version, restored, signal);
      } catch (error) {
        if (!signal.aborted && !isUnreachable(error)) this.#trouble = troubleOf(error);
      }
    }
  }

  async #fetch(version: number, restored: boolean, signal: AbortSignal): Promise<void> {
    const name = `plans/${this.#id}`;
    const get = (which: number) =>
      this.#clients.plans.getPlan({ name, version: which }, { signal });
    const [{ plan: last }, { plan: shown }] = await Promise.all([get(0), get(version)]);
    this.#kept = last?.plan ?? this.#kept;
    if (restored) {
      // What was typed rests on an older version: said at once, not when it is stored.
      if (last && last.version !== this.#base) this.#newest = last.version;
    } else {
      this.#base = last?.version ?? 0;
      this.#plan = shown?.plan ?? this.#plan;
    }
    this.#ready = true;
  }

  /** Waits a moment, because the next change is on its way; the signal drops the check. */
  async checkNow(plan: Plan, signal: AbortSignal): Promise<void> {
    void this.contracts.load(plan, signal);
    if (plan.steps.length === 0) {
      this.#problems = [];
      this.#check = "empty";
      return;
    }
    this.#check = "checking";
    await pause(typingMs, signal);
    while (!signal.aborted) {
      try {
        const { problems } = await this.#clients.plans.compilePlan({ plan }, { signal });
        if (signal.aborted) return;
        this.#problems = problems.map((one) =>
          placeProblem(troubleOfProblem(one), one.metadata, plan),
        );
        this.#check = problems.length > 0 ? "wrong" : "fine";
        return;
      } catch (error) {
        if (signal.aborted) return;
        if (!isUnreachable(error)) {
          this.#problems = [placeProblem(troubleOf(error), {}, plan)];
          this.#check = "wrong";
          return;
        }
        await this.#connection.restored(signal);
      }
    }
  }

  /** The version that it was stored as; unset where it was not. `over`: the version that it is meant
   * to replace, where somebody stored one meanwhile. */
  async store(over = this.#base): Promise<number | undefined> {
    if (this.#busy) return undefined;
    this.#busy = true;
    this.#refusal = undefined;
    const name = `plans/${this.#id}`;
    const plan = this.#plan;
    try {
      // Version 0 means any: of a new plan, none may be there.
      if (over === 0) await this.#holdFree(name);
      if (this.#newest) return undefined;
      const requestId = crypto.randomUUID();
      const stored = await this.#clients.plans.storePlan({
        name,
        plan,
        expectVersion: over,
        requestId,
      });
      if (!stored.plan) {
        this.#problems = stored.problems.map((one) =>
          placeProblem(troubleOfProblem(one), one.metadata, plan),
        );
        this.#check = "wrong";
        return undefined;
      }
      this.discard();
      this.#kept = plan;
      this.#base = stored.plan.version;
      return stored.plan.version;
    } catch (error) {
      const trouble = troubleOf(error);
      if (trouble.reason === Reason.CONFLICT) await this.#lookWho(name);
      if (!this.#newest) this.#refusal = trouble;
      return undefined;
    } finally {
      this.#busy = false;
    }
  }

  /** Stores it as the next version after the one that somebody stored meanwhile. */
  async storeAnyway(): Promise<number | undefined> {
    const over = this.#newest;
    this.#newest = 0;
    return this.store(over);
  }

  /** Another name was chosen, or the other version was taken. */
  settle(): void {
    this.#newest = 0;
    this.#refusal = undefined;
  }

  /** Forgets what the tab keeps of it. */
  discard(): void {
    this.#storage.removeItem(this.#key);
  }

  async #holdFree(name: string): Promise<void> {
    let pageToken = "";
    do {
      const page = await this.#clients.plans.listPlans({ pageSize: 500, pageToken });
      this.#newest = page.plans.find((one) => one.name === name)?.version ?? 0;
      pageToken = page.nextPageToken;
    } while (pageToken && !this.#newest);
  }

  async #lookWho(name: string): Promise<void> {
    const found = await this.#clients.plans.getPlan({ name }).catch(() => undefined);
    this.#newest = found?.plan?.version ?? 0;
  }

  #show(plan: Plan): void {
    this.#plan = plan;
    const { opened } = this;
    if (opened !== "plan" && !plan.steps.some(({ id }) => id === opened.step)) {
      this.#opened = "plan";
    }
    this.#keep();
  }

  #keep(): void {
    const { opened } = this;
    const step = opened === "plan" ? "" : opened.step;
    const plan = toJsonString(PlanSchema, this.#plan);
    const kept = { id: this.#id, base: this.#base, step, plan };
    this.#storage.setItem(this.#key, JSON.stringify(kept));
  }

  #restore(): boolean {
    const text = this.#storage.getItem(this.#key);
    if (!text) return false;
    try {
      const kept = JSON.parse(text) as { id: string; base: number; step: string; plan: string };
      this.#plan = fromJsonString(PlanSchema, kept.plan);
      this.#id = kept.id;
      this.#base = kept.base;
      this.#opened = kept.step ? { step: kept.step } : "plan";
      return true;
    } catch {
      // Written by another version of the console: the stored plan is better than none at all.
      this.discard();
      return false;
    }
  }
}
