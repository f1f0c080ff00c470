/** The bounds and times that only this adapter has. Everything that is waited for is here. */

/** How long a call may take, tries included, before it fails with UNAVAILABLE. */
export const call_ms_max = 6_000;
/** How long one try may take before it is tried again; a leader's election takes about as long. */
export const try_ms_max = 1_500;
/** Pauses between two tries, doubled from the first to the second. */
export const retry_ms_min = 15;
export const retry_ms_max = 250;
/** How long `openNats` waits for the first connection and for a cluster to have its leaders. */
export const open_ms_max = 15_000;
/** Pauses between attempts to reconnect. There is no last attempt: `close` ends them. */
export const reconnect_ms = 100;
/** A server that answers no ping for twice this long is given up, and another one is asked. */
export const ping_interval_ms = 2_000;
/** The server must take payloads of this size: a value travels encoded when it is read. */
export const server_payload_bytes_min = 1_500_000;

/** How long the mark of a deleted key stays, on servers that can remove it by themselves (2.11). */
export const delete_mark = "24h";
/** Reads that are under way at a time in a list. */
export const list_reads = 64;
/** Messages that a follower or watcher asks for at a time. */
export const feed_messages = 256;
/** A feed that hears nothing, not even its heartbeat, for so long is made anew. */
export const feed_heartbeat_ms = 2_000;
/** Payloads up to this size are kept beside their queue's index; larger ones are read when needed. */
export const queue_payload_kept_bytes_max = 16 * 1024;
/** How long a message that somebody else took is not tried again, unless news of it comes first. */
export const contested_ms = 100;

/** Bytes in one message of a blob, and how many of them may be on their way. */
export const blob_chunk_bytes = 512 * 1024;
export const blob_chunks_in_flight = 8;

/** Bytes that each store may hold; a full one refuses writes with FULL and keeps what it has. */
export interface Bounds {
  kv_bytes_max: number;
  log_bytes_max: number;
  blob_bytes_max: number;
  /** Of each queue. */
  disk_queue_bytes_max: number;
  memory_queue_bytes_max: number;
}

/** The server must have this much room: it reserves what a store may hold. */
export const bounds_default: Bounds = {
  kv_bytes_max: 512 * 1024 ** 2,
  log_bytes_max: 4 * 1024 ** 3,
  blob_bytes_max: 4 * 1024 ** 3,
  disk_queue_bytes_max: 128 * 1024 ** 2,
  memory_queue_bytes_max: 64 * 1024 ** 2,
};
