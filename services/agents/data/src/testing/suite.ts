/** What a test file asks questions with: an engine and files of its own, closed and removed at its end. */
import { afterAll } from "vitest";
import { createEngine } from "../engine.ts";
import { dataLimits } from "../limits.ts";
import { asker } from "./ask.ts";
import { testFiles } from "./files.ts";

export function dataSuite() {
  const engine = createEngine(dataLimits);
  const files = testFiles();
  afterAll(async () => {
    await engine.close();
    files[Symbol.dispose]();
  });
  return { engine, files, ...asker(engine) };
}
