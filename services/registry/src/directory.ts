/**
 * The registry's view of what is alive: a fold over the store's changes that answers every lookup
 * from memory. Watchers hear of a change after it is in the view.
 */
import { create } from "@bufbuild/protobuf";
import {
  type Skill,
  SkillSchema,
  type Workload,
} from "@keiko/gen/keiko/registry/v1/registry_pb.js";
import { type CatalogMethod, createCatalog } from "@keiko/runtime/catalog.ts";
import { decodeDescriptors } from "@keiko/runtime/descriptors.ts";
import { alive, type RegistryStore } from "./registry-store.ts";
import { createSkillIndex } from "./skill-index.ts";

export type DirectoryChange = { case: "put"; value: Workload } | { case: "removed"; value: string };

export interface Directory {
  workloads(): Workload[];
  workload(name: string): Workload | undefined;
  /** Alive workloads that serve the service. */
  serving(service: string): Workload[];
  skill(name: string): Skill | undefined;
  /** Best first; everything, by name, for a query without words. */
  search(query: string): { found: CatalogMethod; score: number }[];
  /** A skill as people see it. Made on demand: a search finds many and shows a page. */
  describe(found: CatalogMethod): Skill;
  catalog: ReturnType<typeof createCatalog>;
  put(workload: Workload, descriptors: (digest: string) => Uint8Array): void;
  remove(name: string): void;
  /** Removes what has lapsed; its names. */
  lapse(now_ms: number): string[];
  subscribe(listener: (change: DirectoryChange) => void): () => void;
}

export function createDirectory(): Directory {
  const known = new Map<string, Workload>();
  const byService = new Map<string, Map<string, Workload>>();
  const catalog = createCatalog();
  const index = createSkillIndex();
  const skills = new Map<string, CatalogMethod>();
  const skillsOf = new Map<string, Set<string>>();
  const listeners = new Set<(change: DirectoryChange) => void>();
  const tell = (change: DirectoryChange) => {
    for (const listener of listeners) listener(change);
  };
  const forget = (name: string) => {
    for (const { name: service } of known.get(name)?.services ?? []) {
      const serving = byService.get(service);
      serving?.delete(name);
      if (!serving?.size) byService.delete(service);
    }
    known.delete(name);
  };
  const reindex = (services: readonly string[]) => {
    for (const service of services) {
      const offered = new Map<string, CatalogMethod>();
      for (const { name: method } of catalog.service(service)?.service.methods ?? []) {
        const found = catalog.method(`${service}/${method}`);
        if (found?.skill) offered.set(`skills/${found.path}`, found);
      }
      for (const name of skillsOf.get(service) ?? []) {
        if (offered.has(name)) continue;
        skills.delete(name);
        index.remove(name);
      }
      if (offered.size > 0) skillsOf.set(service, new Set(offered.keys()));
      else skillsOf.delete(service);
      for (const [name, found] of offered) {
        if (skills.get(name)?.digest === found.digest) continue;
        skills.set(name, found);
        index.put(describe(found));
      }
    }
  };
  const describe = (found: CatalogMethod): Skill =>
    create(SkillSchema, {
      name: `skills/${found.path}`,
      method: found.path,
      digest: found.digest,
      ...(found.skill ? { contract: found.skill } : {}),
      requestType: found.method.input.typeName,
      responseType: found.method.output.typeName,
      inputTypes: found.inputTypes,
      outputTypes: found.outputTypes,
      permission: found.permission,
      workloads: [...(byService.get(found.method.parent.typeName)?.keys() ?? [])].sort(),
    });
  const directory: Directory = {
    catalog,
    workloads: () => [...known.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    workload: (name) => known.get(name),
    serving: (service) => [...(byService.get(service)?.values() ?? [])],
    skill(name) {
      const found = skills.get(name);
      return found && describe(found);
    },
    search(query) {
      if (query.trim() === "") {
        const all = [...skills.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
        return all.map((found) => ({ found, score: 0 }));
      }
      return index.search(query).flatMap(({ name, score }) => {
        const found = skills.get(name);
        return found ? [{ found, score }] : [];
      });
    },
    describe,
    put(workload, descriptors) {
      const same = known.get(workload.name);
      if (same && sameRegistration(same, workload)) {
        // Only the lease moved: nobody who watches needs to hear that nothing changed.
        same.leaseExpireTime = workload.leaseExpireTime!;
        return;
      }
      const before = known.get(workload.name)?.services.map(({ name }) => name) ?? [];
      forget(workload.name);
      catalog.put(workload, ({ digest }) => decodeDescriptors(descriptors(digest)));
      known.set(workload.name, workload);
      for (const { name } of workload.services) {
        const serving = byService.get(name) ?? new Map<string, Workload>();
        byService.set(name, serving.set(workload.name, workload));
      }
      reindex([...before, ...workload.services.map(({ name }) => name)]);
      tell({ case: "put", value: workload });
    },
    remove(name) {
      const gone = known.get(name);
      if (!gone) return;
      forget(name);
      catalog.remove(name);
      reindex(gone.services.map(({ name: service }) => service));
      tell({ case: "removed", value: name });
    },
    lapse(now_ms) {
      const lapsed = [...known.values()].filter((workload) => !alive(workload, now_ms));
      for (const { name } of lapsed) directory.remove(name);
      return lapsed.map(({ name }) => name);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return directory;
}

function sameRegistration(a: Workload, b: Workload): boolean {
  return (
    a.registerTime?.seconds === b.registerTime?.seconds &&
    a.registerTime?.nanos === b.registerTime?.nanos
  );
}

/** Feeds the directory from the store until the signal aborts; resolves when it is current. */
export async function followStore(
  directory: Directory,
  store: RegistryStore,
  options: { signal: AbortSignal; now: () => number },
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  void (async () => {
    for await (const change of store.watch(options.signal)) {
      if ("current" in change) resolve();
      else if ("removed" in change) directory.remove(change.removed);
      else if (alive(change.put.workload, options.now())) {
        const { workload } = change.put;
        const contracts = new Map<string, Uint8Array>();
        for (const { digest } of workload.services) {
          const bytes = await store.contract(digest);
          if (bytes) contracts.set(digest, bytes);
        }
        const whole = workload.services.every(({ digest }) => contracts.has(digest));
        if (whole) directory.put(workload, (digest) => contracts.get(digest)!);
      }
    }
  })().catch(reject);
  await promise;
}
