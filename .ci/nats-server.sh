#!/usr/bin/env bash
# Puts a nats-server into the folder given, through the Go module proxy, at the version that the project
# names; Debian's is too old for all that is tested. Says what went wrong when there is none afterwards.
set -uo pipefail
folder=$1
mkdir -p "$folder"
# Where Go installs itself; a distribution's own is often too old.
[ -x /usr/local/go/bin/go ] && PATH="/usr/local/go/bin:$PATH"
version=$(sed -n 's/^export const pinnedVersion = "\(.*\)";$/\1/p' scripts/lib/nats-server.mjs)
command -v go >/dev/null || { apt-get update -q && apt-get install -y -q golang-go; } >"$folder/apt.log" 2>&1
GOBIN="$folder" GOFLAGS=-mod=mod go install "github.com/nats-io/nats-server/v2@v$version" >"$folder/go.log" 2>&1 ||
  { echo "nats-server could not be installed:"; tail -5 "$folder/go.log"; }
