/**
 * Keeps a workload known: registers at start, renews its lease, registers again when the lease was
 * lost (a registry that restarted, a process that slept), and takes itself out at the end.
 */
import type { DescService, MessageInitShape } from "@bufbuild/protobuf";
import { type Client, Code, ConnectError } from "@connectrpc/connect";
import type { WorkloadKind, WorkloadSchema } from "@keiko/gen/keiko/registry/v1/registry_pb.js";
import type { RegistryService } from "@keiko/gen/keiko/registry/v1/registry_service_pb.js";
import { encodeDescriptors } from "./descriptors.ts";
import { limits } from "./limits.ts";
import type { Log } from "./log.ts";

export interface Registration {
  /** Gone from discovery when this resolves. */
  remove(): Promise<void>;
}

export async function keepRegistered(
  registry: Client<typeof RegistryService>,
  workload: {
    identity: string;
    /** Which of several replicas; unset: there is one. */
    instance?: string;
    version: string;
    kind: WorkloadKind;
    endpoints: string[];
    labels?: Record<string, string>;
    services: readonly DescService[];
  },
  options: { log: Log; heartbeat_ms?: number },
): Promise<Registration> {
  const { services, instance, ...own } = workload;
  const described: MessageInitShape<typeof WorkloadSchema> = {
    ...own,
    name: `workloads/${workload.identity}${instance ? `-${instance}` : ""}`,
    services: services.map(({ typeName }) => ({ name: typeName })),
  };
  const descriptors = encodeDescriptors(services);
  const leaving = new AbortController();
  const { signal } = leaving;
  const register = async () =>
    (await registry.registerWorkload({ workload: described, descriptors }, { signal })).lease;
  let lease = await register();
  const beat = async () => {
    try {
      await registry.renewLease({ name: described.name!, lease }, { signal });
    } catch (error) {
      if (ConnectError.from(error).code === Code.NotFound) lease = await register();
      else options.log.warn("lease not renewed", { cause: String(error) });
    }
  };
  let beating: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    beating = beat().catch((error) => {
      options.log.warn("not registered", { cause: String(error) });
    });
  }, options.heartbeat_ms ?? limits.heartbeat_ms);
  timer.unref();
  return {
    async remove() {
      clearInterval(timer);
      // A beat under way may register anew: what it brings has to be taken out again. One that finds
      // nobody is not waited for.
      const late = setTimeout(() => leaving.abort(), limits.leave_time_ms_max);
      await beating;
      clearTimeout(late);
      const timeoutMs = limits.leave_time_ms_max;
      await registry.removeWorkload({ name: described.name!, lease }, { timeoutMs });
    },
  };
}
