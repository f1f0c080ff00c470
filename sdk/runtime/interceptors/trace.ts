/**
 * Outermost: joins or opens the trace and makes the call the current one, so that everything below
 * (audit, logs, downstream calls) agrees on trace, depth and deadline.
 */
import type { Interceptor } from "@connectrpc/connect";
import {
  type Call,
  callKey,
  childTrace,
  currentCall,
  deadlineKey,
  headers,
  newTrace,
  parseTraceparent,
  within,
} from "../call.ts";

export const trace: Interceptor = (next) => async (request) => {
  const parent = parseTraceparent(request.header.get(headers.traceparent));
  const depth = Number(request.header.get(headers.depth) ?? 0);
  const call: Call = {
    caller: undefined,
    trace: parent ? childTrace(parent) : newTrace(),
    // What is no number counts as endless, so the depth limit refuses it.
    depth: Number.isInteger(depth) && depth >= 0 ? depth : Number.POSITIVE_INFINITY,
    deadline: request.contextValues.get(deadlineKey),
    // Made when somebody asks: most calls end without.
    get signal() {
      return request.signal;
    },
    idempotencyKey: request.header.get(headers.idempotencyKey) ?? undefined,
  };
  request.contextValues.set(callKey, call);
  const response = await currentCall.run(call, () => next(request));
  return response.stream ? { ...response, message: within(call, response.message) } : response;
};
