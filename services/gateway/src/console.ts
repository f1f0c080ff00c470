/**
 * Serves the built console and the sample files. Assets carry their hash in the name and may be kept
 * for ever; the page itself is asked for each time. Unknown paths are pages of the console.
 */
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { extname, join, normalize, sep } from "node:path";
import { createGzip } from "node:zlib";
import { sendJson } from "./http.ts";
import { type Sample, samplePath, samples } from "./samples.ts";

const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".json": "application/json",
  ".csv": "text/csv; charset=utf-8",
  ".woff2": "font/woff2",
  ".webmanifest": "application/manifest+json",
};

const policy = [
  "default-src 'self'",
  "img-src 'self' data: blob:",
  "style-src 'self' 'unsafe-inline'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

export async function sendConsole(
  folder: string,
  path: string,
  response: ServerResponse,
  gzip: boolean,
): Promise<void> {
  if (path === "/samples/index.json") {
    const shown = samples.map(({ filename, goals }: Sample) => ({ filename, goals }));
    return sendJson(response, 200, shown);
  }
  if (path.startsWith("/samples/")) {
    const file = samplePath(decodeURIComponent(path.slice("/samples/".length)));
    return file ? sendPath(file, response, gzip) : notFound(response, path);
  }
  const asset = normalize(join(folder, decodeURIComponent(path)));
  const inside = asset.startsWith(folder + sep);
  if (inside && (await isFile(asset))) return sendPath(asset, response, gzip);
  if (extname(path) !== "") return notFound(response, path);
  const page = join(folder, "index.html");
  if (await isFile(page)) return sendPath(page, response, gzip);
  return sendJson(response, 404, {
    code: "not_found",
    message: "the console is not built; `npm start` builds it",
  });
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

async function sendPath(path: string, response: ServerResponse, gzip: boolean): Promise<void> {
  const type = types[extname(path)] ?? "application/octet-stream";
  const packed = gzip && /text|json|svg|javascript/.test(type);
  response.writeHead(200, {
    "content-type": type,
    "cache-control": /-[\w-]{8,}\.\w+$/.test(path)
      ? "public, max-age=31536000, immutable"
      : "no-cache",
    "content-security-policy": policy,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    ...(packed ? { "content-encoding": "gzip", vary: "accept-encoding" } : {}),
  });
  const file = createReadStream(path);
  file.on("error", () => response.destroy());
  if (packed) file.pipe(createGzip()).pipe(response);
  else file.pipe(response);
}

function notFound(response: ServerResponse, path: string): void {
  sendJson(response, 404, { code: "not_found", message: `there is nothing at ${path}` });
}
