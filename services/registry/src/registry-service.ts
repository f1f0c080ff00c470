/**
 * Discovery: who serves what, now. It implements keiko.registry.v1.RegistryService over a store of
 * leases and a view of it in memory. A contract that lacks permission or audit class, or that would
 * break callers of the one already served under the same name, does not get in. It does not route
 * calls and does not judge who may call what.
 */
import { randomUUID } from "node:crypto";
import { create, type DescService, type FileRegistry } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import type { ServiceImpl } from "@connectrpc/connect";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { ServiceSchema, type Workload } from "@keiko/gen/keiko/registry/v1/registry_pb.js";
import type { RegistryService } from "@keiko/gen/keiko/registry/v1/registry_service_pb.js";
import { callKey } from "@keiko/runtime/call.ts";
import { ungoverned } from "@keiko/runtime/contracts.ts";
import { decodeDescriptors, digestOf, encodeDescriptors } from "@keiko/runtime/descriptors.ts";
import { refuse } from "@keiko/runtime/errors.ts";
import type { Emitter } from "@keiko/runtime/events.ts";
import { pageToken, readPageToken } from "@keiko/runtime/page.ts";
import { breaks } from "./compatibility.ts";
import type { Directory, DirectoryChange } from "./directory.ts";
import { leaseUntil, type RegistryStore } from "./registry-store.ts";

export interface Deps {
  store: RegistryStore;
  directory: Directory;
  now: () => number;
  lease_ms: number;
  emit: Emitter;
  /** Whether policy lets the workload offer the service. */
  mayServe: (workload: string, service: string) => boolean;
}

export function registryService({ store, directory, now, lease_ms, emit, mayServe }: Deps) {
  return {
    async registerWorkload({ workload, descriptors }, context) {
      const offered = workload!;
      guardIdentity(offered, context.values.get(callKey)?.caller?.workload);
      const contracts = offeredContracts(offered, readDescriptors(descriptors));
      for (const contract of contracts) guardOffer(contract, offered.identity, mayServe);
      for (const contract of contracts) guardContract(contract, offered.name, directory);
      for (const contract of contracts) {
        await store.putContract(digestOf(contract), encodeDescriptors([contract]));
      }
      const registered: Workload = {
        ...offered,
        services: contracts.map((contract) =>
          create(ServiceSchema, { name: contract.typeName, digest: digestOf(contract) }),
        ),
        registerTime: timestampFromMs(now()),
        leaseExpireTime: leaseUntil(now(), lease_ms),
      };
      const lease = randomUUID();
      const change = directory.workload(offered.name) ? "workloadChanged" : "workloadRegistered";
      await store.put(registered, lease);
      directory.put(registered, (digest) =>
        encodeDescriptors(contracts.filter((contract) => digestOf(contract) === digest)),
      );
      emit({ case: change, value: { workload: registered } });
      return { workload: registered, lease };
    },
    async renewLease({ name, lease }) {
      const { workload, revision } = await held(store, name, lease);
      const leaseExpireTime = leaseUntil(now(), lease_ms);
      await store.put({ ...workload, leaseExpireTime }, lease, revision);
      return { leaseExpireTime };
    },
    async removeWorkload({ name, lease }) {
      const { revision } = await held(store, name, lease);
      await store.remove(name, revision);
      directory.remove(name);
      emit({ case: "workloadLeft", value: { name, lapsed: false } });
      return {};
    },
    listWorkloads({ pageSize, pageToken: token }) {
      const all = living(directory, now);
      const { items, nextPageToken } = page(all, pageSize || 100, token, ({ name }) => name);
      return { workloads: items, nextPageToken };
    },
    async *watchWorkloads(_, { signal }) {
      const pending: DirectoryChange[] = living(directory, now).map((value) => ({
        case: "put",
        value,
      }));
      let wake = () => {};
      const stop = directory.subscribe((change) => {
        pending.push(change);
        wake();
      });
      try {
        for (const change of pending.splice(0)) yield { change };
        yield { change: { case: "current" as const, value: {} } };
        while (!signal.aborted) {
          for (const change of pending.splice(0)) yield { change };
          if (pending.length > 0) continue;
          await new Promise<void>((resolve) => {
            wake = resolve;
            signal.addEventListener("abort", () => resolve(), { once: true });
          });
        }
      } finally {
        stop();
      }
    },
    resolveMethod({ method: path }) {
      const found = directory.catalog.method(path);
      const workloads = found ? directory.serving(found.method.parent.typeName) : [];
      if (!found || workloads.length === 0) throw unknown("method", path);
      return { workloads, digest: found.digest };
    },
    searchSkills({ query, inputType, outputType, pageSize, pageToken: token }) {
      const hits = directory
        .search(query)
        .filter(({ found: { inputTypes } }) => inputType === "" || inputTypes.includes(inputType))
        .filter(
          ({ found: { outputTypes } }) => outputType === "" || outputTypes.includes(outputType),
        );
      const { items, nextPageToken } = pageByIndex(hits, pageSize || 50, token);
      const skills = items.map(({ found, score }) => ({ skill: directory.describe(found), score }));
      return { skills, nextPageToken };
    },
    getSkill({ name }) {
      const skill = directory.skill(name);
      if (!skill) throw unknown("name", name);
      return { skill };
    },
    async getDescriptors({ service, digest: wanted }) {
      const digest = wanted || (directory.catalog.service(service)?.digest ?? "");
      const descriptors = await store.contract(digest);
      if (!descriptors) throw unknown("service", service);
      return { descriptors, digest };
    },
  } satisfies ServiceImpl<typeof RegistryService>;
}

