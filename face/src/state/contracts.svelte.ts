import { createFileRegistry, type DescMethod, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import type { Plan } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import type { StoredPlan } from "@keiko/gen/keiko/plan/v1/plan_service_pb.js";
import { SvelteMap } from "svelte/reactivity";
import type { Clients } from "../remote/clients.ts";
import { isFinal } from "../remote/trouble.ts";
import type { Connection } from "./connection.svelte.ts";
import type { Contracts } from "./plan-shapes.ts";

const plansMax = 500;

/** The contracts of the methods, and the stored plans, that a plan is made of: each is fetched once,
 * when it is first needed, and what is shown follows when it has arrived. */
export class LiveContracts implements Contracts {
  #methods = new SvelteMap<string, DescMethod>();
  #plans = new SvelteMap<string, Plan>();
  #stored = $state.raw<StoredPlan[]>([]);
  #asked = new Set<string>();
  #clients: Clients;
  #connection: Connection;

  constructor(clients: Clients, connection: Connection) {
    this.#clients = clients;
    this.#connection = connection;
  }

  method(path: string): DescMethod | undefined {
    return this.#methods.get(path);
  }

  plan(name: string, version: number): Plan | undefined {
    return this.#plans.get(planKey(name, version));
  }

  /** The newest version of each, by name. */
  get stored(): readonly StoredPlan[] {
    return this.#stored;
  }

  async loadStored(signal: AbortSignal): Promise<void> {
    await this.#fetch("plans", signal, async () => {
      const { plans } = await this.#clients.plans.listPlans({ pageSize: plansMax }, { signal });
      this.#stored = plans;
      for (const { name, plan } of plans) if (plan) this.#plans.set(planKey(name, 0), plan);
    });
  }

  /** Fetches what the steps of the plan are, and of the plans that are its steps. */
  async load({ steps }: Plan, signal: AbortSignal): Promise<void> {
    const services = new Set(steps.flatMap(({ method }) => method.split("/")[0] || []));
    const nested = steps.flatMap(({ subPlan }) => subPlan ?? []);
    await Promise.all([
      ...[...services].map((service) => this.#loadService(service, signal)),
      ...nested.map(({ name, version }) => this.#loadPlan(name, version, signal)),
    ]);
  }

  async #loadService(service: string, signal: AbortSignal): Promise<void> {
    await this.#fetch(service, signal, async () => {
      const { registry } = this.#clients;
      const { descriptors } = await registry.getDescriptors({ service }, { signal });
      const files = createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptors));
      for (const method of files.getService(service)?.methods ?? []) {
        this.#methods.set(`${service}/${method.name}`, method);
      }
    });
  }

  async #loadPlan(name: string, version: number, signal: AbortSignal): Promise<void> {
    const key = planKey(name, version);
    await this.#fetch(key, signal, async () => {
      const found = await this.#clients.plans.getPlan({ name, version }, { signal });
      const { plan } = found.plan ?? {};
      if (!plan) return;
      this.#plans.set(key, plan);
      await this.load(plan, signal);
    });
  }

  /** Once; again where the line broke. That there is none says the compiler. */
  async #fetch(what: string, signal: AbortSignal, ask: () => Promise<void>): Promise<void> {
    if (this.#asked.has(what)) return;
    this.#asked.add(what);
    while (!signal.aborted) {
      try {
        await this.#connection.restored(signal);
        return await ask();
      } catch (error) {
        if (isFinal(error)) return;
        await new Promise((resolve) => setTimeout(resolve, againMs));
      }
    }
    this.#asked.delete(what);
  }
}

const againMs = 1000;
const planKey = (name: string, version: number) => `${name} ${version}`;
