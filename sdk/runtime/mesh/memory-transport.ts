/**
 * Calls between services in one process: the same chain, the same errors, no bytes. Messages are
 * handed over as they are, so neither side may change one after sending it.
 */
import { create, type DescMessage, type MessageShape } from "@bufbuild/protobuf";
import { Code, ConnectError, createContextValues, type Transport } from "@connectrpc/connect";
import { headers, peerKey } from "../call.ts";
import { methodPath } from "../contracts.ts";
import { HeaderMap } from "../header-map.ts";
import type { Host } from "../host.ts";
import { whole } from "../invoke.ts";
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
          header: new HeaderMap(Object.entries(out.header)),
          signal: out.signal,
          timeout_ms: out.timeout_ms,
          values: vouched(out.header),
        });
        return {
          stream: false,
          service: method.parent,
          method,
          header: context.responseHeader,
          trailer: context.responseTrailer,
          message: message as MessageShape<typeof method.output>,
        };
      } catch (error) {
        throw received(error, out.signal);
      }
    },
    async stream(method, signal, timeoutMs, header, input) {
      const path = methodPath(method);
      const out = outgoing(header, timeoutMs, signal, true);
      try {
        const { host, spec } = find(path);
        const sent = sentBy(input, out.signal);
        const requests = whole(method.input, sent.messages);
        const { messages, context } = host.stream(spec, requests, {
          header: new HeaderMap(Object.entries(out.header)),
          signal: out.signal,
          timeout_ms: out.timeout_ms,
          values: vouched(out.header),
        });
        return {
          stream: true,
          service: method.parent,
          method,
          header: context.responseHeader,
          trailer: context.responseTrailer,
          message: receivedEach(messages, sent, out.signal) as AsyncIterable<
            MessageShape<typeof method.output>
          >,
        };
      } catch (error) {
        throw received(error, out.signal);
      }
    },
  };
}

// The caller gets what a wire would have carried: code, message and details, no cause, no brand. Who
// gave up hears their own reason, whatever the call made of it.
function received(error: unknown, signal: AbortSignal | undefined): ConnectError {
  if (signal?.aborted) return ConnectError.from(signal.reason, Code.Canceled);
  const { rawMessage, code, metadata, details } = ConnectError.from(error);
  const copy = new ConnectError(rawMessage, code, metadata);
  copy.details = details;
  return copy;
}

interface Sent<T> {
  messages: AsyncIterable<T>;
  /** Lets go of the source: it will not be read on. */
  close(): Promise<void>;
}

/** What a caller sends; it ends when they give up, even while the next message is awaited. */
function sentBy<T>(source: AsyncIterable<T>, signal: AbortSignal | undefined): Sent<T> {
  const iterator = source[Symbol.asyncIterator]();
  const gone = Promise.withResolvers<never>();
  // Nobody may be waiting when it happens; that is no failure of its own.
  gone.promise.catch(() => {});
  const abort = () => gone.reject(signal?.reason);
  if (signal?.aborted) abort();
  signal?.addEventListener("abort", abort);
  let waiting = false;
  const next = async () => {
    waiting = true;
    try {
      return await (signal ? Promise.race([iterator.next(), gone.promise]) : iterator.next());
    } finally {
      waiting = false;
    }
  };
  return {
    messages: { [Symbol.asyncIterator]: () => ({ next }) },
    async close() {
      signal?.removeEventListener("abort", abort);
      const closed = Promise.resolve(iterator.return?.()).catch(() => {});
      // A source that is waiting itself closes when it is done with that: not to be waited for.
      if (!waiting) await closed;
    },
  };
}

async function* receivedEach(
  messages: AsyncIterable<MessageShape<DescMessage>>,
  sent: Sent<unknown>,
  signal: AbortSignal | undefined,
): AsyncIterable<MessageShape<DescMessage>> {
  try {
    for await (const message of messages) {
      signal?.throwIfAborted();
      yield message;
    }
    // A handler that stopped because it was told to has not said all that it had to say.
    signal?.throwIfAborted();
  } catch (error) {
    throw received(error, signal);
  } finally {
    await sent.close();
  }
}
