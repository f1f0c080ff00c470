/**
 * Shows what happened inside. It implements keiko.observability.v1.ObservabilityService over the
 * spans that the chains hand over. Invariant: a person sees spans of their own calls only, and
 * somebody else's trace looks exactly like one that is no longer kept.
 */
import { durationFromMs, timestampFromMs } from "@bufbuild/protobuf/wkt";
import type { ServiceImpl } from "@connectrpc/connect";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import type { ObservabilityService } from "@keiko/gen/keiko/observability/v1/observability_service_pb.js";
import { callKey } from "@keiko/runtime/call.ts";
import { refuse } from "@keiko/runtime/errors.ts";
import type { EndedSpan } from "@keiko/runtime/spans.ts";
import { parentsFirst } from "./order.ts";
import type { TraceStore } from "./trace-store.ts";

export interface Deps {
  traces: Pick<TraceStore, "get">;
}

export function observabilityService({ traces }: Deps) {
  return {
    getTrace({ traceId }, context) {
      const user = context.values.get(callKey)?.caller?.user ?? "";
      const trace = traces.get(traceId);
      const own = trace?.spans.filter((span) => user !== "" && span.user === user) ?? [];
      if (!trace || own.length === 0) throw notKept(traceId);
      return { spans: messagesOf(parentsFirst(own)), truncated: trace.truncated };
    },
  } satisfies ServiceImpl<typeof ObservabilityService>;
}

function messagesOf(spans: readonly EndedSpan[]) {
  const known = new Set(spans.map(({ spanId }) => spanId));
  const runs = new Map<string, number>();
  return spans.map((span) => {
    const attempt = span.step ? (runs.get(span.step) ?? 0) + 1 : 0;
    if (span.step) runs.set(span.step, attempt);
    return {
      spanId: span.spanId,
      parentSpanId: known.has(span.parentSpanId) ? span.parentSpanId : "",
      name: span.name,
      workload: span.workload,
      caller: span.caller,
      startTime: timestampFromMs(span.start_ms),
      duration: preciseDuration(span.duration_ms),
      reason: span.reason,
      step: span.step,
      attempt,
    };
  });
}

/** Most calls take less than a millisecond, which `durationFromMs` would round away. */
function preciseDuration(duration_ms: number) {
  const whole = Math.floor(duration_ms);
  const duration = durationFromMs(whole);
  duration.nanos += Math.round((duration_ms - whole) * 1e6);
  return duration;
}

function notKept(traceId: string) {
  return refuse(Reason.NOT_FOUND, {
    message: `the trace ${traceId} is not kept, or not any more`,
    field: "trace_id",
    remedy: "run the task again and look at its trace soon after",
    metadata: { trace_id: traceId },
  });
}
