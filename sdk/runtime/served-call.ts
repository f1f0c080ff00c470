/**
 * One call on its way through the chain: what the interceptors see as the request, and the handler as
 * its context. Most handlers never look at the signal, so it is made when it is first asked for; made
 * for every call, it and what Connect builds around it were a third of a call's cost.
 */
import {
  Code,
  ConnectError,
  type ContextValues,
  createContextValues,
  type HandlerContext,
  type MethodImplSpec,
} from "@connectrpc/connect";
import { deadlineKey } from "./call.ts";
import { methodPath } from "./contracts.ts";
import { HeaderMap } from "./header-map.ts";
import type { IncomingCall } from "./host.ts";

/** With a reason: without one Node builds a DOMException per call. */
const ended = Object.freeze(new Error("the call ended"));

export class ServedCall<Input = unknown> implements HandlerContext {
  readonly stream: boolean;
  readonly requestMethod = "POST";
  readonly protocolName = "grpc";
  readonly spec: MethodImplSpec;
  /** The request, or the requests of a stream. */
  readonly message: Input;
  readonly values: ContextValues;
  readonly responseHeader: Headers = new HeaderMap();
  readonly responseTrailer: Headers = new HeaderMap();
  readonly #incoming: IncomingCall;
  readonly #deadline: number;
  #ended = false;
  #controller: AbortController | undefined;
  #unfollow = () => {};

  constructor(spec: MethodImplSpec, message: Input, incoming: IncomingCall, timeout_ms: number) {
    this.stream = spec.kind !== "unary";
    this.spec = spec;
    this.message = message;
    this.values = incoming.values ?? createContextValues();
    this.#incoming = incoming;
    this.#deadline = Date.now() + timeout_ms;
    this.values.set(deadlineKey, this.#deadline);
  }

  get method() {
    return this.spec.method;
  }

  get service() {
    return this.spec.method.parent;
  }

  get url(): string {
    return `http://keiko/${methodPath(this.spec.method)}`;
  }

  get header(): Headers {
    return this.#incoming.header;
  }

  get requestHeader(): Headers {
    return this.#incoming.header;
  }

  /** The request as it came, where it came encoded. */
  get encoded(): Uint8Array | undefined {
    return this.#incoming.encoded;
  }

  get contextValues(): ContextValues {
    return this.values;
  }

  readonly timeoutMs = () => this.#deadline - Date.now();

  /** Aborts when the caller goes away, the deadline passes or the call has ended. */
  get signal(): AbortSignal {
    this.#controller ??= this.#follow(new AbortController());
    return this.#controller.signal;
  }

  end(): void {
    this.#ended = true;
    this.#unfollow();
    if (this.#controller && !this.#controller.signal.aborted) this.#controller.abort(ended);
  }

  #follow(controller: AbortController): AbortController {
    const { signal } = this.#incoming;
    if (this.#ended) controller.abort(ended);
    else if (signal?.aborted) controller.abort(signal.reason);
    else {
      const gone = () => controller.abort(signal?.reason);
      signal?.addEventListener("abort", gone);
      const late = () => {
        controller.abort(new ConnectError("the operation timed out", Code.DeadlineExceeded));
      };
      const timer = setTimeout(late, Math.max(0, this.timeoutMs()));
      this.#unfollow = () => {
        signal?.removeEventListener("abort", gone);
        clearTimeout(timer);
      };
    }
    return controller;
  }
}
