/**
 * How Keiko says no. An error is a reason to branch on, the values it mentions, and the remedy;
 * the status code follows from the reason, so that no two places disagree about it.
 */
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { type ErrorInfo, ErrorInfoSchema, Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { SubstrateError } from "./substrate/substrate.ts";

export interface Refusal {
  /** A sentence that names what is wrong, dynamic values included. */
  message: string;
  /** What the caller can do about it. */
  remedy?: string;
  /** Path of the request field at fault. */
  field?: string;
  /** Every dynamic value of the message, by name. */
  metadata?: Record<string, string>;
  /** Requests that would work instead. */
  suggestions?: string[];
  /** Logged, never sent. */
  cause?: unknown;
}

const codes: Record<Reason, Code> = {
  [Reason.UNSPECIFIED]: Code.Internal,
  [Reason.INVALID_FIELD]: Code.InvalidArgument,
  [Reason.UNAUTHENTICATED]: Code.Unauthenticated,
  [Reason.PERMISSION_DENIED]: Code.PermissionDenied,
  [Reason.UNKNOWN_METHOD]: Code.Unimplemented,
  [Reason.UNGOVERNED_METHOD]: Code.PermissionDenied,
  [Reason.UNDECLARED_CALL]: Code.PermissionDenied,
  [Reason.LIMIT_EXCEEDED]: Code.ResourceExhausted,
  [Reason.DEADLINE_EXCEEDED]: Code.DeadlineExceeded,
  [Reason.CANCELLED]: Code.Canceled,
  [Reason.NOT_FOUND]: Code.NotFound,
  [Reason.CONFLICT]: Code.AlreadyExists,
  [Reason.WRONG_STATE]: Code.FailedPrecondition,
  [Reason.UNAVAILABLE]: Code.Unavailable,
  [Reason.STORAGE]: Code.ResourceExhausted,
  [Reason.INTERNAL]: Code.Internal,
  [Reason.NO_SKILL]: Code.FailedPrecondition,
  [Reason.INPUT_MISSING]: Code.FailedPrecondition,
  [Reason.NOT_UNDERSTOOD]: Code.InvalidArgument,
  [Reason.UNREADABLE_FILE]: Code.InvalidArgument,
  [Reason.PLAN_INVALID]: Code.InvalidArgument,
  [Reason.CORRUPT]: Code.DataLoss,
  [Reason.AMBIGUOUS]: Code.InvalidArgument,
  [Reason.OVERLOADED]: Code.ResourceExhausted,
};

/** An error that this process decided on, and may therefore send as it is. */
export class KeikoError extends ConnectError {
  readonly info: ErrorInfo;

  constructor(reason: Reason, refusal: Refusal) {
    const { message, cause, ...rest } = refusal;
    const info = create(ErrorInfoSchema, { reason, ...rest });
    super(message, codes[reason], undefined, [{ desc: ErrorInfoSchema, value: info }], cause);
    this.info = info;
  }

  // The name stays "ConnectError", by which Connect knows its own; the brand tells ours apart from
  // errors that came from elsewhere, which must be decided on again, never relayed unread.
  readonly #decidedHere = true;
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === "object" && value !== null && #decidedHere in value;
  }
}

export function refuse(reason: Reason, refusal: Refusal): KeikoError {
  return new KeikoError(reason, refusal);
}

/** The `ErrorInfo` of an error that came over the wire or was thrown here; undefined: it has none. */
export function errorInfo(error: unknown): ErrorInfo | undefined {
  if (error instanceof KeikoError) return error.info;
  return error instanceof ConnectError ? error.findDetails(ErrorInfoSchema)[0] : undefined;
}

/** The name as the contract spells it: "REASON_NOT_FOUND" without the prefix. */
export function reasonName(reason: Reason): string {
  return Reason[reason] ?? "UNSPECIFIED";
}

/** A status code as protocols spell it: "permission_denied". */
export function codeName(code: Code): string {
  return Code[code].replace(/(?<!^)[A-Z]/g, "_$&").toLowerCase();
}

/** The refusal for a file over the limit, the same at every door. */
export function fileTooLarge(filename: string, size_max: number): KeikoError {
  const mebibytes = Math.floor(size_max / 1024 / 1024);
  return refuse(Reason.LIMIT_EXCEEDED, {
    message: `"${filename}" is larger than the limit of ${mebibytes} MiB`,
    field: "content",
    remedy: "send a smaller file, for example Parquet, or only the columns that matter",
    metadata: { limit: String(size_max), filename },
  });
}

/** The refusal for a store that cannot take more; undefined: the error says something else. */
export function refusedByStore(error: unknown): KeikoError | undefined {
  if (!(error instanceof SubstrateError)) return undefined;
  if (error.code !== "FULL" && error.code !== "READ_ONLY") return undefined;
  return refuse(Reason.STORAGE, { message: error.message, remedy: error.remedy });
}
