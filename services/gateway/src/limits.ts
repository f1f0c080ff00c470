/** The bounds of the one door for the outside. */
export const limits = {
  /** How long the link that a start prints can be used. */
  sign_in_code_life_ms: 24 * 3600_000,
  /** A session ends when nobody used it for this long. */
  session_life_ms: 30 * 24 * 3600_000,
  /** First bytes of a connection must come by then. */
  first_bytes_ms_max: 10_000,
  /** Headers must be complete by then, a whole request by then. */
  headers_ms_max: 20_000,
  request_ms_max: 10 * 60_000,
  /** An idle HTTP/1.1 connection is kept for longer than clients usually keep it, so that they close. */
  idle_ms_max: 75_000,
  /** Streams of one HTTP/2 connection, and memory of it in megabytes. */
  streams_per_connection_max: 256,
  session_memory_mb_max: 64,
  connections_max: 2_000,
} as const;
