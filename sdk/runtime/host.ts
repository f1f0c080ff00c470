/**
 * Holds the services of one workload behind the chain. Transports bring calls in (grpc-js server,
 * in-process); none of them reaches a handler any other way.
 */
import type { DescMessage, DescMethod, DescService, MessageShape } from "@bufbuild/protobuf";
import {
  type ContextValues,
  createMethodImplSpec,
  type HandlerContext,
  type Interceptor,
  type MethodImplSpec,
  type ServiceImpl,
} from "@connectrpc/connect";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { methodPath, ungoverned } from "./contracts.ts";
import { refuse } from "./errors.ts";
import { type ChainDeps, chain } from "./interceptors/chain.ts";
import { bracketed, composed } from "./invoke.ts";
import { limits } from "./limits.ts";
import { defaultTime } from "./mesh/outgoing.ts";
import { ServedCall } from "./served-call.ts";

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
  /** The bytes of the request, where it came as bytes. */
  encoded?: Uint8Array;
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
  const invoke = composed(interceptors);
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
        return { message: await invoke.unary(served), context: served };
      } finally {
        served.end();
        end();
      }
    },
    stream(spec, messages, call) {
      if (draining) throw stopping();
      const served = new ServedCall(spec, messages, call, timeOf(spec.method, call));
      const finish = () => {
        served.end();
        end();
      };
      return { messages: bracketed(invoke.stream(served), begin, finish), context: served };
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

function bind(method: DescMethod, implementation: Record<string, unknown>): MethodImplSpec {
  const handler = implementation[method.localName];
  if (typeof handler !== "function") throw new Error(`${methodPath(method)} has no implementation`);
  return createMethodImplSpec(method, handler.bind(implementation) as never);
}

function timeOf(method: DescMethod, call: IncomingCall): number {
  const asked = call.timeout_ms ?? defaultTime(method.methodKind !== "unary");
  return Math.min(asked, limits.call_time_ms_max);
}

function stopping() {
  return refuse(Reason.UNAVAILABLE, { message: "the service is stopping", remedy: "try again" });
}
