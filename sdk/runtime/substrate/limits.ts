/**
 * The limits that every adapter keeps, and the checks that refuse what lies outside, so that a
 * program that works on one adapter works on the next. A check's error names the argument.
 */
import { type QueueConfig, SubstrateError } from "./substrate.ts";

/** Bytes of UTF-8 in a key, stream, queue, message id or subject. */
export const name_bytes_max = 512;
/** Bytes in one value, record, queue message or bus message. Larger things are blobs. */
export const payload_bytes_max = 1_000_000;
/** Rows in one page of a list. */
export const page_rows_max = 1_000;
/** Handlers that one consumer runs at a time. */
export const concurrency_max = 10_000;
/** Messages that one bus subscriber may have pending. */
export const pending_messages_max = 1_000_000;
/** What a queue may be declared to hold, and how often it may deliver. */
const queue_messages_max = 10_000_000;
const queue_deliveries_max = 1_000_000;
/** Any delay or lease. */
export const delay_ms_max = 7 * 24 * 3_600_000;
/** How long a record that nobody waits for may wait for others. */
export const within_ms_max = 1_000;

/** Milliseconds until a message whose delivery `attempt` threw comes again: 50, 100 ... 30,000. */
export function backoff_ms(attempt: number): number {
  return Math.min(30_000, 50 * 2 ** Math.min(attempt - 1, 20));
}

/** Any printable text, except U+10FFFF: adapters use it as the end of a prefix. */
const forbidden_in_names = /[\p{Cc}\u{10FFFF}]/u;

function invalid(message: string, remedy: string): SubstrateError {
  return new SubstrateError("INVALID", message, { remedy });
}

export function assertName(field: string, name: string): void {
  if (typeof name !== "string" || name === "")
    throw invalid(`${field} is empty.`, `Give a ${field} of 1 to ${name_bytes_max} bytes.`);
  assertPrefix(field, name);
}

/** A prefix may be empty; beyond that it is the beginning of a name. */
export function assertPrefix(field: string, prefix: string): void {
  // A UTF-16 unit is at most three bytes of UTF-8, so short names need no counting.
  const long = prefix.length * 3 > name_bytes_max && Buffer.byteLength(prefix) > name_bytes_max;
  if (long)
    throw invalid(
      `${field} ${JSON.stringify(prefix.slice(0, 40))}… is longer than ${name_bytes_max} bytes.`,
      `Shorten the ${field}.`,
    );
  if (!prefix.isWellFormed() || forbidden_in_names.test(prefix))
    throw invalid(
      `${field} ${JSON.stringify(prefix)} has a control character, a lone surrogate or U+10FFFF.`,
      `Use printable text for the ${field}.`,
    );
}

export function assertPayload(field: string, payload: Uint8Array): void {
  if (!(payload instanceof Uint8Array))
    throw invalid(`${field} is not a Uint8Array.`, `Encode the ${field} to bytes first.`);
  if (payload.byteLength > payload_bytes_max)
    throw new SubstrateError(
      "TOO_LARGE",
      `${field} has ${payload.byteLength} bytes; the limit is ${payload_bytes_max}.`,
      { remedy: "Store it as a blob and keep its sha256 here." },
    );
}

/** An integer from `min` to `max`. */
export function assertInteger(field: string, value: number, min: number, max: number): void {
  if (!Number.isInteger(value) || value < min || value > max)
    throw invalid(
      `${field} is ${value}.`,
      `Give a whole number from ${min} to ${max} as ${field}.`,
    );
}

export function assertLimit(limit: number): void {
  assertInteger("limit", limit, 1, page_rows_max);
}

/** A revision or position, which callers got from the substrate. */
export function assertExpect(expect: number | undefined): void {
  if (expect !== undefined) assertInteger("expect", expect, 0, Number.MAX_SAFE_INTEGER);
}

export function assertSha256(sha256: string): void {
  if (!/^[0-9a-f]{64}$/.test(sha256))
    throw invalid(
      `sha256 ${JSON.stringify(String(sha256).slice(0, 80))} is not 64 lower-case hex digits.`,
      "Pass the sha256 that put returned.",
    );
}

export function assertQueueConfig(config: QueueConfig): void {
  if (config.storage !== "memory" && config.storage !== "disk")
    throw invalid(`storage is ${JSON.stringify(config.storage)}.`, 'Give "memory" or "disk".');
  assertInteger("lease_ms", config.lease_ms, 1, delay_ms_max);
  assertInteger("deliveries_max", config.deliveries_max, 1, queue_deliveries_max);
  assertInteger("messages_max", config.messages_max, 1, queue_messages_max);
}
