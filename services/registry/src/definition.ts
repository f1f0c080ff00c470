/** The registry as a unit: its store, its view, and its watch over leases that run out. */
import { WorkloadKind } from "@keiko/gen/keiko/registry/v1/registry_pb.js";
import { RegistryService } from "@keiko/gen/keiko/registry/v1/registry_service_pb.js";
import { hosted } from "@keiko/runtime/host.ts";
import { limits } from "@keiko/runtime/limits.ts";
import type { ServiceDefinition } from "@keiko/runtime/service.ts";
import { createDirectory, followStore } from "./directory.ts";
import { registryService } from "./registry-service.ts";
import { registryStore } from "./registry-store.ts";

export const registry: ServiceDefinition = {
  identity: "registry",
  version: "0.1.0",
  kind: WorkloadKind.BACKBONE,
  serves: [RegistryService],
  calls: [],
  async open({ substrate, decider, now, signal, emit, log }) {
    const store = registryStore(substrate.kv, now);
    const directory = createDirectory();
    await followStore(directory, store, { signal, now });
    const sweep = setInterval(() => {
      for (const name of directory.lapse(now())) {
        store.removeLapsed(name).then(
          (removed) => removed && emit({ case: "workloadLeft", value: { name, lapsed: true } }),
          (cause) => log.warn("a lapsed workload was not removed", { name, cause: String(cause) }),
        );
      }
    }, limits.lease_ms / 10);
    signal.addEventListener("abort", () => clearInterval(sweep));
    const mayServe = (workload: string, service: string) =>
      decider().decide({
        caller: { workload, user: "" },
        permission: "registry.serve",
        service,
        skill: false,
      }).allowed;
    const deps = { store, directory, now, lease_ms: limits.lease_ms, emit, mayServe };
    return { services: [hosted(RegistryService, registryService(deps))] };
  },
};
