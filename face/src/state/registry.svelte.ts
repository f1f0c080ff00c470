import type { Skill, Workload } from "@keiko/gen/keiko/registry/v1/registry_pb.js";
import { createContext } from "svelte";
import { SvelteMap } from "svelte/reactivity";
import type { Clients } from "../remote/clients.ts";
import { follow } from "../remote/follow.ts";
import type { Connection } from "./connection.svelte.ts";

const skillsMax = 1000;

/** Who is here and what they can do, live. */
export class Registry {
  #workloads = new SvelteMap<string, Workload>();
  #skills = $state.raw<Skill[]>([]);
  #ready = $state(false);
  #change = $state<{ name: string; came: boolean }>();
  #clients: Clients;
  #connection: Connection;

  constructor(clients: Clients, connection: Connection) {
    this.#clients = clients;
    this.#connection = connection;
  }

  /** By name. */
  get workloads(): Workload[] {
    return [...this.#workloads.values()].sort((a, b) => a.name.localeCompare(b.name));
  }

  get skills(): Skill[] {
    return this.#skills;
  }

  /** Everything known at the start has arrived, skills included. */
  get ready(): boolean {
    return this.#ready;
  }

  /** The last arrival or departure since then. */
  get change(): { name: string; came: boolean } | undefined {
    return this.#change;
  }

  /** Watches until the signal aborts; a broken stream is opened again and starts afresh. */
  async watch(signal: AbortSignal): Promise<void> {
    let gathered: Workload[] | undefined;
    const open = (stop: AbortSignal) => {
      gathered = [];
      return this.#clients.registry.watchWorkloads({}, { signal: stop, timeoutMs: 0 });
    };
    await follow(
      open,
      ({ change }) => {
        if (change.case === "put") {
          if (gathered) gathered.push(change.value);
          else this.#put(change.value, signal);
        } else if (change.case === "removed") {
          gathered = gathered?.filter(({ name }) => name !== change.value);
          if (!gathered) this.#remove(change.value, signal);
        } else if (change.case === "current" && gathered) {
          this.#replace(gathered);
          gathered = undefined;
          void this.#refreshSkills(signal);
        }
        return false;
      },
      this.#connection,
      signal,
    );
  }

  #put(workload: Workload, signal: AbortSignal): void {
    const known = this.#workloads.has(workload.name);
    this.#workloads.set(workload.name, workload);
    if (known) return;
    this.#change = { name: workload.name, came: true };
    void this.#refreshSkills(signal);
  }

  #remove(name: string, signal: AbortSignal): void {
    if (!this.#workloads.delete(name)) return;
    this.#change = { name, came: false };
    void this.#refreshSkills(signal);
  }

  #replace(workloads: Workload[]): void {
    const names = new Set(workloads.map(({ name }) => name));
    for (const name of [...this.#workloads.keys()]) {
      if (!names.has(name)) this.#workloads.delete(name);
    }
    for (const workload of workloads) this.#workloads.set(workload.name, workload);
  }

  async #refreshSkills(signal: AbortSignal): Promise<void> {
    try {
      const found = await this.#clients.registry.searchSkills({ pageSize: skillsMax }, { signal });
      this.#skills = found.skills.flatMap(({ skill }) => (skill ? [skill] : []));
      this.#ready = true;
    } catch (error) {
      // What is shown stays as it was; the watch starts again when the connection is back.
      if (!signal.aborted) this.#connection.failed(error);
    }
  }
}

export const [useRegistry, provideRegistry] = createContext<Registry>();
