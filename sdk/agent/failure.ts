/**
 * The three words for failure. `fail` is final and says why; `retryable` says that the same call may
 * succeed later; anything else that is thrown is a bug, logged with its trace and told as such.
 */
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { type KeikoError, type Refusal, refuse } from "@keiko/runtime/errors.ts";

export function fail(reason: Reason, refusal: Refusal): KeikoError {
  return refuse(reason, refusal);
}

/** `after_ms`: how long to wait before trying again, at least. */
export function retryable(cause: unknown, options: { after_ms: number }): KeikoError {
  return refuse(Reason.UNAVAILABLE, {
    message: cause instanceof Error ? cause.message : String(cause),
    remedy: "try again",
    metadata: { retry_after_ms: String(options.after_ms) },
    cause,
  });
}
