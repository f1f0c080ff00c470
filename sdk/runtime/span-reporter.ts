/**
 * Tells observability of calls that ended in this process, in batches. No call waits for it, and
 * spans that it cannot deliver are dropped and counted: a trace is worth less than what it shows.
 */
import type { MessageInitShape } from "@bufbuild/protobuf";
import { durationFromMs, timestampFromMs } from "@bufbuild/protobuf/wkt";
import type { Client } from "@connectrpc/connect";
import type {
  EndedSpanSchema,
  ObservabilityService,
} from "@keiko/gen/keiko/observability/v1/observability_service_pb.js";
import { limits } from "./limits.ts";
import type { Log } from "./log.ts";
import type { EndedSpan, SpanSink } from "./spans.ts";

export function createSpanReporter(
  observability: Pick<Client<typeof ObservabilityService>, "reportSpans">,
  { log }: { log: Log },
): SpanSink & { flush(within_ms?: number): Promise<void> } {
  let pending: EndedSpan[] = [];
  let dropped = 0;
  let timer: NodeJS.Timeout | undefined;
  const flush = async (within_ms: number = limits.spans_time_ms_max) => {
    clearTimeout(timer);
    timer = undefined;
    const spans = pending;
    pending = [];
    if (spans.length === 0) return;
    try {
      await observability.reportSpans({ spans: spans.map(messageOf) }, { timeoutMs: within_ms });
    } catch (error) {
      dropped += spans.length;
      log.debug("spans were not delivered", { dropped, cause: String(error) });
    }
  };
  return {
    record(span) {
      if (pending.length >= limits.spans_pending_max) {
        dropped++;
        return;
      }
      pending.push(span);
      timer ??= setTimeout(() => void flush(), limits.spans_within_ms).unref();
    },
    flush,
  };
}

function messageOf(span: EndedSpan): MessageInitShape<typeof EndedSpanSchema> {
  const { traceId, user, spanId, parentSpanId, name, workload, caller, reason, step } = span;
  const startTime = timestampFromMs(span.start_ms);
  const duration = preciseDuration(span.duration_ms);
  const call = { spanId, parentSpanId, name, workload, caller, startTime, duration, reason, step };
  return { traceId, user, span: call };
}

/** Most calls take less than a millisecond, which `durationFromMs` would round away. */
export function preciseDuration(duration_ms: number) {
  const whole = Math.floor(duration_ms);
  const duration = durationFromMs(whole);
  duration.nanos += Math.round((duration_ms - whole) * 1e6);
  return duration;
}
