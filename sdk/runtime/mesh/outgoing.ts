/**
 * What leaves with every call, whichever way it takes: trace, user, depth, idempotency key, and a
 * deadline that is never later than that of the call which makes it.
 */
import { Code, ConnectError } from "@connectrpc/connect";
import { currentCall, formatTraceparent, headers, newTrace } from "../call.ts";
import { limits } from "../limits.ts";

export interface Outgoing {
  /** By lower-case name. */
  header: Record<string, string>;
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
  const header = readHeaders(init);
  const call = currentCall.getStore();
  const asked = Math.min(timeout_ms ?? defaultTime(stream), limits.call_time_ms_max);
  if (!call) {
    header[headers.traceparent] ??= formatTraceparent(newTrace());
    return { header, timeout_ms: asked, signal };
  }
  header[headers.traceparent] = formatTraceparent(call.trace);
  header[headers.depth] = String(call.depth + 1);
  const within = call.idempotencyKey ?? call.within;
  if (within) header[headers.within] = within;
  if (call.priority === "batch") header[headers.priority] = "batch";
  const user = call.caller?.user;
  if (user) header[headers.user] ??= user;
  const left = (call.deadline ?? Number.POSITIVE_INFINITY) - Date.now() - limits.hop_margin_ms;
  if (left <= 0) throw new ConnectError("the deadline passed first", Code.DeadlineExceeded);
  const joined = signal ? AbortSignal.any([signal, call.signal]) : call.signal;
  return { header, timeout_ms: Math.min(asked, left), signal: joined };
}

// Most calls come with none or a few in a plain object, for which a Headers is much ado.
function readHeaders(init: ConstructorParameters<typeof Headers>[0]): Record<string, string> {
  const read: Record<string, string> = {};
  if (!init) return read;
  if (init instanceof Headers || Array.isArray(init)) {
    new Headers(init).forEach((value, name) => {
      read[name] = value;
    });
  } else {
    for (const [name, value] of Object.entries(init)) read[name.toLowerCase()] = String(value);
  }
  return read;
}

/** A watch is meant to last; a call that lasts is a fault. */
export function defaultTime(stream: boolean): number {
  return stream ? limits.call_time_ms_max : limits.call_time_ms_default;
}
