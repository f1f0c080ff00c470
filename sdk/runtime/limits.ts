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
  handshake_time_ms_max: 5_000,
  /** Connections that one server keeps open at a time; what comes beyond is closed at once. */
  connections_max: 4_096,
  /** TLS handshakes that begin: of more at once the calls of others would feel each. */
  handshakes_per_s: 200,
  /** With so many that no call has followed, they begin at the second pace, at which these are forgotten. */
  handshakes_unused_max: 16,
  handshakes_unused_per_s: 10,
  /** But nobody waits longer for theirs, as long as it takes no more than the above. */
  handshake_wait_ms_max: 2_000,
  /** Connections that no call has come by yet; when there are more, those over their time go. */
  connections_unused_max: 64,
  /** The same for one workload, whose oldest goes at once; and how long its client then stays away. */
  connections_unused_per_caller_max: 16,
  connection_away_ms: 10_000,
  /** After so long the other end is asked to come again, with a certificate of then. */
  connection_age_ms_max: 30 * 60_000,
  /** How much longer the calls of a connection may run that was asked to come again. */
  connection_grace_ms: 60_000,
  /** How long the other end may take to hang up when all has been said. */
  connection_end_ms_max: 1_000,
  /**
   * A connection on which nothing moves any more, though all that is left to do is to write answers or to
   * hear requests out, is cut: after so long, and sooner when the process stops.
   */
  connection_still_ms_max: 10_000,
  connection_still_stopping_ms_max: 1_500,
  /** A connection without calls for so long is closed. */
  connection_idle_ms: 10 * 60_000,
  /** How often connections are looked after. */
  connection_look_ms: 1_000,
  /** A request, other than a stream of them, must have come whole by then. */
  request_time_ms_max: 6_000,
  /** How often the other end is asked whether it is there, and how long it may take to answer. */
  ping_every_ms: 10_000,
  ping_time_ms_max: 4_000,
  /** The same for one that has called before; its process may be busy. */
  ping_known_time_ms_max: 20_000,
  /** Streams that a caller may cancel at once, and from then on each second. */
  stream_resets_burst: 500,
  stream_resets_per_s: 100,
  /** How often a call that may be repeated is sent at most, and how long is waited between. */
  attempts_max: 5,
  retry_wait_ms_min: 100,
  retry_wait_ms_max: 3_000,
  /** Failures, twice what it takes in a row until nothing is tried again; successes pay them back. */
  retry_tokens: 100,
  /** To how many replicas a call goes that is not answered soon. */
  hedged_attempts_max: 2,
  /** What may be sent again, as a part of what is asked for, besides a few; older calls count less. */
  repeat_share_max: 0.1,
  repeat_calls_free: 10,
  repeat_window_calls: 1_000,
  /** Calls by which a replica is judged, how long they are remembered, and how often that is. */
  outlier_calls_min: 5,
  outlier_window_ms: 1_000,
  outlier_look_ms: 500,
  /** From which part of its calls on a replica is out of line, when the others' is less than half. */
  outlier_failed_share: 0.3,
  outlier_slow_share: 0.5,
  /** A call is slow that takes so many times the usual, and no less than this. */
  slow_factor: 5,
  slow_ms_min: 50,
  /** How long a replica out of line is not called, the first time and at most; it doubles each time. */
  ejection_ms_min: 5_000,
  ejection_ms_max: 120_000,
  /** The part of its turns that a replica takes when it is back, and when it takes all of them. */
  outlier_share_min: 0.1,
  outlier_return_ms: 10_000,
  /** How long a client waits before it connects again, at first and at most. */
  reconnect_ms_min: 100,
  reconnect_ms_max: 5_000,
  /** Names and values of one call's headers. */
  header_pairs_max: 64,
  header_bytes_max: 16 * 1024,
  /** What one connection may make this process keep, in MiB. */
  connection_memory_mib_max: 64,
  /** How long after its start a process begins to load what makes first calls slow. */
  warm_after_ms: 50,
  /** How long a stopping process waits for running calls. */
  drain_time_ms_max: 10_000,
  /** How long it goes on with streams of answers, which their readers open again elsewhere. */
  drain_stream_time_ms: 2_000,
  /** Decisions kept per policy set; callers and methods are few, attackers are not. */
  decisions_cached_max: 10_000,
  /** Verified tokens kept until they expire. */
  tokens_cached_max: 10_000,
  /** How long a workload's certificate is good for at most. */
  certificate_life_s_max: 3_600,
  /** How long the authority of one machine is good for; it is renewed in the last tenth. */
  authority_life_s: 365 * 24 * 3_600,
  /** How often the files of an identity are looked at, should the system not tell of a change. */
  identity_look_ms: 10_000,
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
  /** The same for outcomes, which are written down in moments. */
  outcome_lease_ms: 1_000,
  outcome_deliveries_max: 100,
  /** How often a workload leaves a step to others on which it failed before, and for how long. */
  step_passes_max: 2,
  step_pass_ms: 50,
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
  /** How long telling them may take. */
  spans_time_ms_max: 5_000,
  /** How long a span may wait to be told together with others. */
  spans_within_ms: 200,
  /** How long a call waits for a service of which no replica can be reached. */
  reach_time_ms_max: 10_000,
  /** How long whoever calls has to hear that a process leaves, before it refuses new calls. */
  leave_notice_ms: 200,
  /** How long a process that leaves tries to tell the registry; its lease ends by itself. */
  leave_time_ms_max: 2_000,
  /** How long it tries to tell of its last spans. */
  leave_spans_ms: 500,
  /** After how long it says what it still waits for. */
  leave_slow_ms: 4_000,
  /** How long a starting process tries to reach what it cannot do without. */
  start_time_ms_max: 60_000,
  /** How long the record of a read may wait to be written together with others, and with how many. */
  audit_read_within_ms: 50,
  audit_batch_max: 256,
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
