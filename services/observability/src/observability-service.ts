/**
 * Shows what happened inside. It implements keiko.observability.v1.ObservabilityService over the
 * spans that the chains hand over. Invariant: a person sees spans of their own calls only, and
 * somebody else's trace looks exactly like one that is no longer kept.
 */
import { durationMs, timestampFromMs, timestampMs } from "@bufbuild/protobuf/wkt";
import type { ServiceImpl } from "@connectrpc/connect";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import type {
  ObservabilityService,
  EndedSpan as ReportedSpan,
} from "@keiko/gen/keiko/observability/v1/observability_service_pb.js";
import { callKey } from "@keiko/runtime/call.ts";
import { refuse } from "@keiko/runtime/errors.ts";
import { preciseDuration } from "@keiko/runtime/span-reporter.ts";
import type { EndedSpan } from "@keiko/runtime/spans.ts";
import { parentsFirst } from "./order.ts";
import type { TraceStore } from "./trace-store.ts";

export interface Deps {
  traces: Pick<TraceStore, "get" | "record" | "has">;
}

export function observabilityService({ traces }: Deps) {
  return {
    reportSpans({ spans }, context) {
      const reporter = context.values.get(callKey)?.caller?.workload ?? "";
      for (const [index, told] of spans.entries()) {
        const span = endedSpan(told);
        if (span.workload !== reporter) throw foreign(index, span.workload, reporter);
        // A report that was sent again, since its answer was lost.
        if (!traces.has(span.traceId, span.spanId)) traces.record(span);
      }
      return {};
    },
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

function endedSpan({ traceId, user, span }: ReportedSpan): EndedSpan {
  const { spanId, parentSpanId, name, workload, caller, reason, step } = span!;
  const { startTime, duration } = span!;
  return {
    traceId,
    user,
    spanId,
    parentSpanId,
    name,
    workload,
    caller,
    reason,
    step,
    start_ms: startTime ? timestampMs(startTime) : 0,
    duration_ms: duration ? durationMs(duration) + (duration.nanos % 1e6) / 1e6 : 0,
  };
}

// Who could speak for others could put calls into a trace that never were.
function foreign(index: number, workload: string, reporter: string) {
  return refuse(Reason.PERMISSION_DENIED, {
    message: `"${reporter}" may not report a span of "${workload}"`,
    field: `spans[${index}].span.workload`,
    remedy: "report calls that your own server answered",
    metadata: { workload, reporter },
  });
}

function notKept(traceId: string) {
  return refuse(Reason.NOT_FOUND, {
    message: `the trace ${traceId} is not kept, or not any more`,
    field: "trace_id",
    remedy: "run the task again and look at its trace soon after",
    metadata: { trace_id: traceId },
  });
}
