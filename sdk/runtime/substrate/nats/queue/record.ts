/**
 * A queued message as it is stored: one record per id, replaced at every change with the expectation
 * that it is still the one that was seen. Whoever's expectation holds owns the message; the sequence
 * of its record is the fence for everything that is said about it afterwards.
 */
import { createHash } from "node:crypto";
import type { QueueConfig } from "../../substrate.ts";
import { decodeName, encodeName } from "../names.ts";
import { headerOf } from "../stream.ts";

export type RecordState = "ready" | "leased" | "dead";

export interface QueueRecord {
  id: string;
  sequence: number;
  state: RecordState;
  /** Deliveries so far, the present one included. */
  attempts: number;
  /** Of a ready one: how long after it was written it may be delivered. */
  after_ms: number;
  /** Of a dead one: why; of others: why the last delivery failed. */
  reason: string;
  /** When it was written, by the server's clock. */
  time_ms: number;
  payload: Uint8Array;
}

/** A stream's name can hold little; the queue's own name stands in its description. */
export function streamName(queue: string): string {
  return `KEIKO_Q_${createHash("sha256").update(queue).digest("hex").slice(0, 32)}`;
}

export const recordSubjects = (stream: string) => `kq.${stream}.>`;
export const recordSubject = (stream: string, id: string) => `kq.${stream}.${encodeName(id)}`;
/** Where consumers tell each other which records are gone: removals write nothing. */
export const goneSubject = (stream: string) => `kqg.${stream}`;

export function recordHeaders(
  record: Pick<QueueRecord, "state" | "attempts"> & Partial<QueueRecord>,
): Record<string, string> {
  return {
    "Keiko-State": record.state,
    "Keiko-Attempts": String(record.attempts),
    ...(record.after_ms ? { "Keiko-After": String(record.after_ms) } : {}),
    ...(record.reason ? { "Keiko-Reason": record.reason } : {}),
  };
}

interface Message {
  subject: string;
  seq: number;
  data: Uint8Array;
}

export function readRecord(
  stream: string,
  message: Message & Parameters<typeof headerOf>[0],
  time_ms: number,
): QueueRecord {
  return {
    id: decodeName(message.subject.slice(`kq.${stream}.`.length)),
    sequence: message.seq,
    state: headerOf(message, "Keiko-State") as RecordState,
    attempts: Number(headerOf(message, "Keiko-Attempts")),
    after_ms: Number(headerOf(message, "Keiko-After") || 0),
    reason: headerOf(message, "Keiko-Reason"),
    time_ms,
    payload: new Uint8Array(message.data),
  };
}

export function describeQueue(queue: string, config: QueueConfig): string {
  return JSON.stringify({ queue, ...config });
}

/** Undefined: the stream is none of ours. */
export function readDescription(text: string | undefined): QueueConfig | undefined {
  try {
    const { queue: _queue, ...config } = JSON.parse(text ?? "") as QueueConfig & { queue: string };
    return config;
  } catch {
    return undefined;
  }
}