function living(directory: Directory, now: () => number): Workload[] {
  directory.lapse(now());
  return directory.workloads();
}

// A workload speaks for itself only: otherwise any could take another's place in discovery.
function guardIdentity({ identity, name }: Workload, caller: string | undefined): void {
  if (identity === caller) return;
  throw refuse(Reason.PERMISSION_DENIED, {
    message: `"${caller ?? ""}" may not register ${name} as "${identity}"`,
    field: "workload.identity",
    remedy: "register under the identity that you call with",
    metadata: { identity, caller: caller ?? "" },
  });
}

function readDescriptors(bytes: Uint8Array): FileRegistry {
  try {
    return decodeDescriptors(bytes);
  } catch (cause) {
    throw refuse(Reason.INVALID_FIELD, {
      message: `descriptors: ${(cause as Error).message}`,
      field: "descriptors",
      remedy: "send an encoded google.protobuf.FileDescriptorSet with all imports",
      cause,
    });
  }
}

function offeredContracts(workload: Workload, files: FileRegistry): DescService[] {
  return workload.services.map(({ name }, index) => {
    const contract = files.getService(name);
    if (contract) return contract;
    throw refuse(Reason.INVALID_FIELD, {
      message: `the descriptors do not contain ${name}`,
      field: `workload.services[${index}].name`,
      remedy: "send the descriptors of every service that is named",
      metadata: { service: name },
    });
  });
}

// A service belongs to those whose definition offers it; a claim alone gives nobody its calls.
function guardOffer({ typeName }: DescService, identity: string, mayServe: Deps["mayServe"]): void {
  if (mayServe(identity, typeName)) return;
  throw refuse(Reason.PERMISSION_DENIED, {
    message: `"${identity}" may not offer ${typeName}`,
    field: "workload.services",
    remedy: "declare the service in the workload's definition and give that to policy",
    metadata: { workload: identity, service: typeName },
  });
}

function guardContract(contract: DescService, workload: string, directory: Directory): void {
  for (const method of contract.methods) {
    const reason = ungoverned(method);
    if (!reason) continue;
    throw refuse(Reason.UNGOVERNED_METHOD, {
      message: reason,
      field: "descriptors",
      remedy: "annotate the method with keiko.option.v1.method",
      metadata: { method: method.name, service: contract.typeName },
    });
  }
  const others = directory.serving(contract.typeName).filter(({ name }) => name !== workload);
  const published = directory.catalog.service(contract.typeName)?.service;
  const broken = others.length > 0 && published ? breaks(published, contract) : [];
  if (broken.length === 0) return;
  throw refuse(Reason.CONFLICT, {
    message: `${contract.typeName} would break callers: ${broken.join("; ")}`,
    field: "descriptors",
    remedy: "publish the change as a new version of the package",
    metadata: { service: contract.typeName, served_by: others.map(({ name }) => name).join(", ") },
  });
}

async function held(store: RegistryStore, name: string, lease: string) {
  const found = await store.get(name);
  if (found && found.lease === lease) return found;
  throw refuse(Reason.NOT_FOUND, {
    message: `${name} holds no such lease`,
    field: "lease",
    remedy: "register again",
    metadata: { name },
  });
}

function unknown(field: string, value: string) {
  return refuse(Reason.UNKNOWN_METHOD, {
    message: `nobody serves ${value}`,
    field,
    remedy: "list what is served with ListWorkloads or SearchSkills",
    metadata: { [field]: value },
  });
}

function page<T>(all: T[], size: number, token: string, key: (item: T) => string) {
  const after = readPageToken(token, "string");
  const rest = after === undefined ? all : all.filter((item) => key(item) > after);
  const items = rest.slice(0, size);
  const last = items.at(-1);
  return { items, nextPageToken: rest.length > size && last ? pageToken(key(last)) : "" };
}

function pageByIndex<T>(all: T[], size: number, token: string) {
  const from = readPageToken(token, "number") ?? 0;
  const nextPageToken = all.length > from + size ? pageToken(from + size) : "";
  return { items: all.slice(from, from + size), nextPageToken };
}
