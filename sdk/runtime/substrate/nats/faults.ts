/** What servers and client say when something fails, as errors of the port. */
import { JetStreamApiError } from "@nats-io/jetstream";
import {
  ClosedConnectionError,
  ConnectionError,
  DrainingConnectionError,
  NoRespondersError,
  RequestError,
  TimeoutError,
} from "@nats-io/transport-node";
import { SubstrateError } from "../substrate.ts";

/** Error codes of the JetStream API (nats-server, server/errors.json). */
export const api = {
  wrongLastSequence: 10071,
  wrongLastSequenceConstant: 10164,
  noMessage: 10037,
  sequenceNotFound: 10043,
  streamNotFound: 10059,
  streamExists: 10058,
  deleteFailed: 10057,
} as const;

/** Refusals that are over when a leader is elected or a node is back. */
const passing: ReadonlySet<number> = new Set([
  10003, // cluster not assigned
  10004, // cluster not leader
  10008, // system temporarily unavailable
  10009, // no suitable peers, while one restarts
]);

export function codeOf(error: unknown): number | undefined {
  return error instanceof JetStreamApiError ? error.code : undefined;
}

export function isConflict(error: unknown): boolean {
  const code = codeOf(error);
  return code === api.wrongLastSequence || code === api.wrongLastSequenceConstant;
}

export function isPassing(error: unknown): boolean {
  if (error instanceof TimeoutError || error instanceof NoRespondersError) return true;
  // What the client makes of "no responders"; the package does not export its class.
  if ((error as Error)?.name === "JetStreamNotEnabled") return true;
  if (error instanceof RequestError) return true;
  if (error instanceof ClosedConnectionError || error instanceof ConnectionError) return true;
  if (error instanceof DrainingConnectionError) return true;
  const code = codeOf(error);
  return code !== undefined && passing.has(code);
}

export function isFull(error: unknown): boolean {
  if (!(error instanceof JetStreamApiError)) return false;
  const { description = "" } = error.apiError();
  return /maximum (messages|bytes)|insufficient|resources exceeded|no space/i.test(description);
}

export function isStreamMissing(error: unknown): boolean {
  return codeOf(error) === api.streamNotFound;
}

/** What is not passing, as the port says it. Conflicts are for the caller to word. */
export function apiFault(what: string, error: unknown): unknown {
  if (error instanceof SubstrateError || isConflict(error) || isStreamMissing(error)) return error;
  if (isFull(error)) {
    return new SubstrateError("FULL", `${what}: the store is full.`, {
      remedy: "Delete what is not needed, or raise the bounds of the store; nothing was lost.",
      cause: error,
    });
  }
  if (codeOf(error) === undefined) return error;
  return new SubstrateError("UNAVAILABLE", `${what}: ${(error as Error).message}.`, {
    remedy: "Look at the log of the NATS server.",
    cause: error,
  });
}
