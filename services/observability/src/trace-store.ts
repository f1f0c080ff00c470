/**
 * The latest spans, by trace. The trace that was quiet longest goes first; of a long trace the first
 * spans stay, because they say how it began.
 */
import type { EndedSpan } from "@keiko/runtime/spans.ts";
import { limits } from "./limits.ts";

export interface KeptTrace {
  readonly spans: readonly EndedSpan[];
  /** More spans ended than are kept. */
  readonly truncated: boolean;
}

export function createTraceStore(bounds: { [K in keyof typeof limits]: number } = limits) {
  const traces = new Map<string, { spans: EndedSpan[]; truncated: boolean }>();
  let kept = 0;
  return {
    /** A sink for the chain of every server. */
    record(span: EndedSpan): void {
      const trace = traces.get(span.traceId) ?? { spans: [], truncated: false };
      traces.delete(span.traceId);
      traces.set(span.traceId, trace);
      if (trace.spans.length >= bounds.trace_spans_max) {
        trace.truncated = true;
        return;
      }
      trace.spans.push(span);
      kept++;
      for (const [oldest, { spans }] of traces) {
        if (kept <= bounds.spans_kept_max) return;
        traces.delete(oldest);
        kept -= spans.length;
      }
    },
    has: (traceId: string, spanId: string): boolean =>
      traces.get(traceId)?.spans.some((span) => span.spanId === spanId) ?? false,
    get: (traceId: string): KeptTrace | undefined => traces.get(traceId),
  };
}

export type TraceStore = ReturnType<typeof createTraceStore>;
