/**
 * `keiko:///<service>`: hands what a mesh knows of a service to grpc-js, at once whenever it changes.
 * Which mesh is meant comes with the channel, because grpc-js knows resolvers by scheme alone.
 */
import { type ChannelOptions, experimental, Metadata, status } from "@grpc/grpc-js";
import { limits } from "../limits.ts";
import { balancerName, registerBalancer, serviceOption } from "./balancer.ts";
import { replicaKey, type ServiceEntry } from "./directory.ts";

export const scheme = "keiko";

const serviceConfig = experimental.statusOrFromValue({
  loadBalancingConfig: [{ [balancerName]: {} }],
  methodConfig: [],
  // Beside the budget of each call: when a burst fails at once, its calls stop trying again.
  retryThrottling: { maxTokens: limits.retry_tokens, tokenRatio: limits.repeat_share_max },
});

const { CHANNEL_ARGS_CONFIG_SELECTOR_KEY: selectorKey } = experimental;

class KeikoResolver implements experimental.Resolver {
  readonly #entry: ServiceEntry;
  readonly #listener: experimental.ResolverListener;
  #following = false;
  readonly #changed = () => this.#tell();

  constructor(
    _target: experimental.GrpcUri,
    listener: experimental.ResolverListener,
    options: ChannelOptions,
  ) {
    this.#entry = options[serviceOption] as ServiceEntry;
    this.#listener = listener;
  }

  static getDefaultAuthority({ path }: experimental.GrpcUri): string {
    return path;
  }

  updateResolution(): void {
    if (this.#following) return;
    this.#following = true;
    this.#entry.followers.add(this.#changed);
    // Never while it is being asked: that is what grpc-js expects of a resolver.
    process.nextTick(this.#changed);
  }

  destroy(): void {
    this.#following = false;
    this.#entry.followers.delete(this.#changed);
  }

  #tell(): void {
    if (!this.#following) return;
    const { service, endpoints } = this.#entry;
    const found =
      endpoints.length > 0
        ? experimental.statusOrFromValue(
            endpoints.map((endpoint) => ({
              addresses: [addressOf(endpoint.address, replicaKey(endpoint))],
            })),
          )
        : experimental.statusOrFromError<experimental.Endpoint[]>({
            code: status.UNAVAILABLE,
            details: `nobody serves ${service} now`,
            metadata: new Metadata(),
          });
    const attributes = { [selectorKey]: this.#entry };
    this.#listener(found, attributes, serviceConfig, "");
  }
}

/** `host:port` as grpc-js wants it. Fails when it is none. */
function addressOf(address: string, key: string): experimental.SubchannelAddress {
  const { host, port } = experimental.splitHostPort(address) ?? {};
  if (!host || port === undefined) throw new Error(`${key}: "${address}" is no host:port`);
  return { host, port };
}

let registered = false;

/** Teaches grpc-js the scheme and the policy, once for the process. */
export function registerScheme(): void {
  if (registered) return;
  registered = true;
  registerBalancer();
  experimental.registerResolver(scheme, KeikoResolver);
}
