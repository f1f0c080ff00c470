/**
 * The console offers what the compiler accepts: both have the rule of what fits what, because the
 * console may use the contracts only. One table of cases, and every pair of fields of the contracts,
 * hold them together.
 */
import { type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import * as wkt from "@bufbuild/protobuf/wkt";
import { file_keiko_artifact_v1_artifact } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import { file_keiko_data_v1_data_service } from "@keiko/gen/keiko/data/v1/data_service_pb.js";
import { file_keiko_plan_v1_plan, ParameterType } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { file_keiko_visual_v1_visual_service } from "@keiko/gen/keiko/visual/v1/visual_service_pb.js";
import { canBeWritten } from "@keiko/orchestrator/sentences.ts";
import * as compiler from "@keiko/orchestrator/types.ts";
import { describe, expect, test } from "vitest";
import * as console from "../../face/src/state/plan-types.ts";

const scalar = (one: ScalarType): compiler.Type => ({ kind: "scalar", scalar: one });
const message = (one: DescMessage): compiler.Type => ({ kind: "message", message: one });
const list = (element: compiler.Type): compiler.Type =>
  ({ kind: "list", element }) as compiler.Type;

const { INT32, INT64, UINT32, UINT64, FLOAT, DOUBLE, STRING, BOOL, BYTES } = ScalarType;

describe("one table of cases", () => {
  test.each([
    [scalar(INT32), scalar(INT64), true],
    [scalar(UINT32), scalar(INT64), true],
    [scalar(UINT32), scalar(INT32), false],
    [scalar(INT64), scalar(DOUBLE), false],
    [scalar(INT32), scalar(DOUBLE), true],
    [scalar(FLOAT), scalar(DOUBLE), true],
    [scalar(DOUBLE), scalar(FLOAT), false],
    [scalar(UINT64), scalar(INT64), false],
    [scalar(STRING), message(wkt.StringValueSchema), true],
    [message(wkt.StringValueSchema), scalar(STRING), false],
    [message(wkt.StringValueSchema), message(wkt.StringValueSchema), true],
    [scalar(INT64), scalar(STRING), false],
    [list(scalar(INT32)), list(scalar(INT64)), true],
    [list(scalar(STRING)), scalar(STRING), false],
    [scalar(BYTES), scalar(STRING), false],
  ])("%#", (from, to, expected) => {
    expect(compiler.fits(from, to)).toBe(expected);
    expect(console.fits(from, to)).toBe(expected);
  });
});

const fields: DescField[] = [
  file_keiko_artifact_v1_artifact,
  file_keiko_data_v1_data_service,
  file_keiko_plan_v1_plan,
  file_keiko_visual_v1_visual_service,
].flatMap(({ messages }) => messages.flatMap((one) => one.fields));
const scalars = Object.values(ScalarType).filter((one) => typeof one === "number");
const wrappers = [wkt.BoolValueSchema, wkt.Int32ValueSchema, wkt.UInt64ValueSchema];
const types: compiler.Type[] = [
  ...new Map(
    fields.map((one) => [compiler.nameOf(compiler.typeOf(one)), compiler.typeOf(one)]),
  ).values(),
  ...scalars.map(scalar),
  ...scalars.map((one) => list(scalar(one))),
  ...wrappers.map(message),
];
const parameters = Object.values(ParameterType).filter((one) => typeof one === "number");

test("every pair of types fits or does not, the same for both", () => {
  const said = (fits: typeof compiler.fits) =>
    types.flatMap((from) =>
      types.flatMap((to) =>
        fits(from, to) ? `${compiler.nameOf(from)} -> ${compiler.nameOf(to)}` : [],
      ),
    );
  expect(said(console.fits)).toEqual(said(compiler.fits));
  expect(said(compiler.fits).length).toBeGreaterThan(types.length);
});

test("every parameter fits, and is fitted by, the same types", () => {
  for (const type of types) {
    for (const parameter of parameters) {
      const what = `${ParameterType[parameter]} and ${compiler.nameOf(type)}`;
      expect(console.parameterFits(parameter, type), what).toBe(
        compiler.parameterFits(parameter, type),
      );
      expect(console.fitsParameter(type, parameter), what).toBe(
        compiler.fitsParameter(type, parameter),
      );
    }
  }
});

test("the same types can stand in a sentence, and are numbers", () => {
  for (const type of types) {
    expect(console.canBeWritten(type), compiler.nameOf(type)).toBe(canBeWritten(type));
    expect(console.isNumber(type), compiler.nameOf(type)).toBe(compiler.isNumber(type));
  }
  expect(console.isNumber(scalar(BOOL))).toBe(false);
});
