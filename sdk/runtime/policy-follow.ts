/**
 * Keeps a server's decider at the set in force, as policy pushes it. Until the first set has come
 * everything is refused; when policy goes away the last set stays. A set with a lower sequence than
 * one that was seen is never taken: what was revoked stays revoked.
 */
import type { Client } from "@connectrpc/connect";
import type { PolicyService } from "@keiko/gen/keiko/policy/v1/policy_service_pb.js";
import { keepWatching } from "./keep-watching.ts";
import { limits } from "./limits.ts";
import type { Log } from "./log.ts";
import { createDecider, type Decider, denyAll } from "./policy.ts";

export interface FollowedPolicy {
  decider: () => Decider;
  /** Resolves when a set is in force. */
  ready: Promise<void>;
}

export function followPolicy(
  policy: Pick<Client<typeof PolicyService>, "watchPolicySet">,
  options: { signal: AbortSignal; log: Log; retry_ms?: number },
): FollowedPolicy {
  const { signal, log, retry_ms } = options;
  const { promise: ready, resolve } = Promise.withResolvers<void>();
  let current = denyAll;
  let sequence = -1n;
  const follow = async () => {
    const call = { signal, timeoutMs: limits.call_time_ms_max };
    for await (const set of policy.watchPolicySet({}, call)) {
      if (set.sequence < sequence) {
        log.warn("an older policy set came and was not taken", { revision: set.revision });
        continue;
      }
      const texts = Object.fromEntries(set.policies.map(({ id, text }) => [id, text]));
      current = createDecider(texts);
      sequence = set.sequence;
      resolve();
    }
  };
  keepWatching(follow, {
    signal,
    retry_ms,
    ended: (cause) => log.debug("policy watch ended, trying again", { cause: String(cause) }),
  });
  return { decider: () => current, ready };
}
