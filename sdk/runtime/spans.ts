/** What is told about a call when it has ended, for traces. Never what was asked or answered. */
export interface EndedSpan {
  /** 32 hex digits. */
  readonly traceId: string;
  /** 16 hex digits. */
  readonly spanId: string;
  /** 16 hex digits; empty: it began the trace. */
  readonly parentSpanId: string;
  /** `package.Service/Method`. */
  readonly name: string;
  /** Who served it. */
  readonly workload: string;
  /** The calling workload; empty: unknown. */
  readonly caller: string;
  /** `users/{id}` on whose behalf. */
  readonly user: string;
  /** Milliseconds since the epoch. */
  readonly start_ms: number;
  readonly duration_ms: number;
  /** Name of the reason it failed for; empty: it did not fail. */
  readonly reason: string;
  /** The step of a task that it ran; empty: none. */
  readonly step: string;
}

export interface SpanSink {
  record(span: EndedSpan): void;
}
