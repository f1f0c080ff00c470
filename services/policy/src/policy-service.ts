/**
 * Hands out the policy set and explains decisions. It implements keiko.policy.v1.PolicyService and
 * decides nothing for others: every server decides for itself, from this set.
 */
import type { ServiceImpl } from "@connectrpc/connect";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import type { PolicyService } from "@keiko/gen/keiko/policy/v1/policy_service_pb.js";
import type { Catalog } from "@keiko/runtime/catalog.ts";
import { contractOf } from "@keiko/runtime/contracts.ts";
import { refuse } from "@keiko/runtime/errors.ts";
import type { PolicySet, PolicySource } from "./policy-source.ts";

export interface Deps {
  source: PolicySource;
  catalog: Catalog;
}

export function policyService({ source, catalog }: Deps) {
  return {
    getPolicySet() {
      const { policies, revision } = described(source.current());
      return { policies, revision };
    },
    async *watchPolicySet(_, { signal }) {
      let changed = Promise.withResolvers<void>();
      const wake = () => changed.resolve();
      const stop = source.subscribe(wake);
      signal.addEventListener("abort", wake, { once: true });
      try {
        while (!signal.aborted) {
          yield described(source.current());
          await changed.promise;
          changed = Promise.withResolvers();
        }
      } finally {
        stop();
      }
    },
    explainDecision({ workload, user, method: path }) {
      const known = catalog.method(path);
      if (!known) {
        throw refuse(Reason.UNKNOWN_METHOD, {
          message: `nobody serves ${path}`,
          field: "method",
          remedy: "list what is served with keiko.registry.v1.RegistryService/ListWorkloads",
          metadata: { method: path },
        });
      }
      const { permission, skill } = contractOf(known.method);
      const {
        allowed,
        policies: ids,
        refusal,
      } = source.current().decider.decide({
        caller: { workload, user },
        permission,
        service: known.method.parent.typeName,
        skill: skill !== undefined,
      });
      const explanation = allowed ? `permitted by ${ids.join(", ")}` : refusal;
      return { allowed, policies: ids, explanation };
    },
  } satisfies ServiceImpl<typeof PolicyService>;
}

function described({ policies, decider, sequence }: PolicySet) {
  const entries = Object.entries(policies).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    policies: entries.map(([id, text]) => ({ id, text })),
    revision: decider.revision,
    sequence: BigInt(sequence),
  };
}
