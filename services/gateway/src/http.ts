/** What the plain HTTP handlers share: headers in, errors out, in the shape that Connect gives them. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { toJson } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { ErrorInfoSchema } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { codeName, errorInfo } from "@keiko/runtime/errors.ts";

export function headersOf(request: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value === undefined) continue;
    if (name === ":authority") headers.set("host", String(value));
    else if (!name.startsWith(":")) headers.set(name, String(value));
  }
  return headers;
}

const statuses: Partial<Record<Code, number>> = {
  [Code.InvalidArgument]: 400,
  [Code.Unauthenticated]: 401,
  [Code.PermissionDenied]: 403,
  [Code.NotFound]: 404,
  [Code.AlreadyExists]: 409,
  [Code.ResourceExhausted]: 429,
  [Code.Unimplemented]: 404,
  [Code.Unavailable]: 503,
  [Code.DeadlineExceeded]: 504,
};

export function sendError(response: ServerResponse, error: unknown, status?: number): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const failure = ConnectError.from(error);
  const info = errorInfo(error);
  const debug = info && toJson(ErrorInfoSchema, info);
  sendJson(response, status ?? statuses[failure.code] ?? 500, {
    code: codeName(failure.code),
    message: failure.rawMessage,
    ...(debug ? { details: [{ type: ErrorInfoSchema.typeName, debug }] } : {}),
  });
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const bytes = Buffer.from(JSON.stringify(body));
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": bytes.length,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
  response.end(bytes);
}
