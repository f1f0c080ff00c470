#!/usr/bin/env bash
# grpcurl, unmodified, against a running Keiko: sees every service by reflection, calls a skill's
# registry entry, and is refused without a token. Writes its counts to COUNTS_FILE.
set -uo pipefail
scratch=$1
passed=0
failed=0
check() { # name, expected pattern, command …
  local name=$1 pattern=$2
  shift 2
  local output
  output=$("$@" 2>&1)
  if grep -qE "$pattern" <<<"$output"; then
    passed=$((passed + 1))
    echo "ok   grpcurl: $name"
  else
    failed=$((failed + 1))
    echo "FAIL grpcurl: $name: expected $pattern, got:"
    echo "$output" | head -20
  fi
}

command -v go >/dev/null || { apt-get update -q && apt-get install -y -q golang-go; } >"$scratch/apt.log" 2>&1
GOBIN="$scratch/bin" GOFLAGS=-mod=mod go install github.com/fullstorydev/grpcurl/cmd/grpcurl@v1.9.3 >"$scratch/go.log" 2>&1 ||
  { tail -5 "$scratch/go.log"; }
grpcurl="$scratch/bin/grpcurl"
KEIKO_HOME="$scratch/home" KEIKO_PORT=0 node scripts/start.mjs >"$scratch/start.log" 2>&1 &
keiko=$!
for _ in $(seq 300); do
  [ -s "$scratch/home/address" ] && break
  sleep 0.1
done
address=$(sed 's#http://##' "$scratch/home/address" 2>/dev/null)
token="authorization: Bearer $(cat "$scratch/home/token" 2>/dev/null)"

check "lists the services" "keiko.data.v1.DataService" "$grpcurl" -plaintext -H "$token" "$address" list
check "describes a skill" "AnswerQuestionRequest" "$grpcurl" -plaintext -H "$token" "$address" describe keiko.data.v1.DataService.AnswerQuestion
check "calls a method" "DrawChart" "$grpcurl" -plaintext -H "$token" -d '{"query":"Balkendiagramm"}' "$address" keiko.registry.v1.RegistryService/SearchSkills
check "shows reason and remedy" "REASON_INVALID_FIELD" "$grpcurl" -plaintext -H "$token" -d '{"page_size":-1}' "$address" keiko.task.v1.TaskService/ListTasks
check "is refused without a token" "Unauthenticated" "$grpcurl" -plaintext "$address" list

kill "$keiko" 2>/dev/null
wait "$keiko" 2>/dev/null
echo "{\"passed\":$passed,\"failed\":$failed,\"skipped\":0}" >"$COUNTS_FILE"
[ "$failed" -eq 0 ]
