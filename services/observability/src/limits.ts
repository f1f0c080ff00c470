/** What is kept of traces; a span takes about 400 bytes. */
export const limits = {
  /** Spans of all traces together. */
  spans_kept_max: 20_000,
  /** Spans of one trace; later ones are counted, not kept. */
  trace_spans_max: 1_000,
} as const;
