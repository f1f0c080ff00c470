/**
 * Files over plain HTTP, for what browsers do best that way: sending a body, showing an image, saving
 * a download. Both are calls of ArtifactService underneath, with its checks, limits and audit.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { toJson } from "@bufbuild/protobuf";
import { type Client, Code, ConnectError } from "@connectrpc/connect";
import { FileSchema } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import type { ArtifactService } from "@keiko/gen/keiko/artifact/v1/artifact_service_pb.js";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { headers } from "@keiko/runtime/call.ts";
import { fileTooLarge, refuse } from "@keiko/runtime/errors.ts";
import { limits } from "@keiko/runtime/limits.ts";
import { mediaTypeOf, unknownMediaType } from "@keiko/runtime/media-types.ts";
import { sendJson } from "./http.ts";

type Artifacts = Client<typeof ArtifactService>;

/** `POST /files`: the body is the file; `x-filename` (URI-encoded) and `content-type` describe it. */
export async function receiveFile(
  artifacts: Artifacts,
  user: string,
  file_bytes_max: number,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const filename = decodeName(String(request.headers["x-filename"] ?? ""));
  const stated = Number(request.headers["content-length"] ?? 0);
  if (stated > file_bytes_max) throw fileTooLarge(filename, file_bytes_max);
  const options = { headers: { [headers.user]: user }, timeoutMs: 10 * 60_000 };
  // Left early, a request that is read this way stays open: the answer still has to go out, and what
  // the client goes on sending has to be read, or its next request waits behind it for ever.
  const body = request.iterator({ destroyOnReturn: false });
  try {
    const type = String(request.headers["content-type"] ?? "");
    const { file } = await artifacts.writeFile(pieces(body, filename, type), options);
    sendJson(response, 200, toJson(FileSchema, file!));
  } finally {
    await body.return?.();
  }
}

async function* pieces(body: AsyncIterable<Buffer>, filename: string, type: string) {
  // What clients state is what their system happens to know ("application/vnd.ms-excel" for a CSV):
  // the ending of the name goes first.
  const stated = type.split(";")[0]!.trim();
  const known = mediaTypeOf(filename) !== unknownMediaType;
  const mediaType = known ? "" : stated.toLowerCase();
  yield { filename, mediaType, content: new Uint8Array() };
  for await (const chunk of body) {
    for (let at = 0; at < chunk.length; at += limits.file_piece_bytes) {
      yield { content: chunk.subarray(at, at + limits.file_piece_bytes) };
    }
  }
}

/** `GET /files/{sha256}?type=…&name=…`: the bytes; with a name, as a download. */
export async function sendFile(
  artifacts: Artifacts,
  user: string,
  url: URL,
  response: ServerResponse,
): Promise<void> {
  const sha256 = url.pathname.slice("/files/".length);
  const options = { headers: { [headers.user]: user } };
  const stream = artifacts.readFile({ name: `artifacts/${sha256}` }, options);
  const iterator = stream[Symbol.asyncIterator]();
  // The first piece decides between an answer and an error, before any header is out.
  let piece = await iterator.next();
  response.writeHead(200, fileHeaders(url, sha256));
  for (; !piece.done; piece = await iterator.next()) {
    if (response.destroyed) return;
    if (!response.write(piece.value.content)) {
      await new Promise((resolve) => {
        response.once("drain", resolve);
        response.once("close", resolve);
      });
    }
  }
  response.end();
}

function fileHeaders(url: URL, sha256: string): Record<string, string> {
  const type = url.searchParams.get("type") ?? "";
  const name = url.searchParams.get("name");
  const sound = /^[a-z0-9][a-z0-9.+-]*\/[a-z0-9][a-z0-9.+-]*$/.test(type);
  return {
    "content-type": sound ? type : "application/octet-stream",
    "cache-control": "private, max-age=31536000, immutable",
    etag: `"${sha256}"`,
    "x-content-type-options": "nosniff",
    // A file is somebody's content: whatever is in it, it runs nothing and loads nothing here.
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    ...(name ? { "content-disposition": `attachment; filename*=UTF-8''${encode(name)}` } : {}),
  };
}

function encode(name: string): string {
  return encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16)}`,
  );
}

function decodeName(encoded: string): string {
  try {
    return decodeURIComponent(encoded).slice(0, 255);
  } catch {
    throw refuse(Reason.INVALID_FIELD, {
      message: `x-filename "${encoded}" is not URI-encoded`,
      field: "x-filename",
      remedy: "send encodeURIComponent(name)",
    });
  }
}

/** 413 where HTTP has a word for it that Connect has not. */
export function uploadStatus(error: unknown): number | undefined {
  return ConnectError.from(error).code === Code.ResourceExhausted ? 413 : undefined;
}
