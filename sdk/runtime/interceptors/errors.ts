/**
 * Turns whatever was thrown into an error with a reason. What this process decided on goes out as
 * it is; anything else, a downstream error included, is a bug to the caller: its cause is logged
 * under the trace id and never sent.
 */
import { Code, ConnectError, type Interceptor } from "@connectrpc/connect";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { callKey } from "../call.ts";
import { methodPath } from "../contracts.ts";
import { KeikoError, refuse, refusedByStore } from "../errors.ts";
import { type Log, redact } from "../log.ts";

type Request = Parameters<ReturnType<Interceptor>>[0];

export function errors(deps: { log: Log }): Interceptor {
  return (next) => async (request) => {
    try {
      const response = await next(request);
      if (!response.stream) return response;
      return { ...response, message: mapped(response.message, request, deps.log) };
    } catch (error) {
      throw decide(error, request, deps.log);
    }
  };
}

async function* mapped<T>(source: AsyncIterable<T>, request: Request, log: Log): AsyncIterable<T> {
  try {
    yield* source;
  } catch (error) {
    throw decide(error, request, log);
  }
}

function decide(error: unknown, request: Request, log: Log): KeikoError {
  if (error instanceof KeikoError) return error;
  const traceId = request.contextValues.get(callKey)?.trace.traceId ?? "";
  const method = methodPath(request.method);
  if (request.signal.aborted) return interrupted(ConnectError.from(request.signal.reason));
  const refused = refusedByStore(error);
  if (refused) return refused;
  const cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const sent = request.stream ? "" : JSON.stringify(redact(request.method.input, request.message));
  log.error("call failed", { method, traceId, cause, request: sent });
  return refuse(Reason.INTERNAL, {
    message: `${method} failed inside; the log has the cause under trace ${traceId}`,
    metadata: { method, trace_id: traceId },
    cause: error,
  });
}

function interrupted(reason: ConnectError): KeikoError {
  if (reason.code === Code.DeadlineExceeded) {
    return refuse(Reason.DEADLINE_EXCEEDED, {
      message: "the deadline passed before the answer was ready",
      remedy: "allow more time or ask for less",
    });
  }
  return refuse(Reason.CANCELLED, { message: "the call was cancelled" });
}
