/**
 * Lets in as many calls as the server can do, each caller no more than its share, and turns away the
 * rest with a time after which to try again. It stands behind authentication, because a share
 * belongs to somebody, and before everything that costs more than a look-up.
 */
import type { Interceptor } from "@connectrpc/connect";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { type Admission, type Leave, Overloaded } from "../admission.ts";
import { type Call, callKey, onEnd } from "../call.ts";
import { refuse } from "../errors.ts";

export function admit({ admission }: { admission: Admission }): Interceptor {
  return (next) => async (request) => {
    const call = request.contextValues.get(callKey);
    const caller = `${call?.caller?.workload ?? ""}|${call?.caller?.user ?? ""}`;
    const leave = request.stream
      ? enteredStream(admission, caller)
      : await entered(admission, caller, call);
    try {
      const response = await next(request);
      if (!response.stream) {
        leave();
        return response;
      }
      return { ...response, message: onEnd(response.message, async () => leave()) };
    } catch (error) {
      leave();
      throw error;
    }
  };
}

function enteredStream(admission: Admission, caller: string): Leave {
  try {
    return admission.enterStream(caller);
  } catch (error) {
    throw turnedAway(error);
  }
}

async function entered(
  admission: Admission,
  caller: string,
  call: Call | undefined,
): Promise<Leave> {
  let leave: Leave | Promise<Leave>;
  try {
    leave = admission.enter(caller, call?.priority ?? "interactive");
    if (typeof leave === "function") return leave;
    leave = await leave;
  } catch (error) {
    throw turnedAway(error);
  }
  // Whoever gave up while waiting must not cost those who did not.
  if (!call?.signal.aborted && Date.now() < (call?.deadline ?? Number.POSITIVE_INFINITY)) {
    return leave;
  }
  leave();
  throw refuse(Reason.DEADLINE_EXCEEDED, {
    message: "the caller's time passed while the call waited for its turn",
    remedy: "allow more time or try again later",
  });
}

function turnedAway(error: unknown): unknown {
  if (!(error instanceof Overloaded)) return error;
  const { bound, limit, retry_ms } = error;
  return refuse(Reason.OVERLOADED, {
    message: `the server has too much to do: ${bound} of ${limit} is reached`,
    remedy: `try again in ${retry_ms} ms`,
    metadata: { bound, limit: String(limit), retry_after_ms: String(retry_ms) },
  });
}
