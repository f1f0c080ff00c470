/** The bounds and times that only this adapter has. Everything that is waited for is here. */

/**
 * How long a call may take, retries included, before it fails with UNAVAILABLE. The servers wait 4
 * to 9 s before they elect a leader in place of one that was killed, and nothing configures that.
 */
export const call_ms_max = 15_000;
/** How long one try of a call may take before it is tried again. */
export const try_ms_max = 1_000;
/** When nothing was answered for so long, another server is asked: this one may be cut off. */
export const move_ms = 4_000;
/** Pauses between two tries: doubled from the first to the second. */
export const retry_ms_min = 15;
export const retry_ms_max = 250;
/** How long `openNats` waits for the first connection and for a cluster to have its leaders. */
export const open_ms_max = 30_000;
/** Pauses between attempts to reconnect. There is no last attempt: `close` ends them. */
export const reconnect_ms = 100;
/** A server that answers no ping for twice this long is given up, and another one is asked. */
export const ping_interval_ms = 2_000;
/** The server must take messages of this size: a payload of the port with its headers. */
export const server_payload_bytes_min = 1_040_000;

/**
 * How long the mark of a deleted key stays, on servers that can remove it by themselves (2.11). A
 * watcher that hears nothing for longer might miss the mark, so it ends with TOO_SLOW before.
 */
export const delete_mark_s = 24 * 3_600;
export const watch_silent_ms_max = 12 * 3_600_000;
/** How long the server remembers the id of a write, so that trying again cannot write twice. */
export const duplicate_window_ms = 2 * 60_000;

/** Names that are asked for at a time, and reads that are under way at a time, in a list. */
export const list_reads = 64;
/** Messages that a follower or watcher asks for at a time, and their bytes. */
export const feed_messages = 256;
export const feed_bytes = 8_000_000;
/** A feed that hears nothing, not even its heartbeat, for so long is made anew. */
export const feed_heartbeat_ms = 2_000;
export const feed_silent_ms_max = 5_000;
/** A scan, which asks for what is there only, is made anew sooner. */
export const scan_silent_ms_max = 200;
/** An abandoned feed or scan is removed by the server after this time. */
export const feed_abandoned_ms = 60_000;

/** How long a worker's request for messages stays at the server before it is made again. */
export const pull_ms = 10_000;
/** Requests that all workers of a queue may have waiting at the server. */
export const pulls_waiting_max = 4_096;
/**
 * A lease begins when its record is written, but its handler only when that was acknowledged, a sync
 * later. So the record says this much more, and the handler has what it was promised.
 */
export const lease_grace_ms = 30;
/**
 * A message of a queue in the memory of one server that reaches a worker so soon after it was sent was never handed to
 * anybody else, so its first lease need not be written: the server hands it out again no earlier than
 * a lease and this time after it was sent. At most a quarter of the lease.
 */
export const fresh_ms_max = 250;
/** How often a worker compares its clock with the server's and reads the queue's limits again. */
export const queue_refresh_ms = 30_000;
/** How old the mark of a done message must be before somebody else than its writer removes it. */
export const done_mark_ms = 2_000;

/** Bytes in one message of a blob, and how many of them may be on their way. */
export const blob_chunk_bytes = 512 * 1024;
export const blob_chunks_in_flight = 8;
/** Chunks without a blob are those of a writer that died, when they are older than this. */
export const unfinished_blob_ms = 24 * 3_600_000;

/** How often somebody who adds to a store looks how much room is left. */
export const room_refresh_ms = 1_000;
/** What the server lets in above a bound, for writes that take the place of others or delete. */
export const headroom_bytes = 32 * 1024 ** 2;
export const headroom_messages = 4_096;

/** Bytes that each store may hold; a full one refuses writes with FULL and keeps what it has. */
export interface Bounds {
  kv_bytes_max: number;
  log_bytes_max: number;
  blob_bytes_max: number;
  /** Of each queue. */
  disk_queue_bytes_max: number;
  memory_queue_bytes_max: number;
  /** Of the local copies that `blobs.file` makes. */
  cache_bytes_max: number;
}

/** The server must have this much room: it reserves what a store may hold. */
export const bounds_default: Bounds = {
  kv_bytes_max: 512 * 1024 ** 2,
  log_bytes_max: 4 * 1024 ** 3,
  blob_bytes_max: 4 * 1024 ** 3,
  disk_queue_bytes_max: 128 * 1024 ** 2,
  memory_queue_bytes_max: 64 * 1024 ** 2,
  cache_bytes_max: 4 * 1024 ** 3,
};
