/**
 * Calls to the other workloads of this installation: one channel for each service, its replicas told by
 * the registry and changed while calls run. The generated clients stand on its transport and see none of it.
 */

import type { DescService } from "@bufbuild/protobuf";
import type { Transport } from "@connectrpc/connect";
import { Client as GrpcClient } from "@grpc/grpc-js";
import type { WorkloadIdentity } from "../identity/workload-identity.ts";
import { limits } from "../limits.ts";
import type { Log } from "../log.ts";
import { serviceOption } from "./balancer.ts";
import { type Endpoint, ServiceEntry } from "./directory.ts";
import { transportOver } from "./grpc-transport.ts";
import { patient } from "./patience.ts";
import { registerScheme, scheme } from "./resolver.ts";

export type { Endpoint } from "./directory.ts";

export interface ReplicaStats extends Endpoint {
  /** Calls that were sent to it, each try counted. */
  picks: number;
  /** Those that ended with a status that speaks against it. */
  failures: number;
  /** It is not called now. */
  ejected: boolean;
  /** How often it was ejected. */
  ejections: number;
  /** Moving average of its answers; undefined before the first. */
  latency_ms: number | undefined;
}

export interface Mesh {
  /** Each call goes to its service's channel. */
  readonly transport: Transport;
  /** Who serves a service from now on, as the registry says; nobody: the seeds do. */
  update(service: string, endpoints: readonly Endpoint[]): void;
  /** How the replicas of a service do. */
  stats(service: string): ReplicaStats[];
  /** Calls that run are ended. */
  close(): void;
}

export interface MeshOptions {
  identity: WorkloadIdentity;
  log: Log;
  /** Where services are found before the registry says so, the registry above all; by full name. */
  seeds?: Readonly<Record<string, readonly Endpoint[]>>;
}

export function createMesh({ identity, log, seeds = {} }: MeshOptions): Mesh {
  registerScheme();
  const entries = new Map<string, ServiceEntry>();
  const clients = new Map<string, GrpcClient>();
  const credentials = identity.channelCredentials();
  const entryOf = (service: string) => {
    let entry = entries.get(service);
    if (!entry) {
      entry = new ServiceEntry(service);
      entry.replace(seeds[service] ?? []);
      entries.set(service, entry);
    }
    return entry;
  };
  const clientOf = (service: DescService) => {
    const known = clients.get(service.typeName);
    if (known) return known;
    const entry = entryOf(service.typeName);
    entry.learn(service);
    const client = new GrpcClient(`${scheme}:///${service.typeName}`, credentials, {
      ...channelOptions,
      [serviceOption]: entry,
    });
    clients.set(service.typeName, client);
    return client;
  };
  return {
    transport: patient(transportOver(clientOf, undefined)),
    update(service, endpoints) {
      const told = endpoints.length > 0 ? endpoints : (seeds[service] ?? []);
      log.debug("endpoints changed", { service, endpoints: told.length });
      entryOf(service).replace(told);
    },
    stats(service) {
      const entry = entries.get(service);
      if (!entry) return [];
      const now = performance.now();
      return entry.endpoints.map((endpoint) => {
        const replica = entry.replica(endpoint)!;
        const { picks, failures, ejections, latency_ms, ejected_until_ms } = replica;
        const ejected = now < ejected_until_ms;
        return { ...endpoint, picks, failures, ejected, ejections, latency_ms };
      });
    },
    close() {
      for (const client of clients.values()) client.close();
      clients.clear();
    },
  };
}

const channelOptions = {
  "grpc.max_receive_message_length": limits.message_bytes_max,
  "grpc.max_send_message_length": limits.message_bytes_max,
  "grpc.initial_reconnect_backoff_ms": limits.reconnect_ms_min,
  "grpc.max_reconnect_backoff_ms": limits.reconnect_ms_max,
  // A server that is stopped in its tracks answers no ping; its calls then go elsewhere.
  "grpc.keepalive_time_ms": limits.ping_every_ms,
  "grpc.keepalive_timeout_ms": limits.ping_known_time_ms_max,
  // Bookkeeping that nobody reads.
  "grpc.enable_channelz": 0,
};
