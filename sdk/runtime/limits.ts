import type { AdmissionBounds } from "./admission.ts";

/**
 * Every bound of the runtime in one place, named with its unit last. Contracts bound their own
 * fields; what is here bounds what no contract can: sizes on the wire, time, depth, counts.
 */
export const limits = {
  /** A message that is larger is refused before it is decoded. Files travel in pieces. */
  message_bytes_max: 8 * 1024 * 1024,
  /** An attached file. Kept low by default: it is read into memory to be analysed. */
  file_bytes_max: 64 * 1024 * 1024,
  /** The piece size in which files travel. */
  file_piece_bytes: 256 * 1024,
  /** A call without a deadline gets this one; no call, stream or not, may have more than the second. */
  call_time_ms_default: 60_000,
  call_time_ms_max: 24 * 3600_000,
  /** Each hop keeps this much of its caller's time for its own answer. */
  hop_margin_ms: 5,
  /** How deep a call may call; deeper is a loop. */
  call_depth_max: 16,
  /** Concurrent HTTP/2 streams of one connection. */
  streams_per_connection_max: 256,
  /** A connection that has not said anything useful by then is closed. */
  handshake_time_ms_max: 10_000,
  /** How long after its start a process begins to load what makes first calls slow. */
  warm_after_ms: 50,
  /** How long a stopping process waits for running calls. */
  drain_time_ms_max: 10_000,
  /** Decisions kept per policy set; callers and methods are few, attackers are not. */
  decisions_cached_max: 10_000,
  /** Verified tokens kept until they expire. */
  tokens_cached_max: 10_000,
  /** How long a workload token is good for. */
  token_life_s: 600,
  /** A workload that has not renewed by then is gone. */
  lease_ms: 30_000,
  /** How often it renews: three tries before the lease lapses. */
  heartbeat_ms: 10_000,
  /** A step whose worker has not said anything for this long is handed to another. */
  step_lease_ms: 15_000,
  /** After so many workers died on a step it is not handed out again. */
  step_deliveries_max: 5,
  /** Steps that wait for one service; more are refused until some are done. */
  steps_queued_max: 100_000,
  /** Steps that one worker runs at a time. */
  steps_concurrent_max: 8,
  /** A step's result is kept in the task's journal; what is larger is handed over as a file. */
  step_result_bytes_max: 512 * 1024,
  /** Audit records of reads that wait to be written; when full, reads wait too. */
  audit_pending_max: 10_000,
  /** How long to wait before a watch that ended is opened again. */
  watch_retry_ms: 200,
  /** Spans that wait to be told to observability; more are dropped. */
  spans_pending_max: 1_000,
  /** How long a span may wait to be told together with others. */
  spans_within_ms: 200,
  /** How long whoever calls has to hear that a process leaves, before it refuses new calls. */
  leave_notice_ms: 200,
  /** How long a starting process tries to reach what it cannot do without. */
  start_time_ms_max: 60_000,
  /** How long the record of a read may wait to be written together with something else. */
  audit_read_within_ms: 10,
} as const;

/** How much one server takes on at a time. */
export const admissionBounds: AdmissionBounds = {
  running_max: 256,
  running_per_caller_max: 128,
  waiting_max: 1_024,
  waiting_per_caller_max: 512,
  waiting_ms_max: 1_000,
  streams_max: 2_000,
  streams_per_caller_max: 1_000,
};

export type Limits = { [K in keyof typeof limits]: number };
