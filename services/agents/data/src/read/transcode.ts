/**
 * Rewrites a text that is not UTF-8 as UTF-8, beside it. DuckDB reads Latin-1, in which the euro sign
 * of Windows is a control character; here it is read as what people's programs wrote.
 */
import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { TextEncoding } from "./sniff.ts";

export interface Transcoded extends AsyncDisposable {
  readonly path: string;
}

const labels: Readonly<Record<Exclude<TextEncoding, "utf-8">, string>> = {
  "utf-16le": "utf-16le",
  "utf-16be": "utf-16be",
  "windows-1252": "windows-1252",
};

export async function transcode(
  path: string,
  encoding: Exclude<TextEncoding, "utf-8">,
): Promise<Transcoded> {
  const folder = await mkdtemp(join(tmpdir(), "keiko-text-"));
  const target = join(folder, "utf-8");
  const remove = () => rm(folder, { recursive: true, force: true });
  const decoder = new TextDecoder(labels[encoding]);
  try {
    await pipeline(
      createReadStream(path),
      async function* (pieces: AsyncIterable<Buffer>) {
        for await (const piece of pieces) yield decoder.decode(piece, { stream: true });
        yield decoder.decode();
      },
      createWriteStream(target),
    );
  } catch (error) {
    await remove();
    throw error;
  }
  return { path: target, [Symbol.asyncDispose]: remove };
}
