/**
 * `npm test`: every check of the project, each one counted. Installs what is missing. The last line is
 * the sum; anything that failed makes the exit status 1. What needs a nats-server is skipped, and said,
 * where there is none; CI brings one and lets nothing be skipped.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureConsole, ensureInstalled, environment, pinnedNode, root } from "./lib/ensure.mjs";
import { findNatsServer, howToInstall } from "./lib/nats-server.mjs";

ensureInstalled();
const node = pinnedNode();
const script = (path) => join(root, "node_modules", path);
const scratch = mkdtempSync(join(tmpdir(), "keiko-test-"));
const results = join(scratch, "vitest.json");
const sum = { passed: 0, failed: 0, skipped: 0 };

const checks = [
  ["lockfile is complete", "npm", ["ci", "--dry-run", "--loglevel=error"]],
  ["generated code equals gen/", node, ["scripts/generate.mjs", "--check"]],
  ["contracts: lint", script(".bin/buf"), ["lint"]],
  [
    "contracts: format",
    script(".bin/buf"),
    ["format", "--diff", "--exit-code", "--path", "proto/keiko", "--path", "test/proto/keiko"],
  ],
  [
    "contracts: no breaking change",
    script(".bin/buf"),
    ["breaking", "proto", "--exclude-imports", "--against", "proto/baseline.binpb"],
  ],
  ["types", node, [script("typescript-native/bin/tsc"), "-p", "tsconfig.json"]],
  ["lint and format", script(".bin/biome"), ["ci", "."]],
  [
    "console: types",
    node,
    [script("svelte-check/bin/svelte-check"), "--workspace", "face", "--fail-on-warnings"],
  ],
];

for (const [name, command, args] of checks) {
  const started = Date.now();
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: root,
    encoding: "utf8",
    env: environment(),
    maxBuffer: 64 * 1024 * 1024,
  });
  const good = status === 0;
  sum[good ? "passed" : "failed"]++;
  console.log(
    `${good ? "ok  " : "FAIL"} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`,
  );
  if (!good) console.log(`${stdout}${stderr}`);
}

ensureConsole();
const vitest = spawnSync(
  node,
  [
    script("vitest/vitest.mjs"),
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${results}`,
  ],
  { cwd: root, stdio: "inherit", env: environment() },
);
const counted = readCounts();
sum.passed += counted.numPassedTests;
sum.failed +=
  counted.numFailedTests + (vitest.status !== 0 && counted.numFailedTests === 0 ? 1 : 0);
sum.skipped += counted.numPendingTests + counted.numTodoTests;
rmSync(scratch, { recursive: true, force: true });
// Whoever adds up several runs reads the counts from here.
if (process.env.COUNTS_FILE) writeFileSync(process.env.COUNTS_FILE, JSON.stringify(sum));
if (sum.skipped > 0 && !findNatsServer()) {
  console.log(`Skipped: what needs a nats-server. ${howToInstall}`);
}
console.log(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
process.exitCode = sum.failed > 0 ? 1 : 0;

function readCounts() {
  try {
    return JSON.parse(readFileSync(results, "utf8"));
  } catch {
    console.log("vitest gave no results");
    return { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 };
  }
}
