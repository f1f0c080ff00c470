/** What NATS says when it refuses, in the words of the port. */
import { SubstrateError } from "../substrate.ts";

/** The API's own description of a refusal. */
export interface ApiError {
  code: number;
  err_code?: number;
  description?: string;
}

/** A try that brought no answer: whether it took effect is not known, and trying again may help. */
export class Lost extends Error {
  override readonly name = "Lost";
}

/** The server's refusal, for those who can do something about it. */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly error: ApiError;

  constructor(error: ApiError) {
    super(error.description ?? `error ${error.err_code ?? error.code}`);
    this.error = error;
  }

  is(...codes: number[]): boolean {
    return codes.includes(this.error.err_code ?? 0);
  }
}

/** Numbers of https://github.com/nats-io/nats-server/blob/main/server/errors.json */
export const refusal = {
  noPeers: 10005,
  insufficientResources: 10023,
  consumerNotFound: 10014,
  messageNotFound: 10037,
  storageResources: 10047,
  streamNameInUse: 10058,
  streamNotFound: 10059,
  wrongLastSequence: 10071,
  storeFailed: 10077,
  wrongLastSequenceInProcess: 10164,
  duplicateInProcess: 10158,
  tooManyRequests: 10167,
  messageDeleteFailed: 10057,
  sequenceNotFound: 10043,
};

/** Refusals that pass by themselves: no leader yet, too busy, the same id still under way. */
export function isPassing(refused: Refused): boolean {
  const { code } = refused.error;
  // Servers that start together have not all found each other yet.
  if (refused.is(...underway, refusal.noPeers)) return true;
  return (code === 503 || code === 429) && !refused.is(...fullness);
}

/**
 * Another write of the id or to the subject is on its way to a majority, and whether it arrives
 * there is not yet known: a mismatch is one only when it has.
 */
const underway = [
  refusal.duplicateInProcess,
  refusal.tooManyRequests,
  refusal.wrongLastSequenceInProcess,
];

/** A full store is a 503 as well, but waiting empties nothing. */
const fullness = [refusal.storeFailed, refusal.storageResources, refusal.insufficientResources];

export function isConflict(refused: Refused): boolean {
  return refused.is(refusal.wrongLastSequence);
}

export function conflict(message: string): SubstrateError {
  return new SubstrateError("CONFLICT", message, {
    remedy: "Read what is there now, and decide again.",
  });
}

export function unavailable(what: string, cause: unknown): SubstrateError {
  const said = cause instanceof Error ? cause.message : String(cause);
  return new SubstrateError("UNAVAILABLE", `${what}: ${said}.`, {
    remedy: "Look whether the NATS server runs and can be reached, then try again.",
    cause,
  });
}

/** Everything that is neither a conflict nor passing. */
export function fault(what: string, cause: unknown): Error {
  if (cause instanceof SubstrateError) return cause;
  if (!(cause instanceof Refused)) return unavailable(what, cause);
  if (cause.is(...fullness))
    return new SubstrateError("FULL", `${what}: ${cause.message}.`, {
      remedy: "Delete what is not needed, or give the store a larger bound.",
      cause,
    });
  return unavailable(what, cause);
}
