/**
 * Calls between services in one process: the same chain, the same errors, no bytes. Messages are
 * handed over as they are, so neither side may change one after sending it.
 */
import { create, type DescMessage, type MessageShape } from "@bufbuild/protobuf";
import { Code, ConnectError, createContextValues, type Transport } from "@connectrpc/connect";
import { runStreamingCall } from "@connectrpc/connect/protocol";
import { headers, peerKey } from "../call.ts";
import { methodPath } from "../contracts.ts";
import type { Host } from "../host.ts";
import { outgoing } from "./outgoing.ts";

export interface MemoryTransportOptions {
  /** Identity of the workload that calls; the transport vouches for it. */
  workload: string;
  /** Who serves a method now; throws a refusal when nobody does. */
  resolve: (path: string) => Host;
}

export function createMemoryTransport({ workload, resolve }: MemoryTransportOptions): Transport {
  const find = (path: string) => {
    const host = resolve(path);
    const spec = host.methods.get(path);
    if (!spec) throw host.unknown(path);
    return { host, spec };
  };
  const vouched = (header: Readonly<Record<string, string>>) => {
    const user = header[headers.user] ?? "";
    return createContextValues().set(peerKey, { workload, user });
  };
  return {
    async unary(method, signal, timeoutMs, header, input) {
      const path = methodPath(method);
      const out = outgoing(header, timeoutMs, signal, false);
      try {
        const { host, spec } = find(path);
        const { message, context } = await host.unary(spec, create(method.input, input), {
          header: new Headers(out.header),
          signal: out.signal,
          timeout_ms: out.timeout_ms,
          values: vouched(out.header),
        });
        return {
          stream: false,
          service: method.parent,
          method,
          get header() {
            return context.responseHeader;
          },
          get trailer() {
            return context.responseTrailer;
          },
          message: message as MessageShape<typeof method.output>,
        };
      } catch (error) {
        // Who gave up hears their own reason, whatever the call made of it.
        if (out.signal?.aborted) throw ConnectError.from(out.signal.reason, Code.Canceled);
        throw received(error);
      }
    },
    stream(method, signal, timeoutMs, header, input, values) {
      const path = methodPath(method);
      const out = outgoing(header, timeoutMs, signal, true);
      return runStreamingCall({
        ...(out.signal ? { signal: out.signal } : {}),
        req: {
          requestMethod: "POST",
          header: new Headers(out.header),
          contextValues: values ?? createContextValues(),
          stream: true,
          service: method.parent,
          method,
          url: `memory:/${path}`,
          message: input,
        },
        next: async (request) => {
          try {
            const { host, spec } = find(path);
            const { messages, context } = host.stream(spec, request.message, {
              header: request.header,
              signal: request.signal,
              timeout_ms: out.timeout_ms,
              values: vouched(out.header),
            });
            return {
              stream: true,
              service: method.parent,
              method,
              header: context.responseHeader,
              trailer: context.responseTrailer,
              message: untilLeft(receivedEach(messages), request.signal) as AsyncIterable<
                MessageShape<typeof method.output>
              >,
            };
          } catch (error) {
            throw received(error);
          }
        },
      });
    },
  };
}

// The caller gets what a wire would have carried: code, message and details, no cause, no brand.
function received(error: unknown): ConnectError {
  const { rawMessage, code, metadata, details } = ConnectError.from(error);
  const copy = new ConnectError(rawMessage, code, metadata);
  copy.details = details;
  return copy;
}

async function* receivedEach(
  messages: AsyncIterable<MessageShape<DescMessage>>,
): AsyncIterable<MessageShape<DescMessage>> {
  try {
    yield* messages;
  } catch (error) {
    throw received(error);
  }
}

// A caller that leaves stops pulling, and a generator that nobody pulls never sees that it was left:
// it is told to return, so that its `finally` runs.
function untilLeft<T>(messages: AsyncIterable<T>, signal: AbortSignal): AsyncIterable<T> {
  return {
    [Symbol.asyncIterator]() {
      const iterator = messages[Symbol.asyncIterator]();
      const leave = () => void iterator.return?.()?.catch(() => {});
      if (signal.aborted) leave();
      else signal.addEventListener("abort", leave, { once: true });
      return iterator;
    },
  };
}
