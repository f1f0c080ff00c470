/**
 * What a client may do with a call besides sending it once, read from the method's contract: try again
 * where another replica may answer, or ask two when one is slow. What may not be repeated is sent once;
 * only a call that no server has looked at goes out again, which changes nothing for anybody.
 */
import type { DescMethod } from "@bufbuild/protobuf";
import { durationMs } from "@bufbuild/protobuf/wkt";
import { type MethodConfig, status } from "@grpc/grpc-js";
import { contractOf, mayRepeat } from "../contracts.ts";
import { limits } from "../limits.ts";

export interface CallPolicy {
  /** Sent once. */
  once: MethodConfig;
  /** With retries or hedging; the same as `once` where the contract allows neither. */
  repeated: MethodConfig;
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(3)}s`;

const once: MethodConfig = { name: [] };

const retried: MethodConfig = {
  name: [],
  retryPolicy: {
    maxAttempts: limits.attempts_max,
    initialBackoff: seconds(limits.retry_wait_ms_min),
    maxBackoff: seconds(limits.retry_wait_ms_max),
    backoffMultiplier: 3,
    // Only what says that it was this server: a reason of the service's own would be the same anywhere.
    // One that has too much to do says when it is worth another try, other bounds say never.
    retryableStatusCodes: [status.UNAVAILABLE, status.RESOURCE_EXHAUSTED],
  },
};

export function callPolicy(method: DescMethod): CallPolicy {
  if (!mayRepeat(method)) return { once, repeated: once };
  const { hedgeAfter } = contractOf(method);
  if (!hedgeAfter || method.methodKind !== "unary") return { once, repeated: retried };
  const hedgingPolicy = {
    maxAttempts: limits.hedged_attempts_max,
    hedgingDelay: seconds(durationMs(hedgeAfter)),
    nonFatalStatusCodes: [status.UNAVAILABLE],
  };
  return { once, repeated: { name: [], hedgingPolicy } };
}

/**
 * Keeps what is sent within `1 + repeat_share_max` times what was asked for: when many calls fail, or all
 * are slow, sending each of them again would make it worse for everybody.
 */
export class RepeatBudget {
  #calls = 0;
  #attempts = 0;

  called(): void {
    this.#calls++;
    if (this.#calls < limits.repeat_window_calls) return;
    // What was long ago counts less and less.
    this.#calls /= 2;
    this.#attempts /= 2;
  }

  sent(): void {
    this.#attempts++;
  }

  /** Whether the next call may be sent more than once. */
  get left(): boolean {
    const spare = this.#calls * limits.repeat_share_max + limits.repeat_calls_free;
    return this.#attempts - this.#calls < spare;
  }
}
