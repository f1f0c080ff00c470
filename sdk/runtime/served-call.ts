/**
 * One unary call on its way through the chain: what the interceptors see as the request, and the
 * handler as its context. Most handlers look at neither the signal nor the headers of the answer, so
 * both are made when they are first asked for; made for every call they were a third of its cost.
 */
import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
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
import type { IncomingCall } from "./host.ts";

/** With a reason: without one Node builds a DOMException per call. */
export const ended = Object.freeze(new Error("the call ended"));

export class ServedCall implements HandlerContext {
  readonly stream = false;
  readonly requestMethod = "POST";
  readonly protocolName = "grpc";
  readonly spec: MethodImplSpec & { kind: "unary" };
  readonly message: MessageShape<DescMessage>;
  readonly values: ContextValues;
  readonly #incoming: IncomingCall;
  readonly #deadline: number;
  #ended = false;
  #controller: AbortController | undefined;
  #unfollow = () => {};
  #responseHeader: Headers | undefined;
  #responseTrailer: Headers | undefined;

  constructor(
    spec: MethodImplSpec & { kind: "unary" },
    message: MessageShape<DescMessage>,
    incoming: IncomingCall,
    timeout_ms: number,
  ) {
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

  get contextValues(): ContextValues {
    return this.values;
  }

  get responseHeader(): Headers {
    this.#responseHeader ??= new Headers();
    return this.#responseHeader;
  }

  get responseTrailer(): Headers {
    this.#responseTrailer ??= new Headers();
    return this.#responseTrailer;
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

/** What the handler gave, as the interceptors see it. */
export class ServedResponse {
  readonly stream = false;
  readonly message: MessageShape<DescMessage>;
  readonly #call: ServedCall;

  constructor(call: ServedCall, message: MessageShape<DescMessage>) {
    this.#call = call;
    this.message = message;
  }

  get method() {
    return this.#call.method;
  }

  get service() {
    return this.#call.service;
  }

  get header(): Headers {
    return this.#call.responseHeader;
  }

  get trailer(): Headers {
    return this.#call.responseTrailer;
  }
}
