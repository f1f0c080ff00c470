/**
 * What is registered, mirrored into this process: who must look up a method on every call (gateway,
 * compiler, planner) asks memory, and the registry's watch keeps the memory current.
 */
import type { DescMethod, DescService, FileRegistry } from "@bufbuild/protobuf";
import type { Client } from "@connectrpc/connect";
import type { Skill } from "@keiko/gen/keiko/option/v1/option_pb.js";
import type { Service, Workload } from "@keiko/gen/keiko/registry/v1/registry_pb.js";
import type { RegistryService } from "@keiko/gen/keiko/registry/v1/registry_service_pb.js";
import { contractOf, methodPath } from "./contracts.ts";
import { decodeDescriptors, nounsOf } from "./descriptors.ts";
import { keepWatching } from "./keep-watching.ts";
import type { Log } from "./log.ts";

export interface CatalogMethod {
  /** `package.Service/Method`. */
  path: string;
  method: DescMethod;
  digest: string;
  /** The action that policy decides about. */
  permission: string;
  skill: Skill | undefined;
  /** Full names of the nouns that request and response carry. */
  inputTypes: string[];
  outputTypes: string[];
}

export interface CatalogService {
  service: DescService;
  digest: string;
  files: FileRegistry;
}

export interface Catalog {
  /** Undefined: nobody serves it now. */
  method(path: string): CatalogMethod | undefined;
  service(name: string): CatalogService | undefined;
  services(): CatalogService[];
  /** Methods offered to planners. */
  skills(): CatalogMethod[];
  /** Identities of workloads that serve the service now. */
  providers(service: string): string[];
  /** Grows with each change; for caches built upon the catalog. */
  readonly revision: number;
}

export interface EditableCatalog extends Catalog {
  put(workload: Workload, contract: (service: Service) => FileRegistry): void;
  remove(name: string): void;
  /** Names of the workloads that it knows. */
  names(): string[];
}

/** The catalog itself: pure bookkeeping, fed by `mirrorRegistry` or by a test. */
export function createCatalog(): EditableCatalog {
  const workloads = new Map<string, Workload>();
  const providers = new Map<string, Set<string>>();
  const services = new Map<string, CatalogService>();
  const methods = new Map<string, CatalogMethod>();
  let skills: CatalogMethod[] | undefined;
  let revision = 0;

  const drop = (name: string) => {
    for (const { name: service } of workloads.get(name)?.services ?? []) {
      const left = providers.get(service);
      left?.delete(name);
      if (left?.size) continue;
      providers.delete(service);
      for (const method of services.get(service)?.service.methods ?? []) {
        methods.delete(methodPath(method));
      }
      services.delete(service);
    }
    workloads.delete(name);
  };
  return {
    get revision() {
      return revision;
    },
    put(workload, contract) {
      drop(workload.name);
      workloads.set(workload.name, workload);
      for (const offered of workload.services) {
        const known = providers.get(offered.name) ?? new Set();
        providers.set(offered.name, known.add(workload.name));
        if (services.get(offered.name)?.digest === offered.digest) continue;
        const files = contract(offered);
        const service = files.getService(offered.name);
        if (!service) throw new Error(`${workload.name}: no descriptor of ${offered.name}`);
        services.set(offered.name, { service, digest: offered.digest, files });
        for (const method of service.methods) {
          methods.set(methodPath(method), catalogMethod(method, offered.digest));
        }
      }
      skills = undefined;
      revision++;
    },
    remove(name) {
      drop(name);
      skills = undefined;
      revision++;
    },
    names: () => [...workloads.keys()],
    method: (path) => methods.get(path),
    service: (name) => services.get(name),
    services: () => [...services.values()],
    skills() {
      skills ??= [...methods.values()].filter(({ skill }) => skill);
      return skills;
    },
    providers: (service) =>
      [...(providers.get(service) ?? [])].map((name) => workloads.get(name)!.identity),
  };
}

export function catalogMethod(method: DescMethod, digest: string): CatalogMethod {
  const { permission, skill } = contractOf(method);
  return {
    path: methodPath(method),
    method,
    digest,
    permission,
    skill,
    inputTypes: nounsOf(method.input).map(({ type }) => type.typeName),
    outputTypes: nounsOf(method.output).map(({ type }) => type.typeName),
  };
}

/** Follows the registry until the signal aborts; resolves once all that was registered is known. */
export async function mirrorRegistry(
  catalog: Pick<EditableCatalog, "put" | "remove" | "names">,
  registry: Client<typeof RegistryService>,
  options: {
    signal: AbortSignal;
    log: Log;
    retry_ms?: number;
    /** False: who serves what is enough, descriptors are not fetched. */
    contracts?: boolean;
  },
): Promise<void> {
  const { signal, log, retry_ms, contracts: wanted = true } = options;
  const contracts = new Map<string, FileRegistry>();
  const { promise: current, resolve } = Promise.withResolvers<void>();
  const fetchContracts = async (workload: Workload) => {
    for (const { name, digest } of workload.services) {
      if (contracts.has(digest)) continue;
      const { descriptors } = await registry.getDescriptors({ service: name, digest });
      contracts.set(digest, decodeDescriptors(descriptors));
    }
  };
  const follow = async () => {
    const known = new Set<string>();
    const options = { signal, timeoutMs: 24 * 3600_000 };
    for await (const { change } of registry.watchWorkloads({}, options)) {
      if (change.case === "put") {
        if (wanted) await fetchContracts(change.value);
        known.add(change.value.name);
        catalog.put(change.value, ({ digest }) => contracts.get(digest)!);
      } else if (change.case === "removed") {
        known.delete(change.value);
        catalog.remove(change.value);
      } else if (change.case === "current") {
        // What left while nobody watched.
        for (const name of catalog.names()) if (!known.has(name)) catalog.remove(name);
        resolve();
      }
    }
  };
  keepWatching(follow, {
    signal,
    retry_ms,
    ended: (cause) => log.warn("registry watch ended, trying again", { cause: String(cause) }),
  });
  await current;
}
