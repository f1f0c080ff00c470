/**
 * Keeps files by content. It implements keiko.artifact.v1.ArtifactService over the substrate's
 * blobs: a file never changes, and what is sent out has been checked against its hash.
 */
import type { ServiceImpl } from "@connectrpc/connect";
import type {
  ArtifactService,
  WriteFileRequest,
} from "@keiko/gen/keiko/artifact/v1/artifact_service_pb.js";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { callKey } from "@keiko/runtime/call.ts";
import { fileTooLarge, refuse } from "@keiko/runtime/errors.ts";
import type { Emitter } from "@keiko/runtime/events.ts";
import { mediaTypeOf } from "@keiko/runtime/media-types.ts";
import { type Blobs, SubstrateError } from "@keiko/runtime/substrate/substrate.ts";

export interface Deps {
  blobs: Blobs;
  file_bytes_max: number;
  emit: Emitter;
}

export function artifactService({ blobs, file_bytes_max, emit }: Deps) {
  return {
    async writeFile(requests, context) {
      const { first, content } = await opened(requests);
      const mediaType = first.mediaType || mediaTypeOf(first.filename);
      const stored = await put(blobs, content, file_bytes_max, first.filename);
      const name = `artifacts/${stored.sha256}`;
      const { filename } = first;
      const file = { name, filename, mediaType, sizeBytes: BigInt(stored.size) };
      const owner = context.values.get(callKey)?.caller?.user ?? "";
      emit({ case: "artifactStored", value: { file } }, { owner });
      return { file };
    },
    async *readFile({ name }) {
      try {
        for await (const content of blobs.get(name.replace("artifacts/", ""))) yield { content };
      } catch (error) {
        throw refusal(error, name);
      }
    },
  } satisfies ServiceImpl<typeof ArtifactService>;
}

async function opened(requests: AsyncIterable<WriteFileRequest>) {
  const iterator = requests[Symbol.asyncIterator]();
  const { done, value: first } = await iterator.next();
  if (done) {
    throw refuse(Reason.INPUT_MISSING, {
      message: "no message came with the file",
      field: "filename",
      remedy: "send the name in the first message and the content in it and those after",
    });
  }
  async function* content() {
    yield first.content;
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
      yield next.value.content;
    }
  }
  return { first, content: content() };
}

async function put(
  blobs: Blobs,
  content: AsyncIterable<Uint8Array>,
  size_max: number,
  filename: string,
) {
  try {
    return await blobs.put(content, { size_max });
  } catch (error) {
    if (!(error instanceof SubstrateError) || error.code !== "TOO_LARGE") throw error;
    throw fileTooLarge(filename, size_max);
  }
}

function refusal(error: unknown, name: string): unknown {
  if (!(error instanceof SubstrateError)) return error;
  if (error.code === "NOT_FOUND") {
    return refuse(Reason.NOT_FOUND, {
      message: `there is no file ${name}`,
      field: "name",
      remedy: "upload the file first",
      metadata: { name },
    });
  }
  if (error.code !== "CORRUPT") return error;
  return refuse(Reason.CORRUPT, {
    message: `${name} does not match its hash`,
    field: "name",
    remedy: "upload the file again; the store is damaged, check the disk",
    metadata: { name },
  });
}
