/**
 * Contracts by digest, those of the past too: a result that was recorded under an older contract is
 * read with that one. Kept in memory, fetched from the registry when missing.
 */
import type { DescMethod, FileRegistry } from "@bufbuild/protobuf";
import type { Client } from "@connectrpc/connect";
import type { RegistryService } from "@keiko/gen/keiko/registry/v1/registry_service_pb.js";
import type { Catalog } from "@keiko/runtime/catalog.ts";
import { decodeDescriptors } from "@keiko/runtime/descriptors.ts";
import { limits } from "./limits.ts";

export interface Contracts {
  /** Fails with UNKNOWN_METHOD when no contract with the digest was ever registered. */
  load(methods: Iterable<{ path: string; digest: string }>): Promise<void>;
  /** The encoded descriptors of one of the past. Fails with UNKNOWN_METHOD. */
  descriptors(service: string, digest: string): Promise<Uint8Array>;
  /** Undefined unless loaded. */
  method(path: string, digest: string): DescMethod | undefined;
}

export function createContracts(
  catalog: Catalog,
  registry: Pick<Client<typeof RegistryService>, "getDescriptors">,
): Contracts {
  const past = new Map<string, FileRegistry>();
  const find = (path: string, digest: string) => {
    const current = catalog.method(path);
    if (current?.digest === digest) return current.method;
    const [service = "", name] = path.split("/");
    return past
      .get(digest)
      ?.getService(service)
      ?.methods.find((method) => method.name === name);
  };
  return {
    async load(methods) {
      for (const { path, digest } of methods) {
        if (find(path, digest)) continue;
        const [service = ""] = path.split("/");
        const { descriptors } = await registry.getDescriptors({ service, digest });
        if (past.size >= limits.contracts_cached_max) past.clear();
        past.set(digest, decodeDescriptors(descriptors));
      }
    },
    async descriptors(service, digest) {
      return (await registry.getDescriptors({ service, digest })).descriptors;
    },
    method: find,
  };
}
