/**
 * `npm run lock`: writes package-lock.json anew from the package.json files alone. Updating it in
 * place beside an installed node_modules makes npm drop the packages of other platforms from it.
 */
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root, run } from "./lib/ensure.mjs";

const scratch = mkdtempSync(join(tmpdir(), "keiko-lock-"));
const { workspaces } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const manifests = globSync(
  workspaces.map((pattern) => `${pattern}/package.json`),
  { cwd: root },
);
for (const path of ["package.json", ".npmrc", ...manifests]) {
  cpSync(join(root, path), join(scratch, path), { recursive: true });
}
const status = run("npm", ["install", "--package-lock-only", "--loglevel=error"], { cwd: scratch });
if (status === 0) cpSync(join(scratch, "package-lock.json"), join(root, "package-lock.json"));
rmSync(scratch, { recursive: true, force: true });
process.exitCode = status;
