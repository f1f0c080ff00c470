// The door itself, as a shell opens it.

import { execFile, execFileSync } from "node:child_process";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const bin = join(import.meta.dirname, "../bin/keiko.mjs");
const run = promisify(execFile);

/** A Node on this machine that is too old to run TypeScript, where there is one. */
function oldNode(): string | null {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const outside = folders.filter((folder) => !folder.includes("node_modules"));
  for (const folder of outside) {
    try {
      const node = join(folder, "node");
      const version = execFileSync(node, ["--version"], { stdio: "pipe" }).toString();
      if (Number(/^v(\d+)/.exec(version)?.[1]) < 24) return node;
    } catch {
      // No Node in this folder.
    }
  }
  return null;
}

test("runs under the Node that it is given when that is new enough", async () => {
  const { stdout } = await run(process.execPath, [bin, "--help"]);
  expect(stdout).toContain("Usage: keiko COMMAND");
});

test.skipIf(oldNode() === null)("finds the pinned Node when started under an old one", async () => {
  const failed = await run(oldNode() ?? "", [bin, "task", "list", "--port", "1"]).catch((e) => e);
  expect(failed.code).toBe(1);
  expect(failed.stderr).toMatch(/^keiko: Keiko is not running/);
  await expect(run(oldNode() ?? "", [bin, "run"])).rejects.toMatchObject({ code: 64 });
});
