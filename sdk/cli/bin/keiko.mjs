#!/usr/bin/env node
// The door of the `keiko` command, in plain JavaScript that any Node from 14 on understands: it finds
// the Node that this project pins and runs the command itself under it.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const MAJOR_MIN = 24;
const own = Number(process.versions.node.split(".")[0]);
const program = join(dirname(fileURLToPath(import.meta.url)), "../src/keiko.ts");

if (own >= MAJOR_MIN) {
  await import(pathToFileURL(program).href);
} else {
  runUnder(pinnedNode());
}

/** The pinned Node of the nearest `node_modules` above this file. */
function pinnedNode() {
  const windows = process.platform === "win32";
  const system = windows ? "win" : process.platform;
  const inPackage = windows ? "bin/node.exe" : "bin/node";
  const places = [
    join(`node-${system}-${process.arch}`, inPackage),
    join(".bin", windows ? "node.exe" : "node"),
  ];
  for (let folder = dirname(program); folder !== dirname(folder); folder = dirname(folder)) {
    for (const place of places) {
      const candidate = join(folder, "node_modules", place);
      if (existsSync(candidate)) return candidate;
    }
  }
  console.error(
    `keiko: this needs Node ${MAJOR_MIN} and runs under ${process.version}. ` +
      `Run "npm install" in Keiko's folder, which brings it, or install Node ${MAJOR_MIN}.`,
  );
  process.exit(1);
}

/** The terminal sends Ctrl-C to both processes; only the command decides what it means. */
function runUnder(node) {
  const command = spawn(node, [program, ...process.argv.slice(2)], { stdio: "inherit" });
  process.on("SIGINT", () => {});
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => command.kill(signal));
  command.on("error", (error) => {
    console.error(`keiko: ${node} does not start: ${error.message}`);
    process.exit(1);
  });
  command.on("exit", (code, signal) => {
    process.exitCode = code ?? (signal ? 1 : 0);
  });
}
