import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { afterAll, beforeAll, expect, test } from "vitest";
import { missingFrom } from "./rules.ts";

const root = join(import.meta.dirname, "../..");
const buf = join(root, "node_modules/.bin/buf");
let scratch = "";

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), "keiko-contracts-"));
  cpSync(join(root, "proto"), join(scratch, "proto"), { recursive: true });
  const config = readFileSync(join(root, "buf.yaml"), "utf8");
  writeFileSync(
    join(scratch, "buf.yaml"),
    config.replace(/ {2}#.*\n {2}- path: test\/proto\n/, ""),
  );
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function run(...args: string[]) {
  return spawnSync(buf, args, { cwd: scratch, encoding: "utf8" });
}

function compiled() {
  const image = join(scratch, "image.binpb");
  const { status, stderr } = run("build", "proto", "-o", image, "--as-file-descriptor-set");
  if (status !== 0) throw new Error(stderr);
  const files = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(image)));
  return [...files.files].filter(({ proto }) => proto.package.startsWith("keiko."));
}

function withProto(name: string, text: string) {
  const folder = join(scratch, `proto/keiko/${name}/v1`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}_service.proto`), text);
}

test("our contracts state everything that they must", () => {
  expect(missingFrom(compiled())).toEqual([]);
});

test("a contract that lacks something is refused, naming each thing", () => {
  withProto(
    "careless",
    `syntax = "proto3";
package keiko.careless.v1;
import "buf/validate/validate.proto";
import "google/protobuf/duration.proto";
import "keiko/option/v1/option.proto";
service CarelessService {
  rpc Bare(BareRequest) returns (BareResponse);
  rpc Vague(VagueRequest) returns (VagueResponse) {
    option (keiko.option.v1.method) = {permission: "Careless", audit: AUDIT_READ, skill: {title: {en: "x"}}};
  }
  rpc Hedged(VagueRequest) returns (VagueResponse) {
    option (keiko.option.v1.method) = {permission: "careless.hedge", audit: AUDIT_READ, hedge_after: {}};
  }
  rpc Fine(VagueRequest) returns (VagueResponse) {
    option idempotency_level = NO_SIDE_EFFECTS;
    option (keiko.option.v1.method) = {permission: "careless.hedge", audit: AUDIT_READ, hedge_after: {nanos: 50000000}};
  }
  rpc Streamed(VagueRequest) returns (stream VagueResponse) {
    option idempotency_level = NO_SIDE_EFFECTS;
    option (keiko.option.v1.method) = {permission: "careless.hedge", audit: AUDIT_READ, hedge_after: {seconds: 1}};
  }
}
message BareRequest {
  string text = 1;
  bytes content = 2;
  int64 count = 3;
  double share = 4;
  repeated string items = 5 [(buf.validate.field).repeated.items.string.max_len = 3];
  map<string, string> labels = 6;
  Kind kind = 7;
  google.protobuf.Duration time = 8;
  Nested nested = 9;
  string free = 10 [(buf.validate.field).string.pattern = "^[a-z]+$"];
  bool fine = 11;
  string good = 12 [(buf.validate.field).string.pattern = "^[a-z]{1,9}$"];
}
message Nested { string deep = 1; }
message BareResponse {}
message VagueRequest {}
message VagueResponse {}
enum Kind { KIND_UNSPECIFIED = 0; }
`,
  );
  const missing = missingFrom(compiled());
  rmSync(join(scratch, "proto/keiko/careless"), { recursive: true });
  const bare = "keiko.careless.v1.CarelessService/Bare";
  const vague = "keiko.careless.v1.CarelessService/Vague";
  const hedged = "keiko.careless.v1.CarelessService/Hedged";
  const fields = ["text", "content", "count", "share", "items", "labels", "kind", "time", "free"];
  expect(missing.sort()).toEqual(
    [
      `${bare} names no permission`,
      `${bare} does not say whether it may be repeated`,
      ...[...fields, "nested.deep"].map((field) => `BareRequest.${field} has no bound`),
      `${vague} does not say whether it may be repeated`,
      `${vague}: permission "Careless" is not noun.verb`,
      `${vague}: the skill has no title in both languages`,
      `${vague}: the skill has no summary in both languages`,
      `${vague}: the skill has no English example`,
      `${vague}: the skill has no German example`,
      `${vague}: the skill has no effect`,
      `${vague}: the skill has no longest run time`,
      `${hedged} does not say whether it may be repeated`,
      `${hedged} is hedged, but may not be repeated`,
      `${hedged} is hedged before it could be answered`,
      "keiko.careless.v1.CarelessService/Streamed is hedged, but is a stream",
    ].sort(),
  );
});

test("the breaking-change gate lets additions pass and refuses what breaks callers", () => {
  const baseline = join(root, "proto/baseline.binpb");
  const path = join(scratch, "proto/keiko/visual/v1/visual_service.proto");
  const before = readFileSync(path, "utf8");
  const gate = () => run("breaking", "proto", "--exclude-imports", "--against", baseline);
  expect(gate().status).toBe(0);

  writeFileSync(
    path,
    before.replace("  string reason = 2 [", "  bool extra = 9;\n  string reason = 2 ["),
  );
  expect(gate().status).toBe(0);

  writeFileSync(path, before.replace("string wish = 2", "string desire = 2"));
  const renamed = gate();
  expect(renamed.status).toBe(100);
  expect(renamed.stdout).toContain('"wish" to "desire"');

  writeFileSync(path, before.replace("rpc DrawChart(", "rpc PaintChart("));
  expect(gate().status).toBe(100);
  writeFileSync(path, before);
});
