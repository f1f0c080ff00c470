/** Calls handlers through interceptors, one message or many, and lets go of what is not read on. */
import {
  create,
  type DescMessage,
  type MessageInitShape,
  type MessageShape,
} from "@bufbuild/protobuf";
import type { Interceptor } from "@connectrpc/connect";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { methodPath } from "./contracts.ts";
import { refuse } from "./errors.ts";
import type { ServedCall } from "./served-call.ts";

export type AnyMessage = MessageShape<DescMessage>;
type Next = Parameters<Interceptor>[0];

export interface Invoke {
  unary(call: ServedCall<AnyMessage>): Promise<AnyMessage>;
  /** Nothing happens before the first message is asked for. */
  stream(call: ServedCall<AsyncIterable<AnyMessage>>): AsyncGenerator<AnyMessage>;
}

/** The interceptors around whatever handler a call names: composed once, not for each call. */
export function composed(interceptors: readonly Interceptor[]): Invoke {
  const handled = async (call: ServedCall) => {
    const { stream, service, method, responseHeader: header, responseTrailer: trailer } = call;
    return { stream, service, method, header, trailer, message: await handle(call) };
  };
  // A served call has all that an interceptor may read of a request.
  const chained = interceptors.reduceRight<Next>(
    (next, interceptor) => interceptor(next),
    handled as unknown as Next,
  ) as unknown as (call: ServedCall) => Promise<{ message: unknown }>;
  return {
    unary: async (call) => (await chained(call)).message as AnyMessage,
    async *stream(call) {
      yield* (await chained(call)).message as AsyncIterable<AnyMessage>;
    },
  };
}

async function handle(call: ServedCall): Promise<AnyMessage | AsyncIterable<AnyMessage>> {
  const { spec, message } = call;
  const { output } = spec.method;
  switch (spec.kind) {
    case "unary":
      return create(output, await spec.impl(message as AnyMessage, call));
    case "server_streaming":
      return whole(output, spec.impl(await single(call), call));
    case "client_streaming":
      return one(create(output, await spec.impl(message as AsyncIterable<AnyMessage>, call)));
    case "bidi_streaming":
      return whole(output, spec.impl(message as AsyncIterable<AnyMessage>, call));
  }
}

/** Callers and handlers may give messages in part; everybody in between sees whole ones. */
export async function* whole(
  schema: DescMessage,
  source: AsyncIterable<MessageInitShape<DescMessage>>,
): AsyncGenerator<AnyMessage> {
  for await (const message of source) yield create(schema, message);
}

async function* one<T>(message: T) {
  yield message;
}

async function single({ spec, message }: ServedCall): Promise<AnyMessage> {
  const all: AnyMessage[] = [];
  for await (const each of message as AsyncIterable<AnyMessage>) {
    all.push(each);
    if (all.length > 1) break;
  }
  const [first, ...others] = all;
  if (first && others.length === 0) return first;
  throw refuse(Reason.INVALID_FIELD, {
    message: `${methodPath(spec.method)} takes one message, ${first ? "more" : "none"} came`,
    remedy: "send one message, then close the sending side",
  });
}

/**
 * A stream that calls `begin` when it is first read and `end` once, when it has ended, failed or is
 * given up. Who gives up does not wait for what the handler waits for: `end` goes first.
 */
export function bracketed<T>(
  source: AsyncGenerator<T>,
  begin: () => void,
  end: () => void,
): AsyncIterable<T> {
  let state: "new" | "open" | "ended" = "new";
  const finish = () => {
    if (state === "open") end();
    state = "ended";
  };
  const next = async () => {
    if (state === "new") {
      begin();
      state = "open";
    }
    try {
      const result = await source.next();
      if (result.done) finish();
      return result;
    } catch (error) {
      finish();
      throw error;
    }
  };
  const giveUp = async (value: unknown) => {
    finish();
    return source.return(value);
  };
  return { [Symbol.asyncIterator]: () => ({ next, return: giveUp }) };
}
