import { create } from "@bufbuild/protobuf";
import { FileSchema } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import { CreateTaskRequestSchema } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import { createLog, redact } from "@keiko/runtime/log.ts";
import { expect, test } from "vitest";
import { RecordRequestSchema } from "../gen/keiko/probe/v1/probe_service_pb.js";
import { probeHost, ways } from "../support/host.ts";

test("only PUBLIC values are shown; of the others only that they were there", () => {
  const file = create(FileSchema, {
    name: `artifacts/${"a".repeat(64)}`,
    filename: "salaries.csv",
    mediaType: "text/csv",
    sizeBytes: 12n,
  });
  const request = create(CreateTaskRequestSchema, { goal: "fire Bob?", attachments: [file] });
  const shown = redact(CreateTaskRequestSchema, request);
  expect(shown).toEqual({
    goal: "[untrusted]",
    attachments: [
      {
        name: `artifacts/${"a".repeat(64)}`,
        filename: "[untrusted]",
        media_type: "text/csv",
        size_bytes: "12",
      },
    ],
  });
  const secret = create(RecordRequestSchema, { entry: "hunter2" });
  expect(JSON.stringify(redact(RecordRequestSchema, secret))).not.toContain("hunter2");
});

test("a failed call is logged with its request, and what is secret in it is not", async () => {
  const probe = probeHost({
    record: () => {
      throw new Error("the ledger is gone");
    },
  });
  const { client } = await ways.memory(probe);
  await expect(client.record({ entry: "hunter2", afterValue: 7n })).rejects.toThrow(
    /failed inside/,
  );
  const line = JSON.parse(probe.lines.at(-1)!) as { message: string; request: string };
  expect(line).toMatchObject({ message: "call failed", level: "error" });
  expect(JSON.parse(line.request)).toEqual({ entry: "[secret]", after_value: "[internal]" });
});

test("a line is one JSON object with the common fields; levels below are left out", () => {
  const lines: string[] = [];
  const log = createLog((line) => lines.push(line), { level: "warn" }).with({ workload: "data" });
  log.info("not shown");
  log.warn("lease not renewed", { attempt: 2 });
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0]!)).toMatchObject({
    level: "warn",
    message: "lease not renewed",
    workload: "data",
    attempt: 2,
  });
});
