/**
 * Regenerates gen/ from proto/. `--check` writes to a temporary folder and compares instead, so that
 * a contract and its generated code can never disagree on main.
 */
import { spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { file_buf_validate_validate as validate } from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import { protoText } from "./lib/proto-text.ts";

const root = join(import.meta.dirname, "..");
const generated = ["gen/keiko", "gen/grpc", "test/gen"];

/** Contracts that others publish only inside npm packages; git ignores what is written here. */
export function writeForeignProtos() {
  const sources = {
    "buf/validate/validate.proto": protoText(validate),
    "grpc/health/v1/health.proto": read("grpc-health-check/proto/health/v1/health.proto"),
    "grpc/reflection/v1/reflection.proto": read(
      "@grpc/reflection/build/proto/grpc/reflection/v1/reflection.proto",
    ),
    "grpc/reflection/v1alpha/reflection.proto": read(
      "@grpc/reflection/build/proto/grpc/reflection/v1alpha/reflection.proto",
    ),
  };
  for (const [path, text] of Object.entries(sources)) {
    const target = join(root, "proto", path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
}

function read(path) {
  return readFileSync(join(root, "node_modules", path), "utf8");
}

export function buf(...args) {
  const result = spawnSync(join(root, "node_modules/.bin/buf"), args, {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, PATH: `${join(root, "node_modules/.bin")}:${process.env.PATH}` },
  });
  if (result.status !== 0)
    throw new Error(`buf ${args.join(" ")}\n${result.stdout}${result.stderr}`);
  return result.stdout;
}

function files(directory) {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)))
    .sort();
}

function generate(target) {
  writeForeignProtos();
  buf("generate", "--path", "proto/keiko", "--path", "proto/grpc", "-o", target);
  buf("generate", "--template", "test/buf.gen.yaml", "-o", target);
}

function check() {
  const fresh = mkdtempSync(join(tmpdir(), "keiko-gen-"));
  try {
    generate(fresh);
    const stale = [];
    for (const folder of generated) {
      const [ours, theirs] = [join(root, folder), join(fresh, folder)];
      const names = new Set([...files(ours), ...files(theirs)]);
      for (const name of names) {
        const same = [ours, theirs].map((base) => {
          try {
            return readFileSync(join(base, name), "utf8");
          } catch {
            return undefined;
          }
        });
        if (same[0] !== same[1]) stale.push(join(folder, name));
      }
    }
    if (stale.length > 0)
      throw new Error(`generated code is stale, run "npm run generate":\n${stale.join("\n")}`);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

if (process.argv[1] === import.meta.filename) {
  try {
    if (process.argv.includes("--check")) check();
    else if (process.argv.includes("--foreign")) writeForeignProtos();
    else {
      const fresh = mkdtempSync(join(tmpdir(), "keiko-gen-"));
      generate(fresh);
      for (const folder of generated) {
        rmSync(join(root, folder), { recursive: true, force: true });
        cpSync(join(fresh, folder), join(root, folder), { recursive: true });
      }
      rmSync(fresh, { recursive: true, force: true });
    }
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}
