/**
 * Records who called what for whom and how it ended, refused calls included: that is why it stands
 * outside the checks. Where the contract says WRITE or SENSITIVE the record is durable before the
 * answer leaves, and an answer that cannot be recorded is not given.
 */
import { hash } from "node:crypto";
import { create, toBinary } from "@bufbuild/protobuf";
import { durationFromMs, timestampFromMs } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, type Interceptor } from "@connectrpc/connect";
import { type Record, RecordSchema } from "@keiko/gen/keiko/audit/v1/audit_service_pb.js";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { Audit } from "@keiko/gen/keiko/option/v1/option_pb.js";
import { callKey, onEnd } from "../call.ts";
import { contractOf, methodPath } from "../contracts.ts";
import { codeName, errorInfo, refuse, refusedByStore } from "../errors.ts";
import type { Log } from "../log.ts";

export interface AuditSink {
  /** Resolves when the record is durable. `awaited`: an answer waits for it; the default. */
  append(record: Record, options?: { awaited: boolean }): Promise<void>;
}

type Request = Parameters<ReturnType<Interceptor>>[0];

export function audit(deps: { sink: AuditSink; server: string; log: Log }): Interceptor {
  return (next) => async (request) => {
    const began = performance.now();
    const { audit: kind } = contractOf(request.method);
    const settle = async (error: unknown) => {
      if (kind === Audit.NONE && !isRefusal(error)) return;
      // Who is turned away for want of room did nothing; to write each down would cost more than
      // to serve it. Admission counts them.
      if (errorInfo(error)?.reason === Reason.OVERLOADED) return;
      const awaited = kind >= Audit.WRITE;
      const elapsed_ms = performance.now() - began;
      const entry = record(request, deps.server, elapsed_ms, error);
      const written = deps.sink.append(entry, { awaited });
      if (awaited) await written.catch((cause) => Promise.reject(unrecorded(cause, deps.log)));
      else written.catch((cause) => deps.log.error("audit record lost", { cause: String(cause) }));
    };
    try {
      const response = await next(request);
      if (response.stream) return { ...response, message: onEnd(response.message, settle) };
      await settle(undefined);
      return response;
    } catch (error) {
      await settle(error);
      throw error;
    }
  };
}

// What was done may stand, but nobody is told so before the record of it does.
function unrecorded(cause: unknown, log: Log): unknown {
  const refused = refusedByStore(cause);
  if (refused) return refused;
  log.error("an answer was not given, since it could not be recorded", { cause: String(cause) });
  return refuse(Reason.UNAVAILABLE, {
    message: "the call could not be recorded, so its answer is not given",
    remedy: "ask for the state before you try again",
    cause,
  });
}

// Of calls that leave no record when they succeed, only those that were not allowed are kept: a
// lapsed lease or a cancelled watch is everyday life.
function isRefusal(error: unknown): boolean {
  const code = error === undefined ? undefined : ConnectError.from(error).code;
  return code === Code.Unauthenticated || code === Code.PermissionDenied;
}

function record(request: Request, server: string, elapsed_ms: number, error: unknown): Record {
  const call = request.contextValues.get(callKey);
  return create(RecordSchema, {
    time: timestampFromMs(Date.now()),
    method: methodPath(request.method),
    permission: contractOf(request.method).permission,
    workload: call?.caller?.workload ?? "",
    user: call?.caller?.user ?? "",
    server,
    code: error === undefined ? "ok" : codeName(ConnectError.from(error).code),
    reason: errorInfo(error)?.reason ?? Reason.UNSPECIFIED,
    traceId: call?.trace.traceId ?? "",
    duration: durationFromMs(Math.round(elapsed_ms)),
    requestSha256: request.stream ? "" : digest(request),
  });
}

function digest(request: Request & { stream: false }): string {
  // Of a request that came as bytes, those are what somebody may have kept a copy of.
  const { encoded } = request as { encoded?: Uint8Array };
  return hash("sha256", encoded ?? toBinary(request.method.input, request.message), "hex");
}
