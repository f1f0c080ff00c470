/** The substrate of a process: NATS JetStream, since an embedded one belongs to one process alone. */
import type { WorkloadIdentity } from "../identity/workload-identity.ts";
import { openNats } from "../substrate/nats/nats.ts";
import type { Substrate } from "../substrate/substrate.ts";
import type { ProcessConfig } from "./config.ts";

export function openSubstrate(
  config: ProcessConfig,
  identity: WorkloadIdentity,
): Promise<Substrate> {
  const servers = config.nats.split(",").map((one) => one.trim());
  const secure = servers.some((server) => server.startsWith("tls://"));
  return openNats({
    servers,
    name: `${identity.workload}-${config.instance}`,
    replicas: config.nats_replicas,
    cache: config.cache,
    ...(secure ? { tls: identity.tlsFiles } : {}),
  });
}
