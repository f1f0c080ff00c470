/** Finds a nats-server on this machine. Plain JavaScript, since scripts of any Node use it. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

export const pinnedVersion = "2.14.5";

/** What to tell whoever has none. */
export const howToInstall =
  "Install it with `apt-get install nats-server` (Debian), or newer with " +
  `\`go install github.com/nats-io/nats-server/v2@v${pinnedVersion}\`; ` +
  "or name a running one in KEIKO_NATS_URL.";

/**
 * The newest of those on the PATH and where Go installs programs; undefined: there is none.
 * @returns {{path: string, version: string} | undefined}
 */
export function findNatsServer(environment = process.env) {
  const program = process.platform === "win32" ? "nats-server.exe" : "nats-server";
  const go = environment.GOBIN ? [environment.GOBIN] : [];
  const folders = [
    ...(environment.PATH ?? "").split(delimiter),
    ...go,
    join(environment.GOPATH ?? join(homedir(), "go"), "bin"),
    "/usr/sbin",
    fileURLToPath(new URL("../../.keiko/bin", import.meta.url)),
  ];
  const found = [...new Set(folders)]
    .map((folder) => join(folder, program))
    .filter((path) => existsSync(path))
    .flatMap((path) => {
      const { stdout } = spawnSync(path, ["--version"], { encoding: "utf8" });
      const version = /v?(\d+\.\d+\.\d+)/.exec(stdout ?? "")?.[1];
      return version ? [{ path, version }] : [];
    });
  return found.sort((a, b) => compareVersions(b.version, a.version))[0];
}

function compareVersions(a, b) {
  const [one, other] = [a, b].map((version) => version.split(".").map(Number));
  return one[0] - other[0] || one[1] - other[1] || one[2] - other[2];
}
