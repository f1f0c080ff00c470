/** Innermost: asks policy whether this workload, for this user, may do this. No answer means no. */
import type { Interceptor } from "@connectrpc/connect";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { callKey } from "../call.ts";
import { contractOf, methodPath, ungoverned } from "../contracts.ts";
import { refuse } from "../errors.ts";
import type { Decider } from "../policy.ts";

export function authorize(deps: { decider: () => Decider }): Interceptor {
  return (next) => (request) => {
    const caller = request.contextValues.get(callKey)?.caller;
    const { permission, skill } = contractOf(request.method);
    const reason = ungoverned(request.method);
    if (reason) {
      throw refuse(Reason.UNGOVERNED_METHOD, {
        message: reason,
        remedy: "annotate the method with keiko.option.v1.method",
      });
    }
    const service = request.method.parent.typeName;
    const decision = caller
      ? deps.decider().decide({ caller, permission, service, skill: skill !== undefined })
      : { allowed: false, refusal: "nobody is known to call" };
    if (decision.allowed) return next(request);
    throw refuse(Reason.PERMISSION_DENIED, {
      message: `${methodPath(request.method)} is not allowed: ${decision.refusal}`,
      remedy: "ask whoever keeps the policies to permit it",
      metadata: {
        permission,
        workload: caller?.workload ?? "",
        user: caller?.user ?? "",
      },
    });
  };
}
