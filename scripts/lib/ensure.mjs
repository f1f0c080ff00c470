/**
 * Makes sure that what a command needs is there: packages exactly as in the lockfile, generated
 * sources, the built console. Plain JavaScript for whatever Node is on the machine; what it starts
 * runs under the pinned one.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

export const root = join(import.meta.dirname ?? new URL(".", import.meta.url).pathname, "../..");
const modules = join(root, "node_modules");
const bin = join(modules, ".bin");

/** The pinned Node; on a machine for which none is published, the one that runs this, if new enough. */
export function pinnedNode() {
  const names = [`node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`];
  for (const name of names) {
    const path = join(modules, name, "bin", process.platform === "win32" ? "node.exe" : "node");
    if (existsSync(path)) return path;
  }
  if (Number(process.versions.node.split(".")[0]) >= 24) return process.execPath;
  console.error(
    `Keiko needs Node 24 on ${process.platform}-${process.arch}; this is ${process.version}. Install it and try again.`,
  );
  process.exit(1);
}

/**
 * The environment for child processes: tools of this checkout first, and compiled code kept between
 * runs, which halves the time that a start takes.
 */
export function environment(extra = {}) {
  return {
    ...process.env,
    NODE_COMPILE_CACHE: join(modules, ".cache/keiko"),
    ...extra,
    PATH: `${bin}${delimiter}${process.env.PATH ?? ""}`,
  };
}

/** Runs to the end; the exit status. */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: "inherit",
    env: environment(),
    shell: process.platform === "win32" && command === "npm",
    ...options,
  });
  if (result.error) throw result.error;
  return result.status ?? 1;
}

/** Installs what the lockfile says, unless that is what is there. */
export function ensureInstalled() {
  if (isInstalled()) return;
  console.log("Installing packages as in package-lock.json …");
  const status = run("npm", ["ci", "--loglevel=error", "--no-fund", "--no-audit"]);
  if (status !== 0) {
    console.error("The packages could not be installed; npm has said why above.");
    process.exit(status);
  }
}

// npm keeps a record of what it installed; packages for other platforms are rightly not in it.
function isInstalled() {
  const record = join(modules, ".package-lock.json");
  if (!existsSync(record)) return false;
  const wanted = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  const there = JSON.parse(readFileSync(record, "utf8")).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional, link }]) =>
      path === "" ||
      optional ||
      link ||
      !path.includes("node_modules/") ||
      there[path]?.version === version,
  );
}

/** Builds the console unless its sources are what was built last. */
export function ensureConsole() {
  const sources = [
    ...filesUnder(join(root, "face"), new Set(["node_modules", "dist", ".svelte-kit"])),
    ...filesUnder(join(root, "gen"), new Set(["node_modules"])),
    join(root, "package-lock.json"),
  ];
  const wanted = hashOf(sources);
  const stamp = join(root, "face/dist/.keiko-sources");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  console.log("Building the console …");
  const result = spawnSync(pinnedNode(), [join(modules, "vite/bin/vite.js"), "build"], {
    cwd: join(root, "face"),
    encoding: "utf8",
    env: environment(),
  });
  if (result.status !== 0) {
    console.error(`The console could not be built:\n${result.stdout}${result.stderr}`);
    process.exit(1);
  }
  mkdirSync(join(root, "face/dist"), { recursive: true });
  writeFileSync(stamp, wanted);
}

function filesUnder(folder, without) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !without.has(entry.name))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesUnder(path, without) : [path];
    });
}

function hashOf(paths) {
  const hash = createHash("sha256");
  for (const path of [...paths].sort())
    hash.update(path.slice(root.length)).update(readFileSync(path));
  return hash.digest("hex");
}
