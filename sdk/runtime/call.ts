/**
 * What every call carries besides its message: who calls, for whom, how deep, in which trace. The
 * current call travels with the async flow, so that a handler's own calls inherit user, trace,
 * deadline and depth without passing them by hand, and cannot forget them.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { createContextKey } from "@connectrpc/connect";
import type { Priority } from "./admission.ts";
import { randomTaken } from "./random.ts";

export interface Caller {
  /** Identity of the calling workload: "orchestrator". */
  workload: string;
  /** `users/{id}` on whose behalf; empty: nobody's. */
  user: string;
}

export interface Trace {
  /** 32 hex digits. */
  traceId: string;
  /** 16 hex digits. */
  spanId: string;
}

export interface Call {
  caller: Caller | undefined;
  trace: Trace;
  depth: number;
  /** Whether somebody waits for the answer; calls that it makes inherit it. */
  priority: Priority;
  /** Milliseconds since the epoch; undefined: none was asked for. */
  deadline: number | undefined;
  signal: AbortSignal;
  /** Present when a durable step makes the call: the same for every attempt of it. */
  idempotencyKey: string | undefined;
  /** Present when it takes another call back: the idempotency key of that one. */
  undoOf: string | undefined;
  /** The idempotency key of the step on whose way it is made, however many calls lie between. */
  within: string | undefined;
}

export const currentCall = new AsyncLocalStorage<Call>();

/** Set by an in-process transport, which knows its owner; no header can forge it. */
export const peerKey = createContextKey<Caller | undefined>(undefined, {
  description: "in-process peer",
});
export const callKey = createContextKey<Call | undefined>(undefined, { description: "call" });

/** What a step says that it cost, in millionths of a euro; undefined: nothing was said. */
export interface Cost {
  micros: number | undefined;
}

export const costKey = createContextKey<Cost | undefined>(undefined, { description: "cost" });

export const headers = {
  user: "keiko-user",
  depth: "keiko-depth",
  idempotencyKey: "keiko-idempotency-key",
  undoOf: "keiko-undo-of",
  within: "keiko-within",
  priority: "keiko-priority",
  traceparent: "traceparent",
  authorization: "authorization",
} as const;

/** A trace and a span id. */
export function newTrace(): Trace {
  const bytes = randomTaken(24);
  return { traceId: bytes.toString("hex", 0, 16), spanId: bytes.toString("hex", 16, 24) };
}

export function childTrace(parent: Trace): Trace {
  return { traceId: parent.traceId, spanId: randomTaken(8).toString("hex") };
}

const pattern = /^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/;

/** W3C trace context; undefined when absent or malformed, which starts a new trace. */
export function parseTraceparent(value: string | null): Trace | undefined {
  const match = value ? pattern.exec(value) : null;
  if (!match || /^0+$/.test(match[1]!) || /^0+$/.test(match[2]!)) return undefined;
  return { traceId: match[1]!, spanId: match[2]! };
}

export function formatTraceparent(trace: Trace): string {
  return `00-${trace.traceId}-${trace.spanId}-01`;
}

/** Set by the server that hosts the call: milliseconds since the epoch. */
export const deadlineKey = createContextKey<number | undefined>(undefined, {
  description: "deadline",
});

/** Runs each pull on a stream inside its call: an async generator runs where it is pulled from. */
export function within<T>(call: Call, source: AsyncIterable<T>): AsyncIterable<T> {
  return {
    [Symbol.asyncIterator]() {
      const iterator = source[Symbol.asyncIterator]();
      const wrapped: AsyncIterator<T> = {
        next: () => currentCall.run(call, () => iterator.next()),
      };
      if (iterator.return) {
        wrapped.return = (value) => currentCall.run(call, () => iterator.return!(value));
      }
      return wrapped;
    },
  };
}

/** Calls `end` once, when the stream has ended, failed (with its error) or was given up. */
export function onEnd<T>(
  source: AsyncIterable<T>,
  end: (error: unknown) => Promise<void>,
): AsyncIterable<T> {
  return {
    async *[Symbol.asyncIterator]() {
      let failure: unknown;
      try {
        yield* source;
      } catch (error) {
        failure = error;
        throw error;
      } finally {
        await end(failure);
      }
    },
  };
}
