import { fromBinary, fromJson, type JsonValue } from "@bufbuild/protobuf";
import { base64Decode } from "@bufbuild/protobuf/wire";
import { Code, ConnectError } from "@connectrpc/connect";
import { type ErrorInfo, ErrorInfoSchema, Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import type { Problem } from "@keiko/gen/keiko/plan/v1/plan_pb.js";

/** Why something was refused or failed, ready to be shown: a call's error and a task's problem are
 * the same thing to a person. */
export interface Trouble {
  reason: Reason;
  message: string;
  /** Empty: nothing can be done about it. */
  remedy: string;
  /** Path of what is at fault; empty: none. */
  field: string;
  /** Requests that would work. */
  suggestions: string[];
}

export const troubleOfProblem = (problem: Problem): Trouble => ({
  reason: problem.reason,
  message: problem.message,
  remedy: problem.remedy,
  field: problem.field,
  suggestions: problem.suggestions,
});

/** Takes any thrown value; what carries no `ErrorInfo` keeps its message and has no remedy. */
export function troubleOf(error: unknown): Trouble {
  if (error instanceof RefusedError) return error.trouble;
  const connect = ConnectError.from(error);
  const info = connect.findDetails(ErrorInfoSchema)[0];
  return withInfo(connect.rawMessage, info);
}

/** The gateway could not be reached, so that the same call may work later. */
export function isUnreachable(error: unknown): boolean {
  if (error instanceof RefusedError) return false;
  if (error instanceof TypeError) return true;
  const connect = ConnectError.from(error);
  if (connect.findDetails(ErrorInfoSchema).length > 0) return false;
  return connect.cause instanceof TypeError || connect.code === Code.Unavailable;
}

/** It was reached, but is starting or stopping: asking again soon helps. */
export const isUnready = (error: unknown): boolean =>
  error instanceof ConnectError && error.code === Code.Unavailable;

export function isSignedOut(error: unknown): boolean {
  if (error instanceof RefusedError) return error.code === "unauthenticated";
  return error instanceof ConnectError && error.code === Code.Unauthenticated;
}

/** Asking again would give the same answer. */
export const isFinal = (error: unknown): boolean =>
  error instanceof ConnectError &&
  [
    Code.NotFound,
    Code.InvalidArgument,
    Code.PermissionDenied,
    Code.Unimplemented,
    Code.FailedPrecondition,
  ].includes(error.code);

/** An answer of a plain HTTP address (`/files`) that says no in Connect's error format. */
export class RefusedError extends Error {
  readonly code: string;
  readonly trouble: Trouble;

  constructor(code: string, trouble: Trouble) {
    super(trouble.message);
    this.code = code;
    this.trouble = trouble;
  }
}

/** Reads such an answer; a body in any other form is kept as the message. */
export async function refusedBy(response: Response): Promise<RefusedError> {
  const text = await response.text();
  try {
    const body = JSON.parse(text) as { code?: string; message?: string; details?: Detail[] };
    const detail = body.details?.find(({ type }) => type === ErrorInfoSchema.typeName);
    const info = detail && readInfo(detail);
    const message = body.message || `${response.status} ${response.statusText}`;
    return new RefusedError(body.code ?? "unknown", withInfo(message, info));
  } catch {
    const message = `${response.status} ${response.statusText}`.trim();
    const code = response.status === 401 ? "unauthenticated" : "unknown";
    return new RefusedError(code, withInfo(message));
  }
}

/** Connect sends the message as base64 in `value`, and readable in `debug`; either is enough. */
interface Detail {
  type: string;
  value?: string;
  debug?: JsonValue;
}

function readInfo({ value, debug }: Detail): ErrorInfo | undefined {
  if (value) return fromBinary(ErrorInfoSchema, base64Decode(value));
  return debug ? fromJson(ErrorInfoSchema, debug, { ignoreUnknownFields: true }) : undefined;
}

const withInfo = (message: string, info?: ErrorInfo): Trouble => ({
  reason: info?.reason ?? Reason.UNSPECIFIED,
  message,
  remedy: info?.remedy ?? "",
  field: info?.field ?? "",
  suggestions: info?.suggestions ?? [],
});
