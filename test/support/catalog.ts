/** A catalog as the registry would give it, of contracts that are given directly. */
import { create, createFileRegistry, type DescService } from "@bufbuild/protobuf";
import { DataService } from "@keiko/gen/keiko/data/v1/data_service_pb.js";
import { ServiceSchema, WorkloadSchema } from "@keiko/gen/keiko/registry/v1/registry_pb.js";
import { TaskService } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import { VisualService } from "@keiko/gen/keiko/visual/v1/visual_service_pb.js";
import { createCatalog, type EditableCatalog } from "@keiko/runtime/catalog.ts";
import { descriptorsOf, digestOf } from "@keiko/runtime/descriptors.ts";
import { ProbeService } from "../gen/keiko/probe/v1/probe_service_pb.js";

export const everything = [DataService, VisualService, ProbeService, TaskService];

export function catalogOf(services: readonly DescService[] = everything): EditableCatalog {
  const catalog = createCatalog();
  for (const service of services) {
    const offered = create(ServiceSchema, { name: service.typeName, digest: digestOf(service) });
    const name = `workloads/${service.name.toLowerCase()}`;
    const identity = service.name.toLowerCase();
    const workload = create(WorkloadSchema, { name, identity, services: [offered] });
    catalog.put(workload, () => createFileRegistry(descriptorsOf([service])));
  }
  return catalog;
}
