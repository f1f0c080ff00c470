// The calls of a trace as rows of a waterfall.

import { durationMs, timestampMs } from "@bufbuild/protobuf/wkt";
import type { Span } from "@keiko/gen/keiko/observability/v1/observability_service_pb.js";

export interface TraceRow {
  span: Span;
  /** "DataService.AnswerQuestion". */
  name: string;
  /** How many calls it lies within. */
  depth: number;
  /** Milliseconds after the first call began. */
  from: number;
  took: number;
}

export interface TraceView {
  rows: TraceRow[];
  /** Milliseconds from the first begin to the last end. */
  span: number;
}

/** Parents before children, as the contract sends them. With a step, only its calls and theirs. */
export function traceView(spans: readonly Span[], step = ""): TraceView {
  const depths = new Map<string, number>();
  const inside = new Set<string>();
  const kept: { span: Span; depth: number }[] = [];
  for (const span of spans) {
    const within = inside.has(span.parentSpanId) || (step !== "" && span.step === step);
    if (step !== "" && !within) continue;
    if (within) inside.add(span.spanId);
    const depth = depths.has(span.parentSpanId) ? (depths.get(span.parentSpanId) ?? 0) + 1 : 0;
    depths.set(span.spanId, depth);
    kept.push({ span, depth });
  }
  const begins = kept.map(({ span }) => (span.startTime ? timestampMs(span.startTime) : 0));
  const first = Math.min(...begins);
  const rows = kept.map<TraceRow>(({ span, depth }, index) => ({
    span,
    depth,
    name: span.name.slice(span.name.lastIndexOf(".") + 1).replace("/", "."),
    from: (begins[index] ?? 0) - first,
    took: span.duration ? durationMs(span.duration) : 0,
  }));
  const end = Math.max(1, ...rows.map(({ from, took }) => from + took));
  return { rows, span: end };
}
