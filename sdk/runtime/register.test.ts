import type { Client } from "@connectrpc/connect";
import { WorkloadKind } from "@keiko/gen/keiko/registry/v1/registry_pb.js";
import type { RegistryService } from "@keiko/gen/keiko/registry/v1/registry_service_pb.js";
import { expect, test } from "vitest";
import { limits } from "./limits.ts";
import { silentLog } from "./log.ts";
import { keepRegistered } from "./register.ts";

const workload = {
  identity: "probe",
  version: "1",
  kind: WorkloadKind.AGENT,
  endpoints: [],
  services: [],
};

test("who leaves does not wait for a heartbeat that finds nobody, and takes itself out all the same", async () => {
  const removed: string[] = [];
  const beats = Promise.withResolvers<void>();
  const registry = {
    registerWorkload: async () => ({ lease: "one" }),
    renewLease: (_: unknown, { signal }: { signal: AbortSignal }) => {
      beats.resolve();
      return new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(new Error("given up")));
      });
    },
    removeWorkload: async ({ lease }: { lease: string }) => {
      removed.push(lease);
      return {};
    },
  } as unknown as Client<typeof RegistryService>;
  const options = { log: silentLog, heartbeat_ms: 10 };
  const registration = await keepRegistered(registry, workload, options);
  await beats.promise;
  const began = performance.now();
  await registration.remove();
  expect(performance.now() - began).toBeLessThan(2 * limits.leave_time_ms_max);
  expect(removed).toEqual(["one"]);
});
