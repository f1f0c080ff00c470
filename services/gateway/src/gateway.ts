/**
 * The one door for the outside: one port for Connect, gRPC-Web, gRPC and JSON, for files, and for the
 * console. It knows who somebody is and passes on what they ask; what they may do is decided where
 * they are passed to. Health is open to anyone, everything else to whoever is signed in.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { createClient, type HandlerContext, type Transport } from "@connectrpc/connect";
import type { UniversalHandler } from "@connectrpc/connect/protocol";
import {
  universalRequestFromNodeRequest,
  universalResponseToNodeResponse,
} from "@connectrpc/connect-node";
import { Health } from "@keiko/gen/grpc/health/v1/health_pb.js";
import { ServerReflection } from "@keiko/gen/grpc/reflection/v1/reflection_pb.js";
import { ServerReflection as ServerReflectionAlpha } from "@keiko/gen/grpc/reflection/v1alpha/reflection_pb.js";
import { ArtifactService } from "@keiko/gen/keiko/artifact/v1/artifact_service_pb.js";
import { RecordSchema } from "@keiko/gen/keiko/audit/v1/audit_service_pb.js";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import type { Catalog } from "@keiko/runtime/catalog.ts";
import { refuse } from "@keiko/runtime/errors.ts";
import { health } from "@keiko/runtime/health.ts";
import type { AuditSink } from "@keiko/runtime/interceptors/audit.ts";
import type { Log } from "@keiko/runtime/log.ts";
import { reflection } from "@keiko/runtime/reflection.ts";
import { sendConsole } from "./console.ts";
import { createDoorkeeper, sessionCookie } from "./doorkeeper.ts";
import { explainJson } from "./explain-json.ts";
import { receiveFile, sendFile, uploadStatus } from "./files.ts";
import { createForward, ownHandlers } from "./forward.ts";
import { headersOf, sendError, sendJson } from "./http.ts";
import { limits } from "./limits.ts";
import { type Listener, listen } from "./listen.ts";
import type { Sessions } from "./sessions.ts";

export interface GatewayDeps {
  catalog: Catalog;
  transport: Transport;
  sessions: Sessions;
  audit: AuditSink;
  log: Log;
  /** Folder of the built console. */
  console: string;
  /** Largest file that is taken. */
  file_bytes_max: number;
}

export interface Gateway {
  port: number;
  /** A link that signs in whoever opens it, once. */
  signInLink(): string;
  close(wait_ms: number): Promise<void>;
}

export async function openGateway(
  deps: GatewayDeps,
  options: { host: string; port: number },
): Promise<Gateway> {
  const stopping = new AbortController();
  const door = createDoorkeeper(deps.sessions, [options.host, "localhost", "127.0.0.1", "[::1]"]);
  const admit = audited(deps, (headers) => door.admit(headers));
  const admitCall = (context: HandlerContext) => admit(context.requestHeader, context.url);
  const forward = createForward({ ...deps, admit: admitCall, stopping: stopping.signal });
  const artifacts = createClient(ArtifactService, deps.transport);
  const served = health({
    services: () => deps.catalog.services().map(({ service }) => service.typeName),
    draining: () => stopping.signal.aborted,
  });
  const open = ownHandlers((router) => router.service(Health, served), undefined);
  const inside = ownHandlers((router) => {
    const reflected = reflection(() => deps.catalog.services().map(({ service }) => service));
    router.service(ServerReflection, reflected as never);
    router.service(ServerReflectionAlpha, reflected as never);
  }, admitCall);

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const headers = headersOf(request);
    door.guardHost(headers.get("host") ?? undefined);
    const url = new URL(request.url ?? "/", "http://gateway");
    const path = url.pathname;
    const handler = forward(path) ?? inside.get(path) ?? open.get(path);
    if (handler) return answer(handler, request, response);
    if (request.method === "POST" && path === "/files") {
      const user = await admit(headers, path);
      return receiveFile(artifacts, user, deps.file_bytes_max, request, response);
    }
    if (request.method === "POST" && path === "/sign-out") return signOut(deps, headers, response);
    if (request.method === "GET" && path.startsWith("/files/")) {
      return sendFile(artifacts, await admit(headers, path), url, response);
    }
    const code = url.searchParams.get("code");
    if (request.method === "GET" && code) return signIn(deps.sessions, code, response);
    if (path === "/healthz") return sendJson(response, 200, { status: "ok" });
    if (request.method !== "GET" && request.method !== "HEAD") throw nothingAt(path);
    const gzip = /\bgzip\b/.test(headers.get("accept-encoding") ?? "");
    return sendConsole(deps.console, path, response, gzip);
  };

  const listener: Listener = await listen((request, response) => {
    handle(request, response).catch((error) => {
      const upload = request.url === "/files" ? uploadStatus(error) : undefined;
      sendError(response, error, upload);
      request.resume();
    });
  }, options);
  const base = `http://${options.host}:${listener.port}`;
  return {
    port: listener.port,
    signInLink: () => `${base}/?code=${deps.sessions.newCode()}`,
    async close(wait_ms) {
      stopping.abort(refuse(Reason.UNAVAILABLE, { message: "Keiko is stopping" }));
      await listener.close(wait_ms);
    },
  };
}

async function answer(
  handler: UniversalHandler,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const incoming = universalRequestFromNodeRequest(request, response, undefined, undefined);
  await universalResponseToNodeResponse(await explainJson(handler, incoming), response);
}

// Whoever is turned away at the door never reaches a chain that would record it.
function audited(deps: GatewayDeps, admit: (headers: Headers) => Promise<string>) {
  return async (headers: Headers, url: string): Promise<string> => {
    try {
      return await admit(headers);
    } catch (error) {
      const record = create(RecordSchema, {
        time: timestampFromMs(Date.now()),
        method: new URL(url, "http://gateway").pathname.slice(1, 256),
        server: "gateway",
        code: "unauthenticated",
        reason: Reason.UNAUTHENTICATED,
      });
      await deps.audit.append(record);
      throw error;
    }
  };
}

async function signIn(sessions: Sessions, code: string, response: ServerResponse): Promise<void> {
  const session = await sessions.redeem(code);
  const seconds = Math.floor(limits.session_life_ms / 1000);
  const cookie = `${sessionCookie}=${session}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${seconds}`;
  // A used link leads to the console all the same: whoever is signed in already just continues.
  response.writeHead(303, {
    location: "/",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    ...(session ? { "set-cookie": cookie } : {}),
  });
  response.end();
}

async function signOut(deps: GatewayDeps, headers: Headers, response: ServerResponse) {
  const session = headers.get("cookie")?.split(`${sessionCookie}=`)[1]?.split(";")[0];
  if (session) await deps.sessions.end(session);
  response.writeHead(204, { "set-cookie": `${sessionCookie}=; Path=/; Max-Age=0` });
  response.end();
}

function nothingAt(path: string) {
  return refuse(Reason.UNKNOWN_METHOD, {
    message: `nobody serves ${path}`,
    remedy: "list what is served with keiko.registry.v1.RegistryService/ListWorkloads",
    metadata: { path },
  });
}
