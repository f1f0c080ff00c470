/**
 * Holds the services of one workload behind the chain. Transports bring calls in (grpc-js server,
 * in-process); none of them reaches a handler any other way.
 */
import {
  create,
  type DescMessage,
  type DescMethod,
  type DescService,
  type MessageShape,
} from "@bufbuild/protobuf";
import {
  type ContextValues,
  createContextValues,
  createHandlerContext,
  createMethodImplSpec,
  type HandlerContext,
  type Interceptor,
  type MethodImplSpec,
  type ServiceImpl,
} from "@connectrpc/connect";
import { transformInvokeImplementation } from "@connectrpc/connect/protocol";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { deadlineKey } from "./call.ts";
import { methodPath, ungoverned } from "./contracts.ts";
import { refuse } from "./errors.ts";
import { type ChainDeps, chain } from "./interceptors/chain.ts";
import { limits } from "./limits.ts";
import { defaultTime } from "./mesh/outgoing.ts";
import { ended, ServedCall, ServedResponse } from "./served-call.ts";

export interface HostedService {
  service: DescService;
  implementation: Record<string, unknown>;
}

/** Pairs a contract with its implementation; a missing method is a compile error. */
export function hosted<S extends DescService>(service: S, implementation: ServiceImpl<S>) {
  return { service, implementation } satisfies HostedService;
}

export interface IncomingCall {
  /** The receiver's own from here on. */
  header: Headers;
  /** Read when a handler asks for its signal, not before: it may be made only then. */
  readonly signal: AbortSignal | undefined;
  /** Undefined: the default of the limits. */
  timeout_ms: number | undefined;
  values?: ContextValues;
}

export interface Host {
  readonly name: string;
  readonly services: readonly DescService[];
  /** `package.Service/Method` to method, for what is served here. */
  readonly methods: ReadonlyMap<string, MethodImplSpec>;
  unary(
    spec: MethodImplSpec,
    message: MessageShape<DescMessage>,
    call: IncomingCall,
  ): Promise<{ message: MessageShape<DescMessage>; context: HandlerContext }>;
  stream(
    spec: MethodImplSpec,
    messages: AsyncIterable<MessageShape<DescMessage>>,
    call: IncomingCall,
  ): { messages: AsyncIterable<MessageShape<DescMessage>>; context: HandlerContext };
  /** It takes no new calls any more. */
  readonly draining: boolean;
  /** Refuses new calls from now on; resolves when running ones ended or the drain limit passed. */
  drain(): Promise<void>;
  /** The refusal for a method that is not served here. */
  unknown(path: string): Error;
}

/** A host behind the whole chain. Throws for a method without permission or audit class. */
export function createHost(deps: ChainDeps & { services: HostedService[] }): Host {
  for (const { service } of deps.services) {
    for (const method of service.methods) {
      const reason = ungoverned(method);
      if (reason) throw new Error(`${deps.server}: ${reason}; it cannot be served`);
    }
  }
  return assembleHost(deps.server, deps.services, chain(deps));
}

/**
 * A host behind other interceptors than the chain: for the field's own services (health, reflection),
 * whose contracts cannot carry our options. Everything of ours goes through `createHost`.
 */
export function assembleHost(
  name: string,
  services: readonly HostedService[],
  interceptors: Interceptor[],
): Host {
  const throughChain = composed(interceptors);
  const methods = new Map<string, MethodImplSpec>();
  for (const { service, implementation } of services) {
    for (const method of service.methods) {
      methods.set(methodPath(method), bind(method, implementation));
    }
  }
  let draining = false;
  let running = 0;
  let idle: PromiseWithResolvers<void> | undefined;
  const begin = () => {
    running++;
  };
  const end = () => {
    if (--running === 0) idle?.resolve();
  };
  return {
    name,
    services: services.map(({ service }) => service),
    methods,
    get draining() {
      return draining;
    },
    async unary(spec, message, call) {
      if (draining) throw stopping();
      if (spec.kind !== "unary") throw new Error(`${methodPath(spec.method)} is not unary`);
      begin();
      const served = new ServedCall(spec, message, call, timeOf(spec.method, call));
      try {
        return { message: await throughChain(served), context: served };
      } finally {
        served.end();
        end();
      }
    },
    stream(spec, messages, call) {
      if (draining) throw stopping();
      const context = open(spec.method, call);
      const output = transformInvokeImplementation(spec, context, interceptors)(messages);
      return { messages: tracked(output, context, begin, end), context };
    },
    async drain() {
      draining = true;
      if (running === 0) return;
      idle ??= Promise.withResolvers();
      const late = new Promise((resolve) => setTimeout(resolve, limits.drain_time_ms_max).unref());
      await Promise.race([idle.promise, late]);
    },
    unknown: (path) =>
      refuse(Reason.UNKNOWN_METHOD, {
        message: `${name} does not serve ${path}`,
        remedy: "look up who serves it with keiko.registry.v1.RegistryService/ResolveMethod",
        metadata: { method: path },
      }),
  };
}

type Next = Parameters<Interceptor>[0];

/** The chain around whatever handler a call names: composed once, not for each call. */
function composed(interceptors: readonly Interceptor[]) {
  const innermost = async (call: ServedCall) => {
    const { impl, method } = call.spec;
    return new ServedResponse(call, create(method.output, await impl(call.message, call)));
  };
  // A served call has all that an interceptor may read of a unary request.
  const chained = interceptors.reduceRight<Next>(
    (next, interceptor) => interceptor(next),
    innermost as unknown as Next,
  ) as unknown as typeof innermost;
  return async (call: ServedCall) => (await chained(call)).message;
}

function bind(method: DescMethod, implementation: Record<string, unknown>): MethodImplSpec {
  const handler = implementation[method.localName];
  if (typeof handler !== "function") throw new Error(`${methodPath(method)} has no implementation`);
  return createMethodImplSpec(method, handler.bind(implementation) as never);
}

function timeOf(method: DescMethod, call: IncomingCall): number {
  const asked = call.timeout_ms ?? defaultTime(method.methodKind !== "unary");
  return Math.min(asked, limits.call_time_ms_max);
}

function open(method: DescMethod, call: IncomingCall) {
  const timeoutMs = timeOf(method, call);
  const values = call.values ?? createContextValues();
  values.set(deadlineKey, Date.now() + timeoutMs);
  return createHandlerContext({
    service: method.parent,
    method,
    protocolName: "grpc",
    requestMethod: "POST",
    url: `http://keiko/${methodPath(method)}`,
    timeoutMs,
    contextValues: values,
    requestHeader: call.header,
    ...(call.signal ? { requestSignal: call.signal } : {}),
  });
}

function stopping() {
  return refuse(Reason.UNAVAILABLE, { message: "the service is stopping", remedy: "try again" });
}

async function* tracked<T>(
  source: AsyncIterable<T>,
  context: { abort(reason?: unknown): void },
  begin: () => void,
  end: () => void,
): AsyncIterable<T> {
  begin();
  try {
    yield* source;
  } finally {
    context.abort(ended);
    end();
  }
}
