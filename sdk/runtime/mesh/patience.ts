/**
 * Waits for a service that is nowhere to be reached, instead of failing at once: a process that was
 * killed is back in a moment. What is sent again here was either never looked at by anybody, which
 * changes nothing for anybody, or may be repeated by its contract. What a server decided on stands.
 */
import type { DescMethod } from "@bufbuild/protobuf";
import { Code, ConnectError, type Transport } from "@connectrpc/connect";
import { mayRepeat } from "../contracts.ts";
import { errorInfo } from "../errors.ts";
import { limits } from "../limits.ts";

/** How grpc-js words it when an attempt found no connection, or came to a server that had left by then. */
const never_sent =
  /^(No connection established|Name resolution failed|No resolution|Stream refused by server)/;

export function patient(transport: Transport, reach_ms_max: number = limits.reach_time_ms_max) {
  const unary: Transport["unary"] = async (method, signal, timeoutMs, header, input, values) => {
    const began = performance.now();
    const left = () =>
      timeoutMs === undefined ? undefined : timeoutMs - (performance.now() - began);
    for (let wait_ms: number = limits.retry_wait_ms_min; ; wait_ms = Math.min(2 * wait_ms, 500)) {
      try {
        return await transport.unary(method, signal, left(), header, input, values);
      } catch (error) {
        const spent = performance.now() - began + wait_ms;
        const late = spent > Math.min(reach_ms_max, timeoutMs ?? Number.POSITIVE_INFINITY);
        if (late || signal?.aborted || !worthWaiting(method, error)) throw error;
      }
      await new Promise((next) => setTimeout(next, wait_ms));
    }
  };
  return { ...transport, unary } satisfies Transport;
}

function worthWaiting(method: DescMethod, error: unknown): boolean {
  if (!(error instanceof ConnectError) || error.code !== Code.Unavailable) return false;
  if (errorInfo(error)) return false;
  return never_sent.test(error.rawMessage) || mayRepeat(method);
}
