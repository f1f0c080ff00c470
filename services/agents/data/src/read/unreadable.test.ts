/** What is no table is refused with its name, what is wrong and what to do; what is odd is reported. */
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { afterAll, describe, expect, test } from "vitest";
import { pathOf } from "../../../../../test/goals/source.ts";
import { DataFailure, inLanguage } from "../failure.ts";
import { dataLimits } from "../limits.ts";
import { testFiles } from "../testing/files.ts";
import { load } from "./load.ts";

const files = testFiles();
afterAll(() => files[Symbol.dispose]());

const binary = Uint8Array.from({ length: 4096 }, (_, index) => (index * 7919) % 256);
const parquet = () => readFileSync(pathOf("flights-3m.parquet"));

const cases: readonly (readonly [
  name: string,
  content: () => string | Uint8Array,
  says: RegExp,
])[] = [
  ["empty.csv", () => "", /it is empty/],
  ["blank.csv", () => " \n\n \n", /only blanks/],
  ["header-only.csv", () => "a,b,c\n", /no rows/],
  ["binary.csv", () => binary, /not text/],
  ["sheet.csv", () => Buffer.from("PK\x03\x04rest of a workbook", "latin1"), /Excel/],
  ["report.csv", () => "%PDF-1.7\n…", /PDF/],
  ["data.csv", () => gzipSync("a,b\n1,2\n"), /gzip/],
  ["download.csv", () => "<!DOCTYPE html><html><body>404</body></html>", /web page/],
  ["cut.json", () => '[{"a": 1}, {"a": 2}, {"a"', /cut off/],
  ["broken.json", () => '[{"a": 1}, {"a" 2}, {"a": 3}]', /JSON is broken/],
  ["graph.json", () => '{"nodes":[{"a":1}],"links":[{"b":2}]}', /2 lists \(nodes, links\)/],
  ["broken.jsonl", () => '{"a": 1}\n{"a": \n{"a": 3}\n', /JSON is broken/],
  ["cut.parquet", () => parquet().subarray(0, 100_000), /end is missing/],
  [
    "damaged.parquet",
    () => Buffer.concat([Buffer.from("PAR1"), binary, Buffer.from("PAR1")]),
    /structure is damaged/,
  ],
  ["ragged.csv", () => `a,b,c\n${"1,2\n1,2,3,4\n".repeat(20)}1,2,3\n`, /cells/],
];

describe("a file that is no table", () => {
  for (const [name, content, says] of cases) {
    test(name, async () => {
      const { path } = files.make(name, content());
      const failure = await load(path, name, dataLimits).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(DataFailure);
      const { reason, detail } = failure as DataFailure;
      expect(reason).toBe(Reason.UNREADABLE_FILE);
      expect(inLanguage(detail.message, "en")).toContain(`"${name}"`);
      expect(inLanguage(detail.message, "en")).toMatch(says);
      expect(inLanguage(detail.remedy!, "en")).toMatch(/\.$/);
      expect(inLanguage(detail.message, "de")).toContain(
        `„${name}“ ist nicht als Tabelle zu lesen`,
      );
      expect(inLanguage(detail.message, "de")).not.toMatch(/\b(it|its|the|not|and)\b/);
      expect(inLanguage(detail.remedy!, "de")).not.toBe(inLanguage(detail.remedy!, "en"));
      expect(detail.field).toBe("source");
    });
  }

  test("too large: the size and the limit are named", async () => {
    const { path } = files.make("big.csv", `a,b\n${"1,2\n".repeat(1000)}`);
    const limits = { ...dataLimits, file_bytes_max: 1000 };
    const failure = await load(path, "big.csv", limits).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      reason: Reason.LIMIT_EXCEEDED,
      detail: { metadata: { limit: "1000", value: "4004" } },
    });
  });
});
