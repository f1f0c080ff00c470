/** Files made for one test, in a folder of their own that goes away with it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LocalFile } from "../read/open.ts";

export interface TestFiles extends Disposable {
  readonly folder: string;
  make(filename: string, content: string | Uint8Array): LocalFile;
}

export function testFiles(): TestFiles {
  const folder = mkdtempSync(join(tmpdir(), "keiko-data-test-"));
  let count = 0;
  return {
    folder,
    make(filename, content) {
      const key = `${++count}`;
      const path = join(folder, key);
      const bytes = typeof content === "string" ? Buffer.from(content) : content;
      writeFileSync(path, bytes);
      return { path, key, filename, size_bytes: bytes.length };
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
