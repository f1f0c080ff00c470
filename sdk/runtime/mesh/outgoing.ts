/**
 * What leaves with every call, whichever way it takes: trace, user, depth, idempotency key, and a
 * deadline that is never later than that of the call which makes it.
 */
import { Code, ConnectError } from "@connectrpc/connect";
import { currentCall, formatTraceparent, headers, newTrace } from "../call.ts";
import { limits } from "../limits.ts";

export interface Outgoing {
  header: Headers;
  timeout_ms: number;
  /** Aborts with the call that makes this one. */
  signal: AbortSignal | undefined;
}

export function outgoing(
  init: ConstructorParameters<typeof Headers>[0],
  timeout_ms: number | undefined,
  signal: AbortSignal | undefined,
  stream: boolean,
): Outgoing {
  const header = new Headers(init);
  const call = currentCall.getStore();
  const asked = Math.min(timeout_ms ?? defaultTime(stream), limits.call_time_ms_max);
  if (!call) {
    if (!header.has(headers.traceparent)) {
      header.set(headers.traceparent, formatTraceparent(newTrace()));
    }
    return { header, timeout_ms: asked, signal };
  }
  header.set(headers.traceparent, formatTraceparent(call.trace));
  header.set(headers.depth, String(call.depth + 1));
  const user = call.caller?.user;
  if (user && !header.has(headers.user)) header.set(headers.user, user);
  const left = (call.deadline ?? Number.POSITIVE_INFINITY) - Date.now() - limits.hop_margin_ms;
  if (left <= 0) throw new ConnectError("the deadline passed first", Code.DeadlineExceeded);
  const joined = signal ? AbortSignal.any([signal, call.signal]) : call.signal;
  return { header, timeout_ms: Math.min(asked, left), signal: joined };
}

/** A watch is meant to last; a call that lasts is a fault. */
export function defaultTime(stream: boolean): number {
  return stream ? limits.call_time_ms_max : limits.call_time_ms_default;
}
