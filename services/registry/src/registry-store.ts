/**
 * Registrations in the substrate: one entry per workload with its lease, one per contract with its
 * descriptors. An entry whose lease has lapsed counts as absent everywhere, whether it was swept or
 * not.
 */
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { timestampFromMs, timestampMs } from "@bufbuild/protobuf/wkt";
import { type Workload, WorkloadSchema } from "@keiko/gen/keiko/registry/v1/registry_pb.js";
import { RegisterWorkloadResponseSchema } from "@keiko/gen/keiko/registry/v1/registry_service_pb.js";
import { isConflict, type KeyValue } from "@keiko/runtime/substrate/substrate.ts";

export interface Registered {
  workload: Workload;
  lease: string;
  revision: number;
}

const workloadKey = (name: string) => `registry/${name}`;
const contractKey = (digest: string) => `registry/contracts/${digest}`;

export function registryStore(kv: KeyValue, now: () => number) {
  return {
    /** Who asks decides by it whether a lease is still held. */
    async get(name: string): Promise<Registered | undefined> {
      const entry = await kv.get(workloadKey(name), { decides: true });
      if (!entry) return undefined;
      const found = decode(entry.value, entry.revision);
      return alive(found.workload, now()) ? found : undefined;
    },
    async put(workload: Workload, lease: string, expect?: number): Promise<void> {
      const value = create(RegisterWorkloadResponseSchema, { workload, lease });
      const bytes = toBinary(RegisterWorkloadResponseSchema, value);
      await kv.put(workloadKey(workload.name), bytes, expect === undefined ? {} : { expect });
    },
    remove: (name: string, expect: number) => kv.delete(workloadKey(name), { expect }),
    /** Removes an entry whose lease has run out; whether it was this call that did. */
    async removeLapsed(name: string): Promise<boolean> {
      const entry = await kv.get(workloadKey(name));
      if (!entry || alive(decode(entry.value, entry.revision).workload, now())) return false;
      try {
        await kv.delete(workloadKey(name), { expect: entry.revision });
        return true;
      } catch (error) {
        // Renewed just now, or removed by another registry.
        if (isConflict(error)) return false;
        throw error;
      }
    },
    async putContract(digest: string, descriptors: Uint8Array): Promise<void> {
      try {
        await kv.put(contractKey(digest), descriptors, { expect: 0 });
      } catch (error) {
        // The digest names the content: what is there already is the same.
        if (!isConflict(error)) throw error;
      }
    },
    async contract(digest: string): Promise<Uint8Array | undefined> {
      return (await kv.get(contractKey(digest)))?.value;
    },
    /** Each registration as it comes and goes, lapsed ones removed; `current` after the first. */
    async *watch(
      signal: AbortSignal,
    ): AsyncIterable<{ put: Registered } | { removed: string } | { current: true }> {
      for await (const change of kv.watch("registry/workloads/", { signal })) {
        if (change.kind === "current") yield { current: true };
        else if (change.kind === "delete") yield { removed: change.key.slice("registry/".length) };
        else yield { put: decode(change.entry.value, change.entry.revision) };
      }
    },
  };
}

export type RegistryStore = ReturnType<typeof registryStore>;

export function alive(workload: Workload, now_ms: number): boolean {
  return workload.leaseExpireTime !== undefined && timestampMs(workload.leaseExpireTime) > now_ms;
}

export function leaseUntil(now_ms: number, lease_ms: number) {
  return timestampFromMs(now_ms + lease_ms);
}

function decode(bytes: Uint8Array, revision: number): Registered {
  const { workload, lease } = fromBinary(RegisterWorkloadResponseSchema, bytes);
  return { workload: workload ?? create(WorkloadSchema), lease, revision };
}
