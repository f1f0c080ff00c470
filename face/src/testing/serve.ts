// The built console in front of a Keiko in memory, over real HTTP: for looking at every view with
// data of any size, and for measuring the console apart from what stands behind it.

import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { extname, join } from "node:path";
import { toJson } from "@bufbuild/protobuf";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { FileSchema } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import type { House } from "./house.ts";
import { chartMarks, chartSvg, weatherFile } from "./weather.ts";

const built = join(import.meta.dirname, "../../dist");
const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};

const samples = [
  {
    filename: "seattle-weather.csv",
    goals: [
      { language: "en", text: "Show me the mean precipitation per month as a bar chart" },
      { language: "de", text: "Zeige mir den mittleren Niederschlag pro Monat" },
    ],
  },
];

/** Listens on a port that is free; `stop` ends it and every connection. */
export async function serveHouse(house: House, port = 0) {
  const calls = connectNodeAdapter({ routes: house.routes });
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://here").pathname;
    if (/^\/[a-z0-9_]+(\.\w+)+\//.test(path)) calls(request, response);
    else void give(path, request, response);
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const address = server.address();
  return {
    base: `http://127.0.0.1:${typeof address === "object" && address ? address.port : port}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function give(path: string, request: IncomingMessage, response: ServerResponse) {
  const send = (type: string, body: string | Buffer) => {
    response.writeHead(200, { "content-type": type });
    response.end(body);
  };
  if (path === "/samples/index.json") return send("application/json", JSON.stringify(samples));
  if (path.startsWith("/samples/")) return send("text/csv", "date,precipitation\n2012-01-01,0\n");
  if (path === "/files") {
    for await (const _ of request);
    return send("application/json", JSON.stringify(toJson(FileSchema, weatherFile)));
  }
  if (path.startsWith("/files/9")) return send("application/json", JSON.stringify(chartMarks));
  if (path.startsWith("/files/e")) return send("image/svg+xml", chartSvg("#58bfb4"));
  if (path.startsWith("/files/")) return send("image/svg+xml", chartSvg("#0e6963"));
  const name = extname(path) ? path.slice(1) : "index.html";
  const body = await readFile(join(built, name)).catch(() => undefined);
  if (body) return send(types[extname(name)] ?? "application/octet-stream", body);
  response.writeHead(404).end();
}
