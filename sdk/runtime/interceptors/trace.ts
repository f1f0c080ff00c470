/**
 * Outermost: joins or opens the trace and makes the call the current one, so that everything below
 * (audit, logs, downstream calls) agrees on trace, depth and deadline. Tells how the call ended.
 */
import type { Interceptor } from "@connectrpc/connect";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import {
  type Call,
  callKey,
  childTrace,
  currentCall,
  deadlineKey,
  headers,
  newTrace,
  onEnd,
  parseTraceparent,
  within,
} from "../call.ts";
import { methodPath } from "../contracts.ts";
import { errorInfo } from "../errors.ts";
import type { SpanSink } from "../spans.ts";
import { stepOfKey } from "../subjects.ts";

export interface TraceDeps {
  /** Identity of the workload that is called. */
  server: string;
  /** Undefined: nobody asks how calls ended. */
  spans: SpanSink | undefined;
}

export const trace = ({ server, spans }: TraceDeps): Interceptor => {
  return (next) => async (request) => {
    const parent = parseTraceparent(request.header.get(headers.traceparent));
    const depth = Number(request.header.get(headers.depth) ?? 0);
    const call: Call = {
      caller: undefined,
      trace: parent ? childTrace(parent) : newTrace(),
      // What is no number counts as endless, so the depth limit refuses it.
      depth: Number.isInteger(depth) && depth >= 0 ? depth : Number.POSITIVE_INFINITY,
      priority: request.header.get(headers.priority) === "batch" ? "batch" : "interactive",
      deadline: request.contextValues.get(deadlineKey),
      // Made when somebody asks: most calls end without.
      get signal() {
        return request.signal;
      },
      idempotencyKey: request.header.get(headers.idempotencyKey) ?? undefined,
      undoOf: request.header.get(headers.undoOf) ?? undefined,
      within: request.header.get(headers.within) ?? undefined,
    };
    request.contextValues.set(callKey, call);
    const start_ms = Date.now();
    const began = performance.now();
    const ended = (error: unknown) => {
      // Housekeeping on nobody's behalf (heartbeats, watches of the registry) is no trace of anyone.
      if (!spans || !call.caller?.user) return;
      spans.record({
        traceId: call.trace.traceId,
        spanId: call.trace.spanId,
        parentSpanId: parent?.spanId ?? "",
        name: methodPath(request.method),
        workload: server,
        caller: call.caller.workload,
        user: call.caller.user,
        start_ms,
        duration_ms: performance.now() - began,
        reason: error === undefined ? "" : Reason[errorInfo(error)?.reason ?? Reason.INTERNAL],
        step: stepOfKey(call.idempotencyKey),
      });
    };
    try {
      const response = await currentCall.run(call, () => next(request));
      if (response.stream) {
        const message = onEnd(within(call, response.message), async (error) => ended(error));
        return { ...response, message };
      }
      ended(undefined);
      return response;
    } catch (error) {
      ended(error);
      throw error;
    }
  };
};
