/** What a mesh knows of one service: where it is served, how its replicas do, how its methods may be called. */
import type { DescService } from "@bufbuild/protobuf";
import { type experimental, type MethodConfig, status } from "@grpc/grpc-js";
import { methodPath } from "../contracts.ts";
import { type CallPolicy, callPolicy, RepeatBudget } from "./call-policy.ts";
import { Outliers, type Replica } from "./outliers.ts";

/** Where a service is served. */
export interface Endpoint {
  /** `host:port`. */
  address: string;
  /** Identity of the workload that must answer there. */
  identity: string;
}

type CallConfig = ReturnType<experimental.ConfigSelector["invoke"]>;

/** One for the same place and workload; another workload at that place is another replica. */
export function replicaKey({ address, identity }: Endpoint): string {
  return `${identity}@${address}`;
}

export class ServiceEntry implements experimental.ConfigSelector {
  readonly service: string;
  readonly outliers = new Outliers();
  readonly budget = new RepeatBudget();
  /** Told when the endpoints have changed. */
  readonly followers = new Set<() => void>();
  endpoints: readonly Endpoint[] = [];
  readonly #configs = new Map<string, { once: CallConfig; repeated: CallConfig }>();

  constructor(service: string) {
    this.service = service;
  }

  /** Learns from its contract how each method may be called. */
  learn(service: DescService): void {
    for (const method of service.methods) {
      const { once, repeated } = callPolicy(method);
      // What a picker is told of a call; the length of a stream says nothing, so it is not timed.
      const timed = method.methodKind === "unary" ? { method: method.name } : {};
      this.#configs.set(`/${methodPath(method)}`, {
        once: callConfig(once, timed),
        repeated: callConfig(repeated, timed),
      });
    }
  }

  replace(endpoints: readonly Endpoint[]): void {
    const unique = new Map(endpoints.map((endpoint) => [replicaKey(endpoint), endpoint]));
    this.endpoints = [...unique.values()];
    this.outliers.keep(unique.keys());
    for (const follower of [...this.followers]) follower();
  }

  replica(endpoint: Endpoint): Replica | undefined {
    return this.outliers.replicas.get(replicaKey(endpoint));
  }

  /** Asked by grpc-js once for each call. */
  invoke(path: string): CallConfig {
    this.budget.called();
    const known = this.#configs.get(path);
    if (!known) return unknownMethod;
    return this.budget.left ? known.repeated : known.once;
  }

  unref(): void {}
}

function callConfig(methodConfig: MethodConfig, pickInformation: Record<string, string>) {
  return { methodConfig, pickInformation, status: status.OK, dynamicFilterFactories: [] };
}

const unknownMethod = callConfig({ name: [] } satisfies CallPolicy["once"], {});
