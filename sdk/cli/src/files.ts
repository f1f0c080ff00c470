// Files to Keiko and back, in pieces.

import { open, stat } from "node:fs/promises";
import { basename, extname } from "node:path";
import { create } from "@bufbuild/protobuf";
import type { File } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import {
  ArtifactService,
  type WriteFileRequest,
  WriteFileRequestSchema,
} from "@keiko/gen/keiko/artifact/v1/artifact_service_pb.js";

import type { Connection } from "./connection.ts";
import { CommandFailed, WrongUsage } from "./exit.ts";

const PIECE_BYTES = 512 * 1024;

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  ".csv": "text/csv",
  ".tsv": "text/tab-separated-values",
  ".json": "application/json",
  ".jsonl": "application/x-ndjson",
  ".ndjson": "application/x-ndjson",
  ".parquet": "application/vnd.apache.parquet",
};

/** Checks every path before the first byte is sent. */
export async function checkAttachments(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const found = await stat(path).catch(() => null);
    if (!found) throw new WrongUsage(`--attach: there is no file "${path}".`);
    if (!found.isFile()) throw new WrongUsage(`--attach: "${path}" is not a file.`);
  }
}

export async function upload(connection: Connection, paths: readonly string[]): Promise<File[]> {
  const artifacts = connection.client(ArtifactService);
  const files: File[] = [];
  for (const path of paths) {
    const { file } = await artifacts.writeFile(piecesOf(path));
    if (!file) throw new CommandFailed(`Keiko did not say under which name it keeps "${path}".`);
    files.push(file);
  }
  return files;
}

/** Gives one file to Keiko, for a value that is a file. */
export const keepFile =
  (connection: Connection) =>
  async (path: string): Promise<File> => {
    const found = await stat(path).catch(() => null);
    if (!found?.isFile()) throw new WrongUsage(`There is no file "${path}".`);
    const [file] = await upload(connection, [path]);
    if (!file) throw new CommandFailed(`Keiko did not keep "${path}".`);
    return file;
  };

async function* piecesOf(path: string): AsyncGenerator<WriteFileRequest> {
  const filename = basename(path);
  const mediaType = MEDIA_TYPES[extname(path).toLowerCase()] ?? "";
  await using handle = await open(path);
  let first = true;
  for (;;) {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(PIECE_BYTES), 0, PIECE_BYTES);
    if (bytesRead === 0 && !first) return;
    const content = buffer.subarray(0, bytesRead);
    yield create(WriteFileRequestSchema, first ? { filename, mediaType, content } : { content });
    first = false;
  }
}

export async function* download(connection: Connection, file: File): AsyncGenerator<Uint8Array> {
  const pieces = connection.client(ArtifactService).readFile({ name: file.name });
  for await (const { content } of pieces) yield content;
}
