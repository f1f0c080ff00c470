import { ScalarType } from "@bufbuild/protobuf";
import { DurationSchema, Int64ValueSchema } from "@bufbuild/protobuf/wkt";
import { FileSchema, TableSchema } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import { ParameterTypeSchema } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { expect, test } from "vitest";
import { controlOf, jsonOf, textOf } from "./literal-text.ts";
import type { Single, Type } from "./plan-types.ts";

const scalar = (one: ScalarType): Single => ({ kind: "scalar", scalar: one });
const list = (element: Single): Type => ({ kind: "list", element });
const whole = scalar(ScalarType.INT64);
const words = scalar(ScalarType.STRING);
const table: Single = { kind: "message", message: TableSchema };

test.each([
  ["text", words],
  ["number", whole],
  ["number", { kind: "message", message: Int64ValueSchema }],
  ["truth", scalar(ScalarType.BOOL)],
  ["choice", { kind: "enum", enum: ParameterTypeSchema }],
  ["file", { kind: "message", message: FileSchema }],
  ["text", { kind: "message", message: DurationSchema }],
  ["json", table],
  ["lines", list(words)],
  ["lines", list(whole)],
  ["json", list(table)],
] as [string, Type][])("%s is the control of %j", (control, type) =>
  expect(controlOf(type)).toBe(control),
);

test.each([
  [whole, "42", 42],
  [whole, " 7 ", 7],
  [scalar(ScalarType.DOUBLE), "1,5", 1.5],
  // What a double cannot hold stays a text, which protobuf JSON takes for 64 bits.
  [whole, "9007199254740993", "9007199254740993"],
  [whole, "four", "four"],
  [whole, "", ""],
  [words, " as typed ", " as typed "],
  [scalar(ScalarType.BOOL), "false", false],
  [list(words), "a\nb", ["a", "b"]],
  [list(whole), "1\nx", [1, "x"]],
  [table, '{"title":"t"}', { title: "t" }],
  [table, '{"title":', '{"title":'],
] as [Type, string, unknown][])(
  "%#: what is typed is kept, whether it fits or not",
  (type, typed, json) => {
    expect(jsonOf(type, typed)).toEqual(json);
    expect(jsonOf(type, textOf(type, jsonOf(type, typed)))).toEqual(json);
  },
);
