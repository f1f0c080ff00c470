/**
 * Passes calls on to whatever serves them: any registered method, in Connect, gRPC-Web and gRPC, JSON
 * and binary, by its descriptor alone. The caller is admitted before a byte of the body is read; what
 * they may do is decided by the server that is called, as for every other caller.
 */
import type {
  DescMethod,
  DescMethodStreaming,
  DescMethodUnary,
  DescService,
} from "@bufbuild/protobuf";
import {
  createConnectRouter,
  createContextKey,
  type HandlerContext,
  type ServiceImpl,
  type Transport,
} from "@connectrpc/connect";
import type { UniversalHandler } from "@connectrpc/connect/protocol";
import { compressionGzip } from "@connectrpc/connect-node";
import { headers } from "@keiko/runtime/call.ts";
import type { Catalog, CatalogService } from "@keiko/runtime/catalog.ts";
import { limits } from "@keiko/runtime/limits.ts";

const userKey = createContextKey("", { description: "user" });

export interface ForwardDeps {
  catalog: Catalog;
  /** Leads to whoever serves a method. */
  transport: Transport;
  /** `users/{id}`; fails for who is not signed in. Called before the body is read. */
  admit: (context: HandlerContext) => Promise<string>;
  /** Aborts when the gateway stops. */
  stopping: AbortSignal;
}

/** The handler for a path such as "/keiko.task.v1.TaskService/GetTask"; undefined: nobody serves it. */
export type Forward = (path: string) => UniversalHandler | undefined;

export function createForward(deps: ForwardDeps): Forward {
  const built = new Map<string, Built>();
  return (path) => {
    const [, name = ""] = path.split("/");
    const found = deps.catalog.service(name);
    let service = built.get(name);
    if (!found) return service && restarting(service) ? service.handlers.get(path) : undefined;
    if (service) service.left_ms = undefined;
    if (service?.digest !== found.digest) {
      const handlers = handlersFor(found, deps);
      service = { digest: found.digest, handlers, left_ms: undefined };
      built.set(name, service);
    }
    return service.handlers.get(path);
  };
}

interface Built {
  digest: string;
  handlers: Map<string, UniversalHandler>;
  /** When it was first missed; undefined: it is there. */
  left_ms: number | undefined;
}

// Whoever left just now is mostly back in a moment: their callers wait, instead of being told that
// there is no such service.
function restarting(service: Built): boolean {
  service.left_ms ??= performance.now();
  return performance.now() - service.left_ms < limits.reach_time_ms_max;
}

/** Handlers for services that the gateway answers itself, behind the same door or before it. */
export function ownHandlers(
  routes: (router: ReturnType<typeof createConnectRouter>) => void,
  admit: ((context: HandlerContext) => Promise<string>) | undefined,
): Map<string, UniversalHandler> {
  const router = createConnectRouter(options(admit));
  routes(router);
  return new Map(router.handlers.map((handler) => [handler.requestPath, handler]));
}

function handlersFor({ service, files }: CatalogService, deps: ForwardDeps) {
  const router = createConnectRouter({
    ...options(deps.admit),
    // A misspelt field or enum value in JSON is an error that names it, never silently nothing.
    jsonOptions: { registry: files, ignoreUnknownFields: false },
    shutdownSignal: deps.stopping,
  });
  router.service(service, forwarding(service, deps.transport));
  return new Map(router.handlers.map((handler) => [handler.requestPath, handler]));
}

function options(admit: ((context: HandlerContext) => Promise<string>) | undefined) {
  return {
    connect: true,
    grpc: true,
    grpcWeb: true,
    acceptCompression: [compressionGzip],
    readMaxBytes: limits.message_bytes_max,
    writeMaxBytes: limits.message_bytes_max,
    maxTimeoutMs: limits.call_time_ms_max,
    ...(admit
      ? {
          requestGate: async (context: HandlerContext) => {
            context.values.set(userKey, await admit(context));
          },
        }
      : {}),
  };
}

function forwarding(service: DescService, transport: Transport): ServiceImpl<DescService> {
  const entries = service.methods.map((method) => [method.localName, forward(method, transport)]);
  return Object.fromEntries(entries) as ServiceImpl<DescService>;
}

function forward(method: DescMethod, transport: Transport) {
  const outgoing = (context: HandlerContext) => {
    const header = new Headers({ [headers.user]: context.values.get(userKey) });
    const parent = context.requestHeader.get(headers.traceparent);
    if (parent) header.set(headers.traceparent, parent);
    return header;
  };
  if (method.methodKind === "unary") {
    return async (message: never, context: HandlerContext) => {
      const { signal } = context;
      const timeout = context.timeoutMs();
      const header = outgoing(context);
      return (await transport.unary(method as DescMethodUnary, signal, timeout, header, message))
        .message;
    };
  }
  const open = (messages: AsyncIterable<never>, context: HandlerContext) =>
    transport.stream(
      method as DescMethodStreaming,
      context.signal,
      context.timeoutMs(),
      outgoing(context),
      messages,
    );
  if (method.methodKind === "client_streaming") {
    return async (messages: AsyncIterable<never>, context: HandlerContext) => {
      const response = await open(messages, context);
      for await (const message of response.message) return message;
      throw new Error(`${method} gave no answer`);
    };
  }
  const single = method.methodKind === "server_streaming";
  return async function* (input: never, context: HandlerContext) {
    const response = await open(single ? one(input) : input, context);
    yield* response.message;
  };
}

async function* one<T>(message: T) {
  yield message;
}
