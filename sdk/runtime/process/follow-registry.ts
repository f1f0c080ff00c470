/**
 * Keeps a process current about who serves what: endpoints for the mesh, and contracts for those who
 * need them. One watch feeds both; while the registry is away the last known endpoints stay.
 */
import type { Client } from "@connectrpc/connect";
import type { Workload } from "@keiko/gen/keiko/registry/v1/registry_pb.js";
import type { RegistryService } from "@keiko/gen/keiko/registry/v1/registry_service_pb.js";
import { type EditableCatalog, mirrorRegistry } from "../catalog.ts";
import type { Log } from "../log.ts";
import type { Mesh } from "../mesh/mesh.ts";

type Registry = Client<typeof RegistryService>;

export interface FollowOptions {
  /** Undefined: contracts are not needed, and not fetched. */
  catalog: EditableCatalog | undefined;
  mesh: Pick<Mesh, "update">;
  signal: AbortSignal;
  log: Log;
}

/** Resolves when everything that was registered is known. */
export async function followRegistry(registry: Registry, options: FollowOptions): Promise<void> {
  const { mesh, catalog, signal, log } = options;
  const endpoints = createEndpoints(mesh);
  const mirror: Pick<EditableCatalog, "put" | "remove" | "names"> = {
    put(workload, contract) {
      endpoints.put(workload);
      catalog?.put(workload, contract);
    },
    remove(name) {
      endpoints.remove(name);
      catalog?.remove(name);
    },
    names: endpoints.names,
  };
  await mirrorRegistry(mirror, registry, { signal, log, contracts: catalog !== undefined });
}

function createEndpoints(mesh: Pick<Mesh, "update">) {
  const byName = new Map<string, Workload>();
  const servicesOf = (name: string) => byName.get(name)?.services.map((one) => one.name) ?? [];
  const tell = (services: readonly string[]) => {
    for (const service of new Set(services)) {
      const serving = [...byName.values()].filter(({ services: offered }) =>
        offered.some(({ name }) => name === service),
      );
      const found = serving.flatMap(({ identity, endpoints }) =>
        endpoints.map((address) => ({ address, identity })),
      );
      mesh.update(service, found);
    }
  };
  return {
    put(workload: Workload): void {
      const before = servicesOf(workload.name);
      byName.set(workload.name, workload);
      tell([...before, ...servicesOf(workload.name)]);
    },
    remove(name: string): void {
      const before = servicesOf(name);
      byName.delete(name);
      tell(before);
    },
    names: () => [...byName.keys()],
  };
}
